"""Forms of the annual review: one promise a screen, the city's conclusion, and opening a round."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Bottleneck
from contracts.models import Effort
from contracts.models.review import EffortStatus
from contracts.services.review.answers import KT_LIMIT, TEXT_LIMIT, Answer
from nss_portal.core.days import DayField
from nss_portal.core.number_reading import written
from nss_portal.core.numbers import read_amount

# In the order in which people think of them; the first is the commonest.
STATUSES = [
    (EffortStatus.ON_COURSE.value, gettext_lazy("On course")),
    (EffortStatus.BEHIND.value, gettext_lazy("Behind")),
    (EffortStatus.BLOCKED.value, gettext_lazy("Blocked")),
    (EffortStatus.AHEAD.value, gettext_lazy("More than promised")),
    (EffortStatus.STOPPED.value, gettext_lazy("Stopped")),
]
DECIMALS = 3


def parse_kt(text: str) -> Decimal | None:
    """Read a number of kilotons as people write it: '12,5', '12.5', '1.234,5', with or without 'kt'.

    Thousands are separated as in the language of the page. Gives None for an empty text and raises
    ValidationError, with a text for people, for all else that is no number from 0 up.
    """
    bare = text.strip().lower().removesuffix("kt").strip()
    if not bare:
        return None
    plain = read_amount(bare, decimals=DECIMALS)
    if len(plain.partition(".")[2]) > DECIMALS:
        raise ValidationError(_("Use at most three decimals."))
    value = Decimal(plain) if len(plain) < 20 else KT_LIMIT + 1
    if value > KT_LIMIT:
        raise ValidationError(_("Fill in a number of kilotons between 0 and 999,999."))
    return value


def write_kt(value: Decimal | None) -> str:
    """Write a number of kilotons as it goes into the field, so that it is read back the same."""
    if value is None:
        return ""
    return written(value)


class AskedField(forms.CharField):
    """A text that some answers ask for: not marked as optional, and missing only when the answer is final."""

    def validate(self, value: Any) -> None:
        """Leave emptiness to the service, which knows what each answer asks for."""


class AskedChoice(forms.ChoiceField):
    """A choice that a draft may leave open."""

    def validate(self, value: Any) -> None:
        """Judge only what was chosen."""
        if value:
            super().validate(value)


def _text(label: Any, hint: Any) -> AskedField:
    return AskedField(
        label=label,
        help_text=hint,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": gettext_lazy(
                "At most %(limit_value)d characters fit in here; this text has %(show_value)d. Make it shorter."
            )
        },
    )


class EffortForm(forms.Form):
    """What a party says of one promise. `version` is the revision that the form was made from."""

    use_required_attribute = False

    status = AskedChoice(label=gettext_lazy("How does it stand?"), choices=STATUSES, widget=forms.RadioSelect)
    obstacle = _text(
        gettext_lazy("What blocks it?"),
        gettext_lazy("One or two sentences. It becomes a draft bottleneck of the city."),
    )
    reason = _text(gettext_lazy("What happened?"), gettext_lazy("One or two sentences are enough."))
    learned = forms.CharField(
        label=gettext_lazy("What can others learn from it?"),
        help_text=gettext_lazy("It becomes a draft lesson, which the city releases itself."),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": gettext_lazy(
                "At most %(limit_value)d characters fit in here; this text has %(show_value)d. Make it shorter."
            )
        },
    )
    # The public identifier of a bottleneck that is known already; the page draws the choice itself.
    bottleneck = forms.CharField(
        label=gettext_lazy("Bottleneck"), required=False, max_length=40, widget=forms.HiddenInput
    )
    expected_kt = forms.CharField(
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"unit": "kt", "inputmode": "decimal", "autocomplete": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: QueryDict | None = None, *, effort: Effort, target_year: int) -> None:
        initial = {
            "status": effort.status,
            "reason": effort.reason,
            "obstacle": effort.obstacle,
            "learned": effort.learned,
            "expected_kt": write_kt(effort.expected_kt),
            "version": effort.revision,
        }
        super().__init__(data, initial=initial)
        self.effort = effort
        if effort.action_id is None:
            del self.fields["expected_kt"]
        else:
            self.fields["expected_kt"].label = _("Expected reduction in %(year)d") % {"year": target_year}

    def clean_expected_kt(self) -> Decimal | None:
        return parse_kt(self.cleaned_data["expected_kt"])

    def clean_bottleneck(self) -> int | None:
        """Give the bottleneck (primary key) that was chosen; what is not asked about stays as it is."""
        if "bottleneck" not in self.data:
            return self.effort.bottleneck_id
        chosen = self.cleaned_data["bottleneck"]
        if not chosen:
            return None
        found = Bottleneck.objects.filter(public_id=chosen).values_list("pk", flat=True).first()
        if found is None:
            raise ValidationError(
                _("This bottleneck is not there any more. Choose another one, or describe what blocks it.")
            )
        return found

    def answer(self) -> Answer:
        """Give what was filled in; call it on a valid form."""
        data = self.cleaned_data
        return Answer(
            status=data["status"],
            reason=data["reason"],
            obstacle=data["obstacle"],
            learned=data["learned"],
            expected_kt=data.get("expected_kt"),
            bottleneck_id=data["bottleneck"],
        )

    def readable_answer(self) -> Answer:
        """Give what can be read of a form that is not valid: what cannot stays as it was."""
        data = {
            name: self.cleaned_data.get(name, self.initial[name])
            for name in ("status", "reason", "obstacle", "learned")
        }
        return Answer(
            **data,
            expected_kt=self.cleaned_data.get("expected_kt", parse_kt(self.initial["expected_kt"])),
            bottleneck_id=self.cleaned_data.get("bottleneck", self.effort.bottleneck_id),
        )

    def show(self, problems: Any) -> None:
        """Put what a service found wrong beside its fields."""
        for name, text in problems.items():
            self.add_error(name if name in self.fields else None, text)


class ConclusionForm(forms.Form):
    """What stands out this year, in the city's own words."""

    use_required_attribute = False

    conclusion = forms.CharField(
        label=gettext_lazy("What stands out this year?"),
        help_text=gettext_lazy("Three to five sentences that can stand in the national reflection."),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "max_length": gettext_lazy(
                "At most %(limit_value)d characters fit in here; this text has %(show_value)d. Make it shorter."
            )
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    accept_open = forms.BooleanField(label=gettext_lazy("Hand in without the open parts"), required=False)


class RoundForm(forms.Form):
    """A round to open: the year that is looked back on, and the last day to answer."""

    year = forms.IntegerField(
        label=gettext_lazy("Year that is looked back on"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    due_on = DayField(label=gettext_lazy("Last day to answer"))


class DueForm(forms.Form):
    """Another last day to answer."""

    due_on = DayField(label=gettext_lazy("Last day to answer"))
