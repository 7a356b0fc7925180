"""Published figures held against each other: pure functions, no database, nothing of Django.

A climate contract prints the same quantity in several places, and sums of rows beside totals. Where these differ
the portal says so and shows both; it corrects nothing and fills no gap. Values are `Decimal` in the unit of the
series (kt, or percent of a reference year). A number stands for everything that is rounded to it: its margin is
half the weight of its last printed digit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import combinations

TOTAL = "total"

# Subject, source, locator, boundary, unit, kind, year: one column of one table.
Column = tuple[str, str, str, str, str, str, int]

# What one unit of the source is in the unit of the series (kt, or percent).
FACTORS: Mapping[str, Decimal] = {
    "kg": Decimal("0.000001"),
    "ton": Decimal("0.001"),
    "kton": Decimal(1),
    "Mton": Decimal(1000),
    "%": Decimal(1),
}


class Check(StrEnum):
    """What was held against what."""

    SUM = "sum"  # the rows of a table against its total
    PLACES = "places"  # one quantity, printed in two places
    PARTS = "parts"  # a part that is printed by itself against the sectors it consists of
    RESULT = "result"  # a printed result against the printed numbers it follows from


@dataclass(frozen=True)
class Claim:
    """One published number, and where it stands.

    `step` is the weight of the last printed digit, in the value's unit. `value` is None where the source publishes
    none. `subject` tells the cities of a joint contract apart; only numbers of one subject are compared.
    `boundary` says what is counted (scope and gas); empty where the source does not say. A sector with a dot
    ('built.housing') is a part of the sector before the dot. `locator` names the place for good, `label` and
    `place` say sector and place in the reader's language.
    """

    source: str
    locator: str
    kind: str
    sector: str
    year: int
    value: Decimal | None
    step: Decimal
    unit: str = "kt"
    boundary: str = ""
    is_detail: bool = False
    printed: str = ""
    printed_unit: str = ""
    label: str = ""
    place: str = ""
    subject: str = ""

    @property
    def margin(self) -> Decimal:
        """How far the true value may lie from the printed one by rounding."""
        return self.step / 2

    @property
    def column(self) -> Column:
        """What belongs to one column of one table: only such rows may be added up."""
        return (self.subject, self.source, self.locator, self.boundary, self.unit, self.kind, self.year)


@dataclass(frozen=True)
class Reading:
    """One side of a comparison: a printed number, or a sum of printed numbers (then `terms` names them)."""

    value: Decimal
    margin: Decimal
    locator: str
    boundary: str = ""
    terms: tuple[Claim, ...] = ()
    claim: Claim | None = None

    @property
    def place(self) -> str:
        """Give the place for people."""
        first = self.claim or self.terms[0]
        return first.place or self.locator

    @property
    def is_computed(self) -> bool:
        """Say whether the portal worked this value out of printed ones."""
        return self.claim is None


@dataclass(frozen=True)
class Finding:
    """Two numbers that differ for one quantity, that of `claim`; `key` stays as long as quantity and places do."""

    check: Check
    claim: Claim
    one: Reading
    other: Reading

    @property
    def key(self) -> str:
        """Name the finding, so that an explanation stays tied to it."""
        claim, places = self.claim, f"{self.one.locator}|{self.other.locator}"
        return f"{self.check}|{claim.subject}|{claim.source}|{claim.kind}|{claim.sector}|{claim.year}|{places}"

    @property
    def difference(self) -> Decimal:
        """The second number minus the first, in the unit of the finding."""
        return self.other.value - self.one.value

    @property
    def is_rounding(self) -> bool:
        """Say whether rounding alone can explain the difference."""
        return abs(self.difference) <= self.one.margin + self.other.margin

    @property
    def same_boundary(self) -> bool:
        """Say whether both sides count the same, or the source does not say that they do not."""
        return not (self.one.boundary and self.other.boundary) or self.one.boundary == self.other.boundary


@dataclass(frozen=True)
class Outlook:
    """Where a contract ends up: base, what remains in the target year, target and gap, all in kt.

    `remaining_is_computed` and `gap_is_computed` say that the publication gives the terms but not the result.
    """

    base_year: int
    base: Claim
    target_year: int
    remaining: Decimal
    remaining_is_computed: bool
    target: Decimal | None
    gap: Decimal | None
    gap_is_computed: bool


def step_of(printed: str, printed_unit: str) -> Decimal:
    """Give the weight of the last printed digit in the unit of the series: '23.7' in 'Mton' gives 100 (kt).

    Trailing zeros before the decimal point count as printed digits. Raises ValueError for what is no number and
    KeyError for a unit that FACTORS does not know.
    """
    try:
        exponent = Decimal(printed).as_tuple().exponent
    except InvalidOperation as fault:
        raise ValueError(f"{printed!r} is no number") from fault
    if not isinstance(exponent, int):
        raise ValueError(f"{printed!r} is no finite number")
    return Decimal(1).scaleb(min(exponent, 0)) * FACTORS[printed_unit]


def value_of(printed: str, printed_unit: str) -> Decimal | None:
    """Turn a printed number into the unit of the series; '' (not published) gives None and never 0."""
    if not printed:
        return None
    return Decimal(printed) * FACTORS[printed_unit]


def _printed(claim: Claim) -> Reading:
    """Give a published number as one side of a comparison; callers leave out what is not published."""
    return Reading(claim.value or Decimal(0), claim.margin, claim.locator, claim.boundary, claim=claim)


def _sum(terms: Sequence[Claim]) -> Reading | None:
    """Add up printed rows; None as soon as one is not published: what is missing is never derived."""
    values = [claim.value for claim in terms if claim.value is not None]
    if len(values) < len(terms) or not values:
        return None
    margin = sum((claim.margin for claim in terms), Decimal(0))
    return Reading(sum(values, Decimal(0)), margin, terms[0].locator, terms[0].boundary, terms=tuple(terms))


def _parents(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Group the rows of one column by the row that they add up to."""
    children: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        parent, dot, _name = claim.sector.rpartition(".")
        if dot:
            children[parent].append(claim)
        elif claim.sector != TOTAL and not claim.is_detail:
            children[TOTAL].append(claim)
    return children


def sum_findings(claims: Iterable[Claim]) -> list[Finding]:
    """Hold the rows of every table against its printed totals."""
    columns: dict[Column, list[Claim]] = defaultdict(list)
    for claim in claims:
        columns[claim.column].append(claim)
    findings = []
    for column in columns.values():
        printed = {claim.sector: claim for claim in column}
        for parent, rows in _parents(column).items():
            total, added = printed.get(parent), _sum(rows)
            if total is None or total.value is None or added is None or len(rows) < 2:
                continue
            if added.value != total.value:
                findings.append(Finding(Check.SUM, total, _printed(total), added))
    return findings


def place_findings(claims: Iterable[Claim]) -> list[Finding]:
    """Hold numbers for one quantity that one publication prints in several places against each other."""
    quantities: dict[object, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.value is not None:
            quantities[claim.subject, claim.source, claim.unit, claim.kind, claim.sector, claim.year].append(claim)
    return [
        Finding(Check.PLACES, one, _printed(one), _printed(other))
        for group in quantities.values()
        for one, other in combinations(group, 2)
        if one.locator != other.locator and one.value != other.value and not _complementary(one, other)
    ]


def _complementary(one: Claim, other: Claim) -> bool:
    """Say whether two rows count different scopes, and so add up rather than contradict: '1 CO2' and '2 CO2'."""
    scopes = {claim.boundary.partition(" ")[0] for claim in (one, other)}
    return scopes == {"1", "2"}


def part_findings(claims: Iterable[Claim], parts: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Hold a part that is printed by itself against the sectors that it consists of, in every table that has them.

    `parts` maps a sector ('urban') to its sectors (['built', 'mobility']).
    """
    claims = list(claims)
    columns: dict[Column, dict[str, Claim]] = defaultdict(dict)
    for claim in claims:
        columns[claim.column][claim.sector] = claim
    findings = []
    for claim in claims:
        if claim.sector not in parts or claim.value is None:
            continue
        for (subject, source, _locator, _boundary, unit, kind, year), rows in columns.items():
            same = (claim.subject, claim.source, claim.unit, claim.kind, claim.year)
            if (subject, source, unit, kind, year) != same:
                continue
            terms = [rows[sector] for sector in parts[claim.sector] if sector in rows]
            added = _sum(terms) if len(terms) == len(parts[claim.sector]) else None
            if added is not None and added.value != claim.value:
                findings.append(Finding(Check.PARTS, claim, _printed(claim), added))
    return findings


def _total(claims: Iterable[Claim], kind: str, year: int) -> Claim | None:
    """Give the first published total of a kind and year."""
    for claim in claims:
        if (claim.kind, claim.sector, claim.year) == (kind, TOTAL, year) and claim.value is not None:
            return claim
    return None


def _minus(one: Claim, other: Claim) -> Reading | None:
    if one.value is None or other.value is None:
        return None
    return Reading(one.value - other.value, one.margin + other.margin, one.locator, one.boundary, (one, other))


def result_findings(leading: Sequence[Claim], base_year: int | None) -> list[Finding]:
    """Hold printed results of the leading table against their printed terms.

    What remains = the base year's emission - the reduction of the year; gap = what remains - target.
    """
    findings = []
    base = _total(leading, "measured", base_year) if base_year else None
    for claim in leading:
        if claim.sector != TOTAL or claim.value is None:
            continue
        terms: tuple[Claim | None, Claim | None] = (None, None)
        if claim.kind == "forecast":
            terms = (base, _total(leading, "reduction", claim.year))
        elif claim.kind == "gap":
            terms = (_total(leading, "forecast", claim.year), _total(leading, "target", claim.year))
        one, other = terms
        computed = _minus(one, other) if one and other else None
        if computed is not None and computed.value != claim.value:
            findings.append(Finding(Check.RESULT, claim, _printed(claim), computed))
    return findings


def _rank(finding: Finding) -> tuple[bool, bool, int, str, str]:
    claim = finding.claim
    return (finding.is_rounding, claim.sector != TOTAL, claim.year, claim.kind, finding.key)


def findings(
    claims: Iterable[Claim],
    *,
    leading: Sequence[Claim] = (),
    base_year: int | None = None,
    parts: Mapping[str, Sequence[str]] | None = None,
) -> list[Finding]:
    """Give everything in which one publication contradicts itself, what matters most first.

    First what rounding cannot explain, then what it can; within these by year, total before sectors.
    """
    claims = list(claims)
    found = [
        *sum_findings(claims),
        *place_findings(claims),
        *part_findings(claims, parts or {}),
        *result_findings(leading, base_year),
    ]
    return sorted(found, key=_rank)


def outlook(leading: Sequence[Claim], *, base_year: int | None, target_year: int) -> Outlook | None:
    """Give where the contract ends up in its target year, or None where the publication does not say.

    A published result goes before one that is worked out of its terms. Percentages have no outlook in kt.
    """
    claims = [claim for claim in leading if claim.unit == "kt"]
    base = _total(claims, "measured", base_year) if base_year else None
    if base is None or base.value is None or base_year is None:
        return None
    printed = _total(claims, "forecast", target_year)
    reduction = _total(claims, "reduction", target_year)
    if printed is not None and printed.value is not None:
        remaining = printed.value
    elif reduction is not None and reduction.value is not None:
        remaining = base.value - reduction.value
    else:
        return None
    target, gap = _total(claims, "target", target_year), _total(claims, "gap", target_year)
    goal = target.value if target else None
    computed = None if goal is None else remaining - goal
    return Outlook(
        base_year=base_year,
        base=base,
        target_year=target_year,
        remaining=remaining,
        remaining_is_computed=printed is None,
        target=goal,
        gap=gap.value if gap else computed,
        gap_is_computed=gap is None,
    )
