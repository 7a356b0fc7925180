"""The texts of a lesson with the passages marked that comments are about."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from activities.models import Lesson, LessonComment
from activities.models.lesson_parts import CommentedField

_BREAKS = re.compile(r"\n[^\S\n]*\n\s*")
FIELDS = [field.value for field in CommentedField]


def threads_of(lesson: Lesson) -> list[dict[str, Any]]:
    """Give the conversations about a lesson in order of its texts, those about lost passages last. One query."""
    rows = list(lesson.comments.select_related("organisation"))
    answers: dict[int, list[LessonComment]] = {}
    for row in rows:
        if row.answer_to_id:
            answers.setdefault(row.answer_to_id, []).append(row)
    first = sorted(
        (row for row in rows if not row.answer_to_id),
        key=lambda row: (row.is_detached, FIELDS.index(row.field), row.start, row.pk),
    )
    return [
        {
            "number": number,
            "comment": row,
            "answers": answers.get(row.pk, []),
            "is_settled": row.resolved_at is not None,
            "field": CommentedField(row.field).label,
        }
        for number, row in enumerate(first, start=1)
    ]


def paragraphs(field: str, text: str, threads: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cut a text into paragraphs, and those into parts with the numbers of the open comments about them.

    Each paragraph says where it begins in the text, so that a new comment can find it.
    """
    held = [
        (thread["comment"].start, thread["comment"].end, thread["number"])
        for thread in threads
        if thread["comment"].field == field and not thread["is_settled"] and not thread["comment"].is_detached
    ]
    found, start = [], 0
    for gap in [*_BREAKS.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[start:end].strip():
            found.append({"start": start, "text": text[start:end], "parts": _parts(text, start, end, held)})
        start = gap.end() if gap else end
    return found


def _parts(text: str, start: int, end: int, held: Sequence[tuple[int, int, int]]) -> list[dict[str, Any]]:
    """Cut a stretch wherever a passage begins or ends; a passage shows its number where it ends."""
    cuts = {start, end} | {at for first, last, _number in held for at in (first, last) if start < at < end}
    edges = sorted(cuts)
    return [
        {
            "text": text[one:other],
            "is_marked": any(first <= one and other <= last for first, last, _number in held),
            "ends": [number for first, last, number in held if first < other and last == other],
        }
        for one, other in pairwise(edges)
    ]
