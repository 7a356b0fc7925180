"""What subsidies and calls add to the pages that compose all apps, and to the page of a municipality."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.desk import DirectoryEntry
from activities.selectors.desk_calls import (
    cities,
    deadlines_for,
    matches_for,
    offers,
    theme_labels,
)
from activities.selectors.desk_work import calls_that_wait, desk_news
from cities.models import Municipality
from nss_portal.core.access import Actor
from nss_portal.core.carrying import Carried
from nss_portal.core.formats import format_date
from nss_portal.core.registry import (
    CalendarEntry,
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    date_sources,
    home_sections,
    merger_handlers,
    municipality_sections,
    navigation,
    news_items,
    work_items,
)
from nss_portal.core.time import today

SHOWN = 5
ON_PAGE = 4
DAYS_AHEAD = 60
WEEK = timedelta(days=7)


@navigation.register
def entries() -> list[NavigationItem]:
    """Subsidies and calls stand under the desk."""
    label = gettext_lazy("Subsidies and calls")
    return [NavigationItem(label=label, url_name="activities:desk_calls", order=53, under="activities:desk")]


@work_items.register
def calls_to_do(user: Any) -> Iterator[WorkItem]:
    """Name the deadlines of what the own city looks at, and joint applications that wait for it. One query."""
    texts = {
        "call": (_("Apply for {name}?"), _("Look at the call"), "activities:desk_entry", 15),
        "lead": (
            _("Submit the joint application '{name}'"),
            _("Look at the application"),
            "activities:joint_application",
            30,
        ),
        "party": (_("Apply along? '{name}'"), _("Look at the application"), "activities:joint_application", 10),
    }
    for kind, code, name, day, whose in calls_that_wait(user, SHOWN, DAYS_AHEAD):
        text, action, page, minutes = texts[kind]
        yield WorkItem(
            title=text.format(name=name),
            url=reverse(page, args=[code]),
            action_label=action,
            minutes=minutes,
            due=day,
            on_behalf_of=whose,
        )


@date_sources.register
def last_days(actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    """Give the days on which subsidies and calls close, as far as they matter. Eight queries at most."""
    for one in deadlines_for(actor, first, last):
        yield CalendarEntry(
            key=one.uid,
            title=one.title,
            starts=one.on,
            ends=one.on,
            url=one.url,
            kind="deadline",
            changed_at=one.changed_at or datetime.combine(one.on, time.min, tzinfo=UTC),
            version=one.version,
            detail=one.why,
            mine=one.mine,
            alarm=WEEK if one.mine else None,
        )


@news_items.register
def news_of_the_desk(user: Any, since: datetime) -> Iterator[NewsItem]:
    """Tell what the desk answered, and which calls came into the directory. One query."""
    for kind, code, title, moment, whose in desk_news(user, since, SHOWN):
        is_call = kind == "call"
        text = _("opened ‘{title}’ to applications") if is_call else _("answered the question '{title}'")
        page = "activities:desk_entry" if is_call else "activities:desk_question"
        yield NewsItem(
            when=timezone.localdate(moment),
            subject=whose,
            text=text.format(title=title),
            url=reverse(page, args=[code]),
        )


@municipality_sections.register
def calls_for_city(actor: Actor, municipality: Municipality) -> Section | None:
    """Show on a municipality's page what it can apply for with a reason to. Four queries at most."""
    found = offers(DirectoryEntry.objects.open_on(today()).filter(deadline__isnull=False))
    if not found:
        return None
    themes = {key for offer in found for key in offer.themes}
    mine = cities(actor, [municipality.organisation_id], themes)
    if not mine:
        return None
    held = [one for one in matches_for(found, mine[0], theme_labels()) if one.score][:ON_PAGE]
    if not held:
        return None
    rows = [
        {
            "name": one.offer.name,
            "url": one.offer.url,
            "deadline": format_date(one.offer.deadline),
            "why": "; ".join(one.reasons),
            "made_up": one.offer.made_up,
        }
        for one in held
    ]
    template = "activities/includes/calls_of.html"
    return Section(
        key="subsidies", title=_("Subsidies and calls"), template=template, context={"rows": rows}, order=60
    )


@home_sections.register
def closes_soon(actor: Actor) -> Section | None:
    """Show a visitor which subsidies and calls close first. One query."""
    found = offers(DirectoryEntry.objects.listed().filter(deadline__gte=today()))[:3]
    if not found:
        return None
    rows = [
        {
            "name": offer.name,
            "url": offer.url,
            "deadline": format_date(offer.deadline),
            "why": offer.run_by,
            "made_up": offer.made_up,
        }
        for offer in found
    ]
    template = "activities/includes/calls_of.html"
    return Section(key="loket", title=_("Closes soon"), template=template, context={"rows": rows}, order=40)


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what of interest and joint applications goes along with a municipality."""
    yield Carried(
        "activities.CallInterest",
        "organisation",
        gettext_lazy("interest in subsidies and calls"),
        only=Q(),
        stays=gettext_lazy("the successor has shown interest already"),
    )
    yield Carried(
        "activities.JointApplication",
        "organisation",
        gettext_lazy("joint applications that the municipality leads"),
        only=lambda handover: ~Q(parties__organisation=handover.new),
        stays=gettext_lazy("the successor takes part in it; people of the successor act for it"),
    )
    yield Carried(
        "activities.ApplicationParty",
        "organisation",
        gettext_lazy("joint applications in which the municipality takes part"),
        only=lambda handover: ~Q(application__organisation=handover.new),
        stays=gettext_lazy("the successor leads it, or takes part already"),
    )
