"""Make and change activities: choose a kind, write, save by itself, say when it meets."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form, ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.filters.agenda import KINDS
from activities.forms.agenda import (
    KIND_FIELDS,
    ActivityForm,
    NewActivityForm,
    SessionFormSet,
    initial_of,
    initial_sessions,
)
from activities.forms.serving import seen_bottlenecks
from activities.models import Activity
from activities.models.activity import ActivityState, Kind
from activities.services import agenda as services
from activities.services.sessions import SessionTime
from activities.views.agenda import changeable
from cities.models import Bottleneck
from cities.views.offering import is_search, offered_bottlenecks
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed, may, standing_of
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render


def explanations() -> dict[str, str]:
    """Say of each kind what it is for."""
    return {
        Kind.DEEP_DIVE: _("A theme that holds several cities up, worked out until it is clear what is possible."),
        Kind.REFLECTION: _("Interim results side by side; each EoI city says what it has to follow."),
        Kind.CASE_TABLE: _("A city brings a case, directors with a mandate decide at the table."),
        Kind.THEMATIC: _("Exchange about one theme, in a few hours."),
        Kind.TRAINING: _("Learn something that one can do afterwards."),
        Kind.EVENT: _("Meet, hear and show: a conference or a market."),
        Kind.VISIT: _("See with one's own eyes how another place does it."),
    }


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose what kind of activity to make."""
    if not may(request.user, "activity", "change"):
        raise NotAllowed(_("Your organisation does not organise activities here."))
    about = explanations()
    kinds = [{"word": word, "label": kind.label, "about": about[kind]} for word, kind in KINDS.items()]
    context = {"kinds": kinds, "bottleneck": request.GET.get("knelpunt", "")}
    return render(request, "activities/activity_choose.html", context)


def _offered(request: HttpRequest, activity: Activity | None) -> list[Bottleneck]:
    return offered_bottlenecks(request, seen_bottlenecks(request.user, activity))


def _typed(request: HttpRequest, form: Form) -> dict[str, Any]:
    """Give what was typed as it is, for a form that only looked for something: that is no time for errors."""
    return {
        name: request.POST.getlist(name) if isinstance(field, ModelMultipleChoiceField) else request.POST.get(name)
        for name, field in form.fields.items()
    }


def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Make an activity of a kind; only a title is needed to begin."""
    if kind not in KINDS:
        raise Http404
    if not may(request.user, "activity", "change"):
        raise NotAllowed(_("Your organisation does not organise activities here."))
    initial = {"bottlenecks": request.GET.getlist("knelpunt")}
    more: Any = {
        "actor": request.user,
        "kind": KINDS[kind],
        "leaders": services.leading_organisations(request.user),
        "own": standing_of(request.user).organisations,
        "offered": _offered(request, None),
    }
    form = NewActivityForm(posted(request), initial=initial, **more)
    if is_search(request):
        form = NewActivityForm(initial=_typed(request, form), **more)
    elif request.method == "POST" and form.is_valid():
        try:
            made = services.create_activity(
                actor=request.user,
                organisation=form.cleaned_data["organisation"],
                kind=KINDS[kind],
                values=form.values(),
                times=form.times,
            )
        except ValidationError as error:
            form.add_error("begins", error)
        else:
            return _saved(request, made)
    return render(request, "activities/activity_form.html", _context(request, form, None, KINDS[kind]))


def _saved(request: HttpRequest, activity: Activity) -> HttpResponse:
    if activity.state == ActivityState.DRAFT:
        messages.success(request, _("The draft is saved. Only your own organisation sees it."))
    else:
        messages.success(request, _("The activity is saved."))
    if "publish" in request.POST and activity.state in (ActivityState.DRAFT, ActivityState.PLANNED):
        return redirect("activities:activity_move", public_id=activity.public_id, step="publish")
    return redirect(activity)


def _context(
    request: HttpRequest, form: ActivityForm, activity: Activity | None, kind: str, **more: Any
) -> dict[str, Any]:
    return {
        "form": form,
        "activity": activity,
        "kind_label": capfirst(Kind(kind).label),
        "own_fields": [form[name] for name in KIND_FIELDS[kind]],
        "is_draft": activity is None or activity.state == ActivityState.DRAFT,
        "can_publish": activity is None or activity.state in (ActivityState.DRAFT, ActivityState.PLANNED),
        "conflict": [],
        **more,
    }


def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an activity; a colleague's change in between is shown beside it."""
    activity = changeable(request, public_id)
    if activity.state not in services.LIVE:
        raise NotAllowed(_("This activity is over and does not change any more."))
    more: Any = {"actor": request.user, "kind": activity.kind, "activity": activity}
    form = ActivityForm(posted(request), initial=initial_of(activity), offered=_offered(request, activity), **more)
    conflict: list[dict[str, Any]] = []
    status = 200
    if is_search(request):
        form = ActivityForm(initial=_typed(request, form), offered=_offered(request, activity), **more)
    elif request.method == "POST" and form.is_valid():
        try:
            return _saved(request, _save(request, activity, form))
        except EditConflict as error:
            conflict, status = beside(form, error), 409
            form = ActivityForm(sent_again(request, error), offered=_offered(request, activity), **more)
        except ValidationError as error:
            form.add_error(None, error)
    context = _context(request, form, activity, activity.kind, conflict=conflict)
    return render(request, "activities/activity_form.html", context, status=status)


def _save(request: HttpRequest, activity: Activity, form: ActivityForm) -> Activity:
    version = form.cleaned_data["version"] or 0
    return services.change_activity(actor=request.user, activity=activity, version=version, values=form.values())


@require_POST
def autosave(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save a draft while somebody types; answers with the time and the new version, or 409 with what to do."""
    activity = changeable(request, public_id)
    offered = _offered(request, activity)
    form = ActivityForm(request.POST, actor=request.user, kind=activity.kind, activity=activity, offered=offered)
    message = _("Not saved by itself. Save the form to see what is asked.")
    if activity.state != ActivityState.DRAFT or not form.is_valid():
        return JsonResponse({"message": message}, status=422)
    try:
        saved = _save(request, activity, form)
    except ValidationError:
        return JsonResponse({"message": message}, status=422)
    except EditConflict:
        message = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M"), "version": saved.version})


def sessions(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say when an activity meets: a line per session, in its own time; an emptied line is taken away."""
    activity = changeable(request, public_id)
    if activity.state not in services.LIVE:
        raise NotAllowed(_("This activity is over and does not change any more."))
    formset = SessionFormSet(posted(request), initial=initial_sessions(activity), prefix="s")
    problems: list[str] = []
    status = 200
    if request.method == "POST" and formset.is_valid():
        try:
            services.change_sessions(
                actor=request.user,
                activity=activity,
                version=_number(request.POST.get("version", "")),
                times=_times(formset, activity),
            )
        except ValidationError as error:
            problems = error.messages
        except EditConflict:
            problems, status = [_("A colleague changed this in the meantime. Look at the page again first.")], 409
        else:
            messages.success(request, _("The sessions are saved."))
            return redirect(activity)
    lines: Sequence[Any] = list(formset)
    context = {"activity": activity, "formset": formset, "lines": lines, "problems": problems}
    return render(request, "activities/activity_sessions.html", context, status=status)


def _times(formset: Any, activity: Activity) -> tuple[SessionTime, ...]:
    found = [line.time(activity) for line in formset if hasattr(line, "cleaned_data") and line.cleaned_data]
    return tuple(one for one in found if one is not None)


def _number(text: str) -> int:
    """Read a version that a form sent along; what is none is older than any."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0
