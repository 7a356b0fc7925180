"""The agenda, and the page of one activity."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.filters.agenda import AgendaFilter
from activities.models import Activity, Programme
from activities.models.activity import ActivityState
from activities.models.limit import HoursLimit
from activities.presenting.activity import own_place, record_parts
from activities.presenting.agenda import (
    activity_facts,
    activity_steps,
    hours_in_words,
    months_of,
    session_lists,
    status_of,
)
from activities.sections import activity_sections
from activities.selectors.agenda import Entry, entries, is_inside, own_states, with_rights
from activities.selectors.overview import loads
from activities.services import agenda as services
from activities.workflow.activity import ACTIVITY, missing
from cities.forms.reasons import ReasonForm
from cities.models import Bottleneck, Signal
from cities.models.involvement import Level
from cities.presenting import transition_history
from cities.selectors_signals import overdue
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed, may, require, standing_of
from nss_portal.core.access.standing import Role
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today
from nss_portal.core.workflow import Step, TransitionRefused

PER_PAGE = 50
STRONG = ("publish", "hold", "close")


@require_safe
def agenda_list(request: HttpRequest) -> HttpResponse:
    """The agenda by month: what is coming first, narrowed as the address says."""
    # Everybody reads the own place beside each line.
    body = KeptPart(request, "agenda", lambda: _list_context(request), request.user.pk)
    return render(request, "activities/agenda.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    lines = entries(Activity.objects.visible_to(request.user))
    found = AgendaFilter(request.GET, queryset=lines, request=request)
    page = Paginator(found.qs.values_list(*Entry._fields), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    return {
        "filter": found,
        "page_obj": page,
        "months": months_of(rows, own_states(request.user, {row[0] for row in rows})),
        "is_past": found.is_past,
        "may_write": may(request.user, "activity", "change"),
        "may_oversee": standing_of(request.user).has(Role.COORDINATOR, Role.STEERING),
    }


def find(request: HttpRequest, public_id: str) -> Any:
    """Give an activity that the person may see, with what its page needs to know of the person; or 404."""
    return get_object_or_404(with_rights(request.user), public_id=public_id)


def changeable(request: HttpRequest, public_id: str) -> Any:
    """Give an activity that the person runs: 404 when it is not visible, 403 when it is another's."""
    activity = find(request, public_id)
    if not activity.may_change:
        require(request.user, "activity", "change", activity)
    return activity


@require_safe
def short(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead the address without its readable part to the page."""
    return redirect(find(request, public_id), permanent=True)


@require_safe
def record(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """One activity: what, when, for whom, who takes part, and what came of it. An old slug leads on."""
    activity = find(request, public_id)
    if slug != activity.slug:
        return redirect(activity, permanent=True)
    # What it says of places is another's for each who looks.
    body = KeptPart(request, "activity", lambda: _record_context(request, activity), request.user.pk)
    return render(request, "activities/activity.html", {"activity": activity, "body": body})


def _programme(request: HttpRequest, activity: Any) -> Programme | None:
    """Give the programme that an activity is part of, where the person may see it."""
    if activity.programme_id is None:
        return None
    return Programme.objects.visible_to(request.user).filter(pk=activity.programme_id).first()


def _record_context(request: HttpRequest, activity: Any) -> dict[str, Any]:
    inside = is_inside(activity, request.user)
    steps = list(activity.steps.all())
    sections = [section(request.user, activity) for section in activity_sections]
    label, tone = status_of(activity)
    begun = activity.starts_at is not None and activity.starts_at <= timezone.now()
    moves = [
        step
        for step in (ACTIVITY.open_steps(activity) if activity.may_change else [])
        if begun or step.name != "hold"
    ]
    lacks = list(missing(activity)) if activity.may_change and activity.state in ("draft", "planned") else []
    seen = Bottleneck.objects.visible_to(request.user).filter(activities=activity).select_related("organisation")
    context = {
        "activity": activity,
        "kind_label": capfirst(activity.get_kind_display()),
        "over": activity.ends_at is not None and activity.ends_at < timezone.now(),
        "status_label": label,
        "status_tone": tone,
        "way": activity_steps(activity) if activity.may_change else [],
        "facts": activity_facts(
            activity, inside=activity.may_change, steps=steps, programme=_programme(request, activity)
        ),
        "sessions": session_lists(activity.sessions.all(), activity),
        "bottlenecks": list(seen),
        "inside": inside,
        "place": own_place(activity, request.user),
        "lacks": lacks,
        "strong": next((step for step in moves if step.name in STRONG), None),
        "moves": [step for step in moves if step.name not in STRONG],
        "is_draft": activity.state == ActivityState.DRAFT,
        "sections": sorted((one for one in sections if one), key=lambda one: one.order),
        **record_parts(activity, request.user, inside=inside),
    }
    if activity.may_change:
        labels = {state.value: str(state.label) for state in ActivityState}
        context["history"] = transition_history(activity, labels, with_people=True)
    else:
        context["history"] = []
    return context


def move(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take a step of the workflow: a page that says what it does and asks for a reason where one is needed."""
    activity = changeable(request, public_id)
    chosen = next((one for one in ACTIVITY.open_steps(activity) if one.name == step), None)
    if chosen is None:
        raise Http404
    form = ReasonForm(posted(request)) if chosen.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            services.move_activity(
                actor=request.user,
                activity=activity,
                step=step,
                reason=form.cleaned_data["reason"] if form else "",
            )
        except TransitionRefused as error:
            messages.error(request, str(error))
        return redirect(activity)
    return render(request, "components/confirm.html", _confirm(activity, chosen, form))


def _confirm(activity: Any, step: Step, form: ReasonForm | None) -> dict[str, Any]:
    consequences = {
        "plan": [_("Coordinators and those whom you invite see it from now on; others do not yet.")],
        "publish": [
            _("It stands on the agenda of those for whom it is: {audience}.").format(
                audience=activity.get_audience_display()
            ),
            _("They can register from now on."),
        ],
        "hold": [_("You can note who was there and write down what came of it.")],
        "close": [_("The activity does not change any more; what was agreed is still followed.")],
        "cancel": [
            _("It stays on the agenda as cancelled, with the reason."),
            _("Whoever has a place gets a mail."),
        ],
        "resume": [_("It goes back to the planning. Publish it again when the new date is known.")],
    }
    return {
        "title": step.label,
        "intro": activity.title,
        "consequences": consequences[step.name],
        "action": step.label,
        "form": form,
        "back_url": activity.get_absolute_url(),
        "danger": step.name == "cancel",
    }


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    activity = changeable(request, public_id)
    if activity.state != ActivityState.DRAFT:
        raise Http404
    if request.method == "POST":
        services.discard_activity_draft(actor=request.user, activity=activity)
        messages.success(request, _("The draft is thrown away."))
        return redirect("activities:agenda")
    context = {
        "title": _("Throw this draft away?"),
        "intro": activity.title,
        "consequences": [_("The draft is gone for good. Nobody else has read it.")],
        "action": _("Throw the draft away"),
        "back_url": activity.get_absolute_url(),
        "danger": True,
        "form": None,
    }
    return render(request, "components/confirm.html", context)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What coordinators keep an eye on, and who leads an activity too: silent cities, late signals, hours."""
    standing = standing_of(request.user)
    if not standing.has(Role.COORDINATOR, Role.STEERING):
        leads = Activity.objects.coming().filter(organisation__in=standing.organisations)
        if not leads.exists():
            raise NotAllowed(_("This overview is for coordinators and for who leads an activity."))
    body = KeptPart(request, "agenda_overview", lambda: _overview_context(request))
    return render(request, "activities/agenda_overview.html", {"body": body})


def _overview_context(request: HttpRequest) -> dict[str, Any]:
    year = today().year
    cities, limit = loads(year), HoursLimit.on(today())
    late = overdue(Signal.objects.visible_to(request.user)).order_by("answer_by")
    return {
        "year": str(year),
        "cities": [
            {
                "city": city,
                "asked": hours_in_words(city.asked) or "–",
                "taken_on": hours_in_words(city.taken_on) or "–",
                "above": city.is_above(limit),
                "level": Level(city.level).label,
                "tone": city.level,
            }
            for city in sorted(cities, key=lambda one: (not one.is_silent, one.name))
        ],
        "silent": [city for city in cities if city.is_silent],
        "late": list(late.select_related("organisation")[:10]),
    }
