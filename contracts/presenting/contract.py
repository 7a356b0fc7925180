"""Contracts in words: what pages show of states, steps, figures and findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext as _

from contracts.models import AnnualReview, ClimateContract, Commitment, ContractVersion
from contracts.models.review import EffortStatus, ReviewState
from contracts.models.version import VersionState
from contracts.selectors.contract import VersionTotals
from nss_portal.core.formats import format_date, format_euro, format_number, format_year
from nss_portal.core.time import today

MILLION = 1_000_000
# What a spreadsheet takes for a formula.
FORMULA_STARTS = frozenset("=+-@\t\r")
STATE_TONES = {
    VersionState.DRAFT: "neutral",
    VersionState.INTERNAL_REVIEW: "info",
    VersionState.ADOPTED: "good",
    VersionState.SIGNED: "good",
    VersionState.PUBLISHED: "good",
    VersionState.SUPERSEDED: "neutral",
}
EFFORT_TONES = {
    EffortStatus.ON_COURSE: "good",
    EffortStatus.AHEAD: "good",
    EffortStatus.BEHIND: "attention",
    EffortStatus.BLOCKED: "bad",
    EffortStatus.STOPPED: "bad",
}
ORDER = [
    VersionState.DRAFT,
    VersionState.INTERNAL_REVIEW,
    VersionState.ADOPTED,
    VersionState.SIGNED,
    VersionState.PUBLISHED,
]


@dataclass(frozen=True)
class Mark:
    """A word with the tone that it is shown in."""

    label: str
    tone: str


@dataclass(frozen=True)
class StepMark:
    """One step of the row of steps: `state` is done, current or todo."""

    label: str
    state: str


def state_mark(version: ContractVersion) -> Mark:
    """Give a version's number and state: 'version 1 · published'."""
    return _mark(version.number, VersionState(version.state))


def _mark(number: int, state: VersionState) -> Mark:
    label = _("version %(number)s · %(state)s") % {"number": number, "state": state.label}
    return Mark(label, STATE_TONES[state])


def effort_mark(status: str) -> Mark | None:
    """Give what a party said last of an action or promise, or None when it said nothing yet."""
    return Mark(str(EffortStatus(status).label), EFFORT_TONES[EffortStatus(status)]) if status else None


def promise_mark(commitment: Commitment, status: str) -> Mark:
    """Give how a promise stands: what its party said last, else whether its day has passed."""
    said = effort_mark(status)
    if said is not None:
        return said
    if commitment.due_on and commitment.due_on < today():
        return Mark(_("overdue"), "bad")
    return Mark(_("agreed"), "neutral")


def steps_of(version: ContractVersion, reviews: Sequence[AnnualReview]) -> list[StepMark]:
    """Give the steps of a version, with the review that is under way as the last."""
    names = [str(state.label).capitalize() for state in ORDER]
    at = len(ORDER) if version.state == VersionState.SUPERSEDED else ORDER.index(VersionState(version.state))
    done = at + 1 if version.state == VersionState.PUBLISHED else at
    marks = [
        StepMark(name, "done" if place < done else "current" if place == at else "todo")
        for place, name in enumerate(names)
    ]
    review = next((each for each in reviews if each.state == ReviewState.OPEN), None)
    if review is not None and review.version_id == version.pk:
        marks.append(StepMark(_("Review %(year)s") % {"year": review.round.year}, "current"))
    return marks


def next_review(reviews: Sequence[AnnualReview]) -> str:
    """Say when the contract is reviewed next: the open round's due date, else the day on which rounds open.

    Who does not see a review under way does not hear of it either: for them it is the day in every year.
    """
    review = next((each for each in reviews if each.state == ReviewState.OPEN), None)
    if review is not None:
        return _("by %(day)s") % {"day": format_date(review.round.due_on)}
    month, _dash, day = settings.NSS_REVIEW_OPENS_ON.partition("-")
    opens = format_date(today().replace(month=int(month), day=int(day))).rsplit(" ", 1)[0]
    return _("every year from %(day)s") % {"day": opens}


def money(amount_meur: Decimal | None) -> str:
    """Write an amount given in million euros; '–' where none is given."""
    return format_euro(None if amount_meur is None else amount_meur * MILLION)


def facts_of(
    contract: ClimateContract,
    version: ContractVersion,
    *,
    parties: int,
    amount_meur: Decimal | None,
    reviews: Sequence[AnnualReview],
) -> list[tuple[str, str]]:
    """Give the facts beside a contract."""
    facts = [
        (_("Target year"), format_year(version.target_year)),
        (_("Standard"), contract.standard.label),
        (_("Parties"), format_number(parties)),
        (_("Investment"), money(amount_meur) if amount_meur is not None else _("not published")),
    ]
    days: list[tuple[str, date | None]] = [
        (_("EU Mission Label"), contract.mission_label_on),
        (_("Adopted"), version.adopted_on),
        (_("Signed"), version.signed_on),
    ]
    facts += [(label, format_date(day)) for label, day in days if day]
    if version.is_in_force:
        facts.append((_("Next review"), next_review(reviews)))
    return facts


@dataclass(frozen=True)
class RegisterRow:
    """One contract in the register, with the version that the reader sees of it; None where there is none."""

    contract: ClimateContract
    version: VersionTotals | None
    url: str

    @property
    def _places(self) -> list[dict[str, str]]:
        return getattr(self.contract, "places", None) or []

    @property
    def places(self) -> list[str]:
        """Give the names of the municipalities."""
        return [place["name"] for place in self._places]

    @property
    def codes(self) -> list[str]:
        """Give the codes of the municipalities (GM0363)."""
        return [place["code"] for place in self._places]

    @cached_property
    def mark(self) -> Mark | None:
        """Give number and state of the version."""
        return _mark(self.version.number, VersionState(self.version.state)) if self.version else None

    @property
    def parties(self) -> int:
        """Give the number of parties."""
        return self.version.parties if self.version else 0

    @property
    def actions(self) -> int:
        """Give the number of actions."""
        return self.version.actions if self.version else 0

    @property
    def amount_meur(self) -> Decimal | None:
        """Give the sum of the investments (million euro); None where none is given."""
        return self.version.amount_meur if self.version else None

    @property
    def amount(self) -> str:
        """Give the sum of the investments in words."""
        return money(self.amount_meur)

    def csv(self) -> list[object]:
        """Give the row as the download has it; text that a spreadsheet would run is made harmless."""
        version = self.version
        cells = [
            self.contract.public_id,
            self.contract.name,
            ", ".join(self.places),
            " ".join(self.codes),
            self.contract.target_year,
            version.number if version else "",
            version.state if version else "",
            self.parties,
            self.actions,
            self.amount_meur if self.amount_meur is not None else "",
            "true" if self.contract.is_illustrative else "false",
            self.contract.source,
        ]
        return [f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA_STARTS else cell for cell in cells]
