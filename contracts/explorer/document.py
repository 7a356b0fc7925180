"""The inputs of a contract's pathway as a case of the calculation."""

from collections.abc import Iterator
from typing import Any

from contracts.explorer.inputs import LIFETIME_YEARS, Inputs, MeasureInput
from contracts.pathways.reading import SCHEMA

# Contracts after the first template print the first layout of the gap table, later ones the second.
LAYOUTS = {"nzc-v1": "v1", "nzc-v2": "v2"}


def document_of(inputs: Inputs, *, standard: str = "") -> dict[str, Any]:
    """Give the case as a document of the form nss-pathway/1 (docs/pathways.md).

    A measure without a sector stays out; the page names it. The spread makes a symmetric low and high end, the low
    one at least 0.
    """
    base = inputs.base
    case: dict[str, Any] = {
        "schema": SCHEMA,
        "base_year": base.year,
        "end_year": inputs.target_year,
        "sources": [
            {"code": row.code, "sector": row.code, "baseline_kt": row.kt, "trend": {"rate": inputs.trend_rate}}
            for row in base.rows
        ],
        "measures": [_measure(m) for m in inputs.measures if m.sector or m.compensated_kt],
    }
    if inputs.target_kt is not None and base.total_kt > 0:
        # The target is an amount: of itself nothing is to be taken off.
        case["target"] = {"year": inputs.target_year, "reduction": 0.0, "reference_kt": inputs.target_kt}
        case["gap_table"] = {"layout": LAYOUTS.get(standard, "v2"), "residual_rule": "remaining"}
    if inputs.budget_kt is not None:
        case["budget"] = {"amount_kt": inputs.budget_kt, "from_year": base.year}
    return case


def _effects(measure: MeasureInput) -> Iterator[dict[str, Any]]:
    spread = {"low": 1.0 - measure.spread, "high": 1.0 + measure.spread}
    if measure.sector:
        kt = {name: measure.kt * factor for name, factor in spread.items()}
        yield {"source": measure.sector, "kind": "absolute", "value": measure.kt, **kt}
    if measure.compensated_kt:
        kt = {name: measure.compensated_kt * factor for name, factor in spread.items()}
        yield {"kind": "compensation", "value": measure.compensated_kt, **kt}


def _measure(measure: MeasureInput) -> dict[str, Any]:
    total = sum(measure.capex_eur.values())
    return {
        "code": measure.code,
        "status": measure.status,
        "start_year": measure.start_year,
        "full_year": measure.full_year,
        "effects": list(_effects(measure)),
        "opex_eur_per_year": measure.opex_eur,
        "savings_eur_per_year": measure.savings_eur,
        "capex_eur": {str(year): amount for year, amount in measure.capex_eur.items()},
        "lifetime_years": LIFETIME_YEARS,
        "funding": [
            {"payer": name, "share": amount / total} for name, amount in measure.payers.items() if total > 0
        ],
    }
