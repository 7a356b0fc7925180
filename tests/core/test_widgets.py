"""Widgets that are drawn without a template look as those that have one."""

import pytest
from django import forms

from nss_portal.core.widgets import PlainSelect, PlainTextInput

CHOICES = [("", "Kies <iets>"), ("a", 'A & "B"'), ("Groep", [("c", "C"), ("d", "D")])]
ATTRS = {"id": "id_x", "maxlength": "20", "required": True, "disabled": False, "aria-label": "5 < 6"}


@pytest.mark.parametrize("value", [None, "", "a", "d", "<niet te kiezen>"])
def test_a_select(value: str | None) -> None:
    plain, usual = (kind(choices=CHOICES).render("keuze", value, ATTRS) for kind in (PlainSelect, forms.Select))
    assert plain == usual


@pytest.mark.parametrize("value", [None, "", "tekst", 'een "<b>" & meer'])
def test_a_line_of_text(value: str | None) -> None:
    plain, usual = (kind().render("tekst", value, ATTRS) for kind in (PlainTextInput, forms.TextInput))
    assert plain == usual
