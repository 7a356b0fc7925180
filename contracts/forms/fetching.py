"""Fetching figures, and taking a file of them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models.fetch import Service

FORMATS = [
    ("klimaatmonitor-dashboard", _("Klimaatmonitor, export of a dashboard (CSV)")),
    ("klimaatmonitor-matrix", _("Klimaatmonitor, matrix (CSV)")),
    ("emissieregistratie", _("Emissieregistratie, export (XLSX)")),
    ("table", _("a plain table (CSV): municipality; year; sector; value; unit")),
]
RELEASE = _("Name of this edition. Figures of different editions stay apart.")


class FetchForm(forms.Form):
    """Which service to ask."""

    service = forms.ChoiceField(
        label=_("Source"),
        choices=[
            (Service.KLIMAATMONITOR, Service.KLIMAATMONITOR.label),
            (Service.INHABITANTS, Service.INHABITANTS.label),
        ],
    )
    release = forms.CharField(label=_("Edition"), max_length=60, required=False, help_text=RELEASE)
    partial = forms.BooleanField(label=_("Take what is right, also when rows are refused"), required=False)


class FileForm(forms.Form):
    """A file with figures of many municipalities."""

    file = forms.FileField(label=_("File"))
    form = forms.ChoiceField(label=_("What kind of file is it?"), choices=FORMATS)
    release = forms.CharField(label=_("Edition"), max_length=60, required=False, help_text=RELEASE)
    partial = forms.BooleanField(label=_("Take what is right, also when rows are refused"), required=False)
