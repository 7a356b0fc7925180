"""What subsidies and calls add to the pages that compose all apps, and to the page of a municipality."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from activities.models.desk import DirectoryEntry
from activities.models.desk_call import CallInterest, JointApplication
from activities.models.desk_question import DeskQuestion
from activities.selectors.desk_calls import (
    cities,
    deadlines_for,
    matches_for,
    offers,
    theme_labels,
)
from activities.selectors.desk_questions import asked_keys
from activities.selectors.desk_work import (
    answered,
    closing,
    is_of_city,
    made_public,
    new_calls,
    to_join,
    to_submit,
)
from cities.models import Municipality
from governance.models import Organisation
from nss_portal.core.access import Actor
from nss_portal.core.carrying import Carried
from nss_portal.core.formats import format_date
from nss_portal.core.gathering import Rows, Several
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
SHORT = ("organisation__short_name", "organisation__name")
CALL = ("public_id", "name", "name_en", "created_at", "run_by")
WEEK = timedelta(days=7)


@navigation.register
def entries() -> list[NavigationItem]:
    """Subsidies and calls stand under the desk."""
    label = gettext_lazy("Subsidies and calls")
    return [NavigationItem(label=label, url_name="activities:desk_calls", order=53, under="activities:desk")]


@work_items.register
def calls_to_do(user: Any) -> Iterable[WorkItem]:
    """Name the deadlines of what the own city looks at, and joint applications that wait for it."""
    if not is_of_city(user):
        return ()
    own, day = asked_keys(user), today()
    entry = [f"entry__{name}" for name in ("public_id", "name", "deadline")]
    application = ("public_id", "title", "submit_by")
    last = day + timedelta(days=DAYS_AHEAD)
    return Several(
        Rows(closing(SHOWN, own=own, first=day, last=last), *entry, *SHORT, each=_closing),
        Rows(to_submit(SHOWN, own=own), *application, *SHORT, each=_to_submit),
        Rows(to_join(SHOWN, own=own), *application, each=_to_join),
    )


def _closing(interest: CallInterest) -> WorkItem:
    return WorkItem(
        title=_("Apply for {name}?").format(name=interest.entry.name),
        url=reverse("activities:desk_entry", args=[interest.entry.public_id]),
        action_label=_("Look at the call"),
        minutes=15,
        due=interest.entry.deadline,
        on_behalf_of=_short(interest.organisation),
    )


def _to_submit(application: JointApplication) -> WorkItem:
    text, whose = _("Submit the joint application '{name}'"), _short(application.organisation)
    return replace(_application(application, text), minutes=30, on_behalf_of=whose)


def _to_join(application: JointApplication) -> WorkItem:
    return _application(application, _("Apply along? '{name}'"))


def _application(application: JointApplication, text: str) -> WorkItem:
    return WorkItem(
        title=text.format(name=application.title),
        url=reverse("activities:joint_application", args=[application.public_id]),
        action_label=_("Look at the application"),
        minutes=10,
        due=application.submit_by,
    )


def _short(organisation: Organisation) -> str:
    return organisation.short_name or organisation.name


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
def news_of_the_desk(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell what the desk answered, and which calls came into the directory."""
    own = asked_keys(user)
    holder = ("public_id", "holder__short_name", "holder__name")
    parts = [
        Rows(made_public(SHOWN, own=own, since=since), *holder, "public_title", "published_at", each=_made_public),
        Rows(new_calls(SHOWN, day=today(), since=since), *CALL, each=_new_call),
    ]
    if own:
        parts.append(Rows(answered(SHOWN, own=own, since=since), *holder, "title", "answered_at", each=_answered))
    return Several(*parts)


def _made_public(question: DeskQuestion) -> NewsItem:
    return _answer(question, question.public_title, question.published_at)


def _answered(question: DeskQuestion) -> NewsItem:
    return _answer(question, question.title, question.answered_at)


def _answer(question: DeskQuestion, title: str, moment: datetime | None) -> NewsItem:
    assert moment is not None  # noqa: S101 - it is what was asked for
    return NewsItem(
        when=timezone.localdate(moment),
        subject=_short(question.holder) if question.holder else "",
        text=_("answered the question '{title}'").format(title=title),
        url=reverse("activities:desk_question", args=[question.public_id]),
    )


def _new_call(entry: DirectoryEntry) -> NewsItem:
    name = (entry.name_en or entry.name) if get_language() == "en" else entry.name
    return NewsItem(
        when=timezone.localdate(entry.created_at),
        subject=entry.run_by,
        text=_("opened ‘{title}’ to applications").format(title=name),
        url=reverse("activities:desk_entry", args=[entry.public_id]),
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
