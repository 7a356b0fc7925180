"""Who may do what with the records of the activities: one file per part of the matrix, read at the start."""

from activities.rules import (
    activity,
    date_poll,
    desk,
    desk_call,
    desk_question,
    knowledge,
    lesson,
    newsletter,
    period,
    pilot,
    programme,
    proposal,
    workspace,
)

__all__ = [
    "activity",
    "date_poll",
    "desk",
    "desk_call",
    "desk_question",
    "knowledge",
    "lesson",
    "newsletter",
    "period",
    "pilot",
    "programme",
    "proposal",
    "workspace",
]
