"""What a newsletter can bring: what was published, as a visitor sees it, and what is about to come."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from activities.models import Activity, DirectoryEntry, KnowledgeProduct, Lesson, News
from activities.models.activity import ActivityState
from activities.models.desk import Certainty
from activities.models.knowledge import PublishingState
from nss_portal.core.time import today

# Whoever reads the newsletter reads it as this: nobody in particular.
VISITOR = None
# So far ahead a newsletter looks, and so many of a kind it offers.
DAYS_AHEAD = 60
MOST = 40
WORDS = 40


@dataclass(frozen=True)
class Entry:
    """One thing in a newsletter; `detail` is whose it is, or when; `url` an address within the portal."""

    kind: str
    id: str
    title: str
    text: str
    detail: str
    url: str
    is_illustrative: bool = False

    @property
    def key(self) -> str:
        """What names it in the form."""
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True)
class Kind:
    """One kind of thing: its heading, all of it that is public, what of that is new since a moment, and how it is
    put into words."""

    code: str
    label: Callable[[], str]
    public: Callable[[], QuerySet[Any]]
    new: Callable[[QuerySet[Any], datetime], QuerySet[Any]]
    words: Callable[[Any], Entry]


def offered(since: datetime) -> dict[str, list[Entry]]:
    """Give what a newsletter from a moment on can bring, per kind. A query per kind."""
    return {kind.code: [kind.words(one) for one in kind.new(kind.public(), since)[:MOST]] for kind in KINDS}


def chosen(items: Iterable[dict[str, str]]) -> list[tuple[str, list[Entry]]]:
    """Give chosen records under the headings of their kinds, in the editors' order; what is no longer public or is
    over is left out. A query per kind that is there."""
    wanted: dict[str, list[str]] = {}
    for item in items:
        wanted.setdefault(item["kind"], []).append(item["id"])
    found = []
    for kind in KINDS:
        keys = wanted.get(kind.code, [])
        records = {one.public_id: one for one in kind.public().filter(public_id__in=keys)} if keys else {}
        entries = [kind.words(records[key]) for key in keys if key in records]
        if entries:
            found.append((kind.label(), entries))
    return found


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).words(WORDS, truncate="…")


def _published(found: QuerySet[Any], since: datetime) -> QuerySet[Any]:
    return found.filter(published_at__gt=since).order_by("-published_at", "-pk")


def _lesson(lesson: Lesson) -> Entry:
    text = _short(lesson.what_worked or lesson.what_failed)
    owner = str(lesson.organisation)
    return Entry("lesson", lesson.public_id, lesson.title, text, owner, _at(lesson), lesson.is_illustrative)


def _product(one: KnowledgeProduct) -> Entry:
    detail = f"{one.get_kind_display()} · {one.organisation}"
    return Entry("product", one.public_id, one.title, _short(one.summary), detail, _at(one), one.is_illustrative)


def _news(one: News) -> Entry:
    detail = str(one.organisation)
    return Entry("news", one.public_id, one.title, _short(one.text), detail, _at(one), one.is_illustrative)


def _activity(one: Activity) -> Entry:
    assert one.starts_at is not None  # noqa: S101 - what is published has its dates
    where = one.place or one.get_meeting_display()
    detail = f"{date_format(one.starts_at.astimezone(one.zone), 'l j F Y')} · {where}"
    return Entry("activity", one.public_id, one.title, _short(one.summary), detail, _at(one), one.is_illustrative)


def _deadline(one: DirectoryEntry) -> Entry:
    assert one.deadline is not None  # noqa: S101 - chosen for it
    detail = _("Apply by {day}").format(day=date_format(one.deadline, "j F Y"))
    if one.certainty == Certainty.UNCONFIRMED:
        detail += " · " + _("this is not confirmed yet")
    text = _short(one.description)
    return Entry("deadline", one.public_id, one.name, text, detail, _at(one), one.is_illustrative)


def _at(record: Any) -> str:
    address: str = record.get_absolute_url()
    return address


def _coming() -> QuerySet[Activity]:
    seen = Activity.objects.visible_to(VISITOR).select_related("organisation")
    return seen.filter(state=ActivityState.PUBLISHED, starts_at__gt=timezone.now()).order_by("starts_at", "pk")


def _of_the_desk() -> QuerySet[DirectoryEntry]:
    listed = DirectoryEntry.objects.listed().money()
    return listed.filter(deadline__gte=today()).order_by("deadline", "pk")


KINDS = (
    Kind(
        "news",
        lambda: _("News"),
        lambda: (
            News.objects.visible_to(VISITOR).filter(state=PublishingState.PUBLISHED).select_related("organisation")
        ),
        _published,
        _news,
    ),
    Kind(
        "lesson",
        lambda: _("Lessons"),
        lambda: Lesson.objects.visible_to(VISITOR).published().select_related("organisation"),
        _published,
        _lesson,
    ),
    Kind(
        "product",
        lambda: _("To take along"),
        lambda: (
            KnowledgeProduct.objects.visible_to(VISITOR)
            .filter(state=PublishingState.PUBLISHED)
            .select_related("organisation")
        ),
        _published,
        _product,
    ),
    Kind(
        "activity",
        lambda: _("On the agenda"),
        _coming,
        lambda found, since: found.filter(starts_at__lt=timezone.now() + timedelta(days=DAYS_AHEAD)),
        _activity,
    ),
    Kind(
        "deadline",
        lambda: _("Subsidies and calls that close"),
        _of_the_desk,
        lambda found, since: found.filter(deadline__lte=today() + timedelta(days=DAYS_AHEAD)),
        _deadline,
    ),
)
