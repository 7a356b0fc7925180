"""The form with which a city goes through a section."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models.standard_change import Verdict
from contracts.services.standard.going import LONGEST


class GoingForm(forms.Form):
    """Whether a section works, and what would have to change."""

    verdict = forms.ChoiceField(
        label=_("Does this section work for you?"),
        choices=Verdict.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What would have to change, or why does it not work?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Think of staff, money, partners and room to sign. One sentence is enough."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    organisation = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Saved half, too, but not left behind half.
        verdict: Any = self.fields["verdict"]
        text: Any = self.fields["text"]
        verdict.needed_later = _("needed for the next section")
        text.needed_later = _("not needed when it works")
