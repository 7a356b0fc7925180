"""What came of applying a lesson, in one minute."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models.lesson_parts import Outcome

LONGEST_REASON = 1_000


class OutcomeForm(forms.Form):
    """Applied, partly or not; in the last two cases why."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[
            (Outcome.APPLIED, _("We applied it")),
            (Outcome.PARTLY, _("We applied it partly")),
            (Outcome.NOT, _("We did not apply it")),
        ],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label=_("Because …"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("One sentence will do. Others learn from it; asked where it went otherwise."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where it was not, or partly, applied."""
        found = super().clean() or {}
        if found.get("outcome") in (Outcome.PARTLY, Outcome.NOT) and not found.get("because", "").strip():
            self.add_error("because", _("Say in a few words why."))
        return found
