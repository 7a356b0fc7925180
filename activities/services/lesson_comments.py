"""Comments in the text of a lesson: written, answered, settled, and moved along when the text changes."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Lesson, LessonComment
from activities.models.lesson import UNDER_WAY
from activities.models.lesson_parts import CommentedField
from governance.models import Organisation
from governance.services.ownership import organisations_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.passages import moved

LONGEST_COMMENT = 5_000


class NoSuchPassage(Exception):
    """The passage does not stand in the text; the text is for people."""


def may_comment(actor: Actor, lesson: Lesson) -> bool:
    """Say whether somebody takes part in the comments: the writers, the city that it is about, and the editors."""
    return may(actor, "lesson", "write", lesson)


def _require(actor: Actor, lesson: Lesson) -> Lesson:
    fresh = locked(lesson)
    if not may_comment(actor, fresh):
        raise NotAllowed(_("Comments are for the writers of the lesson and its editors."))
    if fresh.state not in UNDER_WAY:
        raise NotAllowed(_("This lesson is finished. Begin a new version to comment on it."))
    return fresh


def _organisation(actor: Actor, lesson: Lesson) -> Organisation:
    """Give in whose name somebody comments: an organisation behind the lesson, else their own."""
    own = list(organisations_for(actor, "lesson", "write").order_by("name", "pk"))
    behind = (lesson.organisation_id, lesson.author_organisation_id)
    return next((one for one in own if one.pk in behind), own[0] if own else lesson.author_organisation)


def find_passage(text: str, passage: str, near: int = 0) -> tuple[int, int]:
    """Give where a passage stands in a text, the place nearest to `near`; raises NoSuchPassage.

    Blanks and line ends count as one blank: a browser that sends a selection changes them.
    """
    words = passage.split()
    if not words:
        raise NoSuchPassage(_("Say which words the comment is about."))
    places = []
    start = text.find(words[0])
    while start >= 0:
        end = _match(text, words, start)
        if end is not None:
            places.append((start, end))
        start = text.find(words[0], start + 1)
    if not places:
        raise NoSuchPassage(_("These words do not stand in the text. Copy them from it."))
    return min(places, key=lambda place: abs(place[0] - near))


def _match(text: str, words: Sequence[str], start: int) -> int | None:
    """Give where these words, with any blanks between them, end; None when other words stand there."""
    at = start
    for number, word in enumerate(words):
        if number:
            blanks = len(text[at:]) - len(text[at:].lstrip())
            if not blanks:
                return None
            at += blanks
        if not text.startswith(word, at):
            return None
        at += len(word)
    return at


@transaction.atomic
def add_comment(
    *, actor: Actor, lesson: Lesson, field: str, passage: str, text: str, near: int = 0
) -> LessonComment:
    """Comment on a passage of one of the texts. Raises NotAllowed, or NoSuchPassage when it is not there."""
    fresh = _require(actor, lesson)
    start, end = find_passage(str(getattr(fresh, CommentedField(field))), passage, near)
    comment = LessonComment.objects.create(
        lesson=fresh,
        field=field,
        start=start,
        end=end,
        quote=str(getattr(fresh, field))[start:end],
        text=text.strip()[:LONGEST_COMMENT],
        organisation=_organisation(actor, fresh),
        author_id=getattr(actor, "pk", None),
        author_label=str(actor),
    )
    audit.record(actor=actor, event=Event.CREATED, obj=comment, on_behalf_of=comment.organisation)
    return comment


@transaction.atomic
def answer_comment(*, actor: Actor, comment: LessonComment, text: str) -> LessonComment:
    """Answer a comment; that of one that was settled opens it again. Raises NotAllowed."""
    fresh = _require(actor, comment.lesson)
    first = locked(comment)
    answer = LessonComment.objects.create(
        lesson=fresh,
        answer_to=first,
        text=text.strip()[:LONGEST_COMMENT],
        organisation=_organisation(actor, fresh),
        author_id=getattr(actor, "pk", None),
        author_label=str(actor),
    )
    if first.resolved_at:
        _settle(first, actor, is_settled=False)
    audit.record(actor=actor, event=Event.CREATED, obj=answer, on_behalf_of=answer.organisation)
    return answer


@transaction.atomic
def settle_comment(*, actor: Actor, comment: LessonComment, is_settled: bool) -> LessonComment:
    """Settle a comment, or open it again. Raises NotAllowed, also for a mere answer."""
    _require(actor, comment.lesson)
    first = locked(comment)
    if first.answer_to_id is not None:
        raise NotAllowed(_("A conversation is settled as a whole, not one answer of it."))
    if bool(first.resolved_at) != is_settled:
        _settle(first, actor, is_settled=is_settled)
        changes = {"settled": [not is_settled, is_settled]}
        audit.record(actor=actor, event=Event.CHANGED, obj=first, changes=changes)
    return first


def _settle(comment: LessonComment, actor: Actor, *, is_settled: bool) -> None:
    comment.resolved_at = timezone.now() if is_settled else None
    comment.resolved_by_label = str(actor) if is_settled else ""
    comment.save(update_fields=["resolved_at", "resolved_by_label"])


def move_along(lesson: Lesson, changes: Mapping[str, Sequence[str]]) -> None:
    """Let comments keep hold of their passages; `changes` gives per text what it was and what it is now.

    A passage of which nothing stayed is marked as gone, and keeps its old words. In the transaction of the change.
    """
    if not changes:
        return
    held = LessonComment.objects.filter(lesson=lesson, field__in=changes, is_detached=False)
    by_field: dict[str, list[LessonComment]] = {}
    for comment in held:
        by_field.setdefault(comment.field, []).append(comment)
    for name, comments in by_field.items():
        before, after = changes[name]
        places = moved(before, after, [(comment.start, comment.end) for comment in comments])
        for comment, place in zip(comments, places, strict=True):
            comment.is_detached = place is None
            comment.start, comment.end = place or (0, 0)
    touched = [comment for comments in by_field.values() for comment in comments]
    LessonComment.objects.bulk_update(touched, ["start", "end", "is_detached"])
