"""Fields that forms of programmes have in common."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import Programme
from activities.models.programme_partner import MOST_EUROS, MOST_HOURS, Answer
from governance.models import Organisation
from nss_portal.core.numbers import WholeField

LONGEST_TEXT = 20_000
LAST_YEAR = 2_000_000_000


def text_field(label: Any, *, rows: int = 5, required: bool = False, help_text: Any = "") -> forms.CharField:
    """Give a field for a longer text."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, required=required, help_text=help_text, widget=widget
    )


def version_field() -> forms.IntegerField:
    """Give the hidden count of changes that notices when a colleague was first."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=LAST_YEAR)


def hours_field(label: Any, **more: Any) -> WholeField:
    """Give a field for hours."""
    return WholeField(label=label, unit=_("hours"), max_value=MOST_HOURS, **more)


def euros_field(label: Any, **more: Any) -> WholeField:
    """Give a field for whole euros."""
    return WholeField(label=label, unit="€", max_value=MOST_EUROS, **more)


def partners_of(programme: Programme) -> Any:
    """Give the organisations of a programme that can see to something."""
    parts = programme.partners.filter(left_on=None).exclude(answer=Answer.NO)
    return Organisation.objects.filter(pk__in=parts.values("organisation")).order_by("name", "pk")


def partner_field(label: Any, programme: Programme, **more: Any) -> forms.ModelChoiceField:
    """Give a field for one of the partners."""
    return forms.ModelChoiceField(partners_of(programme), label=label, to_field_name="public_id", **more)


def named(names: Iterable[str], among: Any) -> tuple[list[Organisation], list[str]]:
    """Find organisations by what people call them; gives them, and the names that fit none."""
    found, unknown = [], []
    for name in names:
        fits = Q(name__iexact=name) | Q(short_name__iexact=name) | Q(name__iexact=f"Gemeente {name}")
        one = among.filter(fits).first()
        found.append(one) if one else unknown.append(name)
    return found, unknown
