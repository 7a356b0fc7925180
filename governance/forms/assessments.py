"""Forms of assessments: for who holds one, and for who answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from governance.models import Indicator, Instrument, Organisation, ResultSharing
from governance.models.assessment import STRUCTURE
from governance.models.instrument import HIGHEST, LOWEST
from governance.services.assessments.answering import LONGEST_COMMENT
from governance.services.assessments.counting import NOT_APPLICABLE
from governance.services.assessments.holding import addresses_in, holds_all, kinds
from nss_portal.core.access import Actor
from nss_portal.core.days import DayField
from nss_portal.core.time import today

LONGEST = 5000


def text_field(label: Any, *, rows: int = 4, required: bool = False, help_text: Any = "") -> forms.CharField:
    """Give a field for a longer text."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=LONGEST, widget=widget)


class AssessmentForm(forms.Form):
    """What people are told, and until when they can answer."""

    closes_on = DayField(_("Open until"), help_text=_("On the day after it closes and the result is made, once."))
    note = text_field(
        _("A word to who takes part"), help_text=_("Stands in the mail: why you ask, and what you do with it.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def clean_closes_on(self) -> Any:
        """Ask for a day that is still to come."""
        day = self.cleaned_data["closes_on"]
        if day < today():
            raise forms.ValidationError(gettext("Choose a day that is still to come."))
        return day


class NewAssessmentForm(AssessmentForm):
    """The same for a new one: about what, and in whose name."""

    subject = forms.ChoiceField(label=_("What is it about?"))
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))
    field_order = ("subject", "organisation")

    def __init__(self, *args: Any, actor: Actor, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instruments = Instrument.objects.filter(is_current=True)
        self.instruments = {one.about: one for one in instruments}
        field, owner = self.fields["subject"], self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(_subjects(actor, self.instruments))
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = organisations
            owner.initial = organisations.first()

    @property
    def has_subjects(self) -> bool:
        """Say whether there is anything that the person may have assessed."""
        field = self.fields["subject"]
        return isinstance(field, forms.ChoiceField) and bool(field.choices)


def _subjects(actor: Actor, instruments: Mapping[str, Instrument]) -> Iterable[tuple[str, Any]]:
    if STRUCTURE in instruments and holds_all(actor):
        yield f"{STRUCTURE}|", instruments[STRUCTURE].label
    for code, kind in kinds().items():
        choices = [(f"{code}|{key}", label) for key, label in kind.choices(actor)] if code in instruments else []
        if choices:
            yield str(kind.label), choices


class InviteForm(forms.Form):
    """Addresses of people who are asked."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=400_000,
        help_text=_("One to a line. Who is invited already is not written to again."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"),
        help_text=_("For who has no account here."),
        choices=[("nl", "Nederlands"), ("en", "English")],
    )

    def clean_addresses(self) -> list[str]:
        """Give the addresses; say which lines are none."""
        good, bad = addresses_in(self.cleaned_data["addresses"])
        if bad:
            text = gettext("These lines are no e-mail address: {lines}").format(lines="; ".join(bad[:10]))
            raise forms.ValidationError(text)
        return good


class ShareForm(forms.Form):
    """Who sees the result."""

    sharing = forms.ChoiceField(
        label=_("Who sees the result?"), choices=ResultSharing.choices, widget=forms.RadioSelect
    )


class ConversationForm(forms.Form):
    """What a deepening conversation says per indicator, and in all."""

    talked_on = DayField(_("Day of the conversation"), required=False)
    outcome = text_field(_("What came of it"), rows=5)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, indicators: Iterable[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = list(indicators)
        for one in self.indicators:
            aspects = _aspects(one)
            field = text_field(
                one.label, help_text=gettext("Talk about: {aspects}").format(aspects=" ".join(aspects))
            )
            self.fields[f"n{one.number}"] = field
        self.order_fields(["talked_on", *(f"n{one.number}" for one in self.indicators), "outcome"])

    def clean(self) -> dict[str, Any]:
        """Ask for a word at least: an empty conversation would stand there as held."""
        cleaned = super().clean() or self.cleaned_data
        texts = [text for name, text in cleaned.items() if name not in ("talked_on", "version")]
        if not self.errors and not any(texts):
            self.add_error("outcome", _("Write down what was said, per indicator or here in all."))
        return cleaned

    def notes(self) -> dict[Indicator, str]:
        """Give what was filled in per indicator."""
        return {one: self.cleaned_data[f"n{one.number}"] for one in self.indicators}


def _aspects(indicator: Indicator) -> list[str]:
    return list(indicator.aspects_en if get_language() == "en" else indicator.aspects_nl)


class PointForm(forms.Form):
    """A point to act on."""

    what = forms.CharField(label=_("What has to happen?"), max_length=300)
    owner = forms.ModelChoiceField(Organisation.objects.none(), label=_("Who sees to it?"))
    due_on = DayField(_("By when?"))
    indicator = forms.ModelChoiceField(
        Indicator.objects.none(), label=_("Belongs to"), required=False, empty_label=_("The whole")
    )

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner, indicator = self.fields["owner"], self.fields["indicator"]
        if isinstance(owner, forms.ModelChoiceField) and isinstance(indicator, forms.ModelChoiceField):
            owner.queryset = Organisation.objects.existing_on(today()).order_by("name")
            indicator.queryset = instrument.indicators.all()


class DoneForm(forms.Form):
    """What came of a point."""

    came_of_it = text_field(_("What came of it?"), required=True)


class LaterForm(forms.Form):
    """Another day, and why."""

    due_on = DayField(_("New day"))
    reason = text_field(_("Reason"), required=True)


class ReasonForm(forms.Form):
    """Why a step is taken."""

    reason = text_field(_("Reason"), required=True)


class AnswerForm(forms.Form):
    """The statements of an instrument; each may be left open."""

    comment = forms.CharField(
        label=_("Do you want to add anything?"),
        required=False,
        max_length=LONGEST_COMMENT,
        help_text=_(
            "Shown only if at least five people write something, in random order and apart from scores. "
            "Do not name yourself or others."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, indicators: Iterable[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = list(indicators)
        scores = [(str(score), str(score)) for score in range(LOWEST, HIGHEST + 1)]
        for statement in (line for one in self.indicators for line in one.statements.all()):
            nothing = [(str(NOT_APPLICABLE), gettext("n/a"))] if statement.may_not_apply else []
            self.fields[f"s{statement.number}"] = forms.ChoiceField(
                label=statement.text,
                required=False,
                choices=[*scores, *nothing],
                widget=forms.RadioSelect(attrs={"class": "choices--scale"}),
                error_messages={"invalid_choice": gettext("Choose a score from 1 to 5.")},
            )

    def groups(self) -> list[tuple[Indicator, list[Any]]]:
        """Give the fields per indicator."""
        return [
            (one, [self[f"s{statement.number}"] for statement in one.statements.all()]) for one in self.indicators
        ]

    def scores(self) -> dict[int, int]:
        """Give the scores that were filled in, by number of statement."""
        return {
            int(name[1:]): int(value)
            for name, value in self.cleaned_data.items()
            if name != "comment" and value not in ("", None)
        }
