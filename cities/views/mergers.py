"""A coordinator merges two municipalities: choose, see what goes over, confirm; call off while it is planned."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cities.forms.merging import MergerForm
from cities.forms.reasons import ReasonForm
from cities.models import MunicipalityMerger
from cities.models.merger import MergerState
from cities.presenting import transition_history
from cities.services import merging as services
from cities.views.posting import posted
from nss_portal.core.access import may
from nss_portal.core.carrying import Line
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

TONES = {MergerState.PLANNED: "attention", MergerState.DONE: "good", MergerState.CANCELLED: "neutral"}


def _coordinators_only(request: HttpRequest) -> None:
    if not may(request.user, "municipality_merger", "plan"):
        raise Http404


def overview(request: HttpRequest) -> HttpResponse:
    """The mergers that are planned and were carried out, and the form for another one."""
    _coordinators_only(request)
    mergers = list(MunicipalityMerger.objects.visible_to(request.user).select_related("old", "new"))
    rows = [{"merger": merger, "tone": TONES[MergerState(merger.state)]} for merger in mergers]
    return render(request, "cities/mergers.html", {"rows": rows, "form": MergerForm()})


def preview(request: HttpRequest) -> HttpResponse:
    """What a merger would carry over, kind by kind; sent with `confirm` the form plans it or carries it out.

    It is worked out by carrying the merger out and taking that back, so only on POST: an address that is merely
    opened touches no row. Opened like that it gives the form, filled in as the address says.
    """
    _coordinators_only(request)
    if request.method != "POST":
        return render(request, "cities/mergers.html", {"rows": [], "form": MergerForm(initial=request.GET.dict())})
    form = MergerForm(request.POST)
    lines: list[Line] = []
    if form.is_valid():
        values = form.cleaned_data
        try:
            if "confirm" in request.POST:
                return _planned(request, services.plan_merger(actor=request.user, **values))
            chosen = {name: values[name] for name in ("old", "new", "on")}
            lines = services.rehearse_merger(actor=request.user, **chosen)
        except ValidationError as error:
            for field, texts in error.message_dict.items():
                for text in texts:
                    form.add_error(field if field in form.fields else None, text)
    if not form.is_valid():
        return render(request, "cities/mergers.html", {"rows": [], "form": form}, status=422)
    context: dict[str, Any] = {"lines": lines, "form": form, **form.cleaned_data}
    context["back_query"] = urlencode({name: form[name].value() for name in form.fields})
    return render(request, "cities/merger_preview.html", context)


def _planned(request: HttpRequest, merger: MunicipalityMerger) -> HttpResponse:
    if merger.state == MergerState.DONE:
        messages.success(request, _("{old} now goes on in {new}.").format(old=merger.old, new=merger.new))
    else:
        text = _("Planned. The portal carries it out by itself on {day}.")
        messages.success(request, text.format(day=date_format(merger.on, "j F Y")))
    return redirect(merger)


def _found(request: HttpRequest, public_id: str) -> MunicipalityMerger:
    visible = MunicipalityMerger.objects.visible_to(request.user).select_related("old", "new")
    return get_object_or_404(visible, public_id=public_id)


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One merger: where it stands, what went over, what is in the way."""
    merger = _found(request, public_id)
    labels = {state.value: str(state.label) for state in MergerState}
    facts = [
        (_("Municipality that ends"), f"{merger.old} ({merger.old.code})"),
        (_("Goes on in"), f"{merger.new} ({merger.new.code})"),
        (_("As of"), date_format(merger.on, "j F Y")),
        (_("Planned by"), merger.planned_by_label),
    ]
    if merger.reason:
        facts.append((_("Ground"), merger.reason))
    context = {
        "merger": merger,
        "tone": TONES[MergerState(merger.state)],
        "facts": facts,
        "lines": merger.outcome,
        "is_planned": merger.state == MergerState.PLANNED,
        "history": transition_history(merger, labels, with_people=True),
    }
    return render(request, "cities/merger.html", context)


def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a planned merger off, with a reason."""
    merger = _found(request, public_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_merger(actor=request.user, merger=merger, reason=form.cleaned_data["reason"])
        except TransitionRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The merger is called off. Nothing has changed."))
            return redirect(merger)
    title = _("Call off the merger of {old} into {new}").format(old=merger.old, new=merger.new)
    context = {"form": form, "title": title, "action": _("Call off"), "danger": True}
    return render(request, "components/confirm.html", context | {"back_url": merger.get_absolute_url()})
