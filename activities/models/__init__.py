from activities.models.lesson import Lesson

__all__ = ["Lesson"]
