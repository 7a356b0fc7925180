"""What the pathway of a contract is calculated from, each number with where it comes from.

Nothing is derived that a publication leaves open: a sector without a figure stays out, and is named. Where the
calculation needs a number that the contract does not give, an assumption of the portal stands in, marked as such.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from contracts.figures import outlook
from contracts.models import Action, ClimateContract, ContractVersion, EmissionFigure, EmissionSeries
from contracts.models.action import InvestmentKind, Payer
from contracts.models.emission import FigureKind, Unit
from contracts.selectors.contract import claim

# The status of an action whose contract says nothing of how sure it is.
ASSUMED_STATUS = "expected"
# Over how many years an investment is spread in the cost per tonne; no contract in the portal gives one.
LIFETIME_YEARS = 30
EUR_PER_MEUR = 1_000_000.0


@dataclass(frozen=True)
class SectorBase:
    """Emissions of a sector in the base year, in kt CO2(e)."""

    code: str
    label: str
    kt: float


@dataclass(frozen=True)
class Base:
    """Published emissions per sector in one year, from one table of one source: never mixed with another."""

    key: str
    year: int
    source: str
    place: str
    boundary: str
    rows: tuple[SectorBase, ...]
    unpublished: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name year, source and table."""
        return f"{self.year} · {self.source}, {self.place}"

    @property
    def total_kt(self) -> float:
        """Give the sum of the sectors, in kt."""
        return sum(row.kt for row in self.rows)


@dataclass(frozen=True)
class MeasureInput:
    """An action as a measure: kt in the full year on one sector, when, how surely, and for how much.

    `sector` is empty while the base has no figures of the action's sector: the measure is then not counted.
    `spread` is how far the effect may turn out lower or higher, as a share (0 to 1) of `kt`.
    """

    code: str
    label: str
    kt: float
    sector: str
    start_year: int
    full_year: int
    status: str
    spread: float
    capex_eur: dict[int, float]
    payers: dict[str, float]
    origin: str
    # Costs and savings of running it, a year, and what it compensates in its full year.
    opex_eur: float = 0.0
    savings_eur: float = 0.0
    compensated_kt: float = 0.0
    assumptions: tuple[str, ...] = ()
    # Somebody who explores gave it another value than the contract has.
    is_changed: bool = False
    # The code of a measure of the library that is added here; empty for an action of the contract.
    added: str = ""


@dataclass(frozen=True)
class Inputs:
    """Everything that the pathway of a contract is calculated from; rates as a share per year."""

    base: Base
    bases: tuple[Base, ...]
    measures: tuple[MeasureInput, ...]
    without_effect: tuple[str, ...]
    target_year: int
    target_kt: float | None
    target_origin: str
    trend_rate: float = 0.0
    budget_kt: float | None = None
    # What is left in the target year by the publication's own table, in kt, and which; None where it does not say.
    published_kt: float | None = None
    published_origin: str = ""


def inputs_of(
    contract: ClimateContract,
    version: ContractVersion,
    rows: Sequence[EmissionFigure],
    actions: Iterable[Action],
    base_key: str = "",
) -> Inputs | None:
    """Read what the pathway of a version is made of; None where no table gives emissions per sector in kt.

    `rows` are the figures of the contract and its municipalities, `base_key` chooses a table by its `Base.key`; no
    query of its own.
    """
    bases = bases_of(contract, version, rows)
    if not bases:
        return None
    base = next((each for each in bases if each.key == base_key), bases[0])
    actions = list(actions)
    target = _target(version, rows)
    own = [row for row in rows if row.series.source_id == contract.publication_id and row.series.is_leading]
    published = outlook([claim(row) for row in own], base_year=version.base_year, target_year=version.target_year)
    return Inputs(
        base=base,
        bases=bases,
        measures=tuple(_measure(action, version, base) for action in actions if _does_something(action)),
        without_effect=tuple(action.label for action in actions if not _does_something(action)),
        target_year=version.target_year,
        target_kt=float(target.value) if target is not None and target.value is not None else None,
        target_origin=f"{target.series.source.label}, {target.series.place}" if target is not None else "",
        published_kt=float(published.remaining) if published is not None else None,
        published_origin=published.base.place if published is not None else "",
    )


def bases_of(
    contract: ClimateContract, version: ContractVersion, rows: Sequence[EmissionFigure]
) -> tuple[Base, ...]:
    """Give the tables that a pathway may start from, the contract's own first.

    A joint contract takes tables of all its municipalities together only.
    """
    joint = len(getattr(contract, "places", ())) > 1
    found = []
    usable = [row for row in rows if _is_sector(row) and not (joint and row.series.municipality_id)]
    for (_series, year), group in groupby(sorted(usable, key=_by_table), key=_by_table):
        held = list(group)
        base = _base(held, year)
        if base.rows and year < version.target_year:
            found.append((_preference(contract, version, held[0].series, year), base))
    return tuple(base for _rank, base in sorted(found, key=lambda item: item[0]))


def _by_table(row: EmissionFigure) -> tuple[int, int]:
    return (row.series_id, row.year)


def _is_sector(row: EmissionFigure) -> bool:
    """Say whether a figure is a sector's own row: no total, no part of a sector, no part printed by itself."""
    plain = row.sector not in {EmissionFigure.TOTAL, "urban"} and "." not in row.sector and not row.is_detail
    return plain and row.kind == FigureKind.MEASURED and row.series.unit == Unit.KT


def _preference(
    contract: ClimateContract, version: ContractVersion, series: EmissionSeries, year: int
) -> tuple[bool, bool, bool, int]:
    own = series.source_id == contract.publication_id
    return (not (own and series.is_leading), not own, year != version.base_year, -year)


def _base(rows: Sequence[EmissionFigure], year: int) -> Base:
    series = rows[0].series
    return Base(
        key=f"{series.pk}-{year}",
        year=year,
        source=series.source.label,
        place=series.place,
        boundary=series.boundary,
        rows=tuple(
            SectorBase(row.sector, row.sector_label, float(row.value)) for row in rows if row.value is not None
        ),
        unpublished=tuple(row.sector_label for row in rows if row.value is None),
    )


def _target(version: ContractVersion, rows: Sequence[EmissionFigure]) -> EmissionFigure | None:
    wanted = (FigureKind.TARGET, EmissionFigure.TOTAL, version.target_year, Unit.KT)
    return next(
        (
            row
            for row in rows
            if (row.kind, row.sector, row.year, row.series.unit) == wanted and row.value is not None
        ),
        None,
    )


def _does_something(action: Action) -> bool:
    """Say whether an action states a reduction or a compensation in kilotons."""
    return action.effect_kt is not None or action.compensated_kt is not None


def _years(action: Action, version: ContractVersion, base: Base, assumed: list[str]) -> tuple[int, int]:
    """Give from when an action works and when in full, within the years of the case; notes what is assumed.

    The reduction is that of the target year, so an action that ends later is complete by then all the same.
    """
    last = version.target_year
    if action.starts_in:
        start = action.starts_in
    elif version.adopted_on:
        start = version.adopted_on.year
    else:
        start = base.year
        assumed.append(_("start in the base year"))
    start = min(max(start, base.year), last)
    full = action.ends_in if action.ends_in and start <= action.ends_in <= last else last
    return start, full


def _running(action: Action, kind: str, assumed: list[str]) -> float:
    """Give costs or savings a year in euro: the mean over the years that the contract names."""
    posts = [post for post in action.investments.all() if post.kind == kind]
    years = {post.year for post in posts if post.year is not None}
    if any(post.year is None for post in posts):
        assumed.append(_("running costs or savings without a year are not counted"))
    total = sum(float(post.amount_meur) for post in posts if post.year is not None)
    return total * EUR_PER_MEUR / len(years) if years else 0.0


def _measure(action: Action, version: ContractVersion, base: Base) -> MeasureInput:
    sectors = {row.code for row in base.rows}
    assumed: list[str] = []
    start, full = _years(action, version, base, assumed)
    if not action.certainty:
        assumed.append(_("how sure it is"))
    capex: dict[int, float] = {}
    payers: dict[str, float] = {}
    for post in action.investments.all():
        if post.kind != InvestmentKind.CAPITAL:
            continue
        amount = float(post.amount_meur) * EUR_PER_MEUR
        year = min(max(post.year or start, base.year), version.target_year)
        capex[year] = capex.get(year, 0.0) + amount
        payers[post.payer] = payers.get(post.payer, 0.0) + amount
        if post.year is None:
            assumed.append(_("year of the investment"))
    return MeasureInput(
        code=action.code,
        label=action.label,
        kt=float(action.effect_kt or 0),
        sector=action.sector if action.sector in sectors else "",
        start_year=start,
        full_year=full,
        status=action.certainty or ASSUMED_STATUS,
        spread=0.0,
        capex_eur=capex,
        payers={name: amount for name, amount in payers.items() if name != Payer.UNKNOWN},
        origin=action.source_locator,
        opex_eur=_running(action, InvestmentKind.OPERATION, assumed),
        savings_eur=_running(action, InvestmentKind.SAVINGS, assumed),
        compensated_kt=float(action.compensated_kt or 0),
        assumptions=tuple(dict.fromkeys(assumed)),
    )
