"""Whole numbers in forms: thousands are read as people write them, and no amount shrinks on its way in."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from activities.forms.periods import MeansForm
from activities.forms.pilots import euros_field as pilot_euros
from activities.forms.programmes.fields import euros_field, hours_field
from governance.forms.contributions import FiguresForm
from nss_portal.core.numbers import WholeField

FIELD = WholeField(required=False, max_value=2_000_000_000)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15.000", 15_000),
        ("15,000", 15_000),
        ("15 000", 15_000),
        ("1.250.000", 1_250_000),
        (" 240 ", 240),
        ("0", 0),
        ("", None),
        ("  ", None),
    ],
)
def test_a_whole_number_is_read_as_it_was_meant(language: str, text: str, value: int | None) -> None:
    with translation.override(language):
        assert FIELD.clean(text) == value


@pytest.mark.parametrize("text", ["-5", "1.5", "15,00", "15.0000", "0.125", "1.250,000", "1e3", "x", "٣", "²"])
def test_what_is_no_whole_number_is_asked_again(text: str) -> None:
    with pytest.raises(ValidationError, match="heel getal"), translation.override("nl"):
        FIELD.clean(text)


@pytest.mark.parametrize(
    "field",
    [
        euros_field("x"),
        hours_field("x"),
        pilot_euros("x"),
        FiguresForm.base_fields["euros"],
        FiguresForm.base_fields["hours"],
        MeansForm.base_fields["euros"],
        MeansForm.base_fields["hours"],
    ],
)
def test_hours_and_euros_never_lose_their_thousands(field: forms.Field) -> None:
    """Django alone makes 15 of '15.000'."""
    assert field.clean("15.000") == 15_000
