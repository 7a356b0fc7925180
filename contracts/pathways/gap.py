"""The target, the gap to it, and the three published layouts of the emissions gap table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.pathways.combine import Evaluation
from contracts.pathways.model import TOTAL, Case, GapTable, Target

MOST_RESIDUAL = 0.2  # of the baseline, in layout v1
OFFSET = 0.2  # of the trend, in layout nzc

Row = dict[str, float]


def reference_kt(case: Case, target: Target) -> float:
    """Give what the target is a reduction of, in kt: the given amount, or all emissions in the base year."""
    if target.reference_kt is not None:
        return target.reference_kt
    return sum(source.baseline_kt for source in case.sources)


def target_kt(case: Case, target: Target) -> float:
    """Give the emissions that the target allows in its year, in kt: (1 - t) x reference."""
    return (1.0 - target.reduction) * reference_kt(case, target)


@dataclass(frozen=True)
class Gap:
    """What the target allows and by how much the plan misses it, gross and less compensation.

    Kt in the target year.
    """

    target_kt: float
    gap_kt: float
    net_gap_kt: float


def gap_of(evaluation: Evaluation, target: Target) -> Gap:
    """Give the gap in the target year: combined - target, and combined - compensation - target."""
    at = target.year - evaluation.case.base_year
    allowed = target_kt(evaluation.case, target)
    return Gap(allowed, float(evaluation.emissions_total[at]) - allowed, float(evaluation.net_total[at]) - allowed)


@dataclass(frozen=True)
class _Amounts:
    """What a layout is filled from, in kt: of one sector, or of all of them."""

    baseline: float
    trend: float
    plan: float
    allowed: float
    other: float


def gap_table(evaluation: Evaluation, target: Target, table: GapTable) -> dict[str, Row]:
    """Give the rows of a gap table: one per sector and `total`, in kt in the target year.

    The target, and other plans that are only known in total, are spread over the sectors as the baseline is.
    """
    case = evaluation.case
    at = target.year - case.base_year
    layout = LAYOUTS[table.layout]
    columns = {
        sector: [column for column, source in enumerate(case.sources) if source.sector == sector]
        for sector in case.sectors
    }
    baselines = {sector: float(evaluation.trend[held, 0].sum()) for sector, held in columns.items()}
    other = _other_plans(table, baselines)
    whole = sum(baselines.values())
    allowed = target_kt(case, target)
    rows = {}
    for sector, inside in columns.items():
        trend = float(evaluation.trend[inside, at].sum())
        rows[sector] = _Amounts(
            baseline=baselines[sector],
            trend=trend,
            plan=trend - float(evaluation.emissions[inside, at].sum()),
            allowed=allowed * (baselines[sector] / whole if whole > 0.0 else 1.0 / len(columns)),
            other=other[sector],
        )
    held = list(rows.values())
    rows[TOTAL] = _Amounts(
        baseline=whole,
        trend=sum(row.trend for row in held),
        plan=sum(row.plan for row in held),
        allowed=allowed,
        other=sum(row.other for row in held),
    )
    return {name: layout(amounts, table) for name, amounts in rows.items()}


def _other_plans(table: GapTable, baselines: Mapping[str, float]) -> dict[str, float]:
    if isinstance(table.other_plans_kt, Mapping):
        given = table.other_plans_kt
        return {sector: given.get(sector, 0.0) for sector in baselines}
    whole = sum(baselines.values())
    return {
        sector: table.other_plans_kt * (baseline / whole if whole > 0.0 else 1.0 / len(baselines))
        for sector, baseline in baselines.items()
    }


def _v1(amounts: _Amounts, table: GapTable) -> Row:
    residual = min(amounts.allowed, MOST_RESIDUAL * amounts.baseline)
    reduction = amounts.baseline - residual
    return {
        "baseline_kt": amounts.baseline,
        "residual_kt": residual,
        "target_reduction_kt": reduction,
        "other_plans_kt": amounts.other,
        "gap_kt": reduction - amounts.other,
    }


def _v2(amounts: _Amounts, table: GapTable) -> Row:
    reduction = amounts.baseline - amounts.allowed
    by_template = table.residual_rule == "template"
    residual = amounts.baseline - (reduction if by_template else amounts.other + amounts.plan)
    return {
        "baseline_kt": amounts.baseline,
        "target_reduction_kt": reduction,
        "other_plans_kt": amounts.other,
        "gap_kt": reduction - amounts.other,
        "plan_reduction_kt": amounts.plan,
        "residual_kt": residual,
    }


def _nzc(amounts: _Amounts, table: GapTable) -> Row:
    remaining = amounts.trend - amounts.plan
    offset = OFFSET * amounts.trend
    return {
        "baseline_kt": amounts.baseline,
        "trend_kt": amounts.trend,
        "plan_reduction_kt": amounts.plan,
        "remaining_kt": remaining,
        "offset_kt": offset,
        "gap_kt": remaining - offset,
    }


LAYOUTS: Mapping[str, Callable[[_Amounts, GapTable], Row]] = {"v1": _v1, "v2": _v2, "nzc": _nzc}
