"""What pilots and twinnings add to my work, news, calendars, pages of municipalities, steps and bottlenecks."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Pilot, PilotPart, Twinning, TwinningMeeting
from activities.models.pilot import PilotState
from activities.models.twinning import TwinningState
from activities.selectors.pilots import parts_waiting, to_look_back, twinnings_to_decide, with_city
from activities.services.demo_pilots import load_demo
from cities.models import Bottleneck, Municipality, TransitionStep
from cities.selectors_bottleneck_groups import goes_on_in
from nss_portal.core.access import Actor, may, standing_of
from nss_portal.core.carrying import Carried, Handover
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import (
    CalendarEntry,
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    bottleneck_sections,
    date_sources,
    demo_loaders,
    merge_handlers,
    merger_handlers,
    municipality_sections,
    navigation,
    news_items,
    roadmap_sections,
    work_items,
)

SHOWN = 10
ON_PAGE = 5
TWIN = ("public_id", "pilot__title", "ask_on", "follower__name", "city__name")
SHORT = ("public_id", "title", "state", "summary", "is_illustrative")
Links = Pilot.bottlenecks.through

demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """Pilots stand beside programmes, under the propositions out of which both grow."""
    label = gettext_lazy("Pilots")
    return [NavigationItem(label=label, url_name="activities:pilots", order=36, under="cities:propositions")]


@work_items.register
def asked_to_pilot(user: Any) -> Iterable[WorkItem]:
    """Ask whether an organisation takes part in a pilot."""
    if not may(user, "pilot", "join"):
        return ()
    names = ("pilot__public_id", "pilot__title", "organisation__name")
    return Rows(parts_waiting(user)[:SHOWN], *names, each=_asked)


def _asked(part: PilotPart) -> WorkItem:
    return WorkItem(
        title=_("Do you pilot along? '{title}'").format(title=part.pilot.title),
        url=part.pilot.get_absolute_url(),
        action_label=_("Answer"),
        minutes=10,
        on_behalf_of=part.organisation.name,
    )


@work_items.register
def asked_to_teach(user: Any) -> Iterable[WorkItem]:
    """Ask a city of a pilot whether another one may learn from it."""
    if not may(user, "twinning", "decide"):
        return ()
    return Rows(twinnings_to_decide(user)[:SHOWN], *TWIN, each=_decide)


def _decide(twinning: Twinning) -> WorkItem:
    return WorkItem(
        title=_("{city} wants to follow '{title}'").format(
            city=twinning.follower.name, title=twinning.pilot.title
        ),
        url=twinning.get_absolute_url(),
        action_label=_("Agree or decline"),
        minutes=10,
        on_behalf_of=twinning.city.name,
    )


@work_items.register
def asked_what_was_learned(user: Any) -> Iterable[WorkItem]:
    """Ask a city that follows once a year, and at the end, what it learned and applied."""
    if not may(user, "twinning", "report"):
        return ()
    return Rows(to_look_back(user)[:SHOWN], *TWIN, each=_look_back)


def _look_back(twinning: Twinning) -> WorkItem:
    return WorkItem(
        title=_("What did you learn from {city}? '{title}'").format(
            city=twinning.city.name, title=twinning.pilot.title
        ),
        url=reverse("activities:twinning_look_back", args=[twinning.public_id]),
        action_label=_("Look back"),
        minutes=10,
        due=twinning.ask_on,
        on_behalf_of=twinning.follower.name,
    )


@news_items.register
def new_pilots(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which pilots run since, and which were completed or stopped."""
    moved = Pilot.objects.visible_to(user).filter(changed_at__gt=since).exclude(state=PilotState.PROPOSED)
    names = ("public_id", "title", "state", "changed_at", "organisation__name")
    return Rows(moved.order_by("-changed_at", "-pk")[:SHOWN], *names, each=_new)


def _new(pilot: Pilot) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(pilot.changed_at),
        subject=pilot.organisation.name,
        text=_("the pilot '{title}' is {state}").format(
            title=pilot.title, state=PilotState(pilot.state).label.lower()
        ),
        url=pilot.get_absolute_url(),
    )


@date_sources.register
def meetings_of_twinnings(actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    """Give the days on which an own city and its twin meet. One query, none for a visitor."""
    own = standing_of(actor).organisations
    if not own:
        return
    mine = Q(twinning__follower__in=own) | Q(twinning__city__in=own)
    found = TwinningMeeting.objects.filter(mine, on__range=(first, last), twinning__state=TwinningState.AGREED)
    names = ("pk", "on", "about", "twinning__public_id", "twinning__pilot__title", "twinning__changed_at")
    for pk, day, about, public_id, title, changed in found.order_by("on", "pk").values_list(*names):
        yield CalendarEntry(
            key=f"twinning-{public_id}-{pk}",
            title=_("Twinning: {about}").format(about=about),
            starts=day,
            ends=day,
            url=reverse("activities:twinning", args=[public_id]),
            kind="deadline",
            changed_at=changed or datetime.combine(day, time.min, tzinfo=UTC),
            detail=title,
            mine=True,
        )


def _section(found: Iterable[Pilot], title: str, order: int, *, url: str = "", label: str = "") -> Section:
    rows = [
        {
            "title": one.title,
            "url": one.get_absolute_url(),
            "detail": " · ".join(part for part in (str(PilotState(one.state).label), one.summary) if part),
            "made_up": one.is_illustrative,
        }
        for one in found
    ]
    return Section(
        key="pilots",
        title=title,
        template="activities/includes/pilots_of.html",
        context={"rows": rows, "url": url, "label": label},
        order=order,
    )


@municipality_sections.register
def pilots_of(actor: Actor, municipality: Municipality) -> Rows[Section]:
    """Show on a municipality's page in which pilots it takes part and which it follows."""
    found = with_city(Pilot.objects.visible_to(actor), [municipality.organisation_id])
    url = reverse("activities:pilots_for", args=[municipality.code])

    def section(rows: list[Pilot]) -> Iterator[Section]:
        yield _section(rows, _("Pilots"), 48, url=url, label=_("Pilots that fit this municipality"))

    return Rows(found.order_by("-changed_at", "-pk")[:ON_PAGE], *SHORT, together=section)


@roadmap_sections.register
def pilots_at(actor: Actor, step: TransitionStep) -> Section | None:
    """Show at a step of the roadmap which pilots try something there. One query."""
    visible = Pilot.objects.visible_to(actor).filter(steps=step).exclude(state=PilotState.STOPPED)
    found = list(visible.order_by("-changed_at", "-pk").only(*SHORT)[:ON_PAGE])
    url = f"{reverse('activities:pilots')}?stap={step.code}"
    return (
        _section(found, _("Pilots at this step"), 47, url=url, label=_("All pilots at this step"))
        if found
        else None
    )


@bottleneck_sections.register
def pilots_about(actor: Actor, bottleneck: Bottleneck) -> Section | None:
    """Show on a bottleneck's page which pilots work on it. One query."""
    visible = Pilot.objects.visible_to(actor).filter(bottlenecks=bottleneck)
    found = list(visible.order_by("-changed_at", "-pk").only(*SHORT)[:ON_PAGE])
    return _section(found, _("Pilots that work on this"), 42) if found else None


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what of pilots and twinnings goes along with a municipality."""
    yield Carried("activities.Pilot", "organisation", gettext_lazy("pilots that the municipality leads"))
    yield Carried(
        "activities.PilotPart",
        "organisation",
        gettext_lazy("parts in pilots"),
        only=Q(),
        stays=gettext_lazy("the successor takes part already"),
    )
    stays = gettext_lazy("it would be a twinning of the successor with itself, or the successor follows already")
    yield Carried(
        "activities.Twinning",
        "follower",
        gettext_lazy("pilots that the municipality follows"),
        only=lambda handover: ~Q(city=handover.new),
        stays=stays,
    )
    yield Carried(
        "activities.Twinning",
        "city",
        gettext_lazy("cities that learn from the municipality"),
        only=_other,
        stays=stays,
    )


def _other(handover: Handover) -> Q:
    return ~Q(follower=handover.new)


class PilotLinks:
    """Lets pilots that work on a bottleneck work on the one that it went on in."""

    def move(self, *, source: Bottleneck, target: Bottleneck) -> list[int]:
        """Let pilots on `source` be on `target`; gives which (primary keys)."""
        both = Links._default_manager.filter(bottleneck=target).values("pilot_id")
        moving = Links._default_manager.filter(bottleneck=source).exclude(pilot_id__in=both)
        moved = sorted(moving.values_list("pilot_id", flat=True))
        Links._default_manager.filter(bottleneck=source, pilot_id__in=moved).update(bottleneck=target)
        return moved

    def move_back(self, *, source: Bottleneck, target: Bottleneck, moved: list[int]) -> None:
        """Bring back just the links that were moved, also from where `target` itself went on since."""
        still = Links._default_manager.filter(bottleneck=target, pilot_id__in=moved)
        here = set(still.values_list("pilot_id", flat=True))
        still.update(bottleneck=source)
        further = Links._default_manager.filter(bottleneck=goes_on_in(target), pilot_id__in=set(moved) - here)
        further.update(bottleneck=source)


merge_handlers.register(PilotLinks)
