"""Numbers, amounts and dates as Dutch and English people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from nss_portal.core import formats


@pytest.mark.parametrize(
    ("value", "decimals", "dutch", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1941, 0, "1.941", "1,941"),
        (2.5, 0, "3", "3"),
        (-2.5, 0, "−3", "−3"),
        (-0.4, 0, "0", "0"),
        (0.1 + 0.2, 1, "0,3", "0.3"),
        (Decimal("1000000.005"), 2, "1.000.000,01", "1,000,000.01"),
        (None, 0, "–", "–"),
        (float("nan"), 0, "–", "–"),
    ],
)
def test_numbers_are_written_in_the_language_of_the_page(value, decimals, dutch, english):
    with translation.override("nl"):
        assert formats.format_number(value, decimals) == dutch
    with translation.override("en"):
        assert formats.format_number(value, decimals) == english


def test_a_signed_number_shows_which_way():
    assert formats.format_number(58, signed=True) == "+58"
    assert formats.format_number(-58, signed=True) == "−58"
    assert formats.format_number(0, signed=True) == "0"


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (2_700_000_000, "2,7 miljard euro", "2.7 billion euros"),
        (999_960_000, "1 miljard euro", "1 billion euros"),
        (835_000_000, "835 miljoen euro", "835 million euros"),
        (60_400_000, "60,4 miljoen euro", "60.4 million euros"),
        (1_000_000, "1 miljoen euro", "1 million euros"),
        (-12_500_000, "−12,5 miljoen euro", "−12.5 million euros"),
        (12_500, "12.500 euro", "12,500 euros"),
        (None, "–", "–"),
    ],
)
def test_large_amounts_are_written_in_words(value, dutch, english):
    with translation.override("nl"):
        assert formats.format_euro(value) == dutch
    with translation.override("en"):
        assert formats.format_euro(value) == english


def test_an_amount_to_reckon_on_with_is_written_to_the_euro():
    with translation.override("nl"):
        assert formats.format_whole_euro(1_250_000) == "1.250.000 euro"
        assert formats.format_whole_euro(-2_700_000_001) == "−2.700.000.001 euro"
        assert formats.format_whole_euro(None) == "–"
    with translation.override("en"):
        assert formats.format_whole_euro(1_250_000) == "1,250,000 euros"


def test_kilotons_carry_their_unit_with_the_subscript():
    nbsp = "\N{NO-BREAK SPACE}"
    assert formats.format_kt(446) == f"446{nbsp}kt{nbsp}CO₂"
    assert formats.format_kt(8.42) == f"8,4{nbsp}kt{nbsp}CO₂"
    assert formats.format_kt(8) == f"8{nbsp}kt{nbsp}CO₂"
    assert formats.format_kt(1941, 1) == f"1.941,0{nbsp}kt{nbsp}CO₂"
    assert formats.format_kt(None) == "–"


def test_dates_are_written_out_and_lived_in_the_netherlands():
    nbsp = "\N{NO-BREAK SPACE}"
    assert formats.format_date(date(2027, 3, 3)) == f"3{nbsp}maart 2027"
    late = datetime(2027, 3, 2, 23, 30, tzinfo=UTC)
    assert formats.format_date(late) == f"3{nbsp}maart 2027"
    assert formats.format_moment(late) == f"3{nbsp}maart 2027, 00.30 uur"
    with translation.override("en"):
        assert formats.format_moment(late) == f"3{nbsp}March 2027, 00:30"
    assert formats.format_date(None) == formats.format_moment(None) == "–"


def test_a_year_has_no_thousands():
    assert formats.format_year(2030) == "2030"


@pytest.mark.parametrize(("size", "text"), [(12, "1 kB"), (412_000, "412 kB"), (1_340_000, "1,3 MB")])
def test_sizes_of_files(size, text):
    assert formats.format_size(size).replace("\N{NO-BREAK SPACE}", " ") == text


def test_templates_have_them_as_filters():
    template = Template(
        "{% load formats %}{{ n|number:1 }}|{{ n|signed }}|{{ n|kt }}|{{ n|euro }}|{{ n|percent:1 }}|{{ y|year }}|"
        "{{ d|day }}|{{ size|filesize }}"
    )
    shown = template.render(Context({"n": 1234.5, "y": 2030, "d": date(2030, 1, 1), "size": 5000}))
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == (
        "1.234,5|+1.235|1.235 kt CO₂|1.235 euro|1.234,5%|2030|1 januari 2030|5 kB"
    )


def test_moments_are_written_as_the_language_of_the_page_does():
    moment = datetime(2027, 3, 3, 13, 5, tzinfo=UTC)
    template = Template('{{ m|date:"DATETIME_FORMAT" }}|{{ m|date:"SHORT_DATETIME_FORMAT" }}')
    with translation.override("nl"):
        assert template.render(Context({"m": moment})) == "3 maart 2027, 14.05|3 mrt 2027, 14.05"
    with translation.override("en"):
        assert template.render(Context({"m": moment})) == "3 March 2027, 14:05|3 Mar 2027, 14:05"
