"""Which pilots a city could follow, from which of their cities it learns best, and in words why.

As with lessons, a bottleneck that both work on says most, then the theme and the steps; size, level, province and
what both are busy with count as `cities.similarity` says.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from activities.models import Pilot, PilotPart, Twinning
from activities.models.pilot import FOLLOWABLE, PilotPartState
from activities.models.twinning import TwinningState
from activities.selectors.lesson_fit import (
    ABOUT_AS_LARGE,
    ALIKE,
    STEP,
    THEME,
    TREATED,
    Needs,
    needs_of,
    profile_of,
    ranks_now,
)
from cities.models import Municipality
from cities.similarity import Profile, likeness, parts
from nss_portal.core.access import Actor

CANDIDATES = 200
SHOWN = 20
# From this likeness on a pilot fits by its city alone, with nothing else in common.
MUCH_ALIKE = 0.7


@dataclass(frozen=True)
class PilotCity:
    """A city of a pilot, as far as it is held against the one that wants to follow."""

    organisation: int
    name: str
    municipality: int
    population: int | None
    province_code: str
    province: str


@dataclass
class PilotFit:
    """A pilot that fits a city: how well, why, and from which of its cities to learn."""

    pilot: Pilot
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)
    city: PilotCity | None = None


def fitting_pilots(
    actor: Actor, municipality: Municipality, *, only: Pilot | None = None, limit: int = SHOWN
) -> list[PilotFit]:
    """Give the pilots that a municipality could follow, the best first, each with reasons in words.

    Left out are those in which it takes part, that it follows already, and that take no followers. With `only`,
    just that one. At most ten queries.
    """
    pilots = _candidates(actor, municipality, only)
    if not pilots:
        return []
    needs = needs_of(actor, municipality)
    keys = [one.pk for one in pilots]
    cities = _cities(keys)
    treated = _linked(Pilot.bottlenecks.through, "bottleneck", keys, needs.bottlenecks)
    steps = _linked(Pilot.steps.through, "transitionstep", keys, needs.steps)
    ranks = ranks_now()
    mine = profile_of(municipality.pk, municipality.population, municipality.province_code, ranks)
    fits = [
        _weighed(one, municipality, needs, treated[one.pk], steps[one.pk], cities[one.pk], mine, ranks)
        for one in pilots
    ]
    found = [fit for fit in fits if fit.reasons or only is not None]
    return sorted(found, key=lambda fit: (-fit.score, -fit.pilot.pk))[:limit]


def _candidates(actor: Actor, municipality: Municipality, only: Pilot | None) -> list[Pilot]:
    own = municipality.organisation_id
    taking_part = PilotPart.objects.filter(organisation=own).exclude(state=PilotPartState.LEFT)
    following = Twinning.objects.filter(follower=own, state__in=[TwinningState.ASKED, TwinningState.AGREED])
    found = (
        Pilot.objects.visible_to(actor)
        .filter(takes_followers=True, state__in=FOLLOWABLE)
        .exclude(pk__in=taking_part.order_by().values("pilot"))
        .exclude(pk__in=following.order_by().values("pilot"))
    )
    if only is not None:
        found = found.filter(pk=only.pk)
    return list(found.only("public_id", "title", "summary", "theme", "state", "is_illustrative")[:CANDIDATES])


def _cities(pilots: Sequence[int]) -> dict[int, list[PilotCity]]:
    """Give the cities of pilots (primary keys). One query."""
    rows = PilotPart.objects.filter(
        pilot__in=pilots, state=PilotPartState.JOINED, organisation__municipality__isnull=False
    ).order_by("pk")
    found: dict[int, list[PilotCity]] = defaultdict(list)
    names = ("pk", "common_name", "population", "province_code", "province")
    place = [f"organisation__municipality__{name}" for name in names]
    for pilot, organisation, pk, name, population, code, province in rows.values_list(
        "pilot", "organisation", *place
    ):
        found[pilot].append(PilotCity(organisation, name, pk, population, code or "", province or ""))
    return found


def _linked(through: type, name: str, pilots: Sequence[int], wanted: dict[int, str]) -> dict[int, list[int]]:
    """Give per pilot which of the wanted records it is linked to. One query, none when nothing is wanted."""
    found: dict[int, list[int]] = defaultdict(list)
    if wanted:
        links = through._default_manager.filter(  # type: ignore[attr-defined]
            **{"pilot__in": pilots, f"{name}__in": wanted}
        )
        for pilot, key in links.order_by("pk").values_list("pilot", name):
            found[pilot].append(key)
    return found


def _weighed(
    pilot: Pilot,
    municipality: Municipality,
    needs: Needs,
    treated: list[int],
    steps: list[int],
    cities: list[PilotCity],
    mine: Profile,
    ranks: dict[int, int],
) -> PilotFit:
    """Say how well one pilot fits, from which city one learns best, and why."""
    fit = PilotFit(pilot)
    if treated:
        fit.score += TREATED * len(treated)
        words = {"name": municipality, "title": needs.bottlenecks[treated[0]]}
        fit.reasons.append(_("Works on a bottleneck of %(name)s: '%(title)s'.") % words)
    if pilot.theme_id in needs.themes:
        fit.score += THEME
        theme = needs.themes[pilot.theme_id or 0].lower()
        fit.reasons.append(_("About a theme of its bottlenecks: %(theme)s.") % {"theme": theme})
    if steps:
        fit.score += STEP
        fit.reasons.append(_("Helps at a step that it is at: %(step)s.") % {"step": needs.steps[steps[0]].lower()})
    alike = [(likeness(mine, _of(city, ranks)), city) for city in cities]
    if alike:
        best, city = max(alike, key=lambda one: one[0])
        fit.score += ALIKE * best
        fit.city = city
        fit.reasons += _about(city, municipality, mine, ranks, alone=not fit.reasons, best=best)
    return fit


def _of(city: PilotCity, ranks: dict[int, int]) -> Profile:
    return profile_of(city.municipality, city.population, city.province_code, ranks)


def _about(
    city: PilotCity, municipality: Municipality, mine: Profile, ranks: dict[int, int], *, alone: bool, best: float
) -> list[str]:
    """Say in what the city resembles the one that follows; alone it is a reason only when much is alike."""
    if alone and best < MUCH_ALIKE:
        return []
    reasons = []
    if parts(mine, _of(city, ranks)).get("inhabitants", 0) >= ABOUT_AS_LARGE:
        reasons.append(_("%(city)s is about as large.") % {"city": city.name})
    if city.province_code == municipality.province_code:
        reasons.append(_("%(city)s lies in %(province)s too.") % {"city": city.name, "province": city.province})
    return reasons
