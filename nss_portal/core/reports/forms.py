"""Asking for a report: about what, as what, in which language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access import Actor
from nss_portal.core.models import ReportFormat
from nss_portal.core.reports.offer import Offer, offers

SEPARATOR = "|"
ON_PAGES = (ReportFormat.PDF, ReportFormat.XLSX, ReportFormat.JSON)


class ReportForm(forms.Form):
    """One form for all kinds of report that the person may ask for."""

    what = forms.ChoiceField(label=_("Which report?"))
    format = forms.ChoiceField(label=_("As what?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("In which language?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect({"class": "choices--row"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, actor: Actor, chosen: str = "") -> None:
        self.offers = offers(actor)
        offered = {format for offer in self.offers for format in offer.kind.formats}
        formats = [(one.value, one.label) for one in ON_PAGES if one.value in offered]
        language = get_language() or settings.LANGUAGE_CODE
        super().__init__(data, initial={"what": chosen, "format": ReportFormat.PDF, "language": language})
        self._choose("what", _grouped(self.offers))
        self._choose("format", formats)
        about = [
            f"{offer.kind.label}: {offer.kind.description}" for offer in self.offers if offer.kind.description
        ]
        self.fields["what"].help_text = " ".join(about)

    def _choose(self, name: str, choices: Sequence[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 declared above
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Take kind and record apart, and see that the kind comes in the format."""
        cleaned = super().clean() or self.cleaned_data
        kind, _separator, ref = cleaned.get("what", "").partition(SEPARATOR)
        cleaned["kind"], cleaned["object_ref"] = kind, ref
        for offer in self.offers:
            if offer.kind.name == kind and cleaned.get("format") not in (None, *offer.kind.formats):
                self.add_error("format", _("This report does not come in this form. Choose another one."))
        return cleaned


def _grouped(found: Sequence[Offer]) -> list[tuple[str | Promise, list[tuple[str, str]]]]:
    return [
        (
            offer.kind.label,
            [(f"{offer.kind.name}{SEPARATOR}{choice.ref}", choice.label) for choice in offer.choices],
        )
        for offer in found
    ]
