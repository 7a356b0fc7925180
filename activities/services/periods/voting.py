"""Put an agenda to the vote, vote, decide, publish, and plan what was adopted."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity
from activities.models.period import ADOPTED, AgendaLine, AgendaVersion, AgendaVote, Choice, VersionState
from activities.selectors.periods import holds, voting_cities, voting_for
from activities.services.agenda import ActivityValues, create_activity
from activities.services.periods.drafting import require_word
from activities.workflow.period import VERSION
from governance.models import Organisation, User
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, standing_of
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


@transaction.atomic
def open_vote(*, actor: Actor, draft: AgendaVersion, closes_on: date) -> AgendaVersion:
    """Put a draft to the vote until a day, which counts; from then on it does not change.

    Raises NotAllowed, ValidationError for a day that is not in the future, TransitionRefused for what it lacks.
    """
    require_word(actor, "propose")
    fresh = locked(draft)
    _check_last_day(closes_on)
    AgendaVersion.objects.filter(pk=fresh.pk).update(closes_on=closes_on)
    workflow.take(VERSION, "open", fresh, actor=actor)
    fresh.refresh_from_db()
    fresh.opened_at = timezone.now()
    fresh.cities_asked = voting_cities().count()
    fresh.proposed_by = actor if isinstance(actor, User) else None
    fresh.save()
    return fresh


def _check_last_day(day: date) -> None:
    if day <= today():
        raise ValidationError({"closes_on": _("Choose a day in the future.")})


@transaction.atomic
def extend_vote(*, actor: Actor, version: AgendaVersion, closes_on: date) -> AgendaVersion:
    """Let the vote go on until a later day; votes that were cast stay. Raises NotAllowed, ValidationError."""
    require_word(actor, "propose")
    fresh = locked(version)
    if fresh.state != VersionState.VOTE or fresh.closes_on is None:
        raise NotAllowed(_("This version is not put to the vote."))
    _check_last_day(closes_on)
    if closes_on <= fresh.closes_on:
        raise ValidationError({"closes_on": _("Choose a day after the present last day.")})
    changes = {"closes_on": [fresh.closes_on.isoformat(), closes_on.isoformat()]}
    fresh.closes_on = closes_on
    fresh.save(update_fields=["closes_on"])
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes)
    return fresh


def is_open(version: AgendaVersion) -> bool:
    """Say whether one can vote on a version today."""
    return version.state == VersionState.VOTE and version.closes_on is not None and version.closes_on >= today()


@transaction.atomic
def cast_vote(
    *, actor: Actor, version: AgendaVersion, organisation: Organisation, choice: str, remark: str = ""
) -> AgendaVote:
    """Vote in the name of an organisation, or change its vote; each organisation has one.

    Raises NotAllowed for another organisation or after the last day, ValidationError for a no or a remark without
    words.
    """
    require_word(actor, "vote")
    if not standing_of(actor).is_system and not voting_for(actor).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("You cannot vote in the name of {name}.").format(name=organisation))
    fresh = locked(version)
    if not is_open(fresh):
        raise NotAllowed(_("The vote is closed."))
    text = remark.strip()
    if Choice(choice) != Choice.YES and not text:
        raise ValidationError({"remark": _("Write the remark or the reason: that is what the others need.")})
    there = AgendaVote.objects.filter(version=fresh, organisation=organisation).first()
    vote = there or AgendaVote(version=fresh, organisation=organisation)
    before = vote.choice
    vote.choice, vote.remark, vote.cast_at = choice, "" if choice == Choice.YES else text, timezone.now()
    vote.cast_by = actor if isinstance(actor, User) else None
    vote.is_city = voting_cities().filter(municipality__organisation=organisation).exists()
    vote.save()
    audit.record(
        actor=actor,
        event=Event.CHANGED if there else Event.CREATED,
        obj=vote,
        changes={"choice": [before, choice]},
        on_behalf_of=organisation,
    )
    return vote


@transaction.atomic
def decide(*, actor: Actor, version: AgendaVersion, step: str, reason: str = "") -> AgendaVersion:
    """Adopt a version or send it back; an adopted one replaces the one in force.

    Raises NotAllowed for who does not decide or proposed it, LookupError for another step, TransitionRefused while
    the vote is open, for adopting what did not carry, or for sending back without a reason.
    """
    if step not in ("adopt", "return"):
        raise LookupError(step)
    require_word(actor, "decide")
    fresh = locked(version)
    if fresh.proposed_by is not None and fresh.proposed_by == actor:
        raise NotAllowed(_("Whoever proposes an agenda does not decide on it too."))
    if step == "adopt":
        for old in fresh.period.versions.filter(state=VersionState.ADOPTED):
            workflow.take(VERSION, "replace", old, actor=actor)
    workflow.take(VERSION, step, fresh, actor=actor, reason=reason)
    fresh.refresh_from_db()
    fresh.decided_at, fresh.decision = timezone.now(), reason.strip()
    fresh.decided_by = actor if isinstance(actor, User) and not standing_of(actor).is_system else None
    fresh.save()
    return fresh


@transaction.atomic
def publish(*, actor: Actor, version: AgendaVersion) -> AgendaVersion:
    """Let everybody read an adopted version; twice is once. Raises NotAllowed."""
    require_word(actor, "propose")
    fresh = locked(version)
    if fresh.state not in ADOPTED:
        raise NotAllowed(_("Only an adopted agenda is published."))
    if fresh.published_at is None:
        fresh.published_at = timezone.now()
        fresh.save(update_fields=["published_at"])
        audit.record(actor=actor, event=Event.PUBLISHED, obj=fresh)
    return fresh


def may_plan(actor: Actor, line: AgendaLine) -> bool:
    """Say whether the actor plans this line: coordinators, and the organisation that leads it."""
    return holds(actor, "propose") or line.lead_id in standing_of(actor).organisations


@transaction.atomic
def plan_line(*, actor: Actor, line: AgendaLine) -> Activity:
    """Make the activity that a line of an adopted agenda promises, led by whom the line names; once.

    The words of the line stay as they were adopted. Raises NotAllowed.
    """
    fresh = AgendaLine.objects.select_for_update(of=("self",)).select_related("version", "lead").get(pk=line.pk)
    if fresh.version.state != VersionState.ADOPTED:
        raise NotAllowed(_("This agenda is not in force."))
    if not may_plan(actor, fresh):
        raise NotAllowed(_("The coordinators plan this, or the organisation that leads it."))
    if fresh.activity is not None:
        return fresh.activity
    values = ActivityValues(
        title=fresh.title,
        summary=fresh.why[:300],
        audience=fresh.audience,
        preparation_hours=fresh.preparation_hours,
    )
    activity = create_activity(actor=actor, organisation=fresh.lead, kind=fresh.kind, values=values)
    fresh.activity = activity
    fresh.save(update_fields=["activity"])
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"activity": ["", activity.title]})
    return activity
