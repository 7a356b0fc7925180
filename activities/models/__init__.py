from activities.models.activity import Activity, ActivitySession, Participation
from activities.models.activity_parts import Agreement, Outcome, ReflectionCapacity, ReflectionSubject, TableCase
from activities.models.desk import DirectoryEntry
from activities.models.knowledge import KnowledgeProduct
from activities.models.lesson import Lesson
from activities.models.lesson_parts import LessonComment, LessonUse, LessonVersion
from activities.models.news import News

__all__ = [
    "Activity",
    "ActivitySession",
    "Agreement",
    "DirectoryEntry",
    "KnowledgeProduct",
    "Lesson",
    "LessonComment",
    "LessonUse",
    "LessonVersion",
    "News",
    "Outcome",
    "Participation",
    "ReflectionCapacity",
    "ReflectionSubject",
    "TableCase",
]
