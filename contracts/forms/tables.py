"""Forms on one row of a table, on a section's text, on a paste and on a file. A form carries its revision."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.tables.limits import LONGEST_TEXT
from contracts.tables.template import Table
from contracts.tables.units import unit_label
from contracts.tables.values import LONGEST, NUMBERS, BadCell, Names, Value, read, typed_number
from contracts.tables.vocab import choices
from nss_portal.core.days import DayInput

MOST_PASTED = 500_000  # characters


class CellField(forms.CharField):
    """A field that is read as a cell is, so that form, paste and file say the same."""

    def __init__(self, column: Any, names: Names, **kwargs: Any) -> None:
        self.column, self.names = column, names
        super().__init__(required=column.is_required, label=column.title, **kwargs)

    def clean(self, value: Any) -> Any:
        """Give the typed value; raises ValidationError with what the cell says."""
        try:
            found = read(self.column, value, self.names).value
        except BadCell as error:
            raise forms.ValidationError(
                _("%(column)s: %(fault)s.") % {"column": self.column.title, "fault": str(error)}
            ) from None
        if found is None and self.required:
            raise forms.ValidationError(_("Fill this in: %(column)s.") % {"column": self.column.title})
        return found


def _widget(column: Any, names: Names) -> forms.Widget:
    if column.kind == "long":
        return forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST["long"]})
    if column.kind == "date":
        return DayInput()
    options = _options(column, names)
    if options is not None:
        none = "" if column.is_required else _("not stated")
        return forms.Select(choices=[("", none), *options])
    attrs: dict[str, str | Promise] = {}
    if column.kind in NUMBERS or column.kind == "year":
        attrs["inputmode"] = "decimal" if column.kind in NUMBERS else "numeric"
    if column.unit:
        attrs["unit"] = unit_label(column.unit)
    return forms.TextInput(attrs=attrs)


def _options(column: Any, names: Names) -> list[tuple[str, str]] | None:
    """Give the choices of a column, or None where it takes a text."""
    match column.kind:
        case "choice" if column.vocabulary == "measure":
            return sorted(names.measures.items(), key=lambda pair: pair[1])
        case "choice":
            return choices(column.vocabulary)
        case "party":
            return [(name, name) for name in names.parties.values()]
        case "action":
            return list(names.titles.items())
        case "yesno":
            return [("ja", _("yes")), ("nee", _("no"))]
    return None


def as_typed(column: Any, value: Value | None) -> Any:
    """Give a value as its field shows it."""
    if value is None:
        return ""
    if column.kind in NUMBERS:
        return typed_number(value) if isinstance(value, Decimal | int) else value
    if column.kind == "yesno":
        return "ja" if value else "nee"
    if column.kind == "sector":
        return dict(choices("sector")).get(str(value), value)
    return value


class RowForm(forms.Form):
    """One row of a table."""

    # The name under which saving by itself brings it up to date.
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, table: Table, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        sectors = ", ".join(label for _value, label in choices("sector"))
        for column in table.typed:
            field = CellField(column, names, widget=_widget(column, names))
            if column.kind == "sector":
                field.help_text = _("Take one of these where it fits: %(sectors)s.") % {"sectors": sectors}
            self.fields[column.key] = field

    def cells(self) -> Mapping[str, Value | None]:
        """Give the checked cells."""
        return {column.key: self.cleaned_data.get(column.key) for column in self.table.typed}


class SectionForm(forms.Form):
    """What a draft says in a section."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class PasteForm(forms.Form):
    """Cells out of a spreadsheet."""

    rows = forms.CharField(
        label=gettext_lazy("Rows"),
        max_length=MOST_PASTED,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Copy cells in Excel and paste them here, with or without their headings."),
    )


class FileForm(forms.Form):
    """A file with tables of a contract."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.json"}),
        help_text=gettext_lazy("XLSX, CSV or JSON. First you see what would happen; nothing changes yet."),
    )


class CommentForm(forms.Form):
    """A comment for colleagues."""

    text = forms.CharField(
        label=gettext_lazy("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
