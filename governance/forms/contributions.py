"""Forms of contributions: a pledge, the yearly confirmation, a correction, who sees it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from governance.models.contribution import MOST_EUROS, MOST_HOURS, ContributionSharing
from governance.services.contributions.giving import Given
from nss_portal.core.numbers import WholeField


class FiguresForm(forms.Form):
    """Euros, hours and other things in words; round figures, no time sheets."""

    hours = WholeField(
        label=_("Hours"),
        unit=_("hours"),
        required=False,
        max_value=MOST_HOURS,
        help_text=_("About is good enough: nobody keeps time sheets."),
    )
    euros = WholeField(
        label=_("Money"),
        unit="€",
        required=False,
        max_value=MOST_EUROS,
        help_text=_("In whole euros."),
    )
    in_kind = forms.CharField(
        label=_("In kind, otherwise"),
        required=False,
        max_length=500,
        help_text=_("A meeting room, data, a model that others may use: in a few words."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def figures(self) -> Given:
        """Give what was filled in; of a form that is valid."""
        values = self.cleaned_data
        return Given(values["euros"], values["hours"], " ".join(values["in_kind"].split()))


class PledgeForm(FiguresForm):
    """What an organisation will bring in a year, for what, and who sees it."""

    nothing = forms.BooleanField(label=_("Nothing this year"), required=False)
    purpose = forms.CharField(
        label=_("For what"),
        required=False,
        max_length=300,
        help_text=_("Empty: for the cooperation as a whole. What goes to a programme stands with that programme."),
    )
    sharing = forms.ChoiceField(
        label=_("Who sees these figures?"),
        choices=ContributionSharing.choices,
        widget=forms.RadioSelect,
        help_text=_("Sums of many organisations are public; yours cannot be read from them."),
    )
    field_order = ["hours", "euros", "in_kind", "purpose", "nothing", "sharing", "version"]

    def clean(self) -> dict[str, Any]:
        """Nothing is nothing: not beside a figure."""
        values = self.cleaned_data
        if values.get("nothing"):
            if values.get("hours") or values.get("euros") or values.get("in_kind"):
                raise ValidationError(
                    _("You filled something in and ticked 'nothing this year': choose one of both.")
                )
            values |= {"hours": 0, "euros": 0}
        return values


class ConfirmForm(FiguresForm):
    """What it became, with a reason where that is otherwise than pledged."""

    reason = forms.CharField(
        label=_("Why it was otherwise"),
        required=False,
        max_length=500,
        help_text=_("One sentence, if the figures differ from the pledge."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ["hours", "euros", "in_kind", "reason", "version"]


class CorrectForm(FiguresForm):
    """Other figures than were confirmed, with the reason."""

    reason = forms.CharField(
        label=_("Why the figures change"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ["hours", "euros", "in_kind", "reason", "version"]


class ShareForm(forms.Form):
    """Who sees the figures of a year."""

    sharing = forms.ChoiceField(
        label=_("Who sees these figures?"), choices=ContributionSharing.choices, widget=forms.RadioSelect
    )
