"""Pages on which a meeting is planned, prepared, held and its decisions written down."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from governance.forms.assessments import ReasonForm
from governance.forms.meetings import (
    DecisionForm,
    EndForm,
    FigureheadForm,
    ItemForm,
    MeetingForm,
    MinutesForm,
    PaperForm,
    SeatForm,
)
from governance.models import Body, Figurehead, Meeting, MeetingState, Seat
from governance.services.meetings import decisions, holding
from governance.views.doing import one_thing, posted, tried
from governance.views.meetings import changeable
from governance.workflow_meeting import MEETING
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.time import today

FORM = "governance/meetings/form.html"


def plan(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    holding.require_all(request.user)
    form = MeetingForm(posted(request), initial={"body": request.GET.get("overleg")})
    made: list[Meeting] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data

        def act() -> None:
            made.append(
                holding.plan_meeting(
                    actor=request.user, body=values["body"], values=values, participants=form.everybody()
                )
            )

        if tried(form, act):
            messages.success(
                request, _("The meeting is planned; who takes part gets a mail with the appointment.")
            )
            return redirect(made[0])
    return render(request, FORM, {"form": form, "meeting": None})


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change when, where and who."""
    meeting = _in_state(request, public_id, MeetingState.PLANNED)
    initial = {name: getattr(meeting, name) for name in (*holding.VALUES, "version")}
    initial["participants"] = list(meeting.participants.values_list("pk", flat=True))
    form = MeetingForm(posted(request), meeting=meeting, initial=initial)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data

        def act() -> None:
            holding.change_meeting(
                actor=request.user,
                meeting=meeting,
                version=values["version"] or 0,
                values=values,
                participants=form.everybody(),
            )

        try:
            if tried(form, act):
                messages.success(request, _("The changes are saved."))
                return redirect(meeting)
        except EditConflict as error:
            conflict = beside(form, error)
            form = MeetingForm(sent_again(request, error), meeting=meeting)
    context = {"form": form, "meeting": meeting, "conflict": conflict}
    return render(request, FORM, context, status=409 if conflict else 200)


def _in_state(request: HttpRequest, public_id: str, *states: MeetingState) -> Meeting:
    meeting = changeable(request, public_id)
    if meeting.state not in states:
        raise Http404
    return meeting


def _opened(request: HttpRequest, public_id: str) -> Meeting:
    return _in_state(request, public_id, MeetingState.PLANNED, MeetingState.HELD)


def item(request: HttpRequest, public_id: str, pk: int | None = None) -> HttpResponse:
    """Add an item to the agenda, or change it."""
    meeting = _opened(request, public_id)
    there = get_object_or_404(meeting.items, pk=pk) if pk else None
    initial = {name: getattr(there, name) for name in holding.ITEM} if there else {}
    return one_thing(
        request,
        ItemForm(posted(request), initial=initial),
        lambda values: holding.keep_item(actor=request.user, meeting=meeting, values=values, item=there),
        title=_("Change the item") if there else _("Add an item to the agenda"),
        intro=meeting.title,
        action=_("Save the item"),
        back=f"{meeting.get_absolute_url()}#agenda",
    )


def item_drop(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Take an item off the agenda."""
    meeting = _opened(request, public_id)
    there = get_object_or_404(meeting.items.select_related("meeting"), pk=pk)
    return one_thing(
        request,
        forms.Form(posted(request)),
        lambda _values: holding.drop_item(actor=request.user, item=there),
        title=_("Take this item off the agenda?"),
        intro=there.title,
        action=_("Take off the agenda"),
        back=f"{meeting.get_absolute_url()}#agenda",
        consequences=[_("Its papers go too.")],
        danger=True,
    )


def paper(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Add a paper to an item."""
    meeting = _opened(request, public_id)
    there = get_object_or_404(meeting.items.select_related("meeting"), pk=pk)
    form = PaperForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if tried(form, lambda: holding.add_paper(actor=request.user, item=there, upload=upload)):
            messages.success(request, _("The paper is added, for who takes part."))
            return redirect(f"{meeting.get_absolute_url()}#agenda")
    return render(request, "governance/meetings/paper.html", {"form": form, "meeting": meeting, "item": there})


def minutes(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write the minutes."""
    meeting = _opened(request, public_id)
    initial = {"minutes": meeting.minutes, "version": meeting.version}
    form = MinutesForm(posted(request), initial=initial)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            holding.keep_minutes(actor=request.user, meeting=meeting, **values)
            messages.success(request, _("The minutes are saved, for who takes part."))
            return redirect(meeting)
        except EditConflict as error:
            conflict = beside(form, error)
            form = MinutesForm(sent_again(request, error))
    context = {"form": form, "meeting": meeting, "conflict": conflict}
    return render(request, "governance/meetings/minutes.html", context, status=409 if conflict else 200)


def step(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """Say that it was held, adopt its decisions, or cancel it."""
    meeting = changeable(request, public_id)
    chosen = next((one for one in MEETING.open_steps(meeting) if one.name == name), None)
    if chosen is None:
        raise Http404
    lines = {
        "adopt": [_("Decisions and minutes no longer change. Who sees to a decision finds it under 'my work'.")],
        "cancel": [_("Who takes part gets a mail, and it goes out of their calendar.")],
    }
    form = ReasonForm(posted(request)) if chosen.needs_reason else forms.Form(posted(request))
    return one_thing(
        request,
        form,
        lambda values: holding.step_meeting(actor=request.user, meeting=meeting, step=name, **values),
        title=str(chosen.label),
        intro=meeting.title,
        action=str(chosen.label),
        back=meeting.get_absolute_url(),
        consequences=lines.get(name, []),
        danger=name == "cancel",
    )


def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish the adopted decisions, or take them back."""
    meeting = _in_state(request, public_id, MeetingState.ADOPTED)
    hide = meeting.is_published
    label = _("Take the decisions back") if hide else _("Publish the decisions")
    return one_thing(
        request,
        forms.Form(posted(request)),
        lambda _values: holding.publish_decisions(actor=request.user, meeting=meeting, publish=not hide),
        title=label,
        intro=meeting.title,
        action=label,
        back=meeting.get_absolute_url(),
        done=_("Only who may see the meeting reads the decisions now.")
        if hide
        else _("The decisions are published."),
        consequences=[
            _("From then on only who takes part and who sees to them reads the decisions.")
            if hide
            else _("Everybody reads the decisions that are marked for it, with who sees to them and how they go."),
            _("Agenda, papers and minutes stay with who takes part."),
        ],
    )


def decide(request: HttpRequest, public_id: str, number: int | None = None) -> HttpResponse:
    """Write a decision down, or change it."""
    meeting = _opened(request, public_id)
    there = get_object_or_404(meeting.decisions, number=number) if number else None
    initial: dict[str, Any] = {"is_published": True}
    if there:
        initial = {name: getattr(there, name) for name in ("text", "owner", "due_on", "item", "is_published")}
    return one_thing(
        request,
        DecisionForm(posted(request), meeting=meeting, initial=initial),
        lambda values: decisions.keep_decision(actor=request.user, meeting=meeting, decision=there, **values),
        title=_("Change the decision") if there else _("Write a decision down"),
        intro=meeting.title,
        action=_("Save the decision"),
        back=f"{meeting.get_absolute_url()}#besluiten",
    )


def decision_drop(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Take a decision off the list."""
    meeting = _opened(request, public_id)
    there = get_object_or_404(meeting.decisions.select_related("meeting", "owner"), number=number)
    return one_thing(
        request,
        forms.Form(posted(request)),
        lambda _values: decisions.drop_decision(actor=request.user, decision=there),
        title=_("Take this decision off the list?"),
        intro=there.text,
        action=_("Take off the list"),
        back=f"{meeting.get_absolute_url()}#besluiten",
        danger=True,
    )


def seat(request: HttpRequest, code: str) -> HttpResponse:
    """Give an organisation a seat."""
    found = get_object_or_404(Body, code=code)
    holding.require_all(request.user)
    return one_thing(
        request,
        SeatForm(posted(request), initial={"valid_from": today()}),
        lambda values: holding.keep_seat(actor=request.user, body=found, **values),
        title=_("Give an organisation a seat"),
        intro=found.label,
        action=_("Give the seat"),
        back=found.get_absolute_url(),
    )


def seat_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """End a seat."""
    found = get_object_or_404(Seat.objects.select_related("body", "organisation"), pk=pk, body__code=code)
    return _end(request, found, str(found), found.body.get_absolute_url())


def figurehead(request: HttpRequest) -> HttpResponse:
    """Name a figurehead."""
    holding.require_all(request.user)
    initial = {"valid_from": today(), "valid_to": today() + timedelta(days=2 * 365)}
    return one_thing(
        request,
        FigureheadForm(posted(request), initial=initial),
        lambda values: holding.name_figurehead(actor=request.user, **values),
        title=_("Name a figurehead"),
        action=_("Name the figurehead"),
        back=reverse("governance:bodies"),
        consequences=[_("Name and mandate are published.")],
    )


def figurehead_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End the mandate of a figurehead."""
    found = get_object_or_404(Figurehead, pk=pk)
    return _end(request, found, found.name, reverse("governance:bodies"))


def _end(request: HttpRequest, record: Seat | Figurehead, name: str, back: str) -> HttpResponse:
    holding.require_all(request.user)
    return one_thing(
        request,
        EndForm(posted(request), initial={"valid_to": today()}),
        lambda values: holding.end_dated(actor=request.user, record=record, **values),
        title=_("Until when?"),
        intro=name,
        action=_("Set the last day"),
        back=back,
        consequences=[_("That it was so until then stays to be read.")],
    )
