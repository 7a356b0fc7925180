"""Who takes part: registering, approving, withdrawing, and a waiting list that moves by itself.

Every change of places happens under a lock on the activity's row, so that exactly as many get in as there are
places, however many people press at once.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, Participation
from activities.models.activity import ActivityState, ParticipationState
from activities.services.letters import Letter, write
from cities.selectors_team import contact_persons
from governance.models import Membership, Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may, require, standing_of
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event

# One who has or asks for a place.
IN_LINE = (ParticipationState.REGISTERED, ParticipationState.REQUESTED, ParticipationState.WAITING)
OPEN = (ActivityState.PLANNED, ActivityState.PUBLISHED)


def registering_organisations(user: User) -> set[int]:
    """Give the organisations (primary keys) for which somebody can register."""
    return set(standing_of(user).organisations)


def closed_because(activity: Activity, *, invited: bool = False) -> str:
    """Say why nobody can register now; empty when one can. Who is invited says yes as soon as it is planned."""
    if activity.state not in (OPEN if invited else (ActivityState.PUBLISHED,)):
        return _("Registration is not open.")
    if activity.ends_at and activity.ends_at <= timezone.now():
        return _("This activity is over.")
    return ""


@transaction.atomic
def register(*, actor: User, activity: Activity, organisation: Organisation) -> Participation:
    """Register oneself: a place at once, or after approval, or on the waiting list when it is full.

    Whoever is in line already keeps that place. An invitation of the organiser opens the door by itself, for
    whoever the activity is. Raises NotAllowed, and ValidationError when it is closed.
    """
    fresh = locked(activity)
    row = Participation.objects.filter(activity=fresh, user=actor).first()
    invited = row is not None and row.state == ParticipationState.INVITED
    if not invited:
        require(actor, "activity", "register", fresh)
    if organisation.pk not in registering_organisations(actor):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))
    if reason := closed_because(fresh, invited=invited):
        raise ValidationError(reason)
    if row is not None and row.state in IN_LINE:
        return row
    if row is not None and row.state == ParticipationState.REFUSED:
        raise ValidationError(_("The organiser did not admit you. Ask the organiser why."))
    asks = fresh.needs_approval and not invited and not may(actor, "activity", "change", fresh)
    state = ParticipationState.REQUESTED if asks else _place(fresh)
    row = row or Participation(activity=fresh, user=actor)
    row.organisation, row.reason = organisation, ""
    row.queued_at = timezone.now()
    return put(row, state, actor)


def free_places(activity: Activity) -> int | None:
    """Give the number of places that are left, or None when there is no limit."""
    if activity.capacity is None:
        return None
    taken = activity.participations.filter(state=ParticipationState.REGISTERED).count()
    return max(activity.capacity - taken, 0)


def _place(activity: Activity) -> ParticipationState:
    return ParticipationState.WAITING if free_places(activity) == 0 else ParticipationState.REGISTERED


def put(row: Participation, state: ParticipationState, actor: Actor, reason: str = "") -> Participation:
    """Save a place in another state, with its event; the caller holds the activity's row, and checked who may."""
    before = "" if row.pk is None else row.state
    row.state, row.reason, row.changed_at = state, reason.strip()[:300], timezone.now()
    row.save()
    audit.record(
        actor=actor,
        event=Event.STATE,
        obj=row,
        changes={"state": [before, state.value], "activity": str(row.activity)},
        on_behalf_of=row.organisation,
        reason=reason,
    )
    return row


@transaction.atomic
def withdraw(*, actor: User, activity: Activity, reason: str = "") -> Participation:
    """Give one's place back, or say no to an invitation; the first on the waiting list gets the place.

    Raises ValidationError for somebody who has no place and was not invited.
    """
    fresh = locked(activity)
    row = Participation.objects.filter(activity=fresh, user=actor).first()
    if row is None or row.state not in (*IN_LINE, ParticipationState.INVITED):
        raise ValidationError(_("You are not registered."))
    return _give_back(fresh, row, actor, reason)


def _give_back(activity: Activity, row: Participation, actor: Actor, reason: str) -> Participation:
    """Let a place or an invitation go, and the first in line have it; the caller holds the activity's row."""
    invited = row.state == ParticipationState.INVITED
    put(row, ParticipationState.DECLINED if invited else ParticipationState.WITHDRAWN, actor, reason)
    move_up(activity, actor)
    return row


@transaction.atomic
def give_back_all(*, user: User, actor: Actor) -> int:
    """Let go of the places of somebody whose account closes, in all that is still to come; says how many.

    Whether the account closes is for the caller to know. Twice is once.
    """
    to_come = Q(activity__ends_at__isnull=True) | Q(activity__ends_at__gt=timezone.now())
    held = Participation.objects.filter(
        to_come, user=user, state__in=[*IN_LINE, ParticipationState.INVITED], activity__state__in=OPEN
    )
    rows = list(held.select_related("activity").order_by("activity_id"))
    for row in rows:
        _give_back(locked(row.activity), row, actor, "")
    return len(rows)


def move_up(activity: Activity, actor: Actor) -> list[Participation]:
    """Give free places to those who wait longest, and write to them; the caller holds the activity's row."""
    if activity.state not in OPEN or (activity.ends_at and activity.ends_at <= timezone.now()):
        return []
    free = free_places(activity)
    waiting = activity.participations.filter(state=ParticipationState.WAITING).select_related(
        "user", "organisation", "activity__organisation"
    )
    moved = [put(row, ParticipationState.REGISTERED, actor) for row in waiting.order_by("queued_at", "pk")[:free]]
    write(moved, Letter.PLACE)
    return moved


@transaction.atomic
def decide(*, actor: Actor, participation: Participation, admit: bool, reason: str = "") -> Participation:
    """Admit somebody who asked for a place (or put them on the waiting list), or not, with a reason.

    Raises NotAllowed, and ValidationError for somebody who asks no more, or a refusal without a reason.
    """
    activity = locked(participation.activity)
    require(actor, "activity", "change", activity)
    row = Participation.objects.select_related("user", "organisation", "activity__organisation").get(
        pk=participation.pk
    )
    if row.state != ParticipationState.REQUESTED:
        raise ValidationError(_("This has been decided already."))
    if not admit and not reason.strip():
        raise ValidationError(_("Say why: the person reads it."))
    state = _place(activity) if admit else ParticipationState.REFUSED
    put(row, state, actor, reason)
    letters = {ParticipationState.REGISTERED: Letter.PLACE, ParticipationState.WAITING: Letter.WAITING}
    write([row], letters.get(state, Letter.REFUSED))
    return row


@transaction.atomic
def invite(*, actor: Actor, activity: Activity, user: User, organisation: Organisation) -> Participation:
    """Invite somebody, who then says yes or no; whoever is in line already stays there.

    Raises NotAllowed, and ValidationError for an activity that is over or cancelled.
    """
    require(actor, "activity", "change", activity)
    fresh = locked(activity)
    if fresh.state == ActivityState.DRAFT:
        raise NotAllowed(_("Put the activity in the planning first: nobody sees a draft."))
    if fresh.state not in OPEN or (fresh.ends_at and fresh.ends_at <= timezone.now()):
        raise ValidationError(_("This activity is over: nobody can be invited any more."))
    row = Participation.objects.filter(activity=fresh, user=user).first()
    if row is not None and row.state in (*IN_LINE, ParticipationState.INVITED):
        return row
    row = row or Participation(activity=fresh, user=user)
    row.organisation = organisation
    put(row, ParticipationState.INVITED, actor)
    write([row], Letter.INVITED)
    return row


@transaction.atomic
def invite_members(*, actor: Actor, activity: Activity, members: Iterable[Membership]) -> list[Participation]:
    """Invite several people at once, each for the organisation of the membership; gives those who are new.

    Raises NotAllowed for somebody whom the actor may not see, and as `invite` does.
    """
    chosen = {one.user_id: one for one in members}
    seen = contact_persons(actor).filter(pk__in=[one.pk for one in chosen.values()])
    if len(set(seen.values_list("pk", flat=True))) < len(chosen):
        raise NotAllowed(_("You can invite only people whom you may see as contact persons."))
    there = activity.participations.filter(state__in=(*IN_LINE, ParticipationState.INVITED))
    before = set(there.values_list("user", flat=True))
    rows = [
        invite(actor=actor, activity=activity, user=one.user, organisation=one.organisation)
        for one in chosen.values()
    ]
    return [row for row in rows if row.user_id not in before]


@transaction.atomic
def take_invitation_back(*, actor: Actor, participation: Participation) -> None:
    """Withdraw an invitation that waits for an answer; the person gets a mail that takes it out of the calendar.

    Raises NotAllowed, and ValidationError for somebody who answered already.
    """
    require(actor, "activity", "change", participation.activity)
    fresh = locked(participation.activity)
    row = Participation.objects.filter(pk=participation.pk, activity=fresh).select_related("user").first()
    if row is None or row.state != ParticipationState.INVITED:
        raise ValidationError(_("This person has answered already. Look at the page again."))
    row.activity = fresh
    write([row], Letter.UNINVITED)
    audit.record(
        actor=actor,
        event=Event.DELETED,
        obj=row,
        changes={"state": [row.state, ""], "activity": str(fresh)},
        on_behalf_of=row.organisation,
    )
    row.delete()


@transaction.atomic
def note_attendance(*, actor: Actor, activity: Activity, present: Iterable[int]) -> int:
    """Note who of those with a place was there (participations by primary key), and so who was not.

    Gives the number that was. Raises NotAllowed, and ValidationError before it has begun.
    """
    require(actor, "activity", "change", activity)
    fresh = locked(activity)
    if fresh.starts_at is None or fresh.starts_at > timezone.now():
        raise ValidationError(_("It has not begun yet."))
    rows = fresh.participations.filter(state=ParticipationState.REGISTERED)
    chosen = set(present)
    rows.filter(pk__in=chosen).update(attended=True)
    rows.exclude(pk__in=chosen).update(attended=False)
    number = rows.filter(attended=True).count()
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=fresh,
        changes={"attended": number},
        on_behalf_of=fresh.organisation,
    )
    return number
