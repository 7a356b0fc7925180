"""Reading one cell: units, numbers in two languages, years and dates; what is unclear is refused in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from contracts.forms.tables import as_typed
from contracts.tables.units import unit_of
from contracts.tables.values import BadCell, Names, read


@dataclass
class Column:
    """A column as a template has it."""

    kind: str
    unit: str = ""
    vocabulary: str = ""
    key: str = "x"


KT, MEUR = Column("number", "kt"), Column("number", "MEUR")


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        (KT, "12,5", Decimal("12.5")),
        (KT, "1.234", Decimal(1234)),
        (KT, "1.234,5", Decimal("1234.5")),
        (KT, "12 500 t CO2e/yr", Decimal("12.5")),
        (KT, "1,2 Mt", Decimal(1200)),
        (KT, 0.1, Decimal("0.1")),
        (KT, "n/a", None),
        (MEUR, "€ 250.000", Decimal("0.25")),
        (MEUR, "3 mln euro", Decimal(3)),
        (Column("year"), 2030.0, 2030),
        (Column("date"), "31-12-2027", date(2027, 12, 31)),
        (Column("yesno"), "Ja", True),
        (Column("choice", vocabulary="field"), "Mobility & Transport", "mobility"),
        (Column("sector"), "Buildings (& heating)", "built"),
        (Column("sector"), "Haven", "Haven"),
    ],
)
def test_a_value_is_read_in_the_unit_of_its_column(column, raw, value):
    assert read(column, raw, Names()).value == value


@pytest.mark.parametrize(
    ("column", "raw", "words"),
    [
        (KT, "10 20", "geen getal"),
        (KT, "9" * 40, "groter dan kan"),
        (KT, -1e300, "groter dan kan"),
        (KT, "1,234", "schrijf 1234 of 1,2340"),
        (KT, "5 mt", "eenheid ‘mt’"),
        (KT, "5 zakken", "eenheid"),
        (KT, "-3", "lager dan 0"),
        (MEUR, -250, "besparing"),
        (KT, "#REF!", "#REF!"),
        (KT, "1e400", "eenheid"),
        (KT, 10**12, "groter"),
        (Column("year"), 20230, "geen jaar"),
        (Column("date"), "3/4/2027", "twee dagen"),
        (Column("date"), "20230-01-01", "geen datum"),
        (Column("choice", vocabulary="field"), "ruimtevaart", "lijst"),
        (Column("party"), "Niemand BV", "Niemand BV"),
        (Column("text"), "x" * 301, "300"),
    ],
)
def test_what_is_unclear_is_refused_in_words(column, raw, words):
    with translation.override("nl"), pytest.raises(BadCell, match=words):
        read(column, raw, Names())


def test_a_bare_number_without_a_known_unit_is_refused():
    with pytest.raises(BadCell):
        read(KT, 12, Names(), factor=None)
    assert (unit_of("tCO2e", "kt"), unit_of("Mt CO₂-eq/yr", "kt")) == (Decimal("0.001"), Decimal(1000))
    assert unit_of("mt", "kt") is None


def test_english_pages_read_english_numbers():
    with translation.override("en"):
        assert read(KT, "1,234.5", Names()).value == Decimal("1234.5")
        assert read(KT, "1,234", Names()).value == 1234


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("value", ["60.125", "1.234", "-999.999", "1234", "1234.5", "0.125", "12345.678"])
def test_a_field_takes_back_the_number_that_it_shows(language: str, value: str) -> None:
    column = Column("signed", "kt")
    with translation.override(language):
        assert read(column, as_typed(column, Decimal(value)), Names()).value == Decimal(value)
