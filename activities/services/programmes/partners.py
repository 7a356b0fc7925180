"""Partners of a programme: asked, yes or no and why, what they pledge, leaving, and hours once a year."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import HoursEstimate, Programme, ProgrammePartner, WorkingGroupMember
from activities.models.programme import ENDED
from activities.models.programme_partner import MOST_EUROS, MOST_HOURS, Answer
from activities.selectors.programmes import may_speak_for, party_keys
from activities.services.programmes import letters
from activities.services.programmes.editing import touch
from governance.models import Membership, Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, require, standing_of
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused


def _open(programme: Programme) -> None:
    if programme.phase in ENDED:
        raise TransitionRefused(_("The programme has ended."))


def _locked(partner: ProgrammePartner) -> ProgrammePartner:
    """Read a partner again under a lock, with its programme, which is locked first."""
    programme = locked(partner.programme)
    fresh = ProgrammePartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    fresh.programme = programme
    return fresh


@transaction.atomic
def ask_partners(
    *, actor: Actor, programme: Programme, organisations: Iterable[Organisation], is_location: bool = False
) -> list[ProgrammePartner]:
    """Ask organisations to take part; those who are asked already are left as they are.

    Raises NotAllowed for anybody but who leads it, TransitionRefused when it has ended.
    """
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    _open(fresh)
    there = set(fresh.partners.filter(left_on=None).values_list("organisation_id", flat=True))
    made = [
        ProgrammePartner.objects.create(programme=fresh, organisation=one, is_location=is_location)
        for one in organisations
        if one.pk not in there
    ]
    for partner in made:
        audit.record(
            actor=actor,
            event=Event.INVITED,
            obj=fresh,
            changes={"partner": str(partner.organisation)},
            on_behalf_of=fresh.organisation,
        )
    if made:
        touch(fresh)
        letters.ask(made)
    return made


def _pledge(hours: int | None, euros: int | None) -> None:
    errors = {}
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        errors["hours"] = _("Give a number of hours from 0 to {most}.").format(most=MOST_HOURS)
    if euros is not None and not 0 <= euros <= MOST_EUROS:
        errors["euros"] = _("Give an amount from 0 to {most} euro.").format(most=MOST_EUROS)
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def answer(
    *,
    actor: Actor,
    partner: ProgrammePartner,
    answer: Answer,
    why: str,
    hours: int | None = None,
    euros: int | None = None,
    brings: str = "",
) -> ProgrammePartner:
    """Say yes or no and why, with what one pledges; for the partner's own people, and for who leads it.

    Raises NotAllowed, ValidationError for a no without a reason or a pledge that is none, TransitionRefused once
    it is signed: the covenant holds then.
    """
    if not may_speak_for(actor, partner):
        raise NotAllowed(_("Only the organisation itself and who leads the programme answer."))
    fresh = _locked(partner)
    _check_answer(fresh, answer, why)
    _pledge(hours, euros)
    if answer != Answer.YES:
        hours = euros = None
    changes = _differences(
        fresh, answer=answer, why=why.strip(), hours=hours, euros=euros, brings=brings.strip()[:300]
    )
    if not changes:
        return fresh
    if "answer" in changes or fresh.answered_on is None:
        fresh.answered_on = today()
    if fresh.contact_id is None and fresh.organisation_id in party_keys(actor):
        fresh.contact_id = getattr(actor, "pk", None)
    fresh.save()
    _noted(actor, fresh, changes)
    if "answer" in changes:
        letters.tell_answer(fresh, but=standing_of(actor).organisations)
    return fresh


def _check_answer(fresh: ProgrammePartner, answer: Answer, why: str) -> None:
    _open(fresh.programme)
    if hasattr(fresh, "signature"):
        raise TransitionRefused(_("This partner has signed: what it pledged stands in the covenant."))
    if fresh.left_on is not None:
        raise TransitionRefused(_("This partner has left. Ask it again to let it take part."))
    if answer == Answer.NO and not why.strip():
        raise ValidationError({"why": _("Say why not: that helps whoever tries it again.")})
    if answer == Answer.NO and fresh.organisation_id == fresh.programme.organisation_id:
        raise ValidationError({"answer": _("Who leads the programme takes part. Stop the programme instead.")})


def _differences(partner: ProgrammePartner, **values: object) -> dict[str, object]:
    changes: dict[str, object] = {}
    for name, value in values.items():
        before = getattr(partner, name)
        if before != value:
            changes[name] = [before, value]
            setattr(partner, name, value)
    return changes


def _noted(
    actor: Actor,
    partner: ProgrammePartner,
    changes: dict[str, object],
    event: Event = Event.CHANGED,
    reason: str = "",
) -> None:
    audit.record(
        actor=actor,
        event=event,
        obj=partner.programme,
        changes={"partner": str(partner.organisation), **changes},
        reason=reason,
        on_behalf_of=partner.organisation,
    )
    touch(partner.programme)


def people_of_partner(partner: ProgrammePartner) -> list[User]:
    """Give who can be called at a partner: people with an account there, leads first."""
    held = Membership.objects.current(today()).filter(
        organisation=partner.organisation, user__is_active=True, user__is_system=False
    )
    people = held.select_related("user").order_by("-is_lead", "user__name", "pk")
    return list(dict.fromkeys(one.user for one in people))


@transaction.atomic
def describe_partner(
    *, actor: Actor, partner: ProgrammePartner, is_location: bool, contact: User | None
) -> ProgrammePartner:
    """Say whether the programme runs in this city, and whom to call; raises NotAllowed, ValidationError."""
    if not may_speak_for(actor, partner):
        raise NotAllowed(_("Only the organisation itself and who leads the programme change this."))
    fresh = _locked(partner)
    _open(fresh.programme)
    if contact is not None and contact not in people_of_partner(fresh):
        raise ValidationError({"contact": _("Choose somebody of this organisation.")})
    changes = _differences(fresh, is_location=is_location, contact_id=contact.pk if contact else None)
    if changes:
        fresh.save()
        _noted(actor, fresh, {name: value for name, value in changes.items() if name != "contact_id"})
    return fresh


@transaction.atomic
def leave(*, actor: Actor, partner: ProgrammePartner, reason: str) -> ProgrammePartner:
    """Leave a programme, today and with the reason; that the partner was there stays to be seen.

    Raises NotAllowed, ValidationError without a reason, TransitionRefused for who leads it. Twice is once.
    """
    if not may_speak_for(actor, partner):
        raise NotAllowed(_("Only the organisation itself and who leads the programme change this."))
    fresh = _locked(partner)
    _open(fresh.programme)
    if fresh.left_on is not None:
        return fresh
    if fresh.organisation_id == fresh.programme.organisation_id:
        raise TransitionRefused(
            _("Who leads the programme cannot leave it. Stop it, or hand the lead over first.")
        )
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    fresh.left_on, fresh.left_reason = today(), reason.strip()
    fresh.save(update_fields=["left_on", "left_reason"])
    WorkingGroupMember.objects.filter(partner=fresh, left_on=None).update(left_on=today())
    _noted(actor, fresh, {}, Event.WITHDRAWN, reason.strip())
    letters.tell_partners(fresh, kind="left")
    return fresh


@transaction.atomic
def hand_lead_over(*, actor: Actor, programme: Programme, organisation: Organisation, reason: str) -> Programme:
    """Let another partner lead the programme; raises NotAllowed, ValidationError for who does not take part."""
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    _open(fresh)
    there = fresh.partners.filter(organisation=organisation, left_on=None, answer=Answer.YES).exists()
    if not there:
        raise ValidationError({"organisation": _("Choose a partner who takes part.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    before = fresh.organisation
    if before == organisation:
        return fresh
    fresh.organisation = organisation
    fresh.version += 1
    fresh.save(update_fields=["organisation", "version"])
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=fresh,
        changes={"organisation": [str(before), str(organisation)]},
        reason=reason.strip(),
        on_behalf_of=before,
    )
    touch(fresh)
    return fresh


@transaction.atomic
def estimate_hours(
    *, actor: Actor, partner: ProgrammePartner, year: int, hours: int, euros: int | None = None, note: str = ""
) -> HoursEstimate:
    """Say about how many hours a partner gave in a year; a second time changes the number.

    Raises NotAllowed, ValidationError for a year that is not over or in which the partner was not in.
    """
    if not may_speak_for(actor, partner):
        raise NotAllowed(_("Only the organisation itself and who leads the programme change this."))
    fresh = _locked(partner)
    _pledge(hours, euros)
    if year >= today().year:
        raise ValidationError({"year": _("This year is not over yet. Estimate it after New Year.")})
    first, last = fresh.joined_on, fresh.left_on
    if first is None or year < first.year or (last is not None and year > last.year):
        raise ValidationError({"year": _("This partner was not in the programme in that year.")})
    values = {"hours": hours, "euros": euros, "note": note.strip()[:300]}
    estimate, _made = HoursEstimate.objects.update_or_create(partner=fresh, year=year, defaults=values)
    _noted(actor, fresh, {"year": year, "hours": hours, "euros": euros})
    return estimate
