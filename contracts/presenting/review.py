"""How the annual review looks on a page: words, tones and addresses, without queries beyond what is said."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from django.http import QueryDict
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from activities.models import Lesson
from activities.models.lesson import LessonQuerySet
from cities.models import Bottleneck
from cities.models.bottleneck import BottleneckQuerySet
from contracts.forms.review import STATUSES, EffortForm
from contracts.models import Action, Commitment, Effort, PartyReview
from contracts.models.review import EffortStatus, ReviewState, RoundState
from contracts.selectors.review import Effect, chosen_bottleneck, effect_of, known_already, names_known
from contracts.services.review.answers import SETBACKS, answer_of, is_complete
from contracts.services.review.letters import MINUTES_PER_EFFORT
from contracts.services.review.prefill import key_of
from nss_portal.core.access import Actor
from nss_portal.core.formats import format_number

# From so many promises the table is offered.
TABLE_FROM = 3
TONES = {
    EffortStatus.ON_COURSE.value: "good",
    EffortStatus.BEHIND.value: "attention",
    EffortStatus.BLOCKED.value: "bad",
    EffortStatus.AHEAD.value: "good",
    EffortStatus.STOPPED.value: "bad",
    "": "neutral",
}


class DoorLike(Protocol):
    """What a page needs to know of the way somebody came to a part."""

    @property
    def part(self) -> PartyReview: ...

    @property
    def actor(self) -> Actor: ...

    @property
    def may_answer(self) -> bool: ...

    @property
    def is_open(self) -> bool: ...

    def url(self, page: str = "part", **kwargs: object) -> str: ...


@dataclass(frozen=True)
class Mark:
    """A state in a word, with its tone."""

    label: str
    tone: str


def status_mark(status: str, *, missing: str = "") -> Mark:
    """Give the mark of an answer; `missing` is what is said where there is none."""
    labels = dict(EffortStatus.choices)
    return Mark(str(labels.get(status, missing or _("not filled in"))), TONES.get(status, "neutral"))


def promise_of(effort: Effort) -> Action | Commitment:
    """Give the action or commitment that an effort is about; the database has one of both."""
    promise = effort.action or effort.commitment
    assert promise is not None  # noqa: S101 - constraint effort_of_one_promise
    return promise


def title_of(promise: Action | Commitment) -> str:
    """Give a promise's title in the language of the page."""
    return (get_language() == "en" and promise.title_en) or promise.title


def kt(value: Decimal | None) -> str:
    """Write kilotons with unit, '' for none."""
    return "" if value is None else f"{number(value)} kt"


def number(value: Decimal) -> str:
    """Write a number with separators and all its decimals: '1.234,5', '95'."""
    exponent = value.normalize().as_tuple().exponent
    return format_number(value, max(0, -exponent) if isinstance(exponent, int) else 0)


@dataclass(frozen=True)
class Line:
    """One effort in a list."""

    number: int
    effort: Effort
    url: str

    @property
    def title(self) -> str:
        return title_of(promise_of(self.effort))

    @property
    def mark(self) -> Mark:
        if self.effort.status and not self.is_complete:
            return Mark(_("not complete"), "attention")
        return status_mark(self.effort.status, missing=_("still to do"))

    @property
    def is_complete(self) -> bool:
        return is_complete(self.effort)

    @property
    def text(self) -> str:
        """What was said in words, as far as the answer asks for it."""
        if self.effort.status == EffortStatus.BLOCKED:
            return self.effort.obstacle
        return "" if self.effort.status == EffortStatus.ON_COURSE else self.effort.reason

    @property
    def learned(self) -> str:
        return self.effort.learned if self.effort.status in SETBACKS else ""

    @property
    def kt(self) -> str:
        """The number in words: '95 kt, was 119 kt'."""
        effort = self.effort
        if effort.action_id is None or effort.expected_kt is None:
            return ""
        if effort.planned_kt is None or effort.planned_kt == effort.expected_kt:
            return kt(effort.expected_kt)
        return _("%(now)s, was %(promised)s") % {"now": kt(effort.expected_kt), "promised": kt(effort.planned_kt)}


@dataclass(frozen=True)
class Draft:
    """A draft that followed from an answer; `url` is empty for whoever may not see it."""

    kind: str
    title: str
    url: str


def _drafts(kind: str, records: LessonQuerySet | BottleneckQuerySet, actor: Actor) -> list[Draft]:
    found: list[Lesson | Bottleneck] = list(records.order_by("pk"))
    seen = {one.pk for one in records.visible_to(actor)} if found else set()
    return [Draft(kind, str(one), one.get_absolute_url() if one.pk in seen else "") for one in found]


class PartView:
    """A whole part."""

    def __init__(self, door: DoorLike, efforts: list[Effort]) -> None:
        self.door = door
        self.part = door.part
        self.review = door.part.review
        self.round = door.part.review.round
        self.lines = [
            Line(number, effort, door.url("effort", number=number))
            for number, effort in enumerate(efforts, start=1)
        ]

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def done(self) -> int:
        return sum(line.is_complete for line in self.lines)

    @property
    def is_complete(self) -> bool:
        return self.done == self.total

    @property
    def minutes(self) -> int:
        """About how many minutes the open efforts take."""
        return max(MINUTES_PER_EFFORT, (self.total - self.done) * MINUTES_PER_EFFORT)

    @cached_property
    def first_open(self) -> Line | None:
        """The first effort that still asks for something."""
        return next((line for line in self.lines if not line.is_complete), None)

    @property
    def open_lines(self) -> list[Line]:
        """The efforts that still ask for something."""
        return [line for line in self.lines if not line.is_complete]

    @property
    def part_url(self) -> str:
        return self.door.url()

    @property
    def check_url(self) -> str:
        return self.door.url("check")

    @property
    def table_url(self) -> str:
        """The table with all promises, where there are so many that it is the quicker way."""
        return self.door.url("table") if self.total >= TABLE_FROM else ""

    @property
    def same_for_all_url(self) -> str:
        return self.door.url("same_for_all")

    @property
    def reopen_url(self) -> str:
        return self.door.url("reopen")

    @property
    def can_reopen(self) -> bool:
        """Say whether a part that was handed in can be taken back."""
        return (
            self.door.may_answer and self.round.state == RoundState.OPEN and self.review.state == ReviewState.OPEN
        )

    @cached_property
    def drafts(self) -> list["Draft"]:
        """The drafts that handing in made, with an address for whoever may see them; at most four queries."""
        efforts = [line.effort for line in self.lines]
        lessons = Lesson.objects.filter(pk__in=[one.lesson_id for one in efforts if one.lesson_id])
        bottlenecks = Bottleneck.objects.filter(pk__in=[one.bottleneck_id for one in efforts if one.bottleneck_id])
        return [
            *_drafts(_("draft lesson"), lessons, self.door.actor),
            *_drafts(_("bottleneck"), bottlenecks, self.door.actor),
        ]

    @property
    def is_begun(self) -> bool:
        return any(line.effort.status for line in self.lines)

    @property
    def same_count(self) -> int:
        """How many answers can be taken over from last year with one click."""
        return sum(
            line.effort.status == "" and line.effort.previous_status == EffortStatus.ON_COURSE
            for line in self.lines
        )

    @property
    def lessons(self) -> list[Line]:
        return [line for line in self.lines if line.learned.strip()]

    @property
    def bottlenecks(self) -> list[Line]:
        return [line for line in self.lines if line.effort.status == EffortStatus.BLOCKED]

    @property
    def consequences(self) -> list[str]:
        """What handing in sets going, in sentences."""
        found = []
        if count := len(self.lessons):
            found.append(
                ngettext(
                    "%(count)d setback becomes a draft lesson of the city.",
                    "%(count)d setbacks become draft lessons of the city.",
                    count,
                )
                % {"count": count}
            )
        known = sum(names_known(line.effort) for line in self.bottlenecks)
        if known:
            found.append(
                ngettext(
                    "%(count)d obstacle is tied to a bottleneck that is known already.",
                    "%(count)d obstacles are tied to bottlenecks that are known already.",
                    known,
                )
                % {"count": known}
            )
        if self.bottlenecks:
            found.append(_("The portal asks in two months whether what is blocked is loose, until it is."))
        if count := len(self.bottlenecks) - known:
            found.append(
                ngettext(
                    "%(count)d obstacle becomes a draft bottleneck of the city.",
                    "%(count)d obstacles become draft bottlenecks of the city.",
                    count,
                )
                % {"count": count}
            )
        return found


class EffortView:
    """One promise, with its neighbours."""

    def __init__(self, door: DoorLike, efforts: list[Effort], number: int) -> None:
        self.door = door
        self.number = number
        self.total = len(efforts)
        self.effort = efforts[number - 1]
        self._next_is_action = number < self.total and efforts[number].action_id is not None
        self.review = door.part.review
        self.promise = promise_of(self.effort)

    @property
    def title(self) -> str:
        return title_of(self.promise)

    @property
    def is_action(self) -> bool:
        return isinstance(self.promise, Action)

    @property
    def eyebrow(self) -> str:
        """Where the screen stands among the others: 'Herijking 2025 › Actie 2 van 12'."""
        what = pgettext("in a review", "Action") if self.is_action else pgettext("in a review", "Promise")
        return _("%(what)s %(number)d of %(total)d") % {"what": what, "number": self.number, "total": self.total}

    @property
    def last_year(self) -> str:
        """What was said last year, in a sentence, and the question of this year."""
        effort = self.effort
        if not effort.previous_status:
            promised = kt(effort.planned_kt)
            if promised:
                return _("The contract promises %(kt)s. What happened with it in %(year)d?") % {
                    "kt": promised,
                    "year": self.review.round.year,
                }
            return _("What happened with it in %(year)d?") % {"year": self.review.round.year}
        said = status_mark(effort.previous_status).label
        if effort.previous_kt is not None and effort.previous_kt == effort.planned_kt:
            return _("Last year: %(status)s, %(kt)s as promised. What happened since?") % {
                "status": said,
                "kt": kt(effort.planned_kt),
            }
        if effort.previous_kt is not None and effort.planned_kt is not None:
            return _("Last year: %(status)s, %(kt)s of %(promised)s expected. What happened since?") % {
                "status": said,
                "kt": number(effort.previous_kt),
                "promised": kt(effort.planned_kt),
            }
        return _("Last year: %(status)s. What happened since?") % {"status": said}

    @property
    def last_words(self) -> str:
        """What was written last year about it."""
        answers = self.review.prefilled.get("previous", {}).get("answers", {})
        said = answers.get(key_of(self.promise), {})
        return str(said.get("obstacle") or said.get("reason") or "")

    @property
    def can_be_same(self) -> bool:
        return self.effort.previous_status == EffortStatus.ON_COURSE and not self.effort.status

    @property
    def effect(self) -> Effect | None:
        return effect_of(self.effort, self.effort.expected_kt)

    @property
    def previous_url(self) -> str:
        return self.door.url("effort", number=self.number - 1) if self.number > 1 else self.door.url()

    @property
    def next_url(self) -> str:
        """The next promise, and after the last one the last look."""
        if self.number < self.total:
            return self.door.url("effort", number=self.number + 1)
        return self.door.url("check")

    @property
    def next_label(self) -> str:
        if self.number < self.total:
            text = _("Go on to action %(number)d") if self._next_is_action else _("Go on to promise %(number)d")
            return text % {"number": self.number + 1}
        return _("Look at all answers")

    @property
    def autosave_url(self) -> str:
        return self.door.url("autosave", number=self.number)

    @property
    def effect_url(self) -> str:
        return self.door.url("effect", number=self.number)

    @property
    def similar_url(self) -> str:
        return self.door.url("similar", number=self.number)

    @cached_property
    def similar(self) -> list[Bottleneck]:
        """Bottlenecks that are known already and resemble the obstacle that was written."""
        return known_already(self.effort, self.effort.obstacle, self.door.actor)

    @cached_property
    def chosen(self) -> Bottleneck | None:
        """The known bottleneck that was chosen as what blocks it."""
        return chosen_bottleneck(self.effort, self.door.actor)

    @property
    def same_url(self) -> str:
        return self.door.url("same", number=self.number)

    def form(self, data: QueryDict | None = None) -> EffortForm:
        return EffortForm(data, effort=self.effort, target_year=self.review.version.target_year)


def conflict_rows(form: EffortForm, theirs: Effort) -> list[dict[str, Any]]:
    """Give the fields in which two people differ, with both texts, for the conflict component."""
    labels: dict[str, Any] = dict(STATUSES)
    mine, saved = form.answer(), answer_of(theirs)
    rows = []
    for name, field in form.fields.items():
        if name in ("version", "bottleneck") or getattr(mine, name) == getattr(saved, name):
            continue
        values = [getattr(mine, name), getattr(saved, name)]
        if name == "status":
            values = [labels.get(value, "–") for value in values]
        elif name == "expected_kt":
            values = [kt(value) or "–" for value in values]
        rows.append({"label": field.label, "mine": values[0] or "–", "theirs": values[1] or "–"})
    return rows
