"""What the roadmap adds to the pages that compose all apps, and what cities put on the page of a step."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cities.models import Bottleneck, CityRoadmap, Municipality, TransitionStep
from cities.models.bottleneck import BottleneckState
from cities.models.roadmap import TAKEN_UP
from cities.presenting_roadmap import roadmap_url
from cities.selectors_roadmap import counted, progresses, roadmap_steps, with_said
from cities.services.demo_roadmap import load_demo
from cities.services.roadmap_reference import load_roadmap
from governance.services.ownership import may_for
from nss_portal.core.access import Actor, granted
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import (
    ComparedRow,
    ComparedValue,
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    comparison_rows,
    demo_loaders,
    merger_handlers,
    municipality_sections,
    navigation,
    news_items,
    reference_loaders,
    roadmap_sections,
    work_items,
)

NEWS_SHOWN = 12
BOTTLENECKS_SHOWN = 6
# After so many days a city is asked whether its roadmap is still right: twice a year is what one can ask.
STALE_DAYS = 182

reference_loaders.register(load_roadmap)
demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """The roadmap stands in the main navigation."""
    return [
        NavigationItem(
            label=gettext_lazy("Roadmap"), url_name="cities:roadmap", order=22, under="cities:municipalities"
        )
    ]


@work_items.register
def roadmaps_to_look_at(user: Any) -> Iterable[WorkItem]:
    """Ask a city that keeps its roadmap whether it is still right, twice a year."""
    mine = granted(user, "roadmap_progress", "change").get("own")
    if not mine:
        return ()
    before = timezone.now() - timedelta(days=STALE_DAYS)
    stale = CityRoadmap.objects.filter(organisation__in=mine, changed_at__lt=before, version__gt=0)
    return Rows(
        stale.order_by(), "changed_at", "organisation__name", "organisation__municipality__code", each=_stale
    )


def _stale(roadmap: CityRoadmap) -> WorkItem:
    day = timezone.localtime(roadmap.changed_at).strftime("%d-%m-%Y")
    return WorkItem(
        title=_("Is your roadmap still right?"),
        url=roadmap.get_absolute_url(),
        action_label=_("Look at the roadmap"),
        minutes=5,
        detail=_("Last looked at on {day}").format(day=day),
        on_behalf_of=str(roadmap.organisation),
    )


@news_items.register
def steps_that_cities_took(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which cities took building blocks up or finished them, a line per city and day."""
    taken = CityRoadmap.objects.visible_to(user).filter(
        changes__recorded_at__gt=since,
        changes__on__gte=timezone.localdate(since),
        changes__block__isnull=False,
        changes__after__in=TAKEN_UP,
    )
    days = taken.annotate(day=F("changes__on"), count=Count("changes")).order_by("-day", "organisation__name")
    city = ("organisation__name", "organisation__municipality__code")
    return Rows(days[:NEWS_SHOWN], *city, "day", "count", each=_taken)


def _taken(roadmap: Any) -> NewsItem:
    text = ngettext(
        "took {number} building block of the roadmap further",
        "took {number} building blocks of the roadmap further",
        roadmap.count,
    )
    return NewsItem(
        when=roadmap.day,
        subject=roadmap.organisation.name,
        text=text.format(number=roadmap.count),
        url=roadmap.get_absolute_url(),
    )


@municipality_sections.register
def roadmap_of(actor: Actor, municipality: Municipality) -> Rows[Section]:
    """Show on a municipality's page how far it is on the roadmap, to who may see that."""
    may_change = may_for(actor, "roadmap_progress", "change", municipality.organisation)
    own = counted(actor).filter(organisation=municipality.organisation_id).order_by()

    def section(found: list[CityRoadmap]) -> Iterator[Section]:
        context = {
            "roadmap": found[0] if found else None,
            "code": municipality.code,
            "name": str(municipality),
            "may_change": may_change,
        }
        yield Section("routekaart", _("Roadmap"), "cities/includes/roadmap_of.html", context, order=30)

    return Rows(own, "is_illustrative", "done", "busy", "total", together=section, even_none=may_change)


@roadmap_sections.register
def bottlenecks_at(actor: Actor, step: TransitionStep) -> Section | None:
    """Show on a step's page what holds cities up there. One query."""
    visible = Bottleneck.objects.visible_to(actor).filter(step=step, state=BottleneckState.OPEN)
    found = list(visible.select_related("organisation", "theme")[:BOTTLENECKS_SHOWN])
    if not found:
        return None
    return Section(
        key="knelpunten",
        title=_("What holds cities up here"),
        template="cities/includes/bottlenecks_at.html",
        context={
            "bottlenecks": found,
            "url": f"{reverse('cities:bottlenecks')}?stap={step.code}&stand={BottleneckState.OPEN}",
        },
        order=20,
    )


@comparison_rows.register
def roadmaps_beside(actor: Actor, municipalities: list[Municipality]) -> Iterator[ComparedRow]:
    """Put how far municipalities are beside each other, where the actor may see it. Two queries."""
    organisations = [municipality.organisation_id for municipality in municipalities]
    visible = with_said().visible_to(actor).filter(organisation__in=organisations)
    found = {progress.roadmap.organisation_id: progress for progress in progresses(visible)}
    if not found:
        return
    group = _("Roadmap")
    for step in roadmap_steps():
        values = []
        for municipality in municipalities:
            progress = found.get(municipality.organisation_id)
            if progress is None:
                values.append(ComparedValue(note=_("not shared")))
                continue
            text = _("{done} of {total} building blocks done").format(
                done=progress.done(step.blocks), total=len(step.blocks)
            )
            status = progress.of_step(step).status
            values.append(
                ComparedValue(
                    text=str(status.label), note=text, url=roadmap_url(municipality.code), raw=status.value
                )
            )
        yield ComparedRow(group=group, label=str(step.text), values=values, order=30)


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say that a roadmap goes along with a municipality that merges into another one."""
    yield Carried(
        "cities.CityRoadmap",
        "organisation",
        gettext_lazy("progress on the roadmap"),
        only=Q(),
        stays=gettext_lazy("the successor keeps a roadmap of its own"),
    )
