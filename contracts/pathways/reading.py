"""Make a case out of a document of the form `nss-pathway/1`, or say everything that is wrong with it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.pathways.fields import FIRST_YEAR, LAST_YEAR, CaseFaults, Reader, number_fault
from contracts.pathways.model import (
    CHANCES,
    CURVES,
    DISCOUNT_RATE,
    KINDS,
    LAYOUTS,
    NO_DELAY,
    RESIDUAL_RULES,
    STATUSES,
    STEEPNESS,
    TONNES,
    TOTAL,
    Budget,
    Case,
    Effect,
    GapTable,
    Measure,
    Share,
    Source,
    Status,
    Target,
)

SCHEMA = "nss-pathway/1"
LONGEST = 300  # years that a case spans, at most
ROUNDING = 1e-6  # by which shares and chances may miss their sum

CASE = {
    "schema", "base_year", "end_year", "discount_rate", "population", "sources", "measures", "target", "budget",
    "gap_table", "chances", "tonnes",
}  # fmt: skip
MEASURE = {
    "code", "status", "start_year", "full_year", "curve", "k", "effects", "capex_eur", "opex_eur_per_year",
    "savings_eur_per_year", "lifetime_years", "delay_years", "funding", "capital_source",
}  # fmt: skip


def parse(text: str) -> Any:
    """Read a JSON document; raises CaseFaults when it is none, or names a field of an object twice."""
    doubled: list[str] = []

    def fields(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                doubled.append(f"{name}: is given twice in one object")
            found[name] = value
        return found

    try:
        document = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=fields)
    except (ValueError, RecursionError) as error:
        raise CaseFaults([f"case: is not JSON: {error}"]) from None
    if doubled:
        raise CaseFaults(doubled)
    return document


def read_case(document: Any) -> Case:
    """Check a document (as `json.loads` gives it) and make a case of it; raises CaseFaults with all its faults."""
    faults: list[str] = []
    top = Reader(document, "", faults)
    if faults:
        raise CaseFaults(faults)
    top.only(CASE)
    if top.has("schema") and top.fields["schema"] != SCHEMA:
        top.fault("schema", f"{top.fields['schema']!r} is not '{SCHEMA}'")
    elif not top.has("schema"):
        top.fault("schema", "is missing")
    base, end = _span(top)
    sources = [_source(reader, base) for reader in top.children("sources")]
    if top.fields.get("sources") in (None, []):
        top.fault("sources", "are missing")
    _once(top, "sources", [source.code for source in sources])
    # A source that could not be read would make a fault of every effect on it.
    known = None if any(fault.startswith("sources") for fault in faults) else {source.code for source in sources}
    measures = [_measure(reader, base, end, known) for reader in top.children("measures")]
    _once(top, "measures", [measure.code for measure in measures])
    population = top.optional("population", above=0.0)
    target = _target(top, base, end)
    case = Case(
        base_year=base,
        end_year=end,
        sources=tuple(sources),
        measures=tuple(measures),
        discount_rate=top.number("discount_rate", DISCOUNT_RATE, highest=1.0),
        population=population,
        target=target,
        budget=_budget(top, base, end),
        gap_table=_gap_table(top, {source.sector for source in sources}),
        chances=_chances(top),
        tonnes=top.choice("tonnes", TONNES, "standalone") or "standalone",
    )
    if faults:
        raise CaseFaults(faults)
    return case


def _span(top: Reader) -> tuple[int, int]:
    base, end = top.year("base_year"), top.year("end_year")
    if base is None or end is None:
        # As wide as can be, so that one missing year does not make faults of all others.
        return base or FIRST_YEAR, end or LAST_YEAR
    if end < base:
        top.fault("end_year", f"{end} is before the base year {base}")
        return base, base
    if end - base > LONGEST:
        top.fault("end_year", f"{end} is more than {LONGEST} years after {base}")
        return base, base
    return base, end


def _once(top: Reader, name: str, codes: Sequence[str]) -> None:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code == TOTAL:
            top.faults.append(f"{name}[{index}].code: '{TOTAL}' is reserved")
        elif code and code in seen:
            top.faults.append(f"{name}[{index}].code: '{code}' is given twice")
        seen.add(code)


def _source(reader: Reader, base: int) -> Source:
    reader.only({"code", "sector", "baseline_kt", "trend"})
    code, sector = reader.text("code"), reader.text("sector")
    if sector == TOTAL:
        reader.fault("sector", f"'{TOTAL}' is reserved")
    baseline = reader.number("baseline_kt")
    rate, rates, series = None, None, None
    if reader.has("trend"):
        trend = reader.child("trend")
        trend.only({"rate", "rates", "series"})
        given = [name for name in ("rate", "rates", "series") if trend.has(name)]
        if len(given) > 1:
            trend.fault("", f"has {' and '.join(given)}; only one can hold")
        after = "does not lie after the base year"
        rate = trend.optional("rate", lowest=-1.0)
        if trend.has("rates"):
            rates = trend.per_year("rates", lowest=-1.0, first=base + 1, why=after)
        if trend.has("series"):
            series = trend.per_year("series", first=base + 1, why=after)
            if trend.fields["series"] == {}:
                trend.fault("series", "is empty")
    return Source(code, sector, baseline, rate, rates, series)


def _measure(reader: Reader, base: int, end: int, known: set[str] | None) -> Measure:
    reader.only(MEASURE)
    code = reader.text("code")
    start, full = _window(reader, base)
    return Measure(
        code=code,
        start_year=start,
        full_year=full,
        effects=_effects(reader, known),
        status=reader.choice("status", STATUSES, "certain") or "certain",
        curve=reader.choice("curve", CURVES, "linear") or "linear",
        steepness=reader.number("k", STEEPNESS, above=0.0, highest=50.0),
        capex_eur=reader.per_year(
            "capex_eur", first=base, last=end, why=f"lies outside the horizon, {base} to {end}"
        ),
        opex_eur_per_year=reader.number("opex_eur_per_year", 0.0),
        savings_eur_per_year=reader.number("savings_eur_per_year", 0.0),
        lifetime_years=reader.optional("lifetime_years", above=0.0),
        delay_years=_delays(reader),
        funding=_funding(reader),
        capital_source=reader.text("capital_source", required=False) or None,
    )


def _window(reader: Reader, base: int) -> tuple[int, int]:
    start, full = reader.year("start_year"), reader.year("full_year")
    if start is not None and start < base:
        reader.fault("start_year", f"{start} is before the base year {base}")
    if start is not None and full is not None and full < start:
        reader.fault("full_year", f"{full} is before the start year {start}")
    return start or base, full or start or base


def _effects(reader: Reader, known: set[str] | None) -> tuple[Effect, ...]:
    found, taken = [], set()
    for child in reader.children("effects"):
        child.only({"source", "kind", "value", "low", "high"})
        kind = child.choice("kind", KINDS)
        source = child.text("source", required=kind != "compensation") or None
        if source is not None and known is not None and source not in known:
            child.fault("source", f"'{source}' is not one of the sources")
        if kind != "compensation" and source is not None:
            if source in taken:
                child.fault("source", f"'{source}' has an effect of this measure already")
            taken.add(source)
        highest = {"highest": 1.0} if kind == "fraction" else {}
        value = child.number("value", **highest)
        low, high = child.optional("low", **highest), child.optional("high", **highest)
        if low is not None and low > value:
            child.fault("low", f"{low} is above the value {value}")
        if high is not None and high < value:
            child.fault("high", f"{high} is below the value {value}")
        found.append(Effect(kind or "fraction", value, source, low, high))
    return tuple(found)


def _delays(reader: Reader) -> Mapping[int, float]:
    if not reader.has("delay_years"):
        return NO_DELAY
    held = reader.child("delay_years")
    found: dict[int, float] = {}
    for key, value in held.fields.items():
        fault = number_fault(value, 0.0, 1.0, None)
        if not (key.isascii() and key.isdigit() and len(key) <= 2):
            held.fault(key, f"'{key}' is not a whole number of years from 0 to 99")
        elif fault:
            held.fault(key, fault)
        else:
            found[int(key)] = float(value)
    if len(found) == len(held.fields) and abs(sum(found.values()) - 1.0) > ROUNDING:
        held.fault("", f"the chances sum to {sum(found.values()):.6g}, not to 1")
    return found or NO_DELAY


def _funding(reader: Reader) -> tuple[Share, ...]:
    found = []
    for child in reader.children("funding"):
        child.only({"payer", "share"})
        found.append(Share(child.text("payer"), child.number("share", highest=1.0)))
    if sum(part.share for part in found) > 1.0 + ROUNDING:
        reader.fault("funding", f"the shares sum to {sum(part.share for part in found):.6g}, more than 1")
    return tuple(found)


def _target(top: Reader, base: int, end: int) -> Target | None:
    if not top.has("target"):
        return None
    reader = top.child("target")
    reader.only({"year", "reduction", "reference_kt"})
    year = reader.year("year")
    if year is not None and not base <= year <= end:
        reader.fault("year", f"{year} is not between {base} and {end}")
        year = base
    return Target(year or base, reader.number("reduction", highest=1.0), reader.optional("reference_kt"))


def _budget(top: Reader, base: int, end: int) -> Budget | None:
    if not top.has("budget"):
        return None
    reader = top.child("budget")
    reader.only({"amount_kt", "kt_per_person", "scope_share", "from_year"})
    first = reader.year("from_year", base) or base
    if not base <= first <= end:
        reader.fault("from_year", f"{first} is not between {base} and {end}")
        first = base
    if reader.has("amount_kt") == reader.has("kt_per_person"):
        reader.fault("", "needs either amount_kt or kt_per_person")
    if reader.has("kt_per_person") and not top.has("population"):
        top.fault("population", "is missing; the budget is given per person")
    return Budget(
        from_year=first,
        amount_kt=reader.optional("amount_kt"),
        kt_per_person=reader.optional("kt_per_person"),
        scope_share=reader.number("scope_share", 1.0, highest=1.0),
    )


def _gap_table(top: Reader, sectors: set[str]) -> GapTable | None:
    if not top.has("gap_table"):
        return None
    reader = top.child("gap_table")
    reader.only({"layout", "other_plans_kt", "residual_rule"})
    if not top.has("target"):
        reader.fault("", "needs a target")
    other: float | Mapping[str, float] = 0.0
    if isinstance(reader.fields.get("other_plans_kt"), dict):
        held = reader.child("other_plans_kt")
        for name in held.fields:
            if name not in sectors:
                held.fault(name, "is not one of the sectors")
        other = {name: held.number(name) for name in held.fields if name in sectors}
    else:
        other = reader.number("other_plans_kt", 0.0)
    return GapTable(
        layout=reader.choice("layout", LAYOUTS) or "v2",
        other_plans_kt=other,
        residual_rule=reader.choice("residual_rule", RESIDUAL_RULES, "template") or "template",
    )


def _chances(top: Reader) -> Mapping[Status, float]:
    if not top.has("chances"):
        return CHANCES
    reader = top.child("chances")
    reader.only(STATUSES)
    return {status: reader.number(status, CHANCES[status], highest=1.0) for status in STATUSES}
