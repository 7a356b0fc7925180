"""The planning board, another day for an activity, and the limit to the hours that are asked of a city."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.forms.planning import LimitForm, MoveForm
from activities.models import Activity
from activities.models.activity import COMING_STATES
from activities.models.limit import HoursLimit
from activities.presenting.agenda import HERE, hours_in_words
from activities.presenting.board import (
    BY_KIND,
    BY_LEADER,
    cards_of,
    hours_rows,
    months,
    name_of,
    quarter_named,
    shifted,
)
from activities.presenting.periods import quarter_in_words
from activities.selectors.board import asked_cities, clashes, clashes_on, lines_between, undated
from activities.selectors.overview import asked_of_cities
from activities.selectors.periods import holds
from activities.services.hours_limit import set_limit
from activities.services.moving import move_to
from activities.views.agenda import changeable
from activities.views.period_draft import add_errors
from cities.presenting import knows_people
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed, may, standing_of
from nss_portal.core.access.resources import granted
from nss_portal.core.access.standing import Role
from nss_portal.core.editing import EditConflict
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today

TABLE = "tabel"


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """A quarter of the agenda by month, what clashes, and the hours asked of every city."""
    standing = standing_of(request.user)
    if not standing.has(Role.COORDINATOR, Role.STEERING):
        leads = Activity.objects.coming().filter(organisation__in=standing.organisations)
        if not leads.exists():
            raise NotAllowed(_("The planning board is for coordinators and for who leads an activity."))
    body = KeptPart(request, "agenda_board", lambda: _context(request), request.user.pk)
    return render(request, "activities/board.html", {"body": body})


def _context(request: HttpRequest) -> dict[str, Any]:
    first = quarter_named(request.GET.get("kwartaal", ""), today())
    by = BY_LEADER if request.GET.get("per") == BY_LEADER else BY_KIND
    as_table = request.GET.get("als") == TABLE
    lines = lines_between(request.user, first, shifted(first, 1))
    cities = asked_of_cities(first.year)
    levels = [(city.organisation, city.level) for city in cities]
    asked = asked_cities({line.activity: line.audience for line in lines}, levels)
    found = clashes(lines, asked)
    words = granted(request.user, "activity", "change")
    own = None if "all" in words else frozenset(words.get("organiser", frozenset()))
    cards = cards_of(lines, found, own)
    limit = HoursLimit.on(today())
    rows = hours_rows(cities, limit)

    def address(**more: str) -> str:
        chosen = {"kwartaal": name_of(first), "per": by, **({"als": TABLE} if as_table else {}), **more}
        return "?" + "&".join(f"{name}={value}" for name, value in chosen.items() if value)

    return {
        "quarter": capfirst(quarter_in_words(first)),
        "year": str(first.year),
        "months": [] if as_table else months(cards, first, by),
        "cards": cards if as_table else [],
        "as_table": as_table,
        "number": len(cards),
        "clashing": sum(1 for card in cards if card["clash"]),
        "undated": undated(request.user),
        "before_url": address(kwartaal=name_of(shifted(first, -1))),
        "before": quarter_in_words(shifted(first, -1)),
        "after_url": address(kwartaal=name_of(shifted(first, 1))),
        "after": quarter_in_words(shifted(first, 1)),
        "by_leader": by == BY_LEADER,
        "other_url": address(per=BY_KIND if by == BY_LEADER else BY_LEADER),
        "form_url": address(als="" if as_table else TABLE),
        "hours": rows,
        "above": [row["name"] for row in rows if row["above"]],
        "limit": hours_in_words(limit) if limit is not None else "",
        "may_plan": may(request.user, "activity", "change"),
        "may_set": holds(request.user, "decide"),
    }


def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let an activity begin on another day, after looking at what else there is."""
    activity = changeable(request, public_id)
    if activity.state not in COMING_STATES or activity.starts_at is None:
        raise Http404
    day = activity.starts_at.astimezone(activity.zone).date()
    form = MoveForm(posted(request), initial={"day": day, "version": activity.version})
    beside: list[dict[str, Any]] = []
    looked_at = ""
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["day"]
        looked_at = date_format(chosen, "l j F Y")
        if "look" in request.POST:
            beside = [
                {"title": line.title, "leader": line.leader, "time": f"{line.starts_at.astimezone(HERE):%H.%M}"}
                for line in clashes_on(request.user, activity, chosen)
            ]
        else:
            try:
                version = form.cleaned_data["version"] or 0
                move_to(actor=request.user, activity=activity, version=version, day=chosen)
            except ValidationError as error:
                add_errors(form, error)
            except EditConflict:
                form.add_error(None, _("A colleague changed this in the meantime. Look at the page again first."))
            else:
                messages.success(request, _("It is on {day} now.").format(day=looked_at))
                return redirect(activity)
    context = {
        "activity": activity,
        "form": form,
        "now": date_format(day, "l j F Y"),
        "sessions": activity.sessions.count(),
        "beside": beside,
        "looked_at": looked_at if "look" in request.POST else "",
        "tells": activity.state == "published",
    }
    return render(request, "activities/activity_move.html", context)


def limit(request: HttpRequest) -> HttpResponse:
    """The limit to the hours that are asked of a city in a year, with those before; the steering group sets it."""
    may_set = holds(request.user, "decide")
    form = LimitForm(posted(request), initial={"valid_from": today()}) if may_set else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed(_("The steering group sets the limit."))
        if form.is_valid():
            try:
                set_limit(actor=request.user, **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("The limit is set."))
                return redirect("activities:hours_limit")
    with_people = knows_people(request.user)
    rows = [
        {
            "text": _("{hours} a year from {day}").format(
                hours=hours_in_words(one.hours), day=date_format(one.valid_from, "j F Y")
            ),
            "when": one.created_at,
            "who": str(one.set_by) if one.set_by and with_people else "",
            "reason": one.reason,
        }
        for one in HoursLimit.objects.select_related("set_by")
    ]
    now = HoursLimit.on(today())
    context = {"form": form, "rows": rows, "now": hours_in_words(now) if now is not None else ""}
    return render(request, "activities/hours_limit.html", context)
