"""What the portal works out in tables: totals, shares, gaps. None of it is ever typed.

Pure functions on rows that were read; where a term is missing the result is missing too, never zero.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contracts.tables.holding import Held, Row

# Sectors that publications take together: what an action does in homes counts for the built environment.
WITHIN: Mapping[str, str] = {"housing": "built", "services": "built"}


def total_of_scopes(row: Row) -> Decimal | None:
    """Give the sum of the scopes that are filled in, or None without any."""
    values = [row.number(f"scope{scope}") for scope in (1, 2, 3)]
    given = [value for value in values if value is not None]
    return sum(given, Decimal(0)) if given else None


def emission_of(row: Row) -> Decimal | None:
    """Give the emission of a row: what is printed as its total, else the sum of its scopes (kt)."""
    printed = row.number("value")
    return total_of_scopes(row) if printed is None else printed


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return (part / whole * 100).quantize(Decimal("0.1"))


def emissions(held: Held) -> None:
    """Work out each row's share of its year."""
    totals: dict[object, Decimal] = defaultdict(Decimal)
    for row in held.of("emissions"):
        totals[row.cells["year"], row.code] += emission_of(row) or 0
    for row in held.of("emissions"):
        row.computed["share"] = _share(emission_of(row), totals[row.cells["year"], row.code])
        if row.number("value") is None:
            row.computed["value"] = total_of_scopes(row)


def base_year_of(held: Held) -> int | None:
    """Give the year that the contract reckons from: its own, or the first of its own table."""
    if held.version.base_year:
        return held.version.base_year
    years = [row.cells["year"] for row in held.of("emissions") if isinstance(row.cells["year"], int)]
    return min(years, default=None)


def baseline(held: Held) -> dict[str, Decimal]:
    """Give the emission of the base year by sector (kt), of the first source that has them."""
    year = base_year_of(held)
    found: dict[str, Decimal] = {}
    source: str | None = None
    for row in held.of("emissions"):
        amount = emission_of(row)
        if row.cells["year"] != year or amount is None or source not in (None, row.code):
            continue
        source = row.code
        found[str(row.cells["sector"])] = found.get(str(row.cells["sector"]), Decimal(0)) + amount
    return found


def effects(held: Held) -> dict[str, Decimal]:
    """Give what the actions do in the target year by sector (kt); a divided action counts where it is divided."""
    divided: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in held.of("action-impacts"):
        amount = row.number("effect")
        if amount is not None:
            divided[str(row.cells["action"])].append((str(row.cells["sector"]), amount))
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in held.of("actions"):
        whole = row.number("effect_kt")
        if row.cells.get("certainty") == "vague":
            continue  # counted as nothing, as `pathways.md` has it
        if divided.get(row.code):
            for sector, amount in divided[row.code]:
                found[sector] += amount
        elif whole is not None:
            found[str(row.cells["sector"])] += whole
    return dict(found)


def within(amounts: Mapping[str, Decimal], sector: str, sectors: Sequence[str]) -> Decimal | None:
    """Give the amount of a sector, with the parts of it that stand in no row of their own."""
    parts = [sector, *(part for part, whole in WITHIN.items() if whole == sector and part not in sectors)]
    given = [amounts[part] for part in parts if part in amounts]
    return sum(given, Decimal(0)) if given else None


def gaps(held: Held) -> None:
    """Work out baseline, gap, what this contract does and what remains, per sector."""
    rows = held.of("emissions-gap")
    sectors = [str(row.cells["sector"]) for row in rows]
    base, done = baseline(held), effects(held)
    for row in rows:
        sector = str(row.cells["sector"])
        start = within(base, sector, sectors)
        here = within(done, sector, sectors)
        target, others = row.number("target"), row.number("other_plans")
        row.computed["baseline"] = start
        row.computed["ccc"] = here
        row.computed["gap"] = None if target is None else target - (others or 0)
        left = None if start is None else start - (others or 0) - (here or 0)
        row.computed["residual"] = left if others is not None or here is not None else None


def energy(held: Held) -> None:
    """Work out the total of the scopes."""
    for row in held.of("energy-use"):
        row.computed["total"] = total_of_scopes(row)


def portfolio(held: Held) -> None:
    """Name the actions of each field."""
    for row in held.of("portfolio"):
        names = [
            str(each.cells["title"]) for each in held.of("actions") if each.cells["field"] == row.cells["field"]
        ]
        row.computed["actions"] = "; ".join(names) or None


def capital_by_action(held: Held) -> dict[str, Decimal]:
    """Give the capital of each action (million euro), by its code."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in held.of("investments"):
        amount = row.number("amount_meur")
        if row.cells["kind"] == "capital" and amount is not None:
            found[str(row.cells["action"] or "")] += amount
    return dict(found)


def costs(held: Held) -> None:
    """Work out what each action costs, in all and per kt."""
    capital = capital_by_action(held)
    for row in held.of("actions"):
        cost, effect = capital.get(row.code), row.number("effect_kt")
        row.computed["cost"] = cost
        row.computed["cost_per_kt"] = (
            (cost / effect).quantize(Decimal("0.01")) if cost is not None and effect else None
        )


def present_values(held: Held) -> None:
    """Work out the capital per kt."""
    for row in held.of("net-present-value"):
        capital, effect = row.number("capex"), row.number("co2e")
        row.computed["per_kt"] = (
            (capital / effect).quantize(Decimal("0.01")) if capital is not None and effect else None
        )


WORKED_OUT: tuple[Callable[[Held], None], ...] = (
    emissions,
    gaps,
    energy,
    portfolio,
    costs,
    present_values,
)
# What a table's computed columns and checks need of other tables.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "emissions-gap": ("emissions", "actions", "action-impacts"),
    "portfolio": ("actions",),
    "actions": ("investments",),
    "action-impacts": ("actions",),
}


def work_out(held: Held) -> None:
    """Fill in everything that follows from what was read."""
    for function in WORKED_OUT:
        function(held)


@dataclass(frozen=True)
class Sum:
    """The sum of a column; `label` says of what where a table has several ('capital', '2018')."""

    key: str
    amount: Decimal
    unit: str
    label: str = ""


SUMMED = frozenset({"kt", "MEUR", "MWh"})


def sums_of(concept: str, columns: Sequence[object], rows: Sequence[Row]) -> list[Sum]:
    """Add up the columns of a table that have a unit; money by kind, emissions by year and source."""
    groups: dict[str, list[Row]] = defaultdict(list)
    by = {"investments": "kind", "emissions": "year", "energy-use": "year", "signatory-actions": None}.get(concept)
    for row in rows:
        groups[str(row.cells.get(by) or "") if by else ""].append(row)
    found = []
    for label, group in sorted(groups.items()):
        for column in columns:
            key, unit = getattr(column, "key", ""), getattr(column, "unit", "")
            if unit not in SUMMED:
                continue
            amounts = [row.number(key) if row.number(key) is not None else None for row in group]
            given = [amount for amount in amounts if amount is not None]
            if given and len(group) > 1:
                found.append(Sum(key, sum(given, Decimal(0)), unit, label))
    return found
