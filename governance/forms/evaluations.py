"""Forms of the evaluation of the variant in force."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.models import Assessment, Meeting, Outcome
from governance.services.variants import a_year_after
from nss_portal.core.days import DayField
from nss_portal.core.time import today


class EvaluationForm(forms.Form):
    """An assessment that is there already, or until when people can answer a new one."""

    assessment = forms.ModelChoiceField(
        label=_("Assessment of the cooperation"),
        queryset=Assessment.objects.none(),
        required=False,
        empty_label=_("A new one"),
        help_text=_("The eight success factors are put to who takes part, by a personal link."),
    )
    closes_on = DayField(
        label=_("New one: open until"),
        required=False,
        help_text=_("Six weeks is usual. You choose whom to ask on the next page."),
    )
    note = forms.CharField(
        label=_("New one: word to who takes part"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, assessments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assessment"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared above
        field.queryset = assessments
        self.fields["closes_on"].initial = today() + timedelta(weeks=6)


class ConclusionForm(forms.Form):
    """What the coordination team concludes, for the steering group."""

    outcome = forms.ChoiceField(
        label=_("Does the variant still fit the goal?"),
        choices=[(value, capfirst(label)) for value, label in Outcome.choices],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The steering group decides by this, and everybody reads it afterwards."),
    )
    adjustments = forms.CharField(
        label=_("What is adjusted"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when the variant stays with adjustments."),
    )
    next_on = DayField(label=_("Looked at again on"))
    meeting = forms.ModelChoiceField(
        label=_("On the agenda of"),
        queryset=Meeting.objects.none(),
        required=False,
        empty_label=_("No meeting"),
        help_text=_("A meeting of the steering group that is planned."),
    )

    def __init__(self, *args: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["meeting"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared above
        field.queryset = meetings
        self.fields["next_on"].initial = a_year_after(today())

    def clean_outcome(self) -> Outcome:
        """Give the choice as what it stands for."""
        return Outcome(self.cleaned_data["outcome"])
