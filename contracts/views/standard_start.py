"""A first draft in six screens, for a municipality that never made a contract."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cities.models import Municipality
from contracts.forms.standard_start import ScreenForm
from contracts.models import StandardStart
from contracts.selectors.standard import in_force
from contracts.services.contract import making_for
from contracts.services.errors import Refused
from contracts.services.standard import starting as services
from contracts.services.standard.making import make_contract
from contracts.starting_standard import SCREEN_NAMES, Starting
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render

LAST = "nakijken"
SCREENS = (*services.SCREENS, LAST)
# About how many minutes each screen takes, at ease.
MINUTES = {"basis": 2, "maatregelen": 3, "acties": 3, "partijen": 2, "teksten": 3, LAST: 1}


def begin(request: HttpRequest) -> HttpResponse:
    """What a first draft asks, and a button to begin; a colleague's draft goes on."""
    organisations = making_for(request.user)
    if not organisations:
        raise NotAllowed(_("Only municipalities make a climate contract here."))
    towns = list(Municipality.objects.current().filter(organisation__in=organisations).order_by("common_name"))
    if request.method == "POST":
        chosen = next((one for one in towns if one.code == request.POST.get("gemeente")), None)
        if chosen is not None:
            try:
                start = services.begin(actor=request.user, municipality=chosen)
            except Refused as error:
                messages.error(request, str(error))
            else:
                return redirect("contracts:start_screen", start.public_id, SCREENS[0])
        else:
            messages.error(request, _("Choose the municipality whose contract this is."))
    under_way = StandardStart.objects.filter(organisation__in=organisations, contract=None)
    context = {
        "towns": towns,
        "version": in_force(),
        "under_way": list(under_way.select_related("municipality")),
        "screens": [(SCREEN_NAMES[name], MINUTES[name]) for name in SCREENS],
        "minutes": sum(MINUTES.values()),
    }
    return render(request, "contracts/standard/begin.html", context)


def _find(request: HttpRequest, public_id: str) -> StandardStart:
    """Give a start of the own municipality; raises Http404."""
    seen = StandardStart.objects.filter(organisation__in=making_for(request.user))
    found = seen.select_related("municipality", "organisation", "version", "contract")
    return get_object_or_404(found, public_id=public_id)


def screen(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """One screen: filled in with what is known, kept on going on."""
    start = _find(request, public_id)
    if name not in SCREENS:
        raise Http404
    if start.contract is not None:
        messages.info(request, _("The contract is made already. You go on in the contract itself."))
        return redirect(start.contract)
    if name == LAST:
        return _check(request, start)
    made = Starting(start)
    form = made.form(name, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.keep(
                actor=request.user,
                start=start,
                screen=name,
                values=form.kept(),
                revision=_revision(form, start),
            )
        except EditConflict as error:
            return _overtaken(request, start, name, form, error)
        return redirect("contracts:start_screen", public_id, SCREENS[SCREENS.index(name) + 1])
    return _page(request, made, name, form, status=422 if request.method == "POST" else 200)


def _revision(form: ScreenForm, start: StandardStart) -> int:
    value = form.cleaned_data.get("version")
    return start.revision if value is None else int(value)


def _overtaken(
    request: HttpRequest, start: StandardStart, name: str, form: ScreenForm, error: EditConflict
) -> HttpResponse:
    """Show one's own screen again; saving once more then replaces what the colleague saved."""
    theirs = error.record
    assert isinstance(theirs, StandardStart)  # noqa: S101 - keep raises it with a start
    data = request.POST.copy()
    data["version"] = str(theirs.revision)
    fresh = _find(request, start.public_id)
    made = Starting(fresh)
    text = _("A colleague changed this draft in the meantime. What you filled in stands here; go on to keep it.")
    return _page(request, made, name, made.form(name, data), status=409, overtaken=text)


def _page(
    request: HttpRequest, made: Starting, name: str, form: ScreenForm, *, status: int = 200, overtaken: str = ""
) -> HttpResponse:
    place = SCREENS.index(name)
    context: dict[str, Any] = {
        "start": made.start,
        "made": made,
        "name": name,
        "form": form,
        "title": SCREEN_NAMES[name],
        "steps": _steps(name),
        "place": place + 1,
        "of": len(SCREENS),
        "back": SCREENS[place - 1] if place else "",
        "overtaken": overtaken,
        "rows": _rows(made, name, form),
    }
    return render(request, "contracts/standard/screen.html", context, status=status)


def _rows(made: Starting, name: str, form: Any) -> list[dict[str, Any]]:
    if name == "maatregelen":
        return made.measure_rows(form.ticked)
    if name == "acties":
        rows: list[dict[str, Any]] = form.rows(made.hints())
        return rows
    return []


def _steps(name: str) -> list[dict[str, Any]]:
    here = SCREENS.index(name)
    state = {True: "done", False: "todo"}
    return [
        {"label": SCREEN_NAMES[one], "state": "current" if one == name else state[number < here]}
        for number, one in enumerate(SCREENS)
    ]


@require_POST
def autosave(request: HttpRequest, public_id: str, name: str) -> JsonResponse:
    """Keep a screen while somebody types: all that can be read. Answers with the time, or 409 with what to do."""
    start = _find(request, public_id)
    if name not in services.SCREENS or start.contract_id is not None:
        raise Http404
    form = Starting(start).form(name, request.POST)
    complete = form.is_valid()
    try:
        kept = services.keep(
            actor=request.user,
            start=start,
            screen=name,
            values={**start.answers.get(name, {}), **form.kept()} if not complete else form.kept(),
            revision=_revision(form, start),
        )
    except EditConflict:
        text = _("A colleague changed this draft in the meantime. Go on to see it.")
        return JsonResponse({"message": text}, status=409)
    moment = timezone.localtime().strftime("%H.%M")
    if not complete:
        wrong = ", ".join(str(form.fields[one].label) for one in form.errors if one in form.fields)
        moment = _("%(time)s, but not yet: %(fields)s") % {"time": moment, "fields": wrong}
    return JsonResponse({"saved_at": moment, "version": kept.revision})


def _check(request: HttpRequest, start: StandardStart) -> HttpResponse:
    """A last look, and the contract."""
    made = Starting(start)
    error_text = ""
    if request.method == "POST":
        try:
            draft = make_contract(actor=request.user, start=start, plan=made.plan())
        except Refused as error:
            error_text = str(error)
        except ValidationError as error:
            error_text = " ".join(error.messages)
        else:
            messages.success(request, _("The first draft is there. Only you and your colleagues see it."))
            return redirect(draft)
    context = {
        "start": start,
        "plan": made.plan(),
        "totals": made.totals(),
        "title": SCREEN_NAMES[LAST],
        "steps": _steps(LAST),
        "place": len(SCREENS),
        "of": len(SCREENS),
        "back": SCREENS[-2],
        "error_text": error_text,
    }
    return render(request, "contracts/standard/check.html", context, status=409 if error_text else 200)


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw away what was put together, after asking."""
    start = _find(request, public_id)
    if request.method == "POST":
        try:
            services.discard(actor=request.user, start=start)
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Thrown away."))
        return redirect("contracts:standard")
    context = {
        "title": _("Throw this draft away?"),
        "intro": str(start.municipality),
        "consequences": [_("What you and your colleagues filled in is gone for good.")],
        "action": _("Throw away"),
        "danger": True,
        "back_url": "../basis/",
    }
    return render(request, "components/confirm.html", context)
