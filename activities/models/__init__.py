from activities.models.activity import Activity, ActivitySession, Participation
from activities.models.activity_parts import Agreement, Outcome, ReflectionCapacity, ReflectionSubject, TableCase
from activities.models.desk import DirectoryEntry
from activities.models.lesson import Lesson

__all__ = [
    "Activity",
    "ActivitySession",
    "Agreement",
    "DirectoryEntry",
    "Lesson",
    "Outcome",
    "Participation",
    "ReflectionCapacity",
    "ReflectionSubject",
    "TableCase",
]
