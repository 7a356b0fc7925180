"""What the pages of the agenda of a period read."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from activities.models.period import AgendaLine, AgendaMeans, AgendaPeriod, AgendaVersion, VersionState, version_q
from activities.votes import Tally, tally
from cities.models import Involvement
from cities.models.involvement import Level
from governance.models import Organisation
from governance.models.organisation import Group
from governance.selectors import PARTNER_GROUPS
from nss_portal.core.access import Actor, granted, standing_of
from nss_portal.core.time import today


def versions_for(actor: Actor) -> QuerySet[AgendaVersion]:
    """Give the versions that somebody may see, with their period."""
    return AgendaVersion.objects.filter(version_q(actor)).select_related("period")


def tally_of(version: AgendaVersion) -> Tally:
    """Count the votes of a version. One query."""
    return tally(version.cities_asked, version.votes.order_by().values_list("is_city", "choice"))


def lines_of(version: AgendaVersion) -> list[AgendaLine]:
    """Give the lines of a version with who leads and what each brings. Two queries."""
    means = AgendaMeans.objects.select_related("organisation")
    found = AgendaLine.objects.filter(version=version).select_related("lead", "activity")
    return list(found.prefetch_related(Prefetch("means", means)))


def holds(actor: Actor, word: str) -> bool:
    """Say whether the actor votes ('vote'), proposes ('propose') or decides ('decide') on the agenda."""
    return standing_of(actor).is_system or word in granted(actor, "agenda_period", "adopt")


def voting_for(actor: Actor) -> QuerySet[Organisation]:
    """Give the organisations in whose name the actor votes; what went on in another one votes no more."""
    held = granted(actor, "agenda_period", "adopt").get("vote", frozenset())
    return Organisation.objects.filter(pk__in=held).existing_on(today()).order_by("name", "pk")


def voting_cities() -> QuerySet[Involvement]:
    """Give the involvement of the cities that vote: those with a transition team, mission and EoI cities."""
    return Involvement.objects.filter(valid_to__isnull=True, level__in=[Level.MISSION, Level.EOI])


def asked_to_vote() -> QuerySet[Organisation]:
    """Give all organisations that may vote: cities with a team, ministries, and partners without a duty."""
    cities = voting_cities().order_by().values("municipality__organisation")
    existing = Organisation.objects.existing_on(today())
    others = existing.filter(group__in=[Group.MINISTRY, *PARTNER_GROUPS], duty="")
    return (existing.filter(pk__in=cities) | others).order_by("name", "pk")


def version_under_way(period: AgendaPeriod) -> AgendaVersion | None:
    """Give the version of a period that is a draft or put to the vote; at most one is."""
    under_way = [VersionState.DRAFT, VersionState.VOTE]
    return AgendaVersion.objects.filter(period=period, state__in=under_way).select_related("period").first()


def asked_per_year(lines: list[AgendaLine]) -> dict[int, Decimal]:
    """Add up the hours of preparation that the lines ask of a city that joins all of them, by calendar year."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        found[line.planned_on.year] += line.preparation_hours or 0
    return dict(sorted(found.items()))


def totals(lines: list[AgendaLine]) -> Mapping[str, Any]:
    """Add up what the lines ask and bring: hours of preparation per city, hours and euros of the means."""
    means = [one for line in lines for one in line.means.all()]
    return {
        "asked": sum((line.preparation_hours or 0 for line in lines), start=0),
        "hours": sum(one.hours or 0 for one in means),
        "euros": sum(one.euros or 0 for one in means),
    }
