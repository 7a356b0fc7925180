"""What organisations bring to programmes and to lines of the agenda: it stands there, and shows with the rest."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import AgendaMeans, HoursEstimate, Programme, ProgrammePartner
from activities.models.period import VersionState
from activities.models.programme import BEFORE_COVENANT, Phase, slug_of
from activities.models.programme_partner import Answer
from cities.models.bottleneck import Sharing
from governance.models import Organisation
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.formats import format_euro
from nss_portal.core.registry import GivenElsewhere, SumElsewhere, given_elsewhere, sums_elsewhere
from nss_portal.core.time import today

# Until the covenant is up for signing, who brings what is still talked about, and not shown to others.
HIDDEN = (*BEFORE_COVENANT, Phase.STOPPED)


def _years(part: Any) -> range:
    """Give the years in which a partner was in a programme, up to this one."""
    last = min(part["left_on"].year if part["left_on"] else today().year, today().year)
    return range(part["joined_on"].year, last + 1)


PART = ("pk", "organisation_id", "programme_id", "joined_on", "left_on", "hours", "euros")


def _parts() -> Any:
    return ProgrammePartner.objects.filter(answer=Answer.YES, joined_on__isnull=False).order_by("joined_on", "pk")


@given_elsewhere.register
def to_programmes(actor: Actor, organisation: Organisation) -> Iterator[GivenElsewhere]:
    """Give hours and euros of a partner per programme and year. One query.

    People of the organisation see all of them, others what a programme that they may see shows them.
    """
    parts = _parts().filter(organisation=organisation)
    if organisation.pk not in standing_of(actor).organisations:
        seen = Programme.objects.visible_to(actor).exclude(phase__in=HIDDEN).order_by().values("pk")
        parts = parts.filter(programme__in=seen)
    told_of = HoursEstimate.objects.filter(partner=OuterRef("pk")).order_by()
    told_of_years = ArraySubquery(told_of.values_list(JSONObject(year="year", hours="hours", euros="euros")))
    names = (*PART, "programme__public_id", "programme__title")
    for row in parts.annotate(estimated=told_of_years).values(*names, "estimated"):
        given = {one["year"]: one for one in row["estimated"]}
        title = row["programme__title"]
        url = reverse("activities:programme", args=[row["programme__public_id"], slug_of(title)])
        whole = _("{amount} for the whole programme").format(amount=format_euro(row["euros"]))
        for year in _years(row):
            told = given.get(year, {})
            yield GivenElsewhere(
                year=year,
                label=title,
                url=url,
                hours_pledged=row["hours"],
                hours_given=told.get("hours"),
                euros_given=told.get("euros"),
                note=whole if row["euros"] else "",
            )


@given_elsewhere.register
def to_the_agenda(actor: Actor, organisation: Organisation) -> Iterator[GivenElsewhere]:
    """Give what an organisation brings to lines of the agenda in force; everybody reads it once published."""
    means = AgendaMeans.objects.filter(organisation=organisation, line__version__state=VersionState.ADOPTED)
    if organisation.pk not in standing_of(actor).organisations:
        means = means.filter(line__version__published_at__isnull=False)
    names = ("hours", "euros", "line__title", "line__planned_on", "line__version__period__public_id")
    for hours, euros, title, day, period in means.order_by("line__planned_on", "pk").values_list(*names):
        yield GivenElsewhere(
            year=day.year,
            label=title,
            url=reverse("activities:period", args=[period]),
            hours_pledged=hours,
            euros_pledged=euros,
            note=_("a line of the agenda"),
        )


@sums_elsewhere.register
def in_programmes(years: Sequence[int]) -> SumElsewhere:
    """Give the hours of partners in published programmes, per year and organisation. Two queries."""
    published = Programme.objects.filter(sharing=Sharing.PUBLISHED).exclude(phase__in=HIDDEN).order_by()
    shown = Q(programme__in=published.values("pk"))
    pledged: dict[int, dict[int, int]] = {year: defaultdict(int) for year in years}
    for row in _parts().filter(shown, hours__gt=0).values(*PART):
        for year in _years(row):
            if year in pledged:
                pledged[year][row["organisation_id"]] += row["hours"]
    told = HoursEstimate.objects.filter(
        partner__programme__in=published.values("pk"), year__in=years, hours__gt=0
    ).order_by()
    given: dict[int, dict[int, int]] = {year: defaultdict(int) for year in years}
    for year, organisation, hours in told.values_list("year", "partner__organisation", "hours"):
        given[year][organisation] += hours
    return SumElsewhere(
        label=gettext_lazy("Hours in programmes"),
        hours_pledged={year: list(found.values()) for year, found in pledged.items()},
        hours_given={year: list(found.values()) for year, found in given.items()},
    )
