"""Every date that a form asks for keeps to one rule of what a plausible day is."""

import importlib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django import forms

from nss_portal.core.days import EARLIEST, DayField, MomentField, latest_day
from nss_portal.core.time import today

ROOT = Path(__file__).parent.parent.parent
APPS = ("governance", "cities", "activities", "contracts", "nss_portal")
HOME = "nss_portal/core/days.py"


def every_form() -> Iterator[type[forms.BaseForm]]:
    """Give each class of form in the project, also those in packages that no page has imported yet."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            module = path.relative_to(ROOT).with_suffix("")
            if "Form)" in path.read_text() and "migrations" not in module.parts:
                importlib.import_module(".".join(module.parts))
    waiting = [forms.BaseForm]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.partition(".")[0] in APPS:
            yield one


def date_fields() -> list[tuple[str, forms.Field]]:
    return [
        (f"{form.__module__}.{form.__qualname__}.{name}", field)
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.DateField | forms.DateTimeField)
    ]


def test_every_date_in_every_form_has_the_one_rule() -> None:
    found = date_fields()
    assert len(found) > 60
    assert [name for name, field in found if not isinstance(field, DayField | MomentField)] == []
    for name, field in found:
        for typed in ("0001-01-01", "9999-12-31", "0202-05-01"):
            moment = f"{typed}T12:00" if isinstance(field, MomentField) else typed
            with pytest.raises(forms.ValidationError) as refused:
                field.clean(moment)
            assert "kies een dag van" in str(refused.value.messages).lower(), name


def test_nobody_makes_a_date_field_of_another_kind() -> None:
    """Also not where a form adds its fields as it goes."""
    others = re.compile(r"forms\.(?:DateField|DateTimeField|DateInput)\b")
    found = [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if others.search(path.read_text()) and str(path.relative_to(ROOT)) != HOME
    ]
    assert found == []


def test_the_ends_of_the_range() -> None:
    field = DayField("Dag")
    for day in (EARLIEST, today(), latest_day()):
        assert field.clean(day.isoformat()) == day
    for day in (EARLIEST - timedelta(days=1), latest_day() + timedelta(days=1)):
        with pytest.raises(forms.ValidationError, match=r"Kies een dag van 1.+januari 1990 tot en met"):
            field.clean(day.isoformat())
    assert DayField("Dag", earliest=date(1100, 1, 1)).clean("1575-02-08") == date(1575, 2, 8)
    near = DayField("Dag", within=timedelta(days=366))
    with pytest.raises(forms.ValidationError):
        near.clean((today() + timedelta(days=367)).isoformat())
    assert MomentField(label="Moment").clean("2027-03-01T10:00").year == 2027
