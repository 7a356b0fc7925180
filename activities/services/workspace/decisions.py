"""Decisions, and the action points that follow from them."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import ActionPoint, ActivitySession, Workspace, WorkspaceDecision
from activities.models.workspace_work import PointState
from activities.selectors.insiders import users_of
from activities.selectors.workspace import leads, organisation_in, session_at_hand
from activities.services.workspace.rooms import require_contributor, require_leader
from activities.workflow import POINT
from governance.models import User
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


@transaction.atomic
def record_decision(
    *, actor: Actor, workspace: Workspace, text: str, decided_by: str, decided_on: date
) -> WorkspaceDecision:
    """Record what was decided, by whom and when; raises NotAllowed, and ValidationError for a day to come."""
    require_contributor(actor, workspace)
    if decided_on > today():
        raise ValidationError(
            {"decided_on": _("This day has not come yet. What is still to do is an action point.")}
        )
    decision = WorkspaceDecision.objects.create(
        workspace=workspace,
        session=session_at_hand(workspace),
        text=text.strip(),
        decided_by=decided_by.strip(),
        decided_on=decided_on,
        recorded_by_label=str(actor)[:200],
    )
    audit.record(actor=actor, event=Event.CREATED, obj=decision)
    return decision


@transaction.atomic
def take_back_decision(*, actor: Actor, decision: WorkspaceDecision, reason: str) -> None:
    """Take a decision back that was recorded by mistake; it stays readable as such. Raises NotAllowed for who does
    not lead, and ValidationError without a reason."""
    require_leader(actor, decision.workspace)
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    fresh = locked(decision)
    if fresh.removed_at is None:
        fresh.removed_at, fresh.removed_reason = timezone.now(), reason.strip()[:500]
        fresh.save(update_fields=["removed_at", "removed_reason"])
        audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh)


@transaction.atomic
def add_point(
    *,
    actor: Actor,
    workspace: Workspace,
    text: str,
    owner: User,
    due_on: date,
    decision: WorkspaceDecision | None = None,
) -> ActionPoint:
    """Agree that somebody who takes part does something by a day.

    Raises NotAllowed, and ValidationError for an owner or a decision from elsewhere.
    """
    require_contributor(actor, workspace)
    _check_owner(workspace, owner)
    if decision is not None and decision.workspace_id != workspace.pk:
        raise ValidationError({"decision": _("This decision was taken elsewhere.")})
    point = ActionPoint.objects.create(
        workspace=workspace,
        session=session_at_hand(workspace),
        decision=decision,
        text=text.strip(),
        owner=owner,
        organisation_id=organisation_in(workspace, owner),
        due_on=due_on,
    )
    audit.record(actor=actor, event=Event.CREATED, obj=point, changes={"due_on": due_on.isoformat()})
    return point


def may_settle(actor: Actor, point: ActionPoint, *, is_leader: bool) -> bool:
    """Say whether the actor, who is in the workspace, may say how a point stands: its owner, and who leads."""
    return is_leader or (point.owner_id is not None and point.owner_id == getattr(actor, "pk", None))


@transaction.atomic
def change_point(*, actor: Actor, point: ActionPoint, owner: User, due_on: date) -> ActionPoint:
    """Give an open point to somebody else, or another day; raises NotAllowed and ValidationError."""
    fresh = _mine(actor, point)
    if fresh.state != PointState.OPEN:
        raise NotAllowed(_("This action point is settled. Open it again first."))
    _check_owner(fresh.workspace, owner)
    if (fresh.owner_id, fresh.due_on) != (owner.pk, due_on):
        changes = {"due_on": [fresh.due_on.isoformat(), due_on.isoformat()], "owner": [fresh.owner_id, owner.pk]}
        fresh.owner, fresh.due_on = owner, due_on
        fresh.organisation_id = organisation_in(fresh.workspace, owner)
        fresh.save(update_fields=["owner", "organisation", "due_on"])
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes)
    return fresh


@transaction.atomic
def settle_point(*, actor: Actor, point: ActionPoint, step: str, result: str = "") -> ActionPoint:
    """Say that a point is done ('finish', with what came of it), is no longer needed ('drop', with why), or opens
    again ('reopen').

    Raises NotAllowed for anybody but its owner and who leads, ValidationError when it is dropped without a reason,
    and TransitionRefused when somebody was first.
    """
    fresh = _mine(actor, point)
    if step == "drop" and not result.strip():
        raise ValidationError({"result": _("Say why this is dropped.")})
    if step == "reopen":
        workflow.take(POINT, step, fresh, actor=actor)
        fresh.settled_on, fresh.result = None, ""
        fresh.save(update_fields=["settled_on", "result"])
        return fresh
    if fresh.state == PointState.OPEN:
        fresh.settled_on, fresh.result = today(), result.strip()[:500]
        fresh.save(update_fields=["settled_on", "result"])
    workflow.take(POINT, step, fresh, actor=actor)
    return fresh


def _mine(actor: Actor, point: ActionPoint) -> ActionPoint:
    require_contributor(actor, point.workspace)
    fresh = locked(point)
    if not may_settle(actor, fresh, is_leader=leads(actor, fresh.workspace)):
        raise NotAllowed(_("Only who does this, or leads here, changes it."))
    return fresh


def _check_owner(workspace: Workspace, owner: User) -> None:
    if not users_of(workspace).filter(pk=owner.pk).exists():
        raise ValidationError({"owner": _("Choose somebody who takes part.")})


def carry_over(*, actor: Actor, day: date, guard: Callable[[], None]) -> int:
    """Let open action points of sessions that are over go along to the next session of the same activity.

    Set going by the clock, on `day`; gives how many went along. A second time on the same day changes nothing.
    """
    with transaction.atomic():
        guard()
        points = ActionPoint.objects.filter(state=PointState.OPEN, session__ends_at__date__lt=day)
        activities = set(points.order_by().values_list("workspace__activity", flat=True))
        coming = ActivitySession.objects.filter(activity__in=activities, ends_at__date__gte=day)
        following = {one.activity_id: one for one in coming.order_by("-starts_at", "-pk")}
        moved = 0
        for activity, session in following.items():
            going = points.filter(workspace__activity=activity).select_for_update(of=("self",))
            for point in going.order_by("pk"):
                point.session, point.carried = session, point.carried + 1
                point.save(update_fields=["session", "carried"])
                audit.record(actor=actor, event=Event.CHANGED, obj=point, changes={"carried": point.carried})
                moved += 1
    return moved
