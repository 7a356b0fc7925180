"""What a pathway is calculated from.

Sources, measures, target and budget, checked and without any document format.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Curve = Literal["linear", "s_curve", "step"]
Kind = Literal["fraction", "absolute", "compensation"]
Status = Literal["certain", "expected", "intended", "vague"]
Tonnes = Literal["standalone", "attributed"]
Layout = Literal["v1", "v2", "nzc"]
ResidualRule = Literal["template", "remaining"]

CURVES: tuple[Curve, ...] = ("linear", "s_curve", "step")
KINDS: tuple[Kind, ...] = ("fraction", "absolute", "compensation")
STATUSES: tuple[Status, ...] = ("certain", "expected", "intended", "vague")
TONNES: tuple[Tonnes, ...] = ("standalone", "attributed")
LAYOUTS: tuple[Layout, ...] = ("v1", "v2", "nzc")
RESIDUAL_RULES: tuple[ResidualRule, ...] = ("template", "remaining")

TOTAL = "total"
STEEPNESS = 10.0  # k of the normalised logistic
DISCOUNT_RATE = 0.035  # per year
MOST_DRAWS = 100_000
# The chance that a measure is carried out, by status; a standard, or a case, may set others.
CHANCES: Mapping[Status, float] = MappingProxyType(
    {"certain": 1.0, "expected": 0.8, "intended": 0.5, "vague": 0.0}
)
NO_DELAY: Mapping[int, float] = MappingProxyType({0: 1.0})


@dataclass(frozen=True)
class Source:
    """A source of emissions: a sector or a part of one.

    `baseline_kt` is kt CO2e in the base year. At most one of the three trends is given: one `rate` per year,
    `rates` from the year before to that year (a year that is not named has 0), or a `series` of kt in later
    years.
    """

    code: str
    sector: str
    baseline_kt: float
    rate: float | None = None
    rates: Mapping[int, float] | None = None
    series: Mapping[int, float] | None = None


@dataclass(frozen=True)
class Effect:
    """What a measure does to one source: a share of what is left (0 to 1), or kt a year in the full year.

    A compensation lowers no source; `source` may name the one it is booked beside.
    """

    kind: Kind
    value: float
    source: str | None = None
    low: float | None = None
    high: float | None = None

    @property
    def lowest(self) -> float:
        """Give the low end of the effect; the value itself when none is given."""
        return self.value if self.low is None else self.low

    @property
    def highest(self) -> float:
        """Give the high end of the effect; the value itself when none is given."""
        return self.value if self.high is None else self.high


@dataclass(frozen=True)
class Share:
    """Who pays which share (0 to 1) of a measure's investment."""

    payer: str
    share: float


@dataclass(frozen=True)
class Measure:
    """A measure: when, how surely, what it does, what it costs (euro in prices of the base year)."""

    code: str
    start_year: int
    full_year: int
    effects: tuple[Effect, ...] = ()
    status: Status = "certain"
    curve: Curve = "linear"
    steepness: float = STEEPNESS
    capex_eur: Mapping[int, float] = field(default_factory=dict)
    opex_eur_per_year: float = 0.0
    savings_eur_per_year: float = 0.0
    lifetime_years: float | None = None
    delay_years: Mapping[int, float] = field(default_factory=lambda: NO_DELAY)
    funding: tuple[Share, ...] = ()
    capital_source: str | None = None

    @property
    def counts(self) -> bool:
        """Say whether the deterministic result counts this measure: all but the vague ones."""
        return self.status != "vague"


@dataclass(frozen=True)
class Target:
    """A reduction (0 to 1) by a year, of an amount in kt or else of the emissions in the base year."""

    year: int
    reduction: float
    reference_kt: float | None = None


@dataclass(frozen=True)
class Budget:
    """A carbon budget: an amount in kt, or kt per person of the population with the share that is in scope."""

    from_year: int
    amount_kt: float | None = None
    kt_per_person: float | None = None
    scope_share: float = 1.0


@dataclass(frozen=True)
class GapTable:
    """Which layout of the emissions gap table; `other_plans_kt` in total, or per sector."""

    layout: Layout
    other_plans_kt: float | Mapping[str, float] = 0.0
    residual_rule: ResidualRule = "template"


@dataclass(frozen=True)
class Case:
    """Everything that one calculation needs; `read_case` makes one out of a document and checks it."""

    base_year: int
    end_year: int
    sources: tuple[Source, ...]
    measures: tuple[Measure, ...] = ()
    discount_rate: float = DISCOUNT_RATE
    population: float | None = None
    target: Target | None = None
    budget: Budget | None = None
    gap_table: GapTable | None = None
    chances: Mapping[Status, float] = field(default_factory=lambda: CHANCES)
    tonnes: Tonnes = "standalone"

    @property
    def years(self) -> range:
        """Give the years of the case, the base year first."""
        return range(self.base_year, self.end_year + 1)

    @property
    def sectors(self) -> tuple[str, ...]:
        """Give the sectors in the order in which the sources name them."""
        return tuple(dict.fromkeys(source.sector for source in self.sources))
