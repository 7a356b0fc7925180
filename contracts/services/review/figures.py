"""The newest figures of a contract, each with its source, as a review keeps them.

Figures come from the table that the contract itself reckons with: the leading series of its publication, of the
contract or of its only municipality. Values are kt of the gas that the series names, as text, so that JSON keeps
every decimal; a series in percent gives no kilotons and is said to do so. What remains in the target year is taken
from the publication, or worked out of its terms and marked so (`contracts.figures.outlook`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from contracts.figures import outlook
from contracts.models import ContractMunicipality, ContractVersion, EmissionFigure
from contracts.models.emission import FigureKind, Unit
from contracts.selectors.contract import claim

Snapshot = dict[str, Any]
NAMED = ("base", "latest", "forecast", "target")


def snapshots(versions: Iterable[ContractVersion]) -> dict[int, Snapshot]:
    """Give the figures of several contracts by the contract's primary key, in two queries.

    `versions` are the ones in force, with their contract: they name the base year and the target year. Keys of a
    snapshot: `unit` ('kt', 'pct' or ''), `gas`, `path` (measured totals: year, kt), and `base`, `latest`,
    `forecast` and `target`: each None or a figure with `year`, `kt`, `source`, `locator` and `derived`.
    """
    versions = list(versions)
    rows = _totals(versions)
    return {version.contract_id: _snapshot(version, rows[version.contract_id]) for version in versions}


def _totals(versions: Sequence[ContractVersion]) -> dict[int, list[EmissionFigure]]:
    """Give the published totals of the leading series per contract, in order of year."""
    publication = {version.contract_id: version.contract.publication_id for version in versions}
    alone = _only_municipalities(list(publication))
    figures = EmissionFigure.objects.filter(
        Q(series__contract__in=list(publication)) | Q(series__municipality__in=list(alone)),
        series__is_leading=True,
        sector=EmissionFigure.TOTAL,
        value__isnull=False,
    ).select_related("series__source", "series__municipality")
    found: dict[int, list[EmissionFigure]] = defaultdict(list)
    for figure in figures.order_by("year", "pk"):
        series = figure.series
        owners = [series.contract_id] if series.contract_id else alone.get(series.municipality_id or 0, [])
        for contract_id in owners:
            if publication[contract_id] in (None, series.source_id):
                found[contract_id].append(figure)
    return found


def _only_municipalities(contracts: Sequence[int]) -> dict[int, list[int]]:
    """Give, per municipality, the contracts that it has alone: of a joint one a city's figures are a part only."""
    links = ContractMunicipality.objects.filter(contract__in=contracts).values_list("contract", "municipality")
    of_contract: dict[int, list[int]] = defaultdict(list)
    for contract_id, municipality_id in links:
        of_contract[contract_id].append(municipality_id)
    found: dict[int, list[int]] = defaultdict(list)
    for contract_id, municipalities in of_contract.items():
        if len(municipalities) == 1:
            found[municipalities[0]].append(contract_id)
    return found


def _snapshot(version: ContractVersion, figures: Sequence[EmissionFigure]) -> Snapshot:
    kilotons = [figure for figure in figures if figure.series.unit == Unit.KT]
    named: Snapshot = dict.fromkeys(NAMED)
    if not kilotons:
        return {"unit": Unit.PERCENT.value if figures else "", "gas": "", "path": [], **named}
    measured = [figure for figure in kilotons if figure.kind == FigureKind.MEASURED]
    year = version.target_year
    if measured:
        base = [figure for figure in measured if figure.year == version.base_year]
        named |= {"base": _as_json((base or measured)[0]), "latest": _as_json(measured[-1])}
    named["target"] = _of(kilotons, FigureKind.TARGET, year)
    named["forecast"] = _of(kilotons, FigureKind.FORECAST, year) or _derived(version, kilotons)
    return {
        "unit": Unit.KT.value,
        "gas": kilotons[0].series.gas,
        "path": [[figure.year, str(figure.value)] for figure in measured],
        **named,
    }


def _of(figures: Sequence[EmissionFigure], kind: FigureKind, year: int) -> Snapshot | None:
    return next((_as_json(one) for one in figures if one.kind == kind and one.year == year), None)


def _derived(version: ContractVersion, figures: Sequence[EmissionFigure]) -> Snapshot | None:
    """Give what remains in the target year where the publication prints the terms only."""
    found = outlook(
        [claim(figure) for figure in figures], base_year=version.base_year, target_year=version.target_year
    )
    reduction = _of(figures, FigureKind.REDUCTION, version.target_year)
    if found is None or reduction is None:
        return None
    return {**reduction, "kt": str(found.remaining), "derived": True}


def _as_json(figure: EmissionFigure) -> Snapshot:
    return {
        "year": figure.year,
        "kt": str(figure.value),
        "source": str(figure.series.source),
        "locator": figure.series.locator,
    }
