"""Coordinators keep the texts of the roadmap."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.forms.roadmap import BlockForm, StepTextForm
from cities.models import BuildingBlock, RoadmapStep
from cities.services import roadmap_reference as services
from cities.views.posting import posted
from nss_portal.core.access import require
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.rendering import render


def edit_step(request: HttpRequest, code: str) -> HttpResponse:
    """Change the texts of a step."""
    require(request.user, "roadmap", "change")
    step = get_object_or_404(RoadmapStep.objects.select_related("step"), step__code=code)
    form = StepTextForm(posted(request), instance=step, initial={"version": step.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_step(
                actor=request.user, step=step, version=form.cleaned_data["version"], texts=form.cleaned_data
            )
        except EditConflict as error:
            return _page(request, form, step, step, error)
        messages.success(request, _("The changes are saved."))
        return redirect(step)
    return _page(request, form, step, step)


def edit_block(request: HttpRequest, code: str) -> HttpResponse:
    """Change a building block, or take it out of use."""
    require(request.user, "roadmap", "change")
    block = get_object_or_404(BuildingBlock.objects.select_related("step__roadmap__step"), code=code)
    form = BlockForm(posted(request), instance=block, initial={"version": block.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_block(
                actor=request.user, block=block, version=form.cleaned_data["version"] or 0, texts=form.cleaned_data
            )
        except EditConflict as error:
            return _page(request, form, block, block.step.roadmap, error)
        messages.success(request, _("The changes are saved."))
        return redirect(block.step.roadmap)
    return _page(request, form, block, block.step.roadmap)


def new_block(request: HttpRequest, code: str) -> HttpResponse:
    """Add a building block to a step."""
    require(request.user, "roadmap", "change")
    step = get_object_or_404(RoadmapStep.objects.select_related("step"), step__code=code)
    form = BlockForm(posted(request))
    if request.method == "POST" and form.is_valid():
        name = slugify(form.cleaned_data["title_en"] or form.cleaned_data["title_nl"])[:40]
        if not name or BuildingBlock.objects.filter(code=name).exists():
            form.add_error("title_en", _("There is a building block of this name already. Choose another name."))
        else:
            services.add_block(actor=request.user, step=step.step, code=name, texts=form.cleaned_data)
            messages.success(request, _("The building block stands on the roadmap."))
            return redirect(step)
    return _page(request, form, None, step)


def _page(
    request: HttpRequest,
    form: StepTextForm | BlockForm,
    record: RoadmapStep | BuildingBlock | None,
    step: RoadmapStep,
    error: EditConflict | None = None,
) -> HttpResponse:
    """The form with the history; after a conflict with both texts, on top of the colleague's version."""
    conflict: list[dict[str, Any]] = []
    if error is not None:
        now = error.record
        names = [name for name in form.cleaned_data if name != "version"]
        conflict = [
            {"label": form.fields[name].label, "mine": form.cleaned_data[name], "theirs": getattr(now, name)}
            for name in names
            if form.cleaned_data[name] != getattr(now, name)
        ]
        form.data = {**request.POST.dict(), "version": str(getattr(now, "version"))}  # noqa: B009
    context = {
        "form": form,
        "record": record,
        "step": step,
        "conflict": conflict,
        "history": _history(request, record) if record else [],
    }
    return render(request, "cities/roadmap_text.html", context, status=409 if error else 200)


def _history(request: HttpRequest, record: Model) -> list[dict[str, Any]]:
    """Give what changed in a text, the latest first: coordinators see the log."""
    rows = AuditEvent.objects.visible_to(request.user).filter(
        object_type=record._meta.label_lower, object_id=str(record.pk)
    )
    return [
        {
            "text": f"{row.get_event_display()}: {', '.join(row.changes)}",
            "when": row.at,
            "who": row.actor_label,
            "reason": "",
        }
        for row in rows.order_by("-at", "-pk")[:20]
    ]
