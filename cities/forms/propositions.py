"""Forms of propositions."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models.proposition import UrbanTask
from governance.models import Organisation
from nss_portal.core.days import DayField

LONGEST_TEXT = 10_000
NEEDED_ON_AGENDA = ("task", "text", "review_on")


class PropositionForm(forms.Form):
    """What is put on the agenda."""

    title = forms.CharField(
        label=_("What do you put on the agenda, in one line"),
        max_length=160,
        help_text=_("For example: 'One desk of the state for heat networks in old city centres'."),
    )
    task = forms.ModelChoiceField(
        UrbanTask.objects.all(),
        label=_("Urban task"),
        required=False,
        to_field_name="code",
        empty_label=_("No task yet"),
    )
    region = forms.CharField(
        label=_("Region"),
        required=False,
        max_length=120,
        help_text=_("Where several municipalities put it forward together: the name of the region."),
    )
    text = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("What goes on, what you want to reach, and what you have tried. A draft may be without."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    ask = forms.CharField(
        label=_("What you ask of others"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Of other cities, of the state, of companies: what would they do?"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    starts_on = DayField(_("On the agenda from"), required=False)
    ends_on = DayField(_("Until"), required=False)
    review_on = DayField(
        _("Looked at again on"),
        required=False,
        help_text=_("The agenda rolls on: on this day you are asked whether it holds."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NEEDED_ON_AGENDA:
            # For the label: a draft may be without.
            self.fields[name].needed_later = _("needed on the agenda")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hold the last day against the first."""
        values = self.cleaned_data
        if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))
        return values


class OnBehalfForm(forms.Form):
    """In whose name somebody acts."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations
            field.initial = organisations.first()


class NewPropositionForm(OnBehalfForm, PropositionForm):
    """The same for a new one."""

    field_order = ("organisation",)


class SupportForm(OnBehalfForm):
    """An organisation joins."""

    brings = forms.CharField(
        label=_("What you bring"),
        max_length=300,
        help_text=_("For example: two days a month of a lawyer, a street to try it in, a place at the table."),
    )
    why = forms.CharField(label=_("Why you join"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class ReviewForm(forms.Form):
    """Whether it stays on the agenda, and until when."""

    review_on = DayField(label=_("Looked at again on"))
    ends_on = DayField(_("On the agenda until"), required=False)
    reason = forms.CharField(
        label=_("Why it stays on the agenda"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
