"""The newest figures of a contract, each with its source, as a review keeps them.

All values are kt of the gas that the series names, as text, so that JSON keeps every decimal. Figures come from
the contract's leading series; a series in percent gives no kilotons and is said to do so. Nothing is derived that
the source does not print, except the sum 'base minus reduction' where a forecast is missing, which is marked.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Q

from contracts.models import ContractMunicipality, ContractVersion, EmissionFigure, EmissionSeries
from contracts.models.emission import FigureKind, Unit

Snapshot = dict[str, Any]


def snapshots(versions: Iterable[ContractVersion]) -> dict[int, Snapshot]:
    """Give the figures of several contracts by the contract's primary key, in three queries.

    `versions` are the ones in force, with their contract: they name the base year and the target year.

    Keys: `unit` ('kt', 'pct' or ''), `gas`, `base`, `latest`, `forecast`, `target` (each None or a figure with
    `year`, `kt`, `source`, `locator`, and `derived` where the portal added up) and `path`: totals per year.
    """
    versions = list(versions)
    series = _leading_series([version.contract_id for version in versions])
    figures: dict[int, list[EmissionFigure]] = defaultdict(list)
    totals = EmissionFigure.objects.filter(
        series__in=[one.pk for one in series.values()], sector=EmissionFigure.TOTAL, value__isnull=False
    )
    for figure in totals.order_by("year", "pk"):
        figures[figure.series_id].append(figure)
    found: dict[int, Snapshot] = {}
    for version in versions:
        leading = series.get(version.contract_id)
        found[version.contract_id] = _snapshot(version, leading, figures[leading.pk] if leading else [])
    return found


def _leading_series(keys: list[int]) -> dict[int, EmissionSeries]:
    """Give the leading series per contract: the contract's own, or its only municipality's."""
    municipalities: dict[int, list[int]] = defaultdict(list)
    rows = ContractMunicipality.objects.filter(contract__in=keys)
    for contract_id, municipality_id in rows.values_list("contract", "municipality"):
        municipalities[municipality_id].append(contract_id)
    alone = _contracts_with_one(municipalities)
    found: dict[int, EmissionSeries] = {}
    candidates = EmissionSeries.objects.filter(
        Q(contract__in=keys) | Q(municipality__in=list(alone)), is_leading=True
    ).select_related("source")
    for one in candidates.order_by("contract_id", "pk"):
        owners = [one.contract_id] if one.contract_id else alone.get(one.municipality_id or 0, [])
        for contract_id in owners:
            found.setdefault(contract_id, one)
    return found


def _contracts_with_one(municipalities: dict[int, list[int]]) -> dict[int, list[int]]:
    """Keep the contracts that have one municipality: the figures of one city of several are not the contract's."""
    count: dict[int, int] = defaultdict(int)
    for contract_ids in municipalities.values():
        for contract_id in contract_ids:
            count[contract_id] += 1
    return {
        municipality: [one for one in contract_ids if count[one] == 1]
        for municipality, contract_ids in municipalities.items()
    }


def _snapshot(version: ContractVersion, series: EmissionSeries | None, figures: list[EmissionFigure]) -> Snapshot:
    empty: Snapshot = dict.fromkeys(("base", "latest", "forecast", "target"))
    if series is None:
        return {"unit": "", "gas": "", "path": [], **empty}
    if series.unit != Unit.KT:
        return {"unit": series.unit, "gas": series.gas, "path": [], **empty}
    measured = [figure for figure in figures if figure.kind == FigureKind.MEASURED]
    year = version.target_year
    base = _of(figures, FigureKind.MEASURED, version.base_year, series) if version.base_year else None
    if base is None and measured:
        base = _as_json(measured[0], series)
    return {
        "unit": series.unit,
        "gas": series.gas,
        "path": [[figure.year, str(figure.value)] for figure in measured],
        "base": base,
        "latest": _as_json(measured[-1], series) if measured else None,
        "forecast": _of(figures, FigureKind.FORECAST, year, series) or _derived(base, figures, year, series),
        "target": _of(figures, FigureKind.TARGET, year, series),
    }


def _of(
    figures: list[EmissionFigure], kind: FigureKind, year: int, series: EmissionSeries
) -> dict[str, object] | None:
    for figure in figures:
        if figure.kind == kind and figure.year == year:
            return _as_json(figure, series)
    return None


def _derived(
    base: dict[str, object] | None, figures: list[EmissionFigure], year: int, series: EmissionSeries
) -> dict[str, object] | None:
    """Give the expected emission as base minus published reduction, marked as worked out by the portal."""
    reduction = _of(figures, FigureKind.REDUCTION, year, series)
    if base is None or reduction is None:
        return None
    rest = Decimal(str(base["kt"])) - Decimal(str(reduction["kt"]))
    return {**reduction, "kt": str(rest), "derived": True}


def _as_json(figure: EmissionFigure, series: EmissionSeries) -> dict[str, object]:
    return {
        "year": figure.year,
        "kt": str(figure.value),
        "source": str(series.source),
        "locator": series.locator,
    }
