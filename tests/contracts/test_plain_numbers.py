"""Numbers in forms, written in Dutch or in English: read as one number only, or asked about."""

import re
from collections import namedtuple
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from cities.forms.eoi import parse_number, write_number
from contracts.forms.pathway import PlainDecimalField, unmistakable
from contracts.forms.review import parse_kt, write_kt
from contracts.tables.values import BadCell, Names, read
from nss_portal.core.numbers import AmountField

FIELD = PlainDecimalField(decimal_places=3)
Column = namedtuple("Column", "key kind vocabulary unit")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4971", "4971"),
        ("4,97", "4.97"),
        ("4.97", "4.97"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("4,9710", "4.971"),
        ("1.0000", "1"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567,25", "1234567.25"),
        ("1.234.567", "1234567"),
        (" \u22122,5 ", "-2.5"),
    ],
)
def test_what_means_one_number_is_read(text: str, value: str) -> None:
    assert FIELD.clean(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.234", "1,234", "-12.345", "999,000"])
def test_what_may_be_a_thousand_or_one_is_asked(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        FIELD.clean(text)
    assert caught.value.code == "unclear"


@pytest.mark.parametrize("text", ["x", "1,2,3", "1.2.3", "1.234.5", "1.23,4.5", "NaN", "4,97101", "12.34.567"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        FIELD.clean(text)


@pytest.mark.parametrize("text", ["4.971", "4.97", "0.125", "1234.567", "-4.971", ""])
def test_what_the_portal_writes_itself_it_reads_again(text: str) -> None:
    assert PlainDecimalField(decimal_places=3, required=False).clean(unmistakable(text)) == (
        Decimal(text) if text else None
    )


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("nl", "12,5", "12.5"),
        ("nl", "12.5", "12.5"),
        ("nl", "1.234", "1234"),
        ("nl", "1,2340", "1.234"),
        ("nl", "12.567,5", "12567.5"),
        ("nl", "0.125", "0.125"),
        ("nl", "1 234,5", "1234.5"),
        ("en", "12,5", "12.5"),
        ("en", "12.5", "12.5"),
        ("en", "1,234", "1234"),
        ("en", "1.2340", "1.234"),
        ("en", "0,125", "0.125"),
    ],
)
def test_an_amount_is_read_as_the_page_writes_it(language: str, text: str, value: str) -> None:
    with translation.override(language):
        assert AmountField(label="x", unit="kt").clean(text) == Decimal(value)
        assert parse_kt(text) == Decimal(value)


@pytest.mark.parametrize(
    ("language", "text"), [("nl", "1,234"), ("en", "1.234"), ("nl", "12,500"), ("en", "999.000")]
)
def test_what_the_page_would_write_otherwise_is_asked_in_forms_tables_and_pastes(language: str, text: str) -> None:
    column = Column("kt", "number", "", "")
    readers: list[Callable[[str], object]] = [
        AmountField(label="x", unit="kt").clean,
        parse_kt,
        parse_number,
        lambda typed: read(column, typed, Names()),
    ]
    with translation.override(language):
        other = text.replace(",", "|").replace(".", ",").replace("|", ".")
        for reader in readers:
            with pytest.raises((ValidationError, BadCell), match=re.escape(f"{text}0")):
                reader(text)
            reader(other)
            reader(f"{text}0")


@pytest.mark.parametrize(("language", "example"), [("nl", "12,5"), ("en", "12.5")])
def test_the_example_is_written_as_the_page_writes_numbers(language: str, example: str) -> None:
    with translation.override(language):
        for reader in (AmountField(label="x", unit="kt").clean, parse_number):
            with pytest.raises(ValidationError, match=re.escape(f" {example}.")):
                reader("veel")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("value", ["1.234", "12.5", "0.125", "1234.567", "100", "1000"])
def test_a_field_reads_back_what_it_shows(language: str, value: str) -> None:
    with translation.override(language):
        field = AmountField(label="x", unit="kt")
        for shown in (field.prepare_value(Decimal(value)), write_kt(Decimal(value)), write_number(value)):
            assert field.clean(shown) == parse_kt(shown) == Decimal(parse_number(shown)) == Decimal(value)


@pytest.mark.parametrize("text", ["1.2.3", "10 20", "12,50,1", "1e3", "NaN", "-3", "\u0661\u0662", "abc"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_amount_is_never_guessed(language: str, text: str) -> None:
    with translation.override(language):
        for read in (AmountField(label="x", unit="kt").clean, parse_kt):
            with pytest.raises(ValidationError):
                read(text)


def test_an_amount_may_stay_empty() -> None:
    assert AmountField(label="x", unit="kt").clean("  ") is None
