"""Emissions added up over years, and how long a carbon budget lasts."""

from dataclasses import dataclass

import numpy as np

from contracts.pathways.model import Budget, Case
from contracts.pathways.trend import Floats


def cumulative(emissions: Floats) -> Floats:
    """Add up yearly emissions by the trapezoid rule: kt in, kt since the first year out, shape (years,)."""
    steps = (emissions[1:] + emissions[:-1]) / 2.0
    return np.concatenate([[0.0], np.cumsum(steps)])


def budget_kt(budget: Budget, population: float | None) -> float:
    """Give a carbon budget in kt: the amount, or share per person x population x share in scope.

    Raises ValueError when neither an amount nor a share per person with a population is known.
    """
    if budget.amount_kt is not None:
        return budget.amount_kt
    if budget.kt_per_person is None or population is None:
        raise ValueError("a budget needs an amount, or a share per person and the population")
    return budget.kt_per_person * population * budget.scope_share


@dataclass(frozen=True)
class BudgetUse:
    """A budget in kt, what is left after each year from its first on, and the decimal year when it is used up."""

    amount_kt: float
    years: range
    left_kt: Floats
    used_up_in: float | None


def budget_use(case: Case, emissions: Floats) -> BudgetUse | None:
    """Hold gross emissions (kt, shape (years,)) against the budget of a case; None when it has none.

    Nothing is used at the start of the budget's first year; between years the cumulative kt are interpolated.
    """
    if case.budget is None:
        return None
    amount = budget_kt(case.budget, case.population)
    first = case.budget.from_year
    used = cumulative(emissions[first - case.base_year :])
    years = range(first, case.end_year + 1)
    return BudgetUse(amount, years, amount - used, _crossing(used, amount, first))


def _crossing(used: Floats, amount: float, first: int) -> float | None:
    reached = np.flatnonzero(used >= amount)
    if not len(reached):
        return None
    after = int(reached[0])
    if after == 0:
        return float(first)
    step = used[after] - used[after - 1]
    return float(first + after - 1 + (amount - used[after - 1]) / step)
