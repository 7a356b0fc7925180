"""What a review came to: the answers as they stood when the round closed, for good.

A part that its party did not hand in counts as not filled in, also where a draft was saved: a draft is nobody's
word. Numbers are text, so that JSON keeps every decimal.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from contracts.models import AnnualReview, Effort, PartyReview
from contracts.models.review import EffortStatus, PartState
from contracts.services.review.indicators import as_json, indicators_by_contract

SCHEMA = 1
NOT_FILLED_IN = "none"


def outcome_of(review: AnnualReview) -> dict[str, Any]:
    """Give a review's outcome from its parts, efforts and indicators; three queries."""
    parts = list(review.parts.select_related("party").order_by("party__order", "pk"))
    efforts = list(
        Effort.objects.filter(part__review=review)
        .select_related("part__party", "action", "commitment")
        .order_by("order")
    )
    figures = indicators_by_contract([review.contract_id]).get(review.contract_id, [])
    return outcome_from(review, parts, efforts, indicators=as_json(figures, review.round.year))


def outcome_from(
    review: AnnualReview,
    parts: Sequence[PartyReview],
    efforts: Sequence[Effort],
    indicators: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Give a review's outcome from its parts (with party), its efforts (with part and promise) and indicators."""
    rows = [_row(effort) for effort in efforts]
    return {
        "schema": SCHEMA,
        "parts": [_part(part, efforts) for part in parts],
        "efforts": rows,
        "counts": dict(Counter(str(row["status"] or NOT_FILLED_IN) for row in rows)),
        "position": position(review.prefilled.get("figures", {}), efforts),
        "indicators": list(indicators),
        "conclusion": review.conclusion,
        "handed_in": review.submitted_at is not None,
    }


def _part(part: PartyReview, efforts: Sequence[Effort]) -> dict[str, Any]:
    asked = sum(1 for effort in efforts if effort.part_id == part.pk)
    return {
        "party": part.party.name,
        "group": part.party.group,
        "asked": asked,
        "handed_in": part.state == PartState.SUBMITTED,
        "by": part.submitted_by_label,
    }


def _row(effort: Effort) -> dict[str, Any]:
    given = effort.part.state == PartState.SUBMITTED
    promise = effort.action or effort.commitment
    return {
        "title": str(promise),
        "title_en": promise.title_en if promise else "",
        "code": promise.code if promise else "",
        "sector": effort.action.sector if effort.action else "",
        "party": effort.part.party.name,
        "group": effort.part.party.group,
        "planned_kt": _text(effort.planned_kt),
        "status": effort.status if given else "",
        "expected_kt": _text(effort.expected_kt) if given else None,
        "reason": effort.reason if given and effort.status != EffortStatus.BLOCKED else "",
        "obstacle": effort.obstacle if given and effort.status == EffortStatus.BLOCKED else "",
        "learned": effort.learned if given else "",
        "previous_status": effort.previous_status,
        "effort": effort.pk,
    }


def change_kt(efforts: Sequence[Effort]) -> Decimal:
    """Give by how much the emission in the target year is higher than the contract says, in kt; negative is lower.

    Counts handed-in answers about actions for which the contract names a reduction; all others stay as promised.
    """
    return sum(
        (
            effort.planned_kt - effort.expected_kt
            for effort in efforts
            if effort.planned_kt is not None
            and effort.expected_kt is not None
            and effort.status
            and effort.part.state == PartState.SUBMITTED
        ),
        Decimal(0),
    )


def position(figures: dict[str, Any], efforts: Sequence[Effort]) -> dict[str, Any] | None:
    """Give where the contract stands in its target year, in kt, or None where its figures do not allow that.

    `promised_kt` is the emission by the contract, `expected_kt` the one by this year's answers, `gap_kt` what is
    left of it to the target. Effects are added up; that measures act on each other's remainder is not counted.
    """
    forecast, target = figures.get("forecast"), figures.get("target")
    if figures.get("unit") != "kt" or not forecast or not target:
        return None
    promised, goal = Decimal(forecast["kt"]), Decimal(target["kt"])
    expected = promised + change_kt(efforts)
    return {
        "year": target["year"],
        "gas": figures.get("gas", ""),
        "target_kt": str(goal),
        "promised_kt": str(promised),
        "expected_kt": str(expected),
        "gap_kt": str(expected - goal),
        "promised_gap_kt": str(promised - goal),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
