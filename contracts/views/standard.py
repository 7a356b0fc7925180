"""The standard approach to read: the version in force, any version, what changed, and its steps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cities.presenting import knows_people, transition_history
from contracts.forms.standard import IntroForm, ProposeForm, SendBackForm
from contracts.models import GoingThrough, StandardComment, StandardVersion
from contracts.models.standard import DUTCH, StandardState
from contracts.presenting.standard import story_of, tone_of, version_rows
from contracts.rules_standard import decides, proposes, reads_open
from contracts.selectors import standard as selectors
from contracts.services.contract import making_for
from contracts.services.errors import Refused
from contracts.services.standard import versions as services
from contracts.services.standard.document import KIND
from contracts.sheets_standard import data_of, sheets_of
from contracts.standard_diff import differences
from contracts.workflow_standard import STANDARD
from nss_portal.core.access import NotAllowed, Role, granted, standing_of
from nss_portal.core.exports import json_bytes, xlsx
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.reports.offer import public_pdfs
from nss_portal.core.workflow import TransitionRefused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def find_standard(request: HttpRequest, number: int) -> StandardVersion:
    """Give a version that the person sees; raises Http404."""
    return get_object_or_404(StandardVersion.objects.visible_to(request.user), standard__code=DUTCH, number=number)


def current(request: HttpRequest) -> HttpResponse:
    """The version in force, as a story to read; a page that says so where there is none yet."""
    version = selectors.in_force()
    if version is None:
        context = {"versions": version_rows(selectors.versions_for(request.user))}
        return render(request, "contracts/standard/none.html", context)
    return _story(request, version)


def version_page(request: HttpRequest, number: int) -> HttpResponse:
    """One version as a story to read."""
    return _story(request, find_standard(request, number))


def _story(request: HttpRequest, version: StandardVersion) -> HttpResponse:
    body = KeptPart(request, "standard", lambda: _story_context(request, version))
    context = {"version": version, "body": body}
    return render(request, "contracts/standard/story.html", context)


def _story_context(request: HttpRequest, version: StandardVersion) -> dict[str, Any]:
    user = request.user
    speaks = user.is_authenticated
    said: dict[tuple[str, str], int] = {}
    if speaks:
        counted = StandardComment.objects.visible_to(user).filter(version=version, change=None).order_by()
        rows = counted.values_list("kind", "code").annotate(number=Count("pk"))
        said = {(kind, code): number for kind, code, number in rows}
    versions = selectors.versions_for(user)
    before = next((one for one in versions if one.number < version.number), None)
    newer = next((one for one in versions if one.is_open and one.number > version.number), None)
    return {
        "story": story_of(version, selectors.items_of(version), selectors.step_labels(), said),
        "before": before,
        "newer": newer,
        "speaks": speaks,
        "may_start": bool(making_for(user)) and version.state == StandardState.PUBLISHED,
        "may_go": standing_of(user).has(Role.TEAM, Role.MEMBER, Role.SIGNATORY),
        "keeps": proposes(user),
        "decides": decides(user),
        "reads_open": reads_open(user),
        "moves": _moves(request, version),
        "documents": public_pdfs(KIND, str(version.number)),
        "may_ask": "all" in granted(user, "report", "request"),
        "history": transition_history(
            version, {s.value: str(s.label) for s in StandardState}, with_people=knows_people(user)
        ),
        "people_answered": _answered(version) if reads_open(user) else None,
    }


def _answered(version: StandardVersion) -> int:
    """Count the cities that said something of a version."""
    answers = GoingThrough.objects.filter(version=version).exclude(verdict="")
    return answers.order_by().values("organisation").distinct().count()


def versions(request: HttpRequest) -> HttpResponse:
    """All versions that the person sees."""
    rows = version_rows(selectors.versions_for(request.user))
    on_its_way = any(row["version"].is_open or row["version"].state == StandardState.DECIDED for row in rows)
    in_force = any(row["version"].state == StandardState.PUBLISHED for row in rows)
    context = {"rows": rows, "may_new": proposes(request.user) and in_force and not on_its_way}
    return render(request, "contracts/standard/versions.html", context)


def changes(request: HttpRequest, number: int) -> HttpResponse:
    """What a version says otherwise than an earlier one, part by part, and because of what."""
    version = find_standard(request, number)
    earlier = [one for one in selectors.versions_for(request.user) if one.number < number]
    if not earlier:
        raise Http404
    asked = request.GET.get("met", "")
    old = next((one for one in earlier if str(one.number) == asked), earlier[0])
    body = KeptPart(request, "standard_changes", lambda: _changes_context(request, old, version))
    return render(
        request,
        "contracts/standard/changes.html",
        {"version": version, "old": old, "earlier": earlier, "body": body},
    )


def _changes_context(request: HttpRequest, old: StandardVersion, new: StandardVersion) -> dict[str, Any]:
    from contracts.presenting.standard_changes import with_causes

    before, after = selectors.items_of_two(old, new)
    found = differences(before, after, selectors.changes_between(request.user, old, new))
    return {"items": with_causes(found, request.user)}


def data(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """A version as JSON or as a workbook."""
    version = find_standard(request, number)
    items = selectors.items_of(version)
    name = f"standaardaanpak-{number}.{form}"
    if form == "json":
        response = HttpResponse(json_bytes(data_of(version, items)), content_type="application/json")
    else:
        sheets = sheets_of(items, selectors.step_labels())
        response = HttpResponse(xlsx(sheets, title=str(version)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def new_version(request: HttpRequest) -> HttpResponse:
    """Start the next version as a copy of the one in force."""
    try:
        draft = services.start_version(actor=request.user)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("contracts:standard_versions")
    messages.success(request, _("The next version is there, as a copy. It changes by what you take over."))
    return redirect(draft)


@dataclass(frozen=True)
class Move:
    """One step of a version as a page: what it means, what it asks, the service, and who sees the button."""

    service: Callable[..., object]
    done: Any
    consequences: tuple[Any, ...]
    may: tuple[Callable[[Any], bool], ...]
    form: type[forms.Form] | None = None


MOVES = {
    "propose": Move(
        services.propose,
        gettext_lazy("The version is open for going through."),
        (
            gettext_lazy("Cities of the network see this version, and say per section whether it works for them."),
            gettext_lazy("You can still take proposals over; cities then see what changed."),
        ),
        (proposes,),
        ProposeForm,
    ),
    "send_back": Move(
        services.send_back,
        gettext_lazy("The version is a draft again."),
        (gettext_lazy("What cities said stays."),),
        (proposes, decides),
        SendBackForm,
    ),
    "decide": Move(
        services.decide,
        gettext_lazy("The version is decided."),
        (
            gettext_lazy("From now on nothing in it changes."),
            gettext_lazy("The coordination team can bring it into force."),
        ),
        (decides,),
    ),
    "publish": Move(
        services.publish,
        gettext_lazy("The version is in force."),
        (
            gettext_lazy("Everybody reads this version; new contracts begin with it."),
            gettext_lazy("The version that was in force is superseded, and stays to be read."),
            gettext_lazy("Cities with a contract of an earlier version are shown what changed."),
        ),
        (proposes,),
    ),
}


def _moves(request: HttpRequest, version: StandardVersion) -> list[Any]:
    """Give the steps that the person may take now; whoever proposed a version gets no button to decide on it."""
    found = []
    for step in STANDARD.open_steps(version):
        move = MOVES.get(step.name)
        if move is None or not any(may(request.user) for may in move.may):
            continue
        if step.name == "decide" and version.proposed_by_id == request.user.pk:
            continue
        found.append(step)
    return found


def step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Ask what a step needs, say what it means, and take it."""
    version = find_standard(request, number)
    chosen = next((one for one in STANDARD.open_steps(version) if one.name == name and name in MOVES), None)
    if chosen is None:
        raise Http404
    wanted = MOVES[name]
    if not any(may(request.user) for may in wanted.may):
        raise NotAllowed(_("The coordination team proposes a version, the steering group decides on it."))
    if name == "decide" and version.proposed_by_id == request.user.pk:
        raise NotAllowed(_("Whoever proposes a version does not decide on it too."))
    form = _step_form(request, name, version, wanted)
    if request.method == "POST" and (form is None or form.is_valid()):
        values: dict[str, Any] = dict(form.cleaned_data) if form else {}
        try:
            wanted.service(version=version, actor=request.user, **values)
        except (Refused, TransitionRefused) as error:
            if form is None:
                messages.error(request, str(error))
                return redirect(version)
            form.add_error(None, ValidationError(str(error)))
        else:
            messages.success(request, str(wanted.done))
            return redirect(version)
    context = {
        "title": chosen.label,
        "intro": str(version),
        "consequences": wanted.consequences,
        "form": form,
        "action": chosen.label,
        "back_url": version.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


class _DecideForm(forms.Form):
    """Carries the revision that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def _step_form(request: HttpRequest, name: str, version: StandardVersion, wanted: Move) -> forms.Form | None:
    posted = request.POST if request.method == "POST" else None
    if name == "decide":
        return _DecideForm(posted, initial={"revision": version.revision})
    return wanted.form(posted) if wanted.form else None


def intro(request: HttpRequest, number: int) -> HttpResponse:
    """Change the introduction of an open version."""
    version = find_standard(request, number)
    services.require_keeper(request.user)
    if not version.is_open:
        raise NotAllowed(_("This version is decided and does not change."))
    names = ("intro_nl", "intro_en", "revision")
    initial = {name: getattr(version, name) for name in names}
    form = IntroForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_intro(version=version, actor=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(version)
    context = {"form": form, "version": version, "tone": tone_of(version), "title": _("Change the introduction")}
    return render(request, "contracts/standard/form.html", context)
