"""Write the draft of an agenda: the period, its lines with means, and a revision."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from activities.models import Activity
from activities.models.activity import Audience
from activities.models.period import AgendaLine, AgendaMeans, AgendaPeriod, AgendaVersion, VersionState
from activities.selectors.periods import holds, lines_of, version_under_way
from governance.models import Organisation
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import apply_changes, locked, locked_among, readable
from nss_portal.core.models.audit import Event

MOST_LINES = 500
MONTHS_IN_QUARTER = 3


@dataclass(frozen=True)
class PeriodValues:
    """What a period and its draft say."""

    title: str
    starts_on: date
    ends_on: date
    goal: str = ""
    note: str = ""


@dataclass(frozen=True)
class LineValues:
    """What one line says, besides who brings what."""

    title: str
    kind: str
    planned_on: date
    lead: Organisation
    audience: str = Audience.NOP
    why: str = ""
    preparation_hours: Decimal | None = None
    activity: Activity | None = None

    def columns(self) -> dict[str, Any]:
        """Give what stands on the line, texts trimmed, the day as the first of its quarter."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        found["planned_on"] = quarter_of(self.planned_on)
        return {name: text.strip() if isinstance(text, str) else text for name, text in found.items()}


@dataclass(frozen=True)
class Means:
    """What one organisation brings."""

    organisation: Organisation
    hours: int | None = None
    euros: int | None = None


def quarter_of(day: date) -> date:
    """Give the first day of a day's quarter."""
    return date(day.year, (day.month - 1) // MONTHS_IN_QUARTER * MONTHS_IN_QUARTER + 1, 1)


def require_word(actor: Actor, word: str) -> None:
    """Raise NotAllowed unless the actor proposes, votes or decides on the agenda."""
    if not holds(actor, word):
        texts = {
            "propose": _("The coordinators draw up the agenda."),
            "vote": _("Cities with a transition team, ministries and partners vote on the agenda."),
            "decide": _("The steering group decides on the agenda."),
        }
        raise NotAllowed(texts[word])


def check_period(starts_on: date, ends_on: date, *, but: AgendaPeriod | None = None) -> None:
    """Raise ValidationError for a period that ends before it begins, or that another one overlaps."""
    if ends_on <= starts_on:
        raise ValidationError({"ends_on": _("The last day lies before the first.")})
    others = AgendaPeriod.objects.exclude(pk=but.pk) if but else AgendaPeriod.objects.all()
    there = others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if there is not None:
        text = _("There is an agenda for a part of these months already: {title}.").format(title=there)
        raise ValidationError({"starts_on": text})


@transaction.atomic
def create_period(*, actor: Actor, values: PeriodValues) -> AgendaVersion:
    """Make a period with the draft of its first version; raises NotAllowed, ValidationError."""
    require_word(actor, "propose")
    check_period(values.starts_on, values.ends_on)
    period = AgendaPeriod.objects.create(
        title=values.title.strip(), starts_on=values.starts_on, ends_on=values.ends_on
    )
    draft = AgendaVersion.objects.create(period=period, number=1, goal=values.goal.strip())
    audit.record(actor=actor, event=Event.CREATED, obj=period)
    return draft


def locked_draft(draft: AgendaVersion) -> AgendaVersion:
    """Read a draft again under a lock; NotAllowed for a version that is a draft no more."""
    fresh = locked(draft)
    if fresh.state != VersionState.DRAFT:
        raise NotAllowed(_("This version was put to the vote and does not change any more."))
    return fresh


@transaction.atomic
def change_draft(*, actor: Actor, draft: AgendaVersion, version: int, values: PeriodValues) -> AgendaVersion:
    """Change a draft; title and days of the period only before its first vote.

    Raises NotAllowed, ValidationError, EditConflict when a colleague was first.
    """
    require_word(actor, "propose")
    fresh = locked_draft(draft)
    changes = apply_changes(fresh, version, {"goal": values.goal.strip(), "note": values.note.strip()})
    if fresh.number == 1:
        period = locked(fresh.period)
        check_period(values.starts_on, values.ends_on, but=period)
        new = {"title": values.title.strip(), "starts_on": values.starts_on, "ends_on": values.ends_on}
        # The period has no version of its own: the draft's counts for both.
        of_period = {name: [getattr(period, name), value] for name, value in new.items()}
        of_period = {name: pair for name, pair in of_period.items() if pair[0] != pair[1]}
        for name, (_before, after) in of_period.items():
            setattr(period, name, after)
        if of_period:
            period.save()
        changes |= of_period
    if changes:
        _changed(actor, fresh, readable(changes))
    return fresh


def _changed(actor: Actor, draft: AgendaVersion, changes: dict[str, object]) -> None:
    draft.version += 1
    draft.save()
    audit.record(actor=actor, event=Event.CHANGED, obj=draft, changes=changes)


@transaction.atomic
def save_line(
    *,
    actor: Actor,
    draft: AgendaVersion,
    values: LineValues,
    means: Sequence[Means] = (),
    line: AgendaLine | None = None,
) -> AgendaLine:
    """Add a line to a draft, or change one; raises NotAllowed, ValidationError for what cannot be."""
    require_word(actor, "propose")
    fresh = locked_draft(draft)
    _check_line(fresh, values, means)
    if line is None and fresh.lines.count() >= MOST_LINES:
        raise ValidationError(_("An agenda has at most {number} lines.").format(number=MOST_LINES))
    saved = locked_among(fresh.lines.all(), line) if line else AgendaLine(version=fresh)
    before = str(saved.title) if line else ""
    for name, value in values.columns().items():
        setattr(saved, name, value)
    saved.save()
    saved.means.all().delete()
    AgendaMeans.objects.bulk_create(
        AgendaMeans(line=saved, organisation=one.organisation, hours=one.hours or None, euros=one.euros or None)
        for one in means
    )
    _changed(actor, fresh, {"line": [before, saved.title]})
    return saved


def _check_line(draft: AgendaVersion, values: LineValues, means: Sequence[Means]) -> None:
    period = draft.period
    first, last = quarter_of(period.starts_on), period.ends_on
    if not first <= values.planned_on <= last:
        raise ValidationError({"planned_on": _("This quarter lies outside the period.")})
    if any(not one.hours and not one.euros for one in means):
        raise ValidationError(_("Say how many hours or euros each organisation brings."))
    if len({one.organisation.pk for one in means}) < len(means):
        raise ValidationError(_("An organisation stands in the list of means twice."))


@transaction.atomic
def remove_line(*, actor: Actor, draft: AgendaVersion, line: AgendaLine) -> None:
    """Take a line off a draft; raises NotAllowed."""
    require_word(actor, "propose")
    fresh = locked_draft(draft)
    title = line.title
    AgendaLine.objects.filter(pk=line.pk, version=fresh).delete()
    _changed(actor, fresh, {"line": [title, ""]})


@transaction.atomic
def add_activities(*, actor: Actor, draft: AgendaVersion, activities: Sequence[Activity]) -> int:
    """Put activities that exist on a draft, each once, with what they know; gives how many.

    One without a date stands in the first quarter; one that is outside the period is refused (ValidationError).
    """
    require_word(actor, "propose")
    fresh = locked_draft(draft)
    there = set(fresh.lines.exclude(activity=None).values_list("activity_id", flat=True))
    period, added = fresh.period, []
    for one in activities:
        if one.pk in there:
            continue
        day = one.starts_at.astimezone(one.zone).date() if one.starts_at else period.starts_on
        if not period.starts_on <= day <= period.ends_on:
            text = _("'{title}' lies outside the period.").format(title=one.title)
            raise ValidationError(text)
        added.append(
            AgendaLine(
                version=fresh,
                title=one.title,
                kind=one.kind,
                audience=one.audience,
                why=one.summary,
                planned_on=quarter_of(day),
                lead_id=one.organisation_id,
                preparation_hours=one.preparation_hours,
                activity=one,
            )
        )
    if fresh.lines.count() + len(added) > MOST_LINES:
        raise ValidationError(_("An agenda has at most {number} lines.").format(number=MOST_LINES))
    AgendaLine.objects.bulk_create(added)
    if added:
        _changed(actor, fresh, {"lines": ["", ", ".join(one.title for one in added)]})
    return len(added)


@transaction.atomic
def revise(*, actor: Actor, period: AgendaPeriod) -> AgendaVersion:
    """Make the draft of a next version out of the newest one, line by line with its means.

    Raises NotAllowed while a version is a draft or put to the vote.
    """
    require_word(actor, "propose")
    fresh = locked(period)
    if version_under_way(fresh) is not None:
        raise NotAllowed(_("A version is under way already."))
    last = fresh.versions.order_by("-number").first()
    number = (fresh.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    draft = AgendaVersion.objects.create(period=fresh, number=number, goal=last.goal if last else "")
    old = lines_of(last) if last else []
    rows = [_copied(line, draft) for line in old]
    AgendaLine.objects.bulk_create(rows)
    AgendaMeans.objects.bulk_create(
        AgendaMeans(line=row, organisation_id=one.organisation_id, hours=one.hours, euros=one.euros)
        for line, row in zip(old, rows, strict=True)
        for one in line.means.all()
    )
    audit.record(actor=actor, event=Event.CREATED, obj=draft)
    return draft


def _copied(line: AgendaLine, draft: AgendaVersion) -> AgendaLine:
    names = [
        "key",
        "title",
        "kind",
        "audience",
        "why",
        "planned_on",
        "preparation_hours",
        "lead_id",
        "activity_id",
    ]
    return AgendaLine(version=draft, **{name: getattr(line, name) for name in names})


@transaction.atomic
def discard_draft(*, actor: Actor, draft: AgendaVersion) -> None:
    """Throw a draft away, with its period where it is the first version; raises NotAllowed."""
    require_word(actor, "propose")
    fresh = locked_draft(draft)
    audit.record(actor=actor, event=Event.DELETED, obj=fresh)
    if fresh.number == 1:
        fresh.period.delete()
    else:
        fresh.delete()
