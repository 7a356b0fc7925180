"""Logging in to the demonstration: one button per role and city. Outside demo mode these pages do not exist."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cities.models import Municipality
from cities.models.involvement import Level
from governance.models import Organisation
from governance.selectors import TEAM_LEVELS, levels_of
from governance.services import Refused
from governance.services.demo import CITY_ROLES, ROLES, demo_account
from governance.views.account import log_in
from nss_portal.core.rendering import render

# Without a municipality, a role of a city is that of this one: a mission city that works jointly with another.
DEFAULT_CITY = {"member": "GM0034"}
DEFAULT_TEAM_CITY = "GM0772"


@dataclass(frozen=True)
class Door:
    """One button: who one becomes, and what that person does here."""

    role: str
    label: str | Promise
    text: str | Promise


NATIONAL_DOORS = (
    Door("coordinator", gettext_lazy("Coordination team"), gettext_lazy("Opens and closes the yearly review.")),
    Door("steering", gettext_lazy("Member of the steering group"), gettext_lazy("Decides what others propose.")),
    Door("ministry", gettext_lazy("Contact person in a ministry"), gettext_lazy("Answers signals of cities.")),
    Door("partner", gettext_lazy("Partner"), gettext_lazy("A bank that takes part in contracts.")),
    Door("desk", gettext_lazy("RVO, the desk"), gettext_lazy("Answers questions of municipalities.")),
    Door("publisher", gettext_lazy("VNG, the editors"), gettext_lazy("Edits and publishes lessons.")),
)
CITY_DOORS = {
    "team": gettext_lazy("Transition team"),
    "signatory": gettext_lazy("Alderman who signs"),
    "advisor": gettext_lazy("City Advisor"),
    "member": gettext_lazy("Staff"),
}

TIERS = (
    (Level.MISSION, gettext_lazy("Mission cities")),
    (Level.EOI, gettext_lazy("EoI cities")),
    (Level.INTERESTED, gettext_lazy("Interested municipalities")),
)


@dataclass(frozen=True)
class City:
    """A municipality with the roles one can take there."""

    code: str
    name: str
    doors: list[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Tier:
    """A level of involvement with its municipalities."""

    label: str | Promise
    cities: list[City]


def demo_only() -> None:
    """Raise Http404 outside demo mode."""
    if not settings.NSS_DEMO:
        raise Http404


def tiers() -> list[Tier]:
    """Give the municipalities that take part by level, with the roles one can take in each."""
    municipalities = list(Municipality.objects.current())
    levels = levels_of({municipality.organisation_id for municipality in municipalities})
    by_level: dict[str, list[City]] = defaultdict(list)
    for municipality in municipalities:
        level = levels.get(municipality.organisation_id, Level.OTHER.value)
        roles = ("team", "signatory", "advisor", "member") if level in TEAM_LEVELS else ("member",)
        doors: list[tuple[str, str | Promise]] = [(role, CITY_DOORS[role]) for role in roles]
        by_level[level].append(City(municipality.code, municipality.name, doors))
    return [Tier(label, by_level[level.value]) for level, label in TIERS if by_level[level.value]]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All doors of the demonstration."""
    demo_only()
    return render(request, "pages/demo.html", {"national_doors": NATIONAL_DOORS, "tiers": tiers()})


@csrf_exempt
@require_POST
def login(request: HttpRequest) -> HttpResponse:
    """Become the person of a role; `municipality` is a CBS code. No token: scripts and tests use this door too."""
    demo_only()
    role = request.POST.get("role", "")
    if role not in ROLES:
        return HttpResponseBadRequest(_("There is no such role: {role}").format(role=role), "text/plain")
    if request.user.is_authenticated:
        logout(request)
    if role == "visitor":
        return redirect("home")
    try:
        user = demo_account(role=role, organisation=_organisation(role, request.POST.get("municipality", "")))
    except Refused as refusal:
        return HttpResponseBadRequest(str(refusal), "text/plain")
    return log_in(request, user, reverse("home"))


def _organisation(role: str, code: str) -> Organisation | None:
    """Give the organisation of the municipality that is asked for, or the usual one. Raises Refused."""
    if role not in CITY_ROLES:
        return None
    code = code or DEFAULT_CITY.get(role, DEFAULT_TEAM_CITY)
    municipality = Municipality.objects.filter(code=code).select_related("organisation").first()
    if municipality is None:
        raise Refused(_("There is no municipality with the code {code}.").format(code=code))
    return municipality.organisation
