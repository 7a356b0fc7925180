"""The review of one contract on a page: who is where, what was answered, where that leaves the contract."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contracts.models import AnnualReview, Effort, NationalPolicy, PartyReview
from contracts.models.review import EffortStatus, PartState, ReviewState, RoundState
from contracts.presenting.review import Line, Mark, promise_of, status_mark, title_of
from contracts.presenting.review_figures import FigureLine, lines_kept, lines_now
from contracts.selectors.review import efforts_of_review, parts_with_counts
from contracts.services.review.access import answerable
from contracts.services.review.outcome import position
from contracts.services.review.policies import SHOWN as POLICIES_SHOWN
from contracts.services.review.policies import policies_for
from contracts.services.review.tips import SHOWN as TIPS_SHOWN
from contracts.services.review.tips import tips_for
from nss_portal.core import charts
from nss_portal.core.access import Actor, may, standing_of
from nss_portal.core.charts import Chart
from nss_portal.core.formats import format_date, format_kt, format_year

STATE_TONES = {PartState.ASKED: "neutral", PartState.STARTED: "info", PartState.SUBMITTED: "good"}
REVIEW_TONES = {ReviewState.OPEN: "info", ReviewState.SUBMITTED: "good", ReviewState.CLOSED: "neutral"}


@dataclass(frozen=True)
class PartRow:
    """One party in the table of who is where."""

    part: PartyReview
    asked: int
    answered: int
    saved_at: datetime | None
    answerable: bool
    url: str
    manage_url: str

    @property
    def mark(self) -> Mark:
        if not self.asked:
            return Mark(_("nothing asked"), "neutral")
        return Mark(self.part.get_state_display(), STATE_TONES[PartState(self.part.state)])

    @property
    def is_done(self) -> bool:
        return self.part.state == PartState.SUBMITTED or not self.asked


@dataclass(frozen=True)
class Step:
    """One step of a review, as `steps.html` takes it."""

    label: str
    state: str


@dataclass(frozen=True)
class TipLine:
    """What went faster in another contract, and the address that takes the city's answer."""

    effort: Effort
    url: str

    @property
    def title(self) -> str:
        return title_of(promise_of(self.effort))

    @property
    def contract(self) -> str:
        return self.effort.part.review.contract.name

    @property
    def party(self) -> str:
        return self.effort.part.party.label

    @property
    def kt(self) -> str:
        return Line(0, self.effort, "").kt

    @property
    def is_same_measure(self) -> bool:
        """Say whether the contract has an action of just this kind of measure."""
        return bool(getattr(self.effort, "same_measure"))  # noqa: B009 - annotated


class ReviewView:
    """A review as this person sees it. `owner`: works for the city; `manager`: coordinates."""

    def __init__(self, review: AnnualReview, actor: Actor, *, owner: bool) -> None:
        self.review = review
        self.round = review.round
        self.contract = review.contract
        self.actor = actor
        self.owner = owner

    @property
    def is_open(self) -> bool:
        """Say whether answers are still taken."""
        return self.round.state == RoundState.OPEN and self.review.state != ReviewState.CLOSED

    @property
    def mark(self) -> Mark:
        return Mark(self.review.get_state_display(), REVIEW_TONES[ReviewState(self.review.state)])

    @property
    def steps(self) -> list[Step]:
        """Prepared, answered by the parties, handed in by the city, closed."""
        labels = (_("Prepared"), _("Parties answer"), _("Handed in"), pgettext("a review", "Closed"))
        at = {ReviewState.OPEN: 1, ReviewState.SUBMITTED: 2, ReviewState.CLOSED: 4}[ReviewState(self.review.state)]
        if self.review.state == ReviewState.SUBMITTED:
            at = 3
        states = ["done" if number < at else "current" if number == at else "todo" for number in range(4)]
        return [Step(label, state) for label, state in zip(labels, states, strict=True)]

    @cached_property
    def rows(self) -> list[PartRow]:
        """All parties, with how far each is."""
        parts = parts_with_counts(self.review)
        mine = answerable(self.actor, self.review, parts) if self.is_open else frozenset()
        return [self._row(part, answerable=part.pk in mine) for part in parts]

    def _row(self, part: PartyReview, *, answerable: bool) -> PartRow:
        address = {"public_id": self.contract.public_id, "year": self.round.year, "part": part.public_id}
        visible = answerable or part.state == PartState.SUBMITTED
        asked = int(getattr(part, "asked_count"))  # noqa: B009 - annotated
        return PartRow(
            part=part,
            asked=asked,
            answered=int(getattr(part, "answered_count")),  # noqa: B009 - annotated
            saved_at=getattr(part, "saved_at", None),
            answerable=answerable,
            url=reverse("contracts:review_part", kwargs=address) if visible and asked else "",
            manage_url=reverse("contracts:review_party", kwargs=address) if self.owner and self.is_open else "",
        )

    @property
    def total(self) -> int:
        return sum(bool(row.asked) for row in self.rows)

    @property
    def done(self) -> int:
        return sum(bool(row.asked) and row.is_done for row in self.rows)

    @property
    def open_rows(self) -> list[PartRow]:
        return [row for row in self.rows if not row.is_done]

    @cached_property
    def mine(self) -> PartRow | None:
        """The first part that this person's own organisation still has to fill in."""
        own = standing_of(self.actor).organisations
        waiting = [row for row in self.open_rows if row.answerable]
        return next((row for row in waiting if row.part.party.organisation_id in own), None)

    @property
    def can_hand_in(self) -> bool:
        return self.owner and self.is_open and self.review.state == ReviewState.OPEN

    @property
    def can_reopen(self) -> bool:
        return self.owner and self.is_open and self.review.state == ReviewState.SUBMITTED

    @property
    def submit_url(self) -> str:
        return reverse("contracts:review_submit", args=[self.contract.public_id, self.round.year])

    @property
    def autosave_url(self) -> str:
        return reverse("contracts:review_conclusion", args=[self.contract.public_id, self.round.year])

    @property
    def intro(self) -> str:
        """The review's state in one sentence."""
        words = {"due": format_date(self.round.due_on), "who": self.review.submitted_by_label}
        if self.review.state == ReviewState.CLOSED:
            return _("This review is closed and does not change any more.")
        if self.review.state == ReviewState.SUBMITTED:
            return _("Handed in by %(who)s. It closes with the round.") % words
        return _("The parties say how their promises stand. The last day to answer is %(due)s.") % words

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What matters about the review in a few lines, for `facts.html`."""
        rows = [
            (_("Last day to answer"), format_date(self.round.due_on)),
            (_("Target year"), format_year(self.review.version.target_year)),
            (_("Version"), str(self.review.version.number)),
        ]
        latest = self.review.prefilled.get("figures", {}).get("latest")
        if latest:
            text = f"{self._kt(Decimal(latest['kt']))} ({latest['year']}; {latest['source']}, {latest['locator']})"
            rows.append((_("Newest emission figure"), text))
        elif self.review.prefilled.get("figures", {}).get("unit") == "pct":
            rows.append((_("Emission figures"), _("in percent only, so no kilotons are added up")))
        return rows

    @property
    def gas(self) -> str:
        """The gas that the contract's figures count: 'CO₂' or 'CO₂-eq'."""
        return str(self.review.prefilled.get("figures", {}).get("gas") or "CO₂")

    def _kt(self, value: Decimal) -> str:
        return format_kt(value, gas=self.gas)

    @property
    def reopen_url(self) -> str:
        return reverse("contracts:review_reopen_all", args=[self.contract.public_id, self.round.year])

    @cached_property
    def tips(self) -> list[TipLine]:
        """What went faster elsewhere, for the city that may change its contract while the round is open."""
        if not (self.owner and self.is_open and may(self.actor, "contract", "change")):
            return []
        args = [self.contract.public_id, self.round.year]
        return [
            TipLine(effort, reverse("contracts:review_tip", args=[*args, effort.pk]))
            for effort in tips_for(self.review, self.actor)[:TIPS_SHOWN]
        ]

    @cached_property
    def policies(self) -> list[NationalPolicy]:
        """New national policy, for the city that may change its contract while the round is open."""
        if not (self.owner and self.is_open and may(self.actor, "contract", "change")):
            return []
        return list(policies_for(self.review)[:POLICIES_SHOWN])

    @cached_property
    def figures(self) -> list[FigureLine]:
        """The contract's indicators: as they stand, or in a closed review as they stood. One query."""
        if self.review.state == ReviewState.CLOSED:
            return lines_kept(self.review)
        fills_in = self.owner and self.is_open and may(self.actor, "contract", "change")
        return lines_now(self.review, may_fill_in=fills_in)

    @property
    def figures_asked(self) -> int:
        """Of how many indicators the year has no value yet."""
        return sum(bool(line.ask_url) for line in self.figures)

    @cached_property
    def efforts(self) -> list[Effort]:
        """All efforts of the review, with part, party and promise. One query."""
        return efforts_of_review(self.review)

    @property
    def shows_answers(self) -> bool:
        """Say whether there is an answer to show: what was handed in is seen by whoever may see the review."""
        return any(effort.part.state == PartState.SUBMITTED for effort in self.efforts)

    @cached_property
    def lines(self) -> list[Line]:
        """What was answered in the parts that were handed in; the rest counts as not filled in."""
        given = [effort for effort in self.efforts if effort.part.state == PartState.SUBMITTED]
        return [Line(number, effort, "") for number, effort in enumerate(given, start=1)]

    @property
    def missing_lines(self) -> list[Line]:
        """What was asked of parties that did not hand in."""
        open_ones = [effort for effort in self.efforts if effort.part.state != PartState.SUBMITTED]
        return [Line(number, effort, "") for number, effort in enumerate(open_ones, start=1)]

    @property
    def numbers(self) -> list[dict[str, object]]:
        """How many answers of each kind, for `numbers.html`."""
        found = Counter(line.effort.status for line in self.lines)
        rows = [
            {"value": found[status], "label": status_mark(status).label, "url": ""}
            for status in EffortStatus.values
            if found[status]
        ]
        if count := len(self.missing_lines):
            rows.append(
                {"value": count, "label": _("still open") if self.is_open else _("not filled in"), "url": ""}
            )
        return rows

    @cached_property
    def position(self) -> dict[str, Decimal] | None:
        """Where the contract stands in its target year by this year's answers, in kt; None without figures."""
        found = position(self.review.prefilled.get("figures", {}), self.efforts)
        if found is None:
            return None
        return {key: Decimal(str(value)) for key, value in found.items() if key.endswith("_kt")}

    @property
    def sentence(self) -> str:
        """The position in a sentence."""
        if self.position is None:
            return ""
        gap, before = self.position["gap_kt"], self.position["promised_gap_kt"]
        words = {
            "year": self.review.version.target_year,
            "expected": self._kt(self.position["expected_kt"]),
            "target": self._kt(self.position["target_kt"]),
            "gap": self._kt(gap),
            "before": self._kt(before),
        }
        if gap <= 0:
            return _("By these answers %(expected)s remain in %(year)d. The target is %(target)s.") % words
        if gap == before:
            text = _(
                "By these answers %(expected)s remain in %(year)d, %(gap)s above the target. "
                "The contract says so too."
            )
        else:
            text = _(
                "By these answers %(expected)s remain in %(year)d, %(gap)s above the target. "
                "By the contract it was %(before)s."
            )
        return text % words

    @cached_property
    def chart(self) -> Chart | None:
        """Measured emissions, the way to the target year by the contract, and by this year's answers."""
        figures = self.review.prefilled.get("figures", {})
        if self.position is None or not figures.get("path"):
            return None
        return path_chart(
            figures.get("path", []),
            self.position,
            self.review.version.target_year,
            str(figures["latest"]["source"]),
            self.gas,
        )


def path_chart(
    path: Sequence[Sequence[object]], numbers: dict[str, Decimal], target_year: int, source: str, gas: str
) -> Chart | None:
    """Draw measured totals and what remains in the target year, in kt. None when nothing lies before that year."""
    measured = [(int(str(year)), Decimal(str(value))) for year, value in path if int(str(year)) < target_year]
    if not measured:
        return None
    years = [year for year, _value in measured] + [target_year]
    last = measured[-1][1]
    gap: list[Decimal | None] = [None] * (len(measured) - 1)
    return charts.line(
        charts.LineChart(
            title=_("From measured emissions to the target year"),
            description=_(
                "Measured emissions up to %(last)d, and what remains in %(year)d by the contract and by this "
                "year's answers."
            )
            % {"last": measured[-1][0], "year": target_year},
            unit=f"kt {gas}",
            source=source,
            x=years,
            series=[
                charts.Series(_("measured"), [value for _year, value in measured] + [None]),
                charts.Series(
                    _("by the contract"), [*gap, last, numbers["promised_kt"]], style=charts.Style.TREND
                ),
                charts.Series(
                    _("by these answers"), [*gap, last, numbers["expected_kt"]], style=charts.Style.MAIN
                ),
            ],
            target=charts.Target(numbers["target_kt"], _("target %(year)d") % {"year": target_year}),
            x_title=_("Year"),
        )
    )
