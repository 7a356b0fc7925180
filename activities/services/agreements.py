"""Cases at a case table, and what is agreed: decisions and action points, followed until they are done."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, ActivitySession, Agreement, TableCase
from activities.models.activity import ActivityState, Kind
from activities.models.activity_parts import AgreementState
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may, require, standing_of
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

MOST_CASES = 12


def case_bringers(actor: Actor, activity: Activity) -> set[int]:
    """Give the organisations (keys) for which the actor can bring a case: of who may register, or runs it."""
    if activity.kind != Kind.CASE_TABLE or activity.state not in (
        ActivityState.PLANNED,
        ActivityState.PUBLISHED,
    ):
        return set()
    if not (may(actor, "activity", "register", activity) or may(actor, "activity", "change", activity)):
        return set()
    standing = standing_of(actor)
    return {one for one in standing.organisations if one in standing.levels} or (
        set(standing.organisations) if may(actor, "activity", "change", activity) else set()
    )


@transaction.atomic
def bring_case(
    *,
    actor: Actor,
    activity: Activity,
    organisation: Organisation,
    title: str,
    question: str,
    background: str = "",
) -> TableCase:
    """Bring a case of one's own city to a table; raises NotAllowed, ValidationError when the table is full."""
    if organisation.pk not in case_bringers(actor, activity):
        raise NotAllowed(_("You cannot bring a case to this table for {name}.").format(name=organisation))
    Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    number = activity.cases.count()
    if number >= MOST_CASES:
        raise ValidationError(_("There are {number} cases on the table already.").format(number=number))
    case = TableCase.objects.create(
        activity=activity,
        organisation=organisation,
        order=number,
        title=title.strip(),
        question=question.strip(),
        background=background.strip(),
    )
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=activity,
        changes={"case": ["", case.title]},
        on_behalf_of=organisation,
    )
    return case


@transaction.atomic
def take_case_back(*, actor: Actor, case: TableCase) -> None:
    """Take a case off the table, by its city or by who runs the table, as long as nothing was decided on it."""
    activity = case.activity
    if case.organisation_id not in case_bringers(actor, activity) and not may(
        actor, "activity", "change", activity
    ):
        raise NotAllowed(_("Only the city that brought it takes a case back."))
    if case.agreements.exists():
        raise NotAllowed(_("Something was decided on this case already, so it stays."))
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=activity,
        changes={"case": [case.title, ""]},
        on_behalf_of=case.organisation,
    )
    case.delete()


@transaction.atomic
def agree(
    *,
    actor: Actor,
    activity: Activity,
    text: str,
    owner: Organisation,
    due_on: date,
    owner_user: User | None = None,
    session: ActivitySession | None = None,
    case: TableCase | None = None,
    is_decision: bool = False,
) -> Agreement:
    """Write down what was agreed, who sees to it and by when; whoever runs the activity does.

    `session` and `case` belong to the activity. Raises NotAllowed, and ValidationError for a day that has passed.
    """
    require(actor, "activity", "change", activity)
    if activity.state in (ActivityState.DRAFT, ActivityState.CANCELLED):
        raise NotAllowed(_("Nothing is agreed at an activity that is a draft or cancelled."))
    if due_on < today():
        raise ValidationError({"due_on": _("Choose a day that has not passed.")})
    if any(one is not None and one.activity_id != activity.pk for one in (session, case)):
        raise NotAllowed(_("This belongs to another activity."))
    made = Agreement.objects.create(
        activity=activity,
        session=session,
        case=case,
        is_decision=is_decision,
        text=text.strip(),
        owner=owner,
        owner_user=owner_user,
        due_on=due_on,
    )
    audit.record(
        actor=actor, event=Event.CREATED, obj=made, on_behalf_of=owner, changes={"activity": str(activity)}
    )
    return made


def may_settle(actor: Actor, agreement: Agreement) -> bool:
    """Say whether the actor says that it is done: whoever sees to it, and whoever runs the activity."""
    standing = standing_of(actor)
    return agreement.owner_id in standing.organisations or may(actor, "activity", "change", agreement.activity)


@transaction.atomic
def settle_agreement(*, actor: Actor, agreement: Agreement, state: str, result: str = "") -> Agreement:
    """Say that an agreement is done or dropped (with why), or open again; raises NotAllowed, ValidationError."""
    fresh = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if not may_settle(actor, fresh):
        raise NotAllowed(_("Only who sees to it, or who runs the activity, settles this."))
    target = AgreementState(state)
    if target == AgreementState.DROPPED and not result.strip():
        raise ValidationError({"result": _("Say why this is dropped.")})
    if fresh.state == target and fresh.result == result.strip():
        return fresh
    changes = {"state": [fresh.state, target.value], "result": [fresh.result, result.strip()]}
    fresh.state, fresh.result = target, result.strip()
    fresh.settled_on = None if target == AgreementState.OPEN else today()
    fresh.save(update_fields=["state", "result", "settled_on"])
    audit.record(actor=actor, event=Event.STATE, obj=fresh, changes=changes, on_behalf_of=fresh.owner)
    return fresh


@transaction.atomic
def give_agreements(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague see to what somebody saw to. The caller has checked that it may be."""
    held = Agreement.objects.filter(owner_user=user, owner=organisation, state=AgreementState.OPEN)
    for agreement in held:
        changes = {"owner_user": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=agreement, changes=changes, on_behalf_of=organisation)
    held.update(owner_user=successor)
