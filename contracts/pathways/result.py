"""The result of a case as a document: what page, reports, API and command show alike."""

import math
from typing import Any

import numpy as np

from contracts.pathways.budget import budget_use, cumulative
from contracts.pathways.combine import Evaluation, evaluate
from contracts.pathways.cost import abatement_curve, capital_of, costs_of, funding_of
from contracts.pathways.fields import CaseFaults
from contracts.pathways.gap import gap_of, gap_table
from contracts.pathways.model import TOTAL, Case
from contracts.pathways.trend import Floats
from contracts.pathways.uncertainty import QUANTILES, Uncertainty, simulate

Document = dict[str, Any]


def solve(case: Case, *, draws: int = 0, seed: int = 0) -> Document:
    """Calculate a case and give the result as a document of plain Python values, years as text.

    With `draws` above 0 (at most 100,000) uncertainty is worked out as well, from `seed`. A part that the case
    leaves out is left out of the result. Raises ValueError as `simulate` does, and CaseFaults where numbers are
    so large that no finite result comes out.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        found = evaluate(case)
        result = {**_emissions(found), **_measures(found), **_held_against(found)}
        if draws:
            result["uncertainty"] = _uncertainty(case, simulate(case, draws=draws, seed=seed))
    if not _finite(result):
        raise CaseFaults(["case: the numbers are too large to calculate with"])
    return result


def _series(years: range, values: Floats) -> dict[str, float]:
    return dict(zip(map(str, years), values.tolist(), strict=True))


def _emissions(found: Evaluation) -> Document:
    case, years = found.case, found.case.years
    codes = [source.code for source in case.sources]
    return {
        "years": list(years),
        "trend_kt": {
            **{code: _series(years, row) for code, row in zip(codes, found.trend, strict=True)},
            TOTAL: _series(years, found.trend_total),
        },
        "emissions_kt": {
            **{code: _series(years, row) for code, row in zip(codes, found.emissions, strict=True)},
            TOTAL: _series(years, found.emissions_total),
        },
        "net_kt": _series(years, found.net_total),
        "interaction_kt": _series(years, found.interaction),
        "cumulative_kt": _series(years, cumulative(found.emissions_total)),
    }


def _measures(found: Evaluation) -> Document:
    case, years = found.case, found.case.years
    costs = costs_of(found)
    measures = {}
    for row, measure in enumerate(case.measures):
        cost = costs.per_tonne[row]
        measures[measure.code] = {
            "standalone_kt": _series(years, found.standalone[row]),
            "attributed_kt": _series(years, found.attributed[row]),
            "clipped_kt": _series(years, found.clipped[row]),
            "compensation_kt": _series(years, found.compensation[row]),
            "npv_eur": float(costs.npv_eur[row]),
            "eur_per_tonne": {"simple": cost.simple, "annuity": cost.annuity, "npv": cost.npv},
        }
    result: Document = {
        "measures": measures,
        "macc": abatement_curve(found, costs),
        "not_counted": [measure.code for measure in case.measures if not measure.counts],
        "chances": dict(case.chances),
        "tonnes": case.tonnes,
    }
    if any(measure.funding for measure in case.measures):
        result["funding_eur"] = funding_of(case.measures)
    if any(measure.capital_source for measure in case.measures):
        result["capital_eur"] = capital_of(case.measures)
    return result


def _held_against(found: Evaluation) -> Document:
    case, result = found.case, Document()
    if case.target is not None:
        gap = gap_of(found, case.target)
        result |= {"target_kt": gap.target_kt, "gap_kt": gap.gap_kt, "net_gap_kt": gap.net_gap_kt}
    use = budget_use(case, found.emissions_total)
    if use is not None:
        result["budget_kt"] = use.amount_kt
        result["budget_left_kt"] = _series(use.years, use.left_kt)
        result["budget_used_up_in"] = use.used_up_in
    if case.gap_table is not None and case.target is not None:
        rows = gap_table(found, case.target, case.gap_table)
        result["gap_table"] = {
            "layout": case.gap_table.layout,
            **({"residual_rule": case.gap_table.residual_rule} if case.gap_table.layout == "v2" else {}),
            "sectors": {name: row for name, row in rows.items() if name != TOTAL},
            TOTAL: rows[TOTAL],
        }
    return result


def _uncertainty(case: Case, found: Uncertainty) -> Document:
    result: Document = {
        "draws": found.draws,
        "seed": found.seed,
        "quantiles_kt": {
            f"P{percent}": _series(case.years, row)
            for percent, row in zip(QUANTILES, found.quantiles_kt, strict=True)
        },
        "tornado": [
            {"code": swing.code, "low_kt": swing.low_kt, "high_kt": swing.high_kt, "swing_kt": swing.swing_kt}
            for swing in found.tornado
        ],
    }
    if found.chance_of_target is not None:
        result["chance_of_target"] = found.chance_of_target
    return result


def _finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    if isinstance(value, list):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)
