"""What the activities app adds to the floors below it and to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Lesson, LessonUse
from activities.models.lesson import LessonState
from activities.selectors.lesson_fit import fits_in_short
from activities.selectors.lessons import drafts_that_wait as waiting_drafts
from activities.selectors.lessons import lessons_to_edit, lessons_with_comments
from activities.services.demo import load_demo
from activities.services.handing import give_drafts, give_uses
from activities.services.lesson_links import LessonLinks
from cities.models import Municipality
from governance.models import Organisation, User
from nss_portal.core.access import Actor, Role, granted, may, standing_of
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    demo_loaders,
    hand_over_handlers,
    home_sections,
    merge_handlers,
    merger_handlers,
    municipality_sections,
    navigation,
    news_items,
    work_items,
    work_sections,
)
from nss_portal.core.time import today

SHOWN = 10
FITTING_SHOWN = 3
# So long after the question an answer is due.
DAYS_TO_ANSWER = timedelta(days=14)

demo_loaders.register(load_demo)
merge_handlers.register(LessonLinks)


@navigation.register
def entries() -> list[NavigationItem]:
    """Lessons stand in the main navigation."""
    return [NavigationItem(label=gettext_lazy("Lessons"), url_name="activities:lessons", order=40)]


@work_items.register
def drafts_that_wait(user: Any) -> Iterable[WorkItem]:
    """Ask to finish draft lessons, and who leads a city to release them."""
    written = ("what_worked", "what_failed", "may_release", "origin_label", "organisation__name")
    return Rows(waiting_drafts(user)[:SHOWN], "public_id", "title", *written, each=_draft)


def _draft(lesson: Lesson) -> WorkItem:
    is_written = bool(lesson.what_worked.strip() or lesson.what_failed.strip())
    for_release = getattr(lesson, "may_release", False) and is_written
    title = _("Release the lesson '{title}'") if for_release else _("Finish the lesson '{title}'")
    page = "activities:lesson" if for_release else "activities:lesson_edit"
    return WorkItem(
        title=title.format(title=lesson.title),
        url=reverse(page, args=[lesson.public_id]),
        action_label=_("Read and release") if for_release else _("Finish the draft"),
        minutes=5 if for_release else 10,
        detail=lesson.origin_label,
        on_behalf_of=str(lesson.organisation),
    )


@work_items.register
def comments_to_answer(user: Any) -> Iterable[WorkItem]:
    """Ask who writes a lesson, and its editors, to answer what the other side wrote last."""
    if not granted(user, "lesson", "write"):
        return ()
    return Rows(lessons_with_comments(user)[:SHOWN], "public_id", "title", "organisation__name", each=_talk)


def _talk(lesson: Lesson) -> WorkItem:
    return WorkItem(
        title=_("Answer the comments on '{title}'").format(title=lesson.title),
        url=f"{lesson.get_absolute_url()}#opmerkingen",
        action_label=_("Read the comments"),
        minutes=10,
        on_behalf_of=str(lesson.organisation),
    )


@work_items.register
def outcomes_to_tell(user: Any) -> Iterable[WorkItem]:
    """Ask what came of the lessons that the own organisations apply since a quarter."""
    held = granted(user, "lesson", "write").get("own", frozenset())
    if not held:
        return ()
    return Rows(
        _to_tell(held=held, day=today()),
        "ask_on",
        "lesson__public_id",
        "lesson__title",
        "organisation__name",
        each=_came_of_it,
    )


@prepared
def _to_tell(held: Any, day: Any) -> QuerySet[LessonUse]:
    return LessonUse.objects.to_ask(day).filter(organisation__in=held).order_by("ask_on", "pk")[:SHOWN]


def _came_of_it(use: LessonUse) -> WorkItem:
    return WorkItem(
        title=_("What came of '{title}'?").format(title=use.lesson.title),
        url=reverse("activities:lesson_outcome", args=[use.lesson.public_id, use.pk]),
        action_label=_("Answer"),
        minutes=1,
        due=use.ask_on + DAYS_TO_ANSWER if use.ask_on else None,
        on_behalf_of=str(use.organisation),
    )


@work_items.register
def lessons_that_wait_for_editors(user: Any) -> Iterable[WorkItem]:
    """Ask the editors to take up and publish what cities released."""
    if not may(user, "lesson", "publish"):
        return ()
    return Rows(lessons_to_edit(user)[:SHOWN], "public_id", "title", "organisation__name", each=_to_edit)


def _to_edit(lesson: Lesson) -> WorkItem:
    return WorkItem(
        title=_("Edit the lesson '{title}'").format(title=lesson.title),
        url=lesson.get_absolute_url(),
        action_label=_("Edit"),
        minutes=20,
        detail=str(lesson.organisation),
    )


@news_items.register
def published_lessons(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which lessons were published."""
    lessons = Lesson.objects.visible_to(user).filter(state=LessonState.PUBLISHED, published_at__gt=since)
    newest = lessons.order_by("-published_at")[:SHOWN]
    return Rows(newest, "public_id", "title", "published_at", "organisation__name", each=_published)


def _published(lesson: Lesson) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(lesson.published_at),
        subject=str(lesson.organisation),
        text=_("published the lesson '{title}'").format(title=lesson.title),
        url=lesson.get_absolute_url(),
    )


@work_sections.register
def lessons_that_fit(user: Any) -> Rows[Section] | None:
    """Show people of a municipality lessons on what holds it up."""
    held = standing_of(user)
    mine = held.roles.get(Role.TEAM, frozenset()) | held.roles.get(Role.MEMBER, frozenset())
    if not mine:
        return None
    read = ("public_id", "title", "is_illustrative", "organisation__name", "theme__label_nl", "theme__label_en")
    return Rows(fits_in_short(mine, user)[:FITTING_SHOWN], *read, together=_fitting)


def _fitting(lessons: list[Lesson]) -> list[Section]:
    return [
        Section(
            key="passende-lessen",
            title=_("Lessons that fit you"),
            template="activities/includes/lessons_for_us.html",
            context={"lessons": lessons},
            order=40,
        )
    ]


@municipality_sections.register
def lessons_of(actor: Actor, municipality: Municipality) -> Rows[Section]:
    """Show on a municipality's page the lessons of that city that the person may see."""
    visible = Lesson.objects.visible_to(actor).listed().filter(organisation=municipality.organisation_id)

    def section(found: list[Lesson]) -> Iterator[Section]:
        yield Section(
            key="lessen",
            title=_("Lessons"),
            template="activities/includes/lessons_of.html",
            context={"lessons": found, "name": str(municipality)},
            order=50,
        )

    theme = ("theme__label_nl", "theme__label_en")
    return Rows(visible[:5], "public_id", "title", "state", "is_illustrative", *theme, together=section)


@home_sections.register
def new_lessons(actor: Actor) -> Section | None:
    """Show a visitor the lessons that were published last. One query."""
    published = Lesson.objects.visible_to(actor).filter(state=LessonState.PUBLISHED)
    found = list(published.select_related("organisation", "theme").order_by("-published_at", "-pk")[:3])
    if not found:
        return None
    return Section(
        key="lessen",
        title=_("New lessons"),
        template="activities/includes/new_lessons.html",
        context={"lessons": found},
        order=30,
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """What is learned goes along when a municipality goes on in another one."""
    yield Carried("activities.Lesson", "organisation", gettext_lazy("lessons about the municipality"))
    yield Carried("activities.Lesson", "author_organisation", gettext_lazy("lessons written by the municipality"))
    yield Carried(
        "activities.LessonUse",
        "organisation",
        gettext_lazy("lessons that the municipality uses"),
        only=Q(),
        stays=gettext_lazy("the successor has said what it thinks of the lesson itself"),
    )
    yield Carried(
        "activities.LessonComment",
        "organisation",
        gettext_lazy("comments on lessons"),
        stays=gettext_lazy("what was said was said in the name of the municipality of then"),
    )


@hand_over_handlers.register
def drafts_of(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the draft lessons that somebody began, and what they are asked about lessons. Two queries."""
    drafts = Lesson.objects.drafts().filter(author_organisation=organisation, created_by=user)
    yield Held(
        "lesson_drafts",
        gettext_lazy("Draft lessons"),
        list(drafts.order_by("pk").values_list("title", flat=True)),
        lambda successor, actor: give_drafts(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )
    asked = LessonUse.objects.filter(organisation=organisation, said_by=user, outcome="", ask_on__isnull=False)
    yield Held(
        "lesson_uses",
        gettext_lazy("Lessons that the organisation applies"),
        list(asked.order_by("pk").values_list("lesson__title", flat=True)),
        lambda successor, actor: give_uses(user=user, successor=successor, organisation=organisation, actor=actor),
        gettext_lazy("The question what came of it then goes to your colleague."),
    )
