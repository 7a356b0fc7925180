"""What the activities app adds to other apps and pages: one file per part of the site, read at the start."""

from activities.registrations import (
    agenda,
    calendar,
    carrying,
    date_polls,
    desk,
    desk_calls,
    desk_questions,
    knowledge,
    known,
    lessons,
    periods,
    programmes,
    programmes_carrying,
    proposals,
    roadmap,
    workspace,
)

__all__ = [
    "agenda",
    "calendar",
    "carrying",
    "date_polls",
    "desk",
    "desk_calls",
    "desk_questions",
    "knowledge",
    "known",
    "lessons",
    "periods",
    "programmes",
    "programmes_carrying",
    "proposals",
    "roadmap",
    "workspace",
]
