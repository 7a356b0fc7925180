"""The form of a lesson."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Theme
from governance.models import Organisation

LONGEST_TEXT = 20_000


class LessonForm(forms.Form):
    """What worked and what did not."""

    title = forms.CharField(
        label=_("The lesson in one line"),
        max_length=160,
        help_text=_("For example: 'One tender for all schools saved half a year'."),
    )
    what_worked = forms.CharField(
        label=_("What worked?"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    what_failed = forms.CharField(
        label=_("What did not work?"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("Others learn most from this."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        required=False,
        to_field_name="code",
        empty_label=_("No theme yet"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)


class NewLessonForm(LessonForm):
    """The same for a new one: who writes it, and whom it is about."""

    author_organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Written by"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("About"),
        help_text=_("The city or organisation that learned it. It decides whether the lesson is released."),
    )
    field_order = ("author_organisation", "organisation")

    def __init__(
        self,
        *args: Any,
        authors: QuerySet[Organisation],
        subjects: QuerySet[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        first = authors.first()
        for name, choices in (("author_organisation", authors), ("organisation", subjects)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = choices
                field.initial = first
