"""Forms about the design of the structure and what stands around it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.models import GovernanceVariant, Organisation
from governance.models.design import DesignQuestion
from governance.models.landscape import AskedAction, Budget, MinistryDesk
from nss_portal.core.days import DayField
from nss_portal.core.time import today


class ProposalForm(forms.Form):
    """What every proposal to the steering group says: from when, and why."""

    valid_from = DayField(label=_("From"), initial=today)
    reason = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The steering group decides by this, and everybody reads it afterwards."),
    )

    def clean_valid_from(self) -> date:
        """Say at the field itself that a day has passed; the services refuse it too."""
        day: date = self.cleaned_data["valid_from"]
        if day < today():
            raise forms.ValidationError(_("The day lies in the past. Choose today or later."))
        return day


class PositionForm(ProposalForm):
    """A position on a question: in words, and where it can be, a place between the two ends."""

    field_order = ["text_nl", "text_en", "place", "valid_from", "reason"]

    text_nl = forms.CharField(
        label=_("Position taken"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "lang": "nl"})
    )
    text_en = forms.CharField(
        label=_("Position in English"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        help_text=_("May stay empty; English pages then show the Dutch text."),
    )
    place = forms.TypedChoiceField(
        label=_("Where is that between the two ends?"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, question: DesignQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, forms.TypedChoiceField)  # noqa: S101 declared above
        place.choices = [
            ("", _("Cannot be said as a place")),
            (0, question.start),
            (1, _("Nearer to: {end}").format(end=question.start)),
            (2, _("In the middle")),
            (3, _("Nearer to: {end}").format(end=question.end)),
            (4, question.end),
        ]


class VariantProposalForm(ProposalForm):
    """Which variant, and who coordinates then."""

    field_order = ["variant", "coordinating_organisation", "valid_from", "reason"]

    variant = forms.ModelChoiceField(
        label=_("Variant"), queryset=GovernanceVariant.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    coordinating_organisation = forms.ModelChoiceField(
        label=_("Coordinates then"),
        queryset=Organisation.objects.none(),
        help_text=_(
            "Only organisations that have somebody in a coordination team stand here, so that nobody is "
            "locked out on the day."
        ),
    )

    def __init__(self, *args: Any, variants: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("variant", variants), ("coordinating_organisation", organisations)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared above
            field.queryset = found


class DecisionForm(forms.Form):
    """A word with a decision; asked for when a proposal is not taken over."""

    reason = forms.CharField(
        label=_("Why it is decided so"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when the proposal is not taken over."),
    )


class TakingBackForm(forms.Form):
    """Why a change that was decided should not come."""

    reason = forms.CharField(
        label=_("Why it should not come"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The steering group decides by this, and everybody reads it afterwards."),
    )


class AskedActionForm(forms.Form):
    """How far an action is that was asked."""

    state = forms.ChoiceField(
        label=_("How far"),
        choices=[(value, capfirst(label)) for value, label in AskedAction.State.choices],
        widget=forms.RadioSelect,
    )
    organisation = forms.ModelChoiceField(
        label=_("Taken up by"), queryset=Organisation.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    note = forms.CharField(
        label=_("What is done with it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared above
        field.queryset = organisations


class BudgetForm(forms.ModelForm):
    """Money for something in a year, with where it is written."""

    url = forms.URLField(label=_("Web address"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Budget
        fields = ["organisation", "title", "year", "amount_meur", "source", "url"]
        help_texts = {
            "source": _("For example: national budget 2027, chapter XXII, article 4."),
            "amount_meur": _("In million euro, for example 12.5."),
        }

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared above
        field.queryset = organisations
        self.fields["year"].localize = False


class MinistryDeskForm(forms.ModelForm):
    """Where a city comes in at a ministry."""

    url = forms.URLField(label=_("Web page"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = MinistryDesk
        fields = ["text", "email", "url", "answers_within_days"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
