"""Two people edited one record: both texts side by side, and the form again on top of what was saved."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from nss_portal.core.editing import EditConflict


def beside(form: forms.Form, error: EditConflict) -> list[dict[str, Any]]:
    """Give the fields in which what was typed differs from what a colleague saved, for `components/conflict.html`.

    Fields go by the name of the record's own; those that the record has not are left out. The form is valid.
    """
    rows = []
    for name, field in form.fields.items():
        if field.widget.is_hidden or name not in form.cleaned_data or not hasattr(error.record, name):
            continue
        mine, theirs = form.cleaned_data[name], getattr(error.record, name)
        if hasattr(theirs, "all"):
            mine, theirs = set(mine), set(theirs.all())
        if mine != theirs:
            rows.append({"label": field.label, "mine": _in_words(field, mine), "theirs": _in_words(field, theirs)})
    return rows


def saved_now(form: forms.Form, error: EditConflict) -> list[str]:
    """Say in lines what a colleague saved, where that differs: for a small page with the form itself beside it."""
    return [
        _("{label}, saved now: {text}").format(label=row["label"], text=row["theirs"])
        for row in beside(form, error)
    ]


def _in_words(field: forms.Field, value: Any) -> str:
    """Say a value as the form shows it: choices by their name, several records in the order of the alphabet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, set):
        return ", ".join(sorted(map(str, value)))
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        named = dict(field.choices)  # type: ignore[arg-type]
        several = value if isinstance(value, list | tuple) else [value]
        return ", ".join(str(named.get(one, one)) for one in several)
    if isinstance(value, datetime):
        value = localtime(value)
    return str(localize(field.prepare_value(value)))


def sent_again(request: HttpRequest, error: EditConflict) -> QueryDict:
    """Give what was sent, now on top of the colleague's version: sent once more it is saved over that."""
    data = request.POST.copy()
    data["version"] = str(getattr(error.record, "version"))  # noqa: B009 - Model itself has no version
    return data
