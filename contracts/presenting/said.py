"""Answers that the national reflection names, in words: each, or once where many contracts name the same."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contracts.models.review import EffortStatus
from contracts.presenting.review import Mark, status_mark
from contracts.services.review.outcome import NOT_FILLED_IN
from nss_portal.core.formats import format_number

STATUSES = (*EffortStatus.values, NOT_FILLED_IN)


def label_of(status: str) -> str:
    """Give the words for a status, 'not filled in' for none."""
    return status_mark("" if status == NOT_FILLED_IN else status).label


def kilotons(value: object, gas: str = "CO₂") -> str:
    """Write kilotons of a gas; figures below ten get one decimal."""
    amount = Decimal(str(value))
    return f"{format_number(amount, 1 if abs(amount) < 10 and amount != int(amount) else 0)} kt {gas}"


@dataclass(frozen=True)
class Said:
    """One answer that the reflection names; `number` is its place among all of its kind."""

    row: Mapping[str, Any]
    number: int = 0

    @property
    def contract(self) -> str:
        return str((get_language() == "en" and self.row.get("contract_en")) or self.row.get("contract", ""))

    @property
    def title(self) -> str:
        return str((get_language() == "en" and self.row.get("title_en")) or self.row["title"])

    @property
    def party(self) -> str:
        return str(self.row["party"])

    @property
    def mark(self) -> Mark:
        return status_mark(self.row["status"])

    @property
    def text(self) -> str:
        return str(self.row.get("obstacle") or self.row.get("reason") or "")

    @property
    def learned(self) -> str:
        return str(self.row.get("learned") or "")

    @property
    def kt(self) -> str:
        """'95 kt instead of 119 kt', or nothing where no number was given."""
        planned, expected = self.row.get("planned_kt"), self.row.get("expected_kt")
        if planned is None or expected is None:
            return ""
        if Decimal(planned) == Decimal(expected):
            return _("%(kt)s, as promised") % {"kt": kilotons(expected)}
        return _("%(now)s instead of %(promised)s") % {"now": kilotons(expected), "promised": kilotons(planned)}


@dataclass(frozen=True)
class Naming:
    """Answers of one kind: how many in all, and those that are named to this reader."""

    total: int
    named: list[Said]

    @property
    def more(self) -> int:
        return self.total - len(self.named)


@dataclass(frozen=True)
class Repeated:
    """A promise that several contracts name, with what was answered about it in each."""

    title: str
    party: str
    said: list[Said]

    @property
    def contracts(self) -> list[str]:
        """Give the contracts that name it, each once."""
        return list(dict.fromkeys(one.contract for one in self.said))

    @property
    def marks(self) -> list[tuple[Mark, int]]:
        """Give how it stands, with in how many contracts, the most frequent first."""
        return Counter(one.mark for one in self.said).most_common()

    @property
    def texts(self) -> list[Said]:
        """Give the answers that say something, the same text once."""
        return list({one.text: one for one in reversed(self.said) if one.text}.values())[::-1]


def repeated(said: Iterable[Said]) -> list[Repeated]:
    """Put answers about the same promise of the same party together, what most contracts name first."""
    found: dict[tuple[str, str], list[Said]] = {}
    for one in said:
        found.setdefault((one.party, one.title), []).append(one)
    rows = [Repeated(title, party, answers) for (party, title), answers in found.items()]
    return sorted(rows, key=lambda row: -len(row.said))
