"""The pure functions that hold published figures against each other; the numbers are those of real contracts."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.figures import Check, Claim, findings, outlook, part_findings, step_of, sum_findings, value_of


def claim(place: str, sector: str, year: int, printed: str, unit: str = "kton", **fields: object) -> Claim:
    """Make a claim of one publication; `kind` is an emission unless given."""
    defaults: dict[str, object] = {"source": "ccc", "kind": "measured", "unit": "pct" if unit == "%" else "kt"}
    return Claim(
        locator=place,
        sector=sector,
        year=year,
        value=value_of(printed, unit),
        step=step_of(printed or "1", unit),
        printed=printed,
        printed_unit=unit,
        **{**defaults, **fields},  # type: ignore[arg-type]
    )


def table(place: str, year: int, unit: str = "kton", /, **rows: str) -> list[Claim]:
    """Make a column of a table: sector to printed number."""
    kind = rows.pop("kind", "measured")
    return [claim(place, sector, year, printed, unit, kind=kind) for sector, printed in rows.items()]


def summary(found: Iterable[object]) -> list[tuple[object, ...]]:
    return [
        (f.check, f.claim.sector, f.claim.year, f.one.value, f.other.value, f.is_rounding)  # type: ignore[attr-defined]
        for f in found
    ]


def test_amsterdam_2022_total_is_99_tons_below_its_rows() -> None:
    rows = table(
        "gap table", 2022, "ton", industry="501503", built="2050354", mobility="858127", agriculture="44550"
    )
    found = sum_findings([*rows, *table("gap table", 2022, "ton", total="3454435")])

    assert summary(found) == [(Check.SUM, "total", 2022, Decimal("3454.435"), Decimal("3454.534"), False)]
    assert found[0].difference == Decimal("0.099")


@pytest.mark.parametrize(
    ("year", "rows", "total"),
    [
        (2030, ("321194", "1145514", "573573", "37353"), "2077635"),
        (2050, ("181549", "323659", "139789", "31836"), "676832"),
    ],
)
def test_amsterdam_2030_and_2050_differ_by_one_ton_which_rounding_explains(
    year: int, rows: tuple[str, ...], total: str
) -> None:
    sectors = dict(zip(("industry", "built", "mobility", "agriculture"), rows, strict=True))
    found = sum_findings(table("gap table", year, "ton", total=total, **sectors))

    assert [(abs(f.difference), f.is_rounding) for f in found] == [(Decimal("0.001"), True)]


def test_rotterdam_1990_stands_in_two_places() -> None:
    found = findings([claim("table 10", "total", 1990, "23200"), claim("A-1.2", "total", 1990, "23.7", "Mton")])

    assert summary(found) == [(Check.PLACES, "total", 1990, Decimal(23200), Decimal(23700), False)]
    assert found[0].one.margin == Decimal("0.5")
    assert found[0].other.margin == Decimal(50)


def test_rotterdam_2022_differs_from_its_rows_by_rounding_and_from_table_1_by_more() -> None:
    table_10 = table(
        "table 10", 2022, built="763", mobility="1352", industry="13214", energy="9577", total="24905"
    )
    table_1 = table(
        "table 1",
        2022,
        industry="13159",
        energy="9577",
        mobility="1905",
        built="755",
        agriculture="41",
        total="25436",
    )
    found = summary(findings([*table_10, *table_1]))

    assert (Check.PLACES, "total", 2022, Decimal(24905), Decimal(25436), False) == found[0]
    assert (Check.SUM, "total", 2022, Decimal(24905), Decimal(24906), True) in found
    assert (Check.SUM, "total", 2022, Decimal(25436), Decimal(25437), True) in found
    assert not [each for each in found if each[1] == "energy"], "the same number in both places"


def test_rotterdam_urban_area_is_not_the_sum_of_its_sectors() -> None:
    rows = table("table 10", 2022, built="763", mobility="1352", industry="13214", energy="9577", total="24905")
    urban = claim("A-2.5", "urban", 2022, "2816", is_detail=True)
    found = part_findings([*rows, urban], {"urban": ["built", "mobility"]})

    assert summary(found) == [(Check.PARTS, "urban", 2022, Decimal(2816), Decimal(2115), False)]
    assert [term.sector for term in found[0].other.terms] == ["built", "mobility"]


def test_eindhoven_helmond_prints_1940_and_1941() -> None:
    rows = table("table A-1.5", 2018, housing="501", services="429", mobility="335", industry="675", total="1941")
    found = findings([*rows, claim("A-1.3", "total", 2018, "1940")])

    assert [(f.check, f.one.value, f.other.value, f.is_rounding) for f in found] == [
        (Check.PLACES, Decimal(1941), Decimal(1940), True),
        (Check.SUM, Decimal(1941), Decimal(1940), True),
    ]


@pytest.mark.parametrize(
    ("year", "parts", "total", "is_rounding"),
    [
        (2025, ("35.6", "9.8", "2.3"), "47.6", True),
        (2030, ("45.5", "11.4", "4.6"), "60.0", False),
    ],
)
def test_groningen_in_percent(year: int, parts: tuple[str, ...], total: str, is_rounding: bool) -> None:
    rows = dict(zip(("national", "local", "pathways"), parts, strict=True))
    found = sum_findings(table("table 24", year, "%", kind="reduction", total=total, **rows))

    assert [f.is_rounding for f in found] == [is_rounding]
    assert found[0].other.value == sum(Decimal(part) for part in parts)


def test_rows_that_add_up_are_no_finding() -> None:
    rows = table("table 10", 2030, kind="reduction", built="102", mobility="489", industry="4971", energy="6008")
    green = table("table 10", 2030, kind="reduction", green_gas="92", total="11662")
    assert findings([*rows, *green]) == []


def test_what_is_not_published_is_never_derived() -> None:
    rows = table("row", 2019, "ton", built="2657362", mobility="1138694", agriculture="", total="4369600")
    assert findings(rows) == [], "a sum with a gap is no sum"
    assert value_of("", "ton") is None


def test_scopes_that_add_up_do_not_contradict() -> None:
    one = claim("A-1.3", "housing", 2018, "107", boundary="1 CO₂")
    other = claim("A-1.4", "housing", 2018, "28", boundary="2 CO₂")
    assert findings([one, other]) == []
    both = findings([one, replace(other, boundary="1+2 CO₂")])
    assert [f.same_boundary for f in both] == [False]


def test_cities_of_a_joint_contract_and_other_publications_are_not_compared() -> None:
    joint = claim("table A-1.5", "housing", 2018, "501")
    city = replace(claim("A-1.3", "housing", 2018, "107"), subject="GM0794")
    other_source = replace(claim("row", "housing", 2018, "700"), source="klimaatmonitor")
    assert findings([joint, city, other_source]) == []


def test_details_add_up_to_the_sector_that_they_are_part_of() -> None:
    details = {"built.housing": "335", "built.commercial": "165", "built.public": "69"}
    rows = [claim("table 2", sector, 2023, printed, is_detail=True) for sector, printed in details.items()]
    whole = claim("table 2", "built", 2023, "680", is_detail=True)
    assert summary(sum_findings([*rows, whole])) == [(Check.SUM, "built", 2023, Decimal(680), Decimal(569), False)]
    assert sum_findings([*rows, claim("table 2", "total", 2023, "23055")]) == [], (
        "details are not rows of the total"
    )


def test_a_printed_result_is_held_against_its_terms() -> None:
    leading = [
        claim("table 10", "total", 2022, "24905"),
        claim("table 10", "total", 2030, "11662", kind="reduction"),
        claim("table 10", "total", 2030, "13243", kind="forecast"),
        claim("table 10", "total", 2030, "10440", kind="target"),
        claim("table 10", "total", 2030, "2900", kind="gap"),
    ]
    found = findings(leading, leading=leading, base_year=2022)
    assert summary(found) == [(Check.RESULT, "total", 2030, Decimal(2900), Decimal(2803), False)]


def test_outlook_as_published() -> None:
    leading = [
        claim("table 10", "total", 2022, "24905"),
        claim("table 10", "total", 2030, "13243", kind="forecast"),
        claim("table 10", "total", 2030, "10440", kind="target"),
        claim("table 10", "total", 2030, "2803", kind="gap"),
    ]
    end = outlook(leading, base_year=2022, target_year=2030)
    assert end is not None
    assert (end.remaining, end.target, end.gap) == (13243, 10440, 2803)
    assert not end.remaining_is_computed
    assert not end.gap_is_computed


def test_outlook_worked_out_of_its_terms() -> None:
    leading = [
        claim("table A-1.5", "total", 2018, "1941"),
        claim("table A-1.5", "total", 2030, "1495", kind="reduction"),
        claim("table A-1.5", "total", 2030, "388", kind="target"),
    ]
    end = outlook(leading, base_year=2018, target_year=2030)
    assert end is not None
    assert (end.remaining, end.gap) == (446, 58)
    assert end.remaining_is_computed
    assert end.gap_is_computed


@pytest.mark.parametrize("missing", ["base", "reduction"])
def test_no_outlook_without_its_terms(missing: str) -> None:
    terms = {
        "base": claim("t", "total", 2018, "1941"),
        "reduction": claim("t", "total", 2030, "1495", kind="reduction"),
    }
    leading = [each for name, each in terms.items() if name != missing]
    assert outlook(leading, base_year=2018, target_year=2030) is None
    assert outlook(list(terms.values()), base_year=None, target_year=2030) is None


def test_percentages_have_no_outlook_in_tonnes() -> None:
    leading = [
        claim("table 24", "total", 1990, "100", "%"),
        claim("table 24", "total", 2035, "80.0", "%", kind="reduction"),
    ]
    assert outlook(leading, base_year=1990, target_year=2035) is None


@pytest.mark.parametrize(
    ("printed", "unit", "step"),
    [("24905", "kton", "1"), ("23.7", "Mton", "100"), ("501503", "ton", "0.001"), ("60.0", "%", "0.1")],
)
def test_the_last_printed_digit_says_how_exact_a_number_is(printed: str, unit: str, step: str) -> None:
    assert step_of(printed, unit) == Decimal(step)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="is no number"):
        step_of("veel", "kton")
    with pytest.raises(ValueError, match="no finite number"):
        step_of("NaN", "kton")
    with pytest.raises(KeyError):
        step_of("1", "pond")


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=2, max_size=12), st.integers(-20, 20))
def test_rounding_explains_at_most_half_a_digit_per_number(rows: list[int], shift: int) -> None:
    """Off by more than half a digit per row and total is a contradiction, anything less is rounding."""
    total = sum(rows) + shift
    if total < 0:
        return
    claims = [claim("t", f"s{place}", 2030, str(row)) for place, row in enumerate(rows)]
    found = sum_findings([*claims, claim("t", "total", 2030, str(total))])
    assert [f.is_rounding for f in found] == ([abs(shift) <= Decimal(len(rows) + 1) / 2] if shift else [])


def test_a_finding_keeps_its_name_in_every_language() -> None:
    one, other = claim("tabel 10", "total", 1990, "23200"), claim("A-1.2", "total", 1990, "23.7", "Mton")
    dutch = findings([replace(one, place="tabel 10", label="Totaal"), other])
    english = findings([replace(one, place="table 10", label="Total"), other])
    assert dutch[0].key == english[0].key == "places||ccc|measured|total|1990|tabel 10|A-1.2"
    assert [f.one.place for f in (*dutch, *english)] == ["tabel 10", "table 10"]
