"""The bodies with their members, their meetings, and one meeting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from governance.models import AgendaItem, Body, Decision, DecisionState, Figurehead, Meeting, MeetingState
from governance.services.meetings.holding import runs_all
from governance.workflow_meeting import MEETING
from nss_portal.core.access import may, require, standing_of
from nss_portal.core.files import StoredFile
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today
from nss_portal.core.workflow import Step

SHOWN = 20
TONES = {
    MeetingState.PLANNED: "info",
    MeetingState.HELD: "attention",
    MeetingState.ADOPTED: "good",
    MeetingState.CANCELLED: "neutral",
}
DECISION_TONES = {DecisionState.OPEN: "attention", DecisionState.DONE: "good", DecisionState.DROPPED: "neutral"}


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies, and the figureheads."""
    part = KeptPart(request, "bodies", lambda: _bodies_context(request), request.user.pk)
    return render(request, "governance/meetings/bodies.html", {"body": part})


def _bodies_context(request: HttpRequest) -> dict[str, Any]:
    day = today()
    heads = Figurehead.objects.select_related("organisation")
    now = [one for one in heads if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)]
    coming = Meeting.objects.visible_to(request.user).filter(
        state=MeetingState.PLANNED, starts_at__gte=timezone.now()
    )
    return {
        "bodies": list(Body.objects.all()),
        "figureheads": now,
        "before": [one for one in heads if one.valid_to and one.valid_to < day],
        "coming": [_row(one) for one in coming.select_related("body").order_by("starts_at", "pk")[:SHOWN]],
        "runs_all": runs_all(request.user),
    }


def _row(meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting, "tone": TONES[MeetingState(meeting.state)]}


@require_safe
def body(request: HttpRequest, code: str) -> HttpResponse:
    """One body: who sits in it, its meetings, and what it decided that is to be done still."""
    found = get_object_or_404(Body, code=code)
    part = KeptPart(request, "body", lambda: _body_context(request, found), request.user.pk)
    return render(request, "governance/meetings/body.html", {"steering_body": found, "body": part})


def _body_context(request: HttpRequest, found: Body) -> dict[str, Any]:
    seen = Meeting.objects.visible_to(request.user).filter(body=found).select_related("body")
    seats = found.seats.select_related("organisation", "user")
    day = today()
    is_member = bool(standing_of(request.user).organisations)
    return {
        "steering_body": found,
        "seats": [
            {
                "seat": one,
                "person": one.user if is_member else None,
                "is_over": bool(one.valid_to and one.valid_to < day),
            }
            for one in seats
        ],
        "meetings": [_row(one) for one in seen[:SHOWN]],
        "waiting": decision_rows(open_decisions(request, found)),
        "runs_all": runs_all(request.user),
    }


def open_decisions(request: HttpRequest, body: Body, before: Meeting | None = None) -> Any:
    """Give what a body decided, the actor sees, and is to be done still; of meetings `before` one, if given."""
    found = Decision.objects.visible_to(request.user).filter(
        meeting__body=body, meeting__state=MeetingState.ADOPTED, state=DecisionState.OPEN
    )
    if before is not None:
        found = found.filter(meeting__starts_at__lt=before.starts_at)
    return found.select_related("owner", "meeting__body").order_by("due_on", "pk")[:SHOWN]


def decision_rows(found: Any) -> list[dict[str, Any]]:
    """Give decisions with how they stand; what is written ahead of a meeting is not taken yet."""
    day = today()
    return [
        {
            "decision": one,
            "tone": DECISION_TONES[DecisionState(one.state)],
            "is_late": one.state == DecisionState.OPEN and bool(one.due_on) and one.due_on < day,
            "is_to_come": one.meeting.state == MeetingState.PLANNED
            and timezone.localdate(one.meeting.starts_at) >= day,
        }
        for one in found
    ]


def visible(request: HttpRequest, public_id: str) -> Meeting:
    """Give a meeting that the person may see; raises Http404."""
    seen = Meeting.objects.visible_to(request.user).select_related("body", "chair")
    return get_object_or_404(seen, public_id=public_id)


def changeable(request: HttpRequest, public_id: str) -> Meeting:
    """Give one that the person runs: 404 when it is not visible, 403 when it is not theirs."""
    found = visible(request, public_id)
    require(request.user, "meeting", "change", found)
    return found


@require_safe
def meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """One meeting: agenda, papers, minutes and decisions; for the public, what was decided for it."""
    found = visible(request, public_id)
    part = KeptPart(request, "meeting", lambda: _meeting_context(request, found), request.user.pk)
    return render(request, "governance/meetings/meeting.html", {"meeting": found, "body": part})


def _meeting_context(request: HttpRequest, found: Meeting) -> dict[str, Any]:
    inside = Meeting.objects.inside(request.user).filter(pk=found.pk).exists()
    changes = may(request.user, "meeting", "change", found)
    decisions = Decision.objects.visible_to(request.user).filter(meeting=found)
    return {
        "meeting": found,
        "tone": TONES[MeetingState(found.state)],
        "inside": inside,
        "changes": changes,
        "onward": _onward(found) if changes else [],
        "is_open": found.state in (MeetingState.PLANNED, MeetingState.HELD),
        "items": _items(found) if inside else [],
        "people": list(found.participants.order_by("name", "pk")) if inside else [],
        "decisions": decision_rows(decisions.select_related("owner", "meeting__body", "item").order_by("number")),
        "waiting": decision_rows(open_decisions(request, found.body, found)) if inside else [],
    }


def _onward(found: Meeting) -> list[Step]:
    """Give the steps that can be taken now."""
    return [
        step
        for step in MEETING.open_steps(found)
        if not any(reason for condition in step.conditions for reason in condition(found))
    ]


def _items(found: Meeting) -> list[dict[str, Any]]:
    """Give the agenda with the papers. Two queries."""
    items = list(found.items.all())
    keys = [str(one.pk) for one in items]
    label = AgendaItem._meta.label_lower
    papers: dict[str, list[StoredFile]] = {}
    for paper in StoredFile.objects.filter(owner_type=label, owner_id__in=keys).order_by("pk"):
        papers.setdefault(paper.owner_id, []).append(paper)
    return [{"item": one, "papers": papers.get(str(one.pk), [])} for one in items]
