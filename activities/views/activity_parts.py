"""What belongs to one kind of activity: outcome, subjects, what a city has, cases, agreements."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from activities.forms.activity_parts import (
    AgreementForm,
    CapacityForm,
    CaseForm,
    OutcomeForm,
    SettleForm,
    SubjectFormSet,
    initial_subjects,
)
from activities.models import Activity, Agreement, Outcome, ReflectionCapacity, TableCase
from activities.models.activity import Kind
from activities.models.activity_parts import AgreementState
from activities.services import agreements, outcomes, reflection
from activities.views.agenda import changeable, find
from cities.views.posting import posted
from governance.models import Organisation
from nss_portal.core.access import NotAllowed, standing_of
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused


def _page(
    request: HttpRequest,
    activity: Activity,
    form: Form,
    *,
    title: str,
    intro: str = "",
    action: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "activity": activity,
        "form": form,
        "title": title,
        "intro": intro,
        "action": action or _("Save"),
        **more,
    }
    return render(request, "activities/activity_part.html", context, status=status)


def _add_errors(form: Form, error: ValidationError) -> None:
    if hasattr(error, "error_dict"):
        for name, found in error.message_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        form.add_error(None, error)


def _sent(form: Form) -> dict[str, Any]:
    """Give what was sent, one value a name."""
    return {name: form.data.get(name) for name in form.data}


def _newer(form: Form, version: int, values: dict[str, Any]) -> None:
    """Say that a colleague was first, with the text that stands there now, and let the form save over it."""
    form.data = {**_sent(form), "version": str(version)}
    form.add_error(
        None, _("A colleague changed this in the meantime. What you typed is still here; save again to keep it.")
    )
    for name, text in values.items():
        if text and text != form.cleaned_data.get(name):
            form.add_error(name, _("The colleague wrote: {text}").format(text=text))


def outcome(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down what a Deep Dive brings for the roadmap, and publish it there."""
    activity = changeable(request, public_id)
    if activity.kind != Kind.DEEP_DIVE:
        raise Http404
    if activity.state not in outcomes.HAS_OUTCOME:
        raise NotAllowed(_("Only a Deep Dive that is on the agenda has an outcome for the roadmap."))
    held = Outcome.objects.filter(activity=activity).first()
    names = ("possible", "who_is_up", "scaling_up")
    initial = {name: getattr(held, name) for name in (*names, "version")} if held else {}
    form = OutcomeForm(posted(request), initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in names}
        try:
            outcomes.write_outcome(
                actor=request.user, activity=activity, version=form.cleaned_data["version"] or 0, **texts
            )
            if "publish" in request.POST:
                outcomes.publish_outcome(actor=request.user, activity=activity)
                messages.success(request, _("The outcome stands on the roadmap."))
            else:
                messages.success(request, _("The outcome is saved."))
            return redirect(activity)
        except EditConflict as error:
            record: Any = error.record
            _newer(form, record.version, {name: getattr(record, name) for name in names})
            status = 409
        except TransitionRefused as error:
            form.data = {**_sent(form), "version": str(Outcome.objects.get(activity=activity).version)}
            form.add_error(None, str(error))
    return _page(
        request,
        activity,
        form,
        title=_("Outcome for the roadmap"),
        intro=_(
            "Three short texts that help other cities on. They stand on the page of each step that it serves."
        ),
        status=status,
        second=("publish", _("Save and put on the roadmap")) if not (held and held.published_at) else None,
    )


def subjects(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say which results and sections a reflection session looks at."""
    activity = changeable(request, public_id)
    if activity.kind != Kind.REFLECTION:
        raise Http404
    more: Any = {"actor": request.user, "activity": activity}
    formset = SubjectFormSet(posted(request), initial=initial_subjects(activity), prefix="s", **more)
    problems: list[str] = []
    status = 200
    if request.method == "POST" and formset.is_valid():
        chosen = [line.subject() for line in formset]
        sent = request.POST.get("version", "")
        try:
            reflection.choose_subjects(
                actor=request.user,
                activity=activity,
                version=int(sent) if sent.isdecimal() and len(sent) < 10 else 0,
                subjects=[one for one in chosen if one is not None],
            )
        except ValidationError as error:
            problems = error.messages
        except EditConflict:
            problems, status = [_("A colleague changed this in the meantime. Look at the page again first.")], 409
        else:
            messages.success(request, _("It is saved what the session looks at."))
            return redirect(activity)
    context = {"activity": activity, "formset": formset, "lines": list(formset), "problems": problems}
    return render(request, "activities/activity_subjects.html", context, status=status)


def capacity(request: HttpRequest, public_id: str, city: str) -> HttpResponse:
    """Record what one's city has to follow: four questions on one page."""
    activity = find(request, public_id)
    organisation = get_object_or_404(Organisation, public_id=city)
    if not reflection.recording_cities(request.user).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("Only the transition team of the city itself records this."))
    held = ReflectionCapacity.objects.filter(activity=activity, organisation=organisation).first()
    names = ("money", "people", "partners", "signing", "note")
    initial = {name: getattr(held, name) for name in (*names, "version")} if held else {}
    form = CapacityForm(posted(request), initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        try:
            reflection.record_capacity(
                actor=request.user,
                activity=activity,
                organisation=organisation,
                version=form.cleaned_data["version"] or 0,
                **values,
            )
        except EditConflict as error:
            record: Any = error.record
            _newer(form, record.version, {"note": record.note})
            status = 409
        else:
            messages.success(request, _("Recorded. It counts in the picture of all cities."))
            return redirect(activity)
    return _page(
        request,
        activity,
        form,
        title=_("Can {city} follow?").format(city=organisation.short_name or organisation.name),
        intro=_("Four questions, about two minutes. Nobody is held to it; it shows where help is needed."),
        action=_("Record this"),
        status=status,
    )


def case_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Bring a case to a case table."""
    activity = find(request, public_id)
    keys = agreements.case_bringers(request.user, activity)
    if not keys:
        raise NotAllowed(_("You cannot bring a case here now."))
    own = Organisation.objects.filter(pk__in=keys).order_by("name")
    form = CaseForm(posted(request), own=own)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.bring_case(actor=request.user, activity=activity, **form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The case is on the table."))
            return redirect(activity)
    return _page(
        request,
        activity,
        form,
        title=_("Bring a case"),
        intro=activity.mandate,
        action=_("Put it on the table"),
    )


def case_remove(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Take a case off the table, after asking."""
    activity = find(request, public_id)
    case = get_object_or_404(TableCase.objects.select_related("activity"), pk=number, activity=activity)
    if request.method == "POST":
        agreements.take_case_back(actor=request.user, case=case)
        messages.success(request, _("The case is off the table."))
        return redirect(activity)
    if case.organisation_id not in standing_of(request.user).organisations and not activity.may_change:
        raise NotAllowed(_("Only the city that brought it takes a case back."))
    context = {
        "title": _("Take this case off the table?"),
        "intro": case.title,
        "consequences": [_("The case and its background are gone for good.")],
        "action": _("Take the case back"),
        "back_url": activity.get_absolute_url(),
        "danger": True,
        "form": None,
    }
    return render(request, "components/confirm.html", context)


def agreement_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down a decision or an action point."""
    activity = changeable(request, public_id)
    form = AgreementForm(posted(request), activity=activity)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.agree(actor=request.user, activity=activity, **form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("Written down. It stands in the work of who sees to it."))
            again = redirect("activities:agreement_new", public_id=activity.public_id)
            return again if "again" in request.POST else redirect(activity)
    return _page(
        request,
        activity,
        form,
        title=_("What is agreed?"),
        action=_("Write it down"),
        second=("again", _("Write it down, and another")),
    )


def agreement(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Say what became of an agreement; whoever sees to it does so without seeing the rest of the activity."""
    found = get_object_or_404(
        Agreement.objects.select_related("activity", "owner"), pk=number, activity__public_id=public_id
    )
    if not agreements.may_settle(request.user, found):
        # Whoever takes part reads it on the page; for others it does not exist.
        raise Http404
    form = SettleForm(
        posted(request),
        initial={
            "result": found.result,
            "state": AgreementState.DONE if found.state == AgreementState.OPEN else found.state,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            agreements.settle_agreement(actor=request.user, agreement=found, **form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("Saved what became of it."))
            seen = Activity.objects.visible_to(request.user).filter(pk=found.activity_id).exists()
            return redirect(found.activity if seen else "home")
    return _page(
        request,
        found.activity,
        form,
        title=_("What became of this?"),
        intro=found.text,
        action=_("Save"),
        hide_activity=not Activity.objects.visible_to(request.user).filter(pk=found.activity_id).exists(),
    )
