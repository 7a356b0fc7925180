"""What the answers of an assessment become: pure, and the only place where scores of several people meet.

The rule (docs/assessments.md): figures come once, at the closing, and never change. A statement has figures from
five scores up; else it says nothing, not even how many there were. What is said of an indicator is worked out of
what is said of its statements, and of nothing else, so that no subtraction gives back what was held back. Free
texts are given from five writers up, shuffled, apart from scores.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.models.instrument import HIGHEST, LOWEST

FEWEST = 5
# The mean of all: of at least so many assessed things, each of which has figures of its own.
FEWEST_TOGETHER = 3
NOT_APPLICABLE = 0


@dataclass(frozen=True)
class Answers:
    """What one person said: scores by number of statement (0: not applicable), and a free text."""

    scores: Mapping[int, int]
    comment: str = ""


@dataclass(frozen=True)
class Asked:
    """An indicator with the numbers of its statements."""

    number: int
    statements: Sequence[int]


def rounded(value: float) -> float:
    """Round a mean to the one decimal that is shown; halves go up, on a scale without negatives."""
    return int(value * 10 + 0.5) / 10


def summarised(sheets: Iterable[Answers], asked: Sequence[Asked], *, invited: int) -> dict[str, Any]:
    """Give the result of an assessment, in a form that JSON holds; see the module for the rule."""
    found = list(sheets)
    enough = len(found) >= FEWEST
    statements = [_figures(found, number) for one in asked for number in one.statements]
    by_number = {row["number"]: row for row in statements}
    indicators = [_together(one, [by_number[number] for number in one.statements]) for one in asked]
    shown = [row["mean"] for row in indicators if row["mean"] is not None]
    return {
        "invited": invited,
        "answers": len(found) if enough else None,
        "statements": statements,
        "indicators": indicators,
        "mean": rounded(sum(shown) / len(shown)) if shown else None,
        "comments": _comments(found),
    }


def _figures(sheets: Sequence[Answers], number: int) -> dict[str, Any]:
    """Give mean, lowest and highest of one statement, where at least five gave a score."""
    scores = [sheet.scores[number] for sheet in sheets if LOWEST <= sheet.scores.get(number, -1) <= HIGHEST]
    if len(scores) < FEWEST:
        return {"number": number, "mean": None, "low": None, "high": None}
    return {
        "number": number,
        "mean": rounded(sum(scores) / len(scores)),
        "low": min(scores),
        "high": max(scores),
    }


def _together(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Put what is shown of statements together into what is shown of their indicator."""
    known = [row for row in rows if row["mean"] is not None]
    if not known:
        return {"number": asked.number, "mean": None, "low": None, "high": None}
    return {
        "number": asked.number,
        "mean": rounded(sum(row["mean"] for row in known) / len(known)),
        "low": min(row["low"] for row in known),
        "high": max(row["high"] for row in known),
    }


def _comments(sheets: Sequence[Answers]) -> list[str]:
    """Give what people wrote, in an order that says nothing, where at least five did."""
    written = [sheet.comment.strip() for sheet in sheets if sheet.comment.strip()]
    if len(written) < FEWEST:
        return []
    secrets.SystemRandom().shuffle(written)
    return written


def mean_of_all(results: Iterable[Mapping[str, Any]]) -> dict[int, float]:
    """Give the mean per indicator over the latest result of each assessed thing, from three of them up.

    It is made of figures that are shown already, and so of five scores each.
    """
    values: dict[int, list[float]] = {}
    for result in results:
        for row in result["indicators"]:
            if row["mean"] is not None:
                values.setdefault(row["number"], []).append(row["mean"])
    return {number: rounded(sum(row) / len(row)) for number, row in values.items() if len(row) >= FEWEST_TOGETHER}
