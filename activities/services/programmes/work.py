"""What is done in a programme: working groups with members, milestones with their planned and real day."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Milestone, Programme, ProgrammePartner, WorkingGroup, WorkingGroupMember
from activities.models.programme import BEFORE_COVENANT, ENDED
from activities.models.programme_partner import Answer
from activities.services.programmes.editing import touch
from activities.services.programmes.partners import people_of_partner
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import locked, locked_among
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused


def opened(actor: Actor, programme: Programme) -> Programme:
    """Give the programme, locked, for who may change it; raises NotAllowed, TransitionRefused once it ended."""
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    if fresh.phase in ENDED:
        raise TransitionRefused(_("The programme has ended."))
    return fresh


def noted(
    actor: Actor,
    programme: Programme,
    changes: dict[str, object],
    reason: str = "",
    on_behalf_of: Organisation | None = None,
) -> None:
    """Write what changed into the log, and that the programme changed."""
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=programme,
        changes=changes,
        reason=reason,
        on_behalf_of=on_behalf_of or programme.organisation,
    )
    touch(programme)


def partner_or_none(programme: Programme, organisation: Organisation | None, field: str) -> None:
    """Raise ValidationError for an organisation that does not take part."""
    if organisation is None:
        return
    if not programme.partners.filter(organisation=organisation, left_on=None).exclude(answer=Answer.NO).exists():
        raise ValidationError({field: _("Choose a partner of the programme.")})


@transaction.atomic
def keep_group(
    *, actor: Actor, programme: Programme, name: str, task: str = "", group: WorkingGroup | None = None
) -> WorkingGroup:
    """Make a working group or change it; raises NotAllowed, ValidationError for a name that is there already."""
    fresh = opened(actor, programme)
    kept = locked_among(fresh.groups.all(), group) if group else WorkingGroup(programme=fresh)
    kept.name, kept.task = name.strip(), task.strip()
    if fresh.groups.filter(name=kept.name).exclude(pk=kept.pk).exists():
        raise ValidationError({"name": _("There is a working group with this name already.")})
    kept.save()
    noted(actor, fresh, {"working_group": kept.name})
    return kept


@transaction.atomic
def end_group(*, actor: Actor, group: WorkingGroup) -> WorkingGroup:
    """End a working group today, and with it the seats in it; twice is once."""
    fresh = opened(actor, group.programme)
    kept = WorkingGroup.objects.select_for_update().get(pk=group.pk)
    if kept.ended_on is None:
        kept.ended_on = today()
        kept.save(update_fields=["ended_on"])
        kept.members.filter(left_on=None).update(left_on=today())
        noted(actor, fresh, {"working_group_ended": kept.name})
    return kept


@transaction.atomic
def seat(
    *,
    actor: Actor,
    group: WorkingGroup,
    partner: ProgrammePartner,
    user: User | None = None,
    is_lead: bool = False,
) -> WorkingGroupMember:
    """Give a partner, by a person where one is named, a seat in a working group; the same seat twice is one.

    Raises NotAllowed, ValidationError for who does not take part or is not of that partner, TransitionRefused for
    a group that ended.
    """
    fresh = opened(actor, group.programme)
    group = locked_among(fresh.groups.all(), group)
    if group.ended_on is not None:
        raise TransitionRefused(_("This working group has ended."))
    if partner.programme_id != fresh.pk or partner.answer != Answer.YES or partner.left_on is not None:
        raise ValidationError({"member": _("Choose a partner who takes part.")})
    if user is not None and user not in people_of_partner(partner):
        raise ValidationError({"member": _("Choose somebody of this organisation.")})
    member, made = WorkingGroupMember.objects.get_or_create(
        group=group, partner=partner, user=user, left_on=None, defaults={"is_lead": is_lead}
    )
    if not made and member.is_lead == is_lead:
        return member
    if not made:
        member.is_lead = is_lead
        member.save(update_fields=["is_lead"])
    noted(actor, fresh, {"working_group": group.name, "member": str(partner.organisation)})
    return member


@transaction.atomic
def unseat(*, actor: Actor, member: WorkingGroupMember) -> WorkingGroupMember:
    """End a seat today; twice is once."""
    fresh = opened(actor, member.group.programme)
    kept = WorkingGroupMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if kept.left_on is None:
        kept.left_on = today()
        kept.save(update_fields=["left_on"])
        noted(actor, fresh, {"working_group": kept.group.name, "member_left": str(kept.partner.organisation)})
    return kept


@transaction.atomic
def keep_milestone(
    *,
    actor: Actor,
    programme: Programme,
    title: str,
    planned_on: date,
    owner: Organisation | None = None,
    note: str = "",
    milestone: Milestone | None = None,
) -> Milestone:
    """Add a milestone or change it.

    Once the covenant is fixed its day moves only with a note that says why; the day of the covenant is kept.
    Raises NotAllowed, ValidationError.
    """
    fresh = opened(actor, programme)
    partner_or_none(fresh, owner, "owner")
    kept = locked_among(fresh.milestones.all(), milestone) if milestone else Milestone(programme=fresh)
    moved = kept.pk is not None and kept.planned_on != planned_on and fresh.phase not in BEFORE_COVENANT
    if moved and (not note.strip() or note.strip() == kept.note):
        raise ValidationError({"note": _("The covenant names another day. Say why it moves.")})
    before = str(kept.planned_on or "")
    kept.title, kept.planned_on, kept.owner, kept.note = title.strip(), planned_on, owner, note.strip()
    kept.save()
    noted(
        actor,
        fresh,
        {"milestone": kept.title, "planned_on": [before, planned_on.isoformat()]},
        kept.note if moved else "",
    )
    return kept


@transaction.atomic
def reach_milestone(*, actor: Actor, milestone: Milestone, done_on: date, note: str = "") -> Milestone:
    """Note on which day a milestone was really reached; raises NotAllowed, ValidationError for a day to come."""
    fresh = opened(actor, milestone.programme)
    if done_on > today():
        raise ValidationError({"done_on": _("This day is still to come.")})
    kept = Milestone.objects.select_for_update().get(pk=milestone.pk)
    kept.done_on, kept.dropped_on = done_on, None
    kept.note = note.strip() or kept.note
    kept.save()
    noted(actor, fresh, {"milestone": kept.title, "done_on": done_on.isoformat()}, kept.note)
    return kept


@transaction.atomic
def drop_milestone(*, actor: Actor, milestone: Milestone, reason: str) -> Milestone:
    """Give a milestone up, with the reason; raises NotAllowed, ValidationError without one or once reached."""
    fresh = opened(actor, milestone.programme)
    kept = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if not reason.strip():
        raise ValidationError({"note": _("Give a reason.")})
    if kept.done_on is not None:
        raise ValidationError({"note": _("This milestone was reached already.")})
    kept.dropped_on, kept.note = today(), reason.strip()
    kept.save()
    noted(actor, fresh, {"milestone_dropped": kept.title}, kept.note)
    return kept
