"""Joint applications: begun, joined, submitted, with their result."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from activities.forms.desk_calls import ApplicationForm, JoinApplicationForm, NewApplicationForm, PartyForm
from activities.models.desk_call import ApplicationState, JointApplication, PartyState
from activities.selectors.desk_calls import parties_of
from activities.services.desk import calls as services
from activities.views.desk_calls import refuse
from activities.views.desk_common import find_entry
from activities.workflow.desk_call import APPLICATION
from cities.forms.reasons import ReasonForm
from cities.presenting import transition_history
from cities.views.posting import posted
from governance.models import Organisation
from nss_portal.core.access import NotAllowed, granted, may, require
from nss_portal.core.conflicts import saved_now, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.formats import format_date
from nss_portal.core.rendering import render
from nss_portal.core.time import today
from nss_portal.core.workflow import Step, TransitionRefused

TONES = {
    ApplicationState.FORMING: "attention",
    ApplicationState.SUBMITTED: "info",
    ApplicationState.GRANTED: "good",
    ApplicationState.REJECTED: "bad",
    ApplicationState.WITHDRAWN: "neutral",
}
CHANGES = ("title", "text", "is_open", "submit_by")


def find(request: HttpRequest, public_id: str) -> JointApplication:
    """Give an application that the person may see; raises Http404."""
    visible = JointApplication.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("entry", "organisation"), public_id=public_id)


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One application: who leads, who takes part, what came of it."""
    application = find(request, public_id)
    parties = parties_of(application)
    own = granted(request.user, "joint_application", "join").get("own", frozenset())
    mine = [party for party in parties if party.organisation_id in own]
    forming = application.state == ApplicationState.FORMING
    leads = may(request.user, "joint_application", "change", application)
    joined = {party.organisation_id for party in mine if party.state == PartyState.JOINED}
    can_join = forming and bool(own - joined - {application.organisation_id})
    context = {
        "application": application,
        "tone": TONES[ApplicationState(application.state)],
        "facts": _facts(application),
        "parties": [(party, party in mine and forming) for party in parties],
        "may_change": leads and forming,
        "may_join": can_join and not leads and may(request.user, "joint_application", "join", application),
        "moves": APPLICATION.open_steps(application) if leads else [],
        "history": _history(application),
    }
    return render(request, "activities/desk/application.html", context)


def _history(application: JointApplication) -> list[dict[str, Any]]:
    labels = {state.value: str(state.label) for state in ApplicationState}
    return transition_history(application, labels, with_people=True)


def _facts(application: JointApplication) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [(_("Leads"), application.organisation.local_name)]
    for label, day in (
        (_("Own deadline"), application.submit_by),
        (_("Deadline of the call"), application.entry.deadline),
        (_("Submitted on"), application.submitted_on),
        (_("Decided on"), application.decided_on),
    ):
        if day:
            facts.append((label, format_date(day)))
    if application.state == ApplicationState.FORMING:
        facts.append((_("Others can join"), _("yes") if application.is_open else _("only who is asked")))
    return facts


def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin an application for a subsidy or call."""
    entry = find_entry(request, public_id)
    keys = granted(request.user, "joint_application", "change").get("led", frozenset())
    organisations = Organisation.objects.filter(pk__in=keys).existing_on(today()).order_by("name")
    if not organisations.exists():
        raise NotAllowed(_("Your organisation does not lead applications here."))
    initial = {"title": entry.local_name, "submit_by": None, "is_open": True}
    form = NewApplicationForm(posted(request), organisations=organisations, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.begin_application(
                actor=request.user,
                entry=entry,
                organisation=form.cleaned_data["organisation"],
                values=form.cleaned_data,
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The application stands here. Ask others, or wait who joins."))
            return redirect(made)
    return _form_page(request, form, _("Apply together"), entry.local_name, entry.get_absolute_url())


def _form_page(
    request: HttpRequest,
    form: Any,
    title: str,
    intro: str,
    back: str,
    *,
    status: int = 200,
    danger: bool = False,
    saved: Sequence[str] = (),
) -> HttpResponse:
    context = {
        "title": title,
        "intro": intro,
        "action": title,
        "form": form,
        "back_url": back,
        "danger": danger,
        "consequences": saved,
    }
    return render(request, "components/confirm.html", context, status=status)


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the texts and the own deadline."""
    application = find(request, public_id)
    require(request.user, "joint_application", "change", application)
    initial = {name: getattr(application, name) for name in (*CHANGES, "version")}
    form = ApplicationForm(posted(request), initial=initial)
    saved: list[str] = []
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            services.change_application(
                actor=request.user, application=application, version=version, values=form.cleaned_data
            )
        except ValidationError as error:
            refuse(form, error)
        except EditConflict as error:
            saved = saved_now(form, error)
            form = ApplicationForm(sent_again(request, error), initial=initial)
            form.add_error(None, _("A colleague saved in the meantime. Choose what stays, and save again."))
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(application)
    title = _("Change the application")
    back, status = application.get_absolute_url(), 409 if saved else 200
    return _form_page(request, form, title, application.title, back, status=status, saved=saved)


def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask another organisation to take part."""
    application = find(request, public_id)
    require(request.user, "joint_application", "change", application)
    others = Organisation.objects.existing_on(today()).exclude(pk=application.organisation_id).order_by("name")
    form = PartyForm(posted(request), organisations=others)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_party(actor=request.user, application=application, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Asked. The organisation gets a mail."))
            return redirect(application)
    title = _("Ask an organisation along")
    return _form_page(request, form, title, application.title, application.get_absolute_url())


def join(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take part."""
    application = find(request, public_id)
    require(request.user, "joint_application", "join", application)
    keys = granted(request.user, "joint_application", "join").get("own", frozenset())
    own = Organisation.objects.filter(pk__in=keys).exclude(pk=application.organisation_id)
    form = JoinApplicationForm(posted(request), organisations=own.existing_on(today()).order_by("name"))
    if request.method == "POST" and form.is_valid():
        try:
            services.take_part(actor=request.user, application=application, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("You take part. The organisation that leads gets a mail."))
            return redirect(application)
    return _form_page(request, form, _("Take part"), application.title, application.get_absolute_url())


def leave(request: HttpRequest, public_id: str, party: int) -> HttpResponse:
    """Leave, or say no."""
    application = find(request, public_id)
    held = granted(request.user, "joint_application", "join").get("own", frozenset())
    mine = application.parties.filter(organisation__in=held).select_related(
        "organisation", "application__organisation"
    )
    found = get_object_or_404(mine, pk=party)
    if request.method == "POST":
        try:
            services.leave(actor=request.user, party=found)
            messages.success(request, _("You do not take part. The organisation that leads gets a mail."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(application.entry)
    title = _("We do not take part")
    return _form_page(request, None, title, application.title, application.get_absolute_url(), danger=True)


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take a step of the workflow."""
    application = find(request, public_id)
    require(request.user, "joint_application", "change", application)
    chosen: Step | None = next((one for one in APPLICATION.open_steps(application) if one.name == step), None)
    if chosen is None:
        raise Http404
    form = ReasonForm(posted(request)) if chosen.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            services.move_application(actor=request.user, application=application, step=step, reason=reason)
        except TransitionRefused as error:
            messages.error(request, str(error))
        return redirect(application)
    danger = step in {"call_off", "reject"}
    back = application.get_absolute_url()
    return _form_page(request, form, str(chosen.label), application.title, back, danger=danger)
