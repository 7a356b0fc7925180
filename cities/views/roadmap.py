"""The roadmap: its steps, how far a city is, and what cities like it did next."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cities.forms.roadmap import ProgressForm
from cities.models import CityRoadmap, Municipality, RoadmapStep
from cities.models.bottleneck import Sharing
from cities.presenting_roadmap import block_rows, city_parts, history_rows, step_rows
from cities.selectors_roadmap import (
    CityProgress,
    Step,
    cities_per_block,
    cities_per_step,
    history_of,
    next_block,
    own_city,
    progress_of,
    roadmap_steps,
)
from cities.services import roadmap as services
from cities.views.codes import find_municipality
from cities.views.posting import posted
from governance.services.ownership import may_for, require_for
from nss_portal.core.access import may
from nss_portal.core.editing import EditConflict
from nss_portal.core.gathering import sections
from nss_portal.core.kept import KeptPart
from nss_portal.core.registry import roadmap_sections
from nss_portal.core.rendering import render

# Changes that are shown at once; the rest unfolds.
HISTORY_SHOWN = 5


def index(request: HttpRequest) -> HttpResponse:
    """All steps, with how far the own city is and how many others are at work."""
    return render(
        request, "cities/roadmap.html", {"body": KeptPart(request, "roadmap", lambda: _context(request))}
    )


def _context(request: HttpRequest) -> dict[str, Any]:
    steps = roadmap_steps()
    city = own_city(request.user)
    progress = progress_of(request.user, city.organisation_id) if city else None
    return {
        "rows": step_rows(steps, cities_per_step(request.user), progress),
        "city": city,
        "progress": progress,
        "summary": _summary(steps, progress),
        "next": next_block(progress, steps) if progress else None,
        "may_edit": may(request.user, "roadmap", "change"),
    }


def _summary(steps: list[Step], progress: CityProgress | None) -> dict[str, int]:
    blocks = [block for step in steps for block in step.blocks]
    done = progress.done(blocks) if progress else 0
    taken_up = progress.taken_up(blocks) if progress else 0
    return {"done": done, "busy": taken_up - done, "total": len(blocks)}


def step_page(request: HttpRequest, code: str) -> HttpResponse:
    """One step as a page to read: what to do, who is up, the building blocks, and what all apps have on it."""
    steps = roadmap_steps()
    place = next((i for i, step in enumerate(steps) if step.text.step.code == code), None)
    if place is None:
        raise Http404
    # Sections of apps above tell of what a person takes part in: for each person another page.
    body = KeptPart(request, "roadmap_step", lambda: _step_context(request, steps, place), request.user.pk)
    return render(request, "cities/roadmap_step.html", {"step": steps[place], "body": body})


def _step_context(request: HttpRequest, steps: list[Step], place: int) -> dict[str, Any]:
    step = steps[place]
    city = own_city(request.user)
    progress = progress_of(request.user, city.organisation_id) if city else None
    return {
        "number": place + 1,
        "total": len(steps),
        "blocks": block_rows(step, cities_per_block(request.user, step.text.step_id), progress),
        "before": steps[place - 1] if place else None,
        "after": steps[place + 1] if place + 1 < len(steps) else None,
        "city": city,
        "progress": progress,
        "done": progress.done(step.blocks) if progress else 0,
        "sections": sections(section(request.user, step.text.step) for section in roadmap_sections),
        "may_edit": may(request.user, "roadmap", "change"),
    }


def city_page(request: HttpRequest, code: str) -> HttpResponse:
    """How far one city is; for who may not see that, the page is not there."""
    municipality = find_municipality(request, code)
    may_change = may_for(request.user, "roadmap_progress", "change", municipality.organisation)
    if not may_change and not _is_seen(request, municipality):
        raise Http404
    body = KeptPart(request, "roadmap_city", lambda: _city_context(request, municipality, may_change=may_change))
    return render(request, "cities/roadmap_city.html", {"municipality": municipality, "body": body})


def _is_seen(request: HttpRequest, municipality: Municipality) -> bool:
    seen = CityRoadmap.objects.visible_to(request.user)
    return seen.filter(organisation=municipality.organisation_id).exists()


def _city_context(request: HttpRequest, municipality: Municipality, *, may_change: bool) -> dict[str, Any]:
    progress = progress_of(request.user, municipality.organisation_id)
    steps = roadmap_steps()
    history = history_rows(history_of(progress.roadmap), with_names=may_change) if progress else []
    return {
        "progress": progress,
        "may_change": may_change,
        "summary": _summary(steps, progress),
        "next": next_block(progress, steps) if progress else None,
        "parts": city_parts(steps, progress) if progress else [],
        "history": history[:HISTORY_SHOWN],
        "earlier": history[HISTORY_SHOWN:],
    }


def _changeable(request: HttpRequest, code: str) -> Municipality:
    """Give a city whose roadmap the person may keep: 404 when it is not visible, 403 when it is not theirs."""
    municipality = find_municipality(request, code)
    right = ("roadmap_progress", "change", municipality.organisation)
    if not may_for(request.user, *right) and not _is_seen(request, municipality):
        raise Http404
    require_for(request.user, *right)
    return municipality


def _steps(step: str) -> list[Step]:
    """Give the steps that the form shows: all, or the one that the address names."""
    found = [found for found in roadmap_steps() if step in ("", found.text.step.code)]
    if not found:
        raise Http404
    return found


def edit(request: HttpRequest, code: str, step: str = "") -> HttpResponse:
    """Say how far the city is, for all steps or for one; a colleague's change in between is shown beside it."""
    municipality = _changeable(request, code)
    if step and not RoadmapStep.objects.filter(step__code=step).exists():
        raise Http404
    if request.method != "POST":
        body = KeptPart(request, "roadmap_form", lambda: _form_context(request, municipality, step))
        return render(request, "cities/roadmap_form.html", {"municipality": municipality, "body": body})
    form = _form(request, municipality, step)
    conflict: list[dict[str, Any]] = []
    status = 200
    if form.is_valid():
        try:
            _save(request, municipality, form)
        except EditConflict:
            progress = progress_of(request.user, municipality.organisation_id)
            conflict, form, status = _beside(form, progress), _again(request, form.steps, progress), 409
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. Thank you: this is how far you are."))
            return redirect("cities:roadmap_city", code=municipality.code)
    body = KeptPart(request, "roadmap_form", lambda: _form_context(request, municipality, step, form, conflict))
    page = {"municipality": municipality, "body": body}
    return render(request, "cities/roadmap_form.html", page, status=status)


def _form(request: HttpRequest, municipality: Municipality, step: str) -> ProgressForm:
    progress = progress_of(request.user, municipality.organisation_id)
    return ProgressForm(posted(request), steps=_steps(step), progress=progress)


def _form_context(
    request: HttpRequest,
    municipality: Municipality,
    step: str,
    form: ProgressForm | None = None,
    conflict: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    shown = form or _form(request, municipality, step)
    return {
        "progress": shown.progress,
        "form": shown,
        "parts": shown.parts(),
        "step": shown.steps[0] if step else None,
        "conflict": conflict,
    }


def _save(request: HttpRequest, municipality: Municipality, form: ProgressForm) -> CityRoadmap:
    values = form.cleaned_data
    return services.record_progress(
        actor=request.user,
        organisation=municipality.organisation,
        version=values["version"],
        stands=form.stands(),
        sharing=Sharing(values["sharing"]),
        on=values["on"],
    )


def _again(request: HttpRequest, steps: list[Step], progress: CityProgress | None) -> ProgressForm:
    """Give the form again with what was filled in, now on top of the colleague's version."""
    data = request.POST.copy()
    data["version"] = str(progress.roadmap.version if progress else 0)
    return ProgressForm(data, steps=steps, progress=progress)


def _beside(form: ProgressForm, progress: CityProgress | None) -> list[dict[str, str]]:
    """Give the lines that differ, mine and theirs."""
    saved = ProgressForm(None, steps=form.steps, progress=progress)
    rows = []
    for name in form.fields:
        if name.startswith(("s-", "n-")) and form.cleaned_data[name] != saved[name].initial:
            choices = {value: str(label) for value, label in getattr(form.fields[name], "choices", [])}
            mine, theirs = form.cleaned_data[name], saved[name].initial
            rows.append(
                {
                    "label": str(form.fields[name].label),
                    "mine": choices.get(mine, mine),
                    "theirs": choices.get(theirs, theirs),
                }
            )
    return rows


@require_POST
def autosave(request: HttpRequest, code: str, step: str = "") -> JsonResponse:
    """Save while somebody fills in; answers with the time and the new version, or 409 with what to do."""
    municipality = _changeable(request, code)
    form = _form(request, municipality, step)
    if not form.is_valid():
        text = _("Not saved by itself yet: {problem}").format(problem=_first_problem(form))
        return JsonResponse({"message": text}, status=422)
    try:
        saved = _save(request, municipality, form)
    except EditConflict:
        message = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M"), "version": saved.version})


def _first_problem(form: ProgressForm) -> str:
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label} – {errors[0]}" if label else str(errors[0])
    return ""


@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Say that nothing has changed since."""
    municipality = _changeable(request, code)
    roadmap = get_object_or_404(CityRoadmap, organisation=municipality.organisation)
    services.confirm_progress(actor=request.user, roadmap=roadmap)
    messages.success(request, _("Noted: the roadmap of {name} is still right.").format(name=municipality))
    return redirect("cities:roadmap_city", code=municipality.code)
