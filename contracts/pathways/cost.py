"""What measures cost: present value, yearly instalment, cost per tonne, and who pays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from contracts.pathways.combine import Evaluation
from contracts.pathways.model import Measure
from contracts.pathways.trend import Floats

TONNES_PER_KT = 1000.0


def npv(rate: float, flows: Sequence[float] | Floats) -> float:
    """Give the present value of yearly flows, the first of which is not discounted, in the unit of the flows.

    sum c(t)/(1 + d)^t; the definition of numpy-financial's `npv`. Raises ValueError for a rate of -1 or less.
    """
    if rate <= -1.0:
        raise ValueError(f"the rate {rate} is not above -1")
    amounts = np.asarray(flows, float)
    return float((amounts / (1.0 + rate) ** np.arange(len(amounts))).sum())


def capital_recovery_factor(rate: float, years: float) -> float:
    """Give the yearly instalment of 1 over `years` at `rate`: d(1 + d)^n/((1 + d)^n - 1), and 1/n at rate 0.

    Raises ValueError for a rate below 0 or for no years.
    """
    if rate < 0.0 or years <= 0.0:
        raise ValueError(f"no instalments at rate {rate} over {years} years")
    if rate == 0.0:
        return 1.0 / years
    return float(-rate / np.expm1(-years * np.log1p(rate)))


def annuity(principal: float, rate: float, periods: float) -> float:
    """Give the instalment per period of a loan, in the unit of `principal`; the rate is per period.

    Raises ValueError as `capital_recovery_factor` does.
    """
    return principal * capital_recovery_factor(rate, periods)


@dataclass(frozen=True)
class CostPerTonne:
    """Euro per tonne CO2e in the three ways that published plans use; None without tonnes, or without a lifetime.

    `simple`: (total capex - savings a year)/tonnes a year; `annuity`: (CRF x capex + opex - savings)/tonnes a
    year, both in the full year; `npv`: present value/tonnes over the horizon.
    """

    simple: float | None
    annuity: float | None
    npv: float | None


@dataclass(frozen=True)
class Costs:
    """Costs of all measures: `npv_eur` (measures,), positive is a cost, and the cost per tonne of each."""

    npv_eur: Floats
    per_tonne: tuple[CostPerTonne, ...]


def flows_of(measure: Measure, carried_out: Floats, years: range) -> Floats:
    """Give the net cash flow capex + opex - savings, in euro, shape (years,).

    Yearly opex and savings run from the start year on, times how far the measure is carried out.
    """
    flows = (measure.opex_eur_per_year - measure.savings_eur_per_year) * carried_out
    for year, amount in measure.capex_eur.items():
        flows[year - years[0]] += amount
    return flows


def costs_of(evaluation: Evaluation) -> Costs:
    """Give present values and costs per tonne; a vague measure counts as nothing, in money too."""
    case = evaluation.case
    attributed = case.tonnes == "attributed"
    per_year = evaluation.full_year_kt(attributed=attributed) * TONNES_PER_KT
    reduction = evaluation.attributed if attributed else evaluation.standalone
    overall = (reduction + evaluation.compensation).sum(axis=1) * TONNES_PER_KT
    values = np.zeros(len(case.measures))
    per_tonne = []
    for row, measure in enumerate(case.measures):
        if measure.counts:
            values[row] = npv(case.discount_rate, flows_of(measure, evaluation.curves[row], case.years))
        per_tonne.append(
            _per_tonne(measure, case.discount_rate, float(values[row]), float(per_year[row]), float(overall[row]))
        )
    return Costs(values, tuple(per_tonne))


def _per_tonne(measure: Measure, rate: float, value: float, per_year: float, overall: float) -> CostPerTonne:
    capex, savings = sum(measure.capex_eur.values()), measure.savings_eur_per_year
    yearly = None
    if measure.lifetime_years is not None:
        instalment = annuity(capex, rate, measure.lifetime_years)
        yearly = _quotient(instalment + measure.opex_eur_per_year - savings, per_year)
    return CostPerTonne(_quotient(capex - savings, per_year), yearly, _quotient(value, overall))


def _quotient(euro: float, tonnes: float) -> float | None:
    """Divide, or give None for no tonnes: also for so few that no finite cost comes out."""
    found = euro / tonnes if tonnes > 0.0 else math.inf
    return found if math.isfinite(found) else None


def abatement_curve(evaluation: Evaluation, costs: Costs) -> list[str]:
    """Give the codes of the measures by annuity per tonne, the cheapest first, equal costs by code.

    A measure without tonnes or without a lifetime has no such cost and stays out.
    """
    priced = [
        (cost.annuity, measure.code)
        for measure, cost in zip(evaluation.case.measures, costs.per_tonne, strict=True)
        if cost.annuity is not None
    ]
    return [code for _cost, code in sorted(priced)]


def funding_of(measures: Sequence[Measure]) -> dict[str, float]:
    """Give the investment in euro per payer, over the measures that count."""
    found: dict[str, float] = {}
    for measure in measures:
        for part in measure.funding if measure.counts else ():
            found[part.payer] = found.get(part.payer, 0.0) + part.share * sum(measure.capex_eur.values())
    return found


def capital_of(measures: Sequence[Measure]) -> dict[str, float]:
    """Give the investment in euro per source of capital, over the measures that count and name one."""
    found: dict[str, float] = {}
    for measure in measures:
        if measure.counts and measure.capital_source:
            amount = sum(measure.capex_eur.values())
            found[measure.capital_source] = found.get(measure.capital_source, 0.0) + amount
    return found
