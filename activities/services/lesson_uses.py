"""What organisations say of lessons: useful for us, we apply this, and a quarter later what came of it."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Lesson, LessonUse
from activities.models.lesson import LessonState
from activities.models.lesson_parts import Outcome
from governance.models import Organisation
from governance.services.ownership import organisations_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

QUARTER = 3  # months after which somebody is asked what came of it
# These count as a lesson that is applied; 'not' does not.
REPLICATED = (Outcome.APPLIED, Outcome.PARTLY)
RECOUNT = """
UPDATE activities_lesson AS lesson
SET useful_count = counted.useful, applying_count = counted.applying, replicated_count = counted.replicated
FROM (
    SELECT one.id,
        count(said.id) FILTER (WHERE said.is_useful) AS useful,
        count(said.id) FILTER (WHERE said.applies_since IS NOT NULL AND said.outcome <> 'not') AS applying,
        count(said.id) FILTER (WHERE said.outcome = ANY (%(replicated)s)) AS replicated
    FROM activities_lesson AS one LEFT JOIN activities_lessonuse AS said ON said.lesson_id = one.id
    WHERE one.id = ANY (%(keys)s) GROUP BY one.id
) AS counted
WHERE counted.id = lesson.id
"""


def a_quarter_after(day: date) -> date:
    """Give the same day three months on, or the last one of that month when it has no such day."""
    months = day.month - 1 + QUARTER
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def may_say_for(actor: Actor, lesson: Lesson | None = None) -> QuerySet[Organisation]:
    """Give the organisations for which somebody can say what a lesson is worth: not the one that learned it."""
    mine = organisations_for(actor, "lesson", "write")
    return mine.exclude(pk=lesson.organisation_id) if lesson else mine


def _require(actor: Actor, lesson: Lesson, organisation: Organisation) -> Lesson:
    fresh = locked(lesson)
    visible = Lesson.objects.visible_to(actor).filter(pk=fresh.pk, state=LessonState.PUBLISHED)
    if not visible.exists() or not may_say_for(actor, fresh).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("You cannot say this of the lesson in the name of {name}.").format(name=organisation))
    return fresh


@transaction.atomic
def mark_useful(*, actor: Actor, lesson: Lesson, organisation: Organisation, is_useful: bool) -> LessonUse:
    """Say that a lesson is useful for an organisation, or no longer. Raises NotAllowed."""
    fresh = _require(actor, lesson, organisation)
    use = _use(fresh, organisation)
    if use.is_useful != is_useful:
        use.is_useful = is_useful
        _save(use, actor, {"useful": [not is_useful, is_useful]})
    return use


@transaction.atomic
def apply_lesson(*, actor: Actor, lesson: Lesson, organisation: Organisation) -> LessonUse:
    """Say that an organisation applies a lesson; a quarter later it is asked what came of it."""
    fresh = _require(actor, lesson, organisation)
    use = _use(fresh, organisation)
    if use.applies_since is None:
        use.applies_since = today()
        use.ask_on = a_quarter_after(use.applies_since)
        use.is_useful = True
        use.said_by_id = getattr(actor, "pk", None)
        _save(use, actor, {"applies_since": [None, use.applies_since.isoformat()]})
    return use


@transaction.atomic
def stop_applying(*, actor: Actor, lesson: Lesson, organisation: Organisation) -> LessonUse:
    """Take back that an organisation applies a lesson, as long as it did not say what came of it."""
    fresh = _require(actor, lesson, organisation)
    use = _use(fresh, organisation)
    if use.outcome:
        raise NotAllowed(_("You have said already what came of it. Change that answer instead."))
    if use.applies_since is not None:
        before = use.applies_since.isoformat()
        use.applies_since, use.ask_on, use.asked_at = None, None, None
        _save(use, actor, {"applies_since": [before, None]})
    return use


@transaction.atomic
def answer_outcome(*, actor: Actor, use: LessonUse, outcome: str, because: str = "") -> LessonUse:
    """Say what came of applying a lesson; anybody who writes for the organisation may.

    Raises NotAllowed, or ValidationError for 'partly' and 'not' without a reason.
    """
    lesson = locked(use.lesson)
    fresh = locked(use)
    if not may_say_for(actor, lesson).filter(pk=fresh.organisation_id).exists():
        raise NotAllowed(_("This question is for another organisation."))
    if fresh.applies_since is None:
        raise NotAllowed(_("Your organisation does not apply this lesson."))
    chosen, reason = Outcome(outcome), because.strip()
    if chosen != Outcome.APPLIED and not reason:
        raise ValidationError({"because": _("Say in a few words why.")})
    changes = {"outcome": [fresh.outcome, chosen.value], "because": [fresh.because, reason]}
    fresh.outcome, fresh.because, fresh.answered_at = chosen, reason, timezone.now()
    _save(fresh, actor, changes)
    return fresh


def _use(lesson: Lesson, organisation: Organisation) -> LessonUse:
    """Give what an organisation said of a lesson that is locked; a new row when it said nothing yet."""
    found = LessonUse.objects.filter(lesson=lesson, organisation=organisation).first()
    return found or LessonUse(lesson=lesson, organisation=organisation)


def _save(use: LessonUse, actor: Actor, changes: Mapping[str, object]) -> None:
    event = Event.CHANGED if use.pk else Event.CREATED
    use.save()
    recount([use.lesson_id])
    audit.record(actor=actor, event=event, obj=use, changes=changes, on_behalf_of=use.organisation)


def recount(lessons: Iterable[int]) -> None:
    """Count anew who finds lessons (primary keys) useful, who applies them, and where that worked. One query."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"keys": list(lessons), "replicated": [one.value for one in REPLICATED]})
