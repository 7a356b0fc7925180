"""The forms of an Expression of Interest: one screen of a questionnaire, and who reads what is handed in."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import EoiQuestion, EoiVersion
from cities.models.eoi import WITH_CHOICE, WITH_TEXT, Kind
from cities.models.eoi_submission import SHARINGS
from cities.selectors_eoi import Answer, Screen, answer_of, saves_of
from cities.services.eoi.drafts import CHANGED, TEXT_LIMIT, UNCHANGED
from nss_portal.core.formats import format_number
from nss_portal.core.number_reading import NoNumber, UnclearNumber, plain_number, without_zeros, written

KEPT = re.compile(r"-?[0-9]{1,13}([.][0-9]{1,6})?")
TOO_LONG = gettext_lazy(
    "At most %(limit_value)d characters fit in here; this text has %(show_value)d. Make it shorter."
)


def parse_number(text: str) -> str:
    """Give a number as people write it ('12,5', '34.000') as digits with a point; '' stays ''.

    How it may be written: `core.number_reading`. Raises ValidationError for all else, also for what can be two.
    """
    if not text.strip():
        return ""
    try:
        plain = without_zeros(plain_number(text), 6)
    except UnclearNumber as error:
        raise ValidationError(str(error), code="unclear") from None
    except NoNumber:
        plain = ""
    if not KEPT.fullmatch(plain):
        example = {"example": format_number(Decimal("12.5"), 1)}
        raise ValidationError(_("Fill in a number, in digits, such as 95 or %(example)s.") % example)
    return plain


def write_number(text: str) -> str:
    """Write a number that was kept as it goes into a field, so that it is read back the same."""
    return written(Decimal(text)) if KEPT.fullmatch(text) else text


class _Lenient:
    """A field that may stay empty in a draft, also when it has to be answered in the end."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)  # type: ignore[misc]


class LenientText(_Lenient, forms.CharField):
    """A text."""


class LenientNumber(_Lenient, forms.CharField):
    """A number, kept as text in digits."""

    def clean(self, value: Any) -> str:
        return parse_number(super().clean(value))


class LenientChoice(_Lenient, forms.ChoiceField):
    """One of some answers, or none."""


class LenientChoices(_Lenient, forms.MultipleChoiceField):
    """Some of some answers, or none."""


def _options(question: EoiQuestion) -> list[Any]:
    """Give the options, under the headings of their groups where they have any."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for option in question.options.all():
        groups.setdefault(option.group, []).append((option.code, option.label))
    if set(groups) <= {""}:
        return groups.get("", [])
    return list(groups.items())


def _choice_field(question: EoiQuestion, **shared: Any) -> forms.Field:
    if question.kind in {Kind.MULTIPLE, Kind.CODED}:
        return LenientChoices(choices=_options(question), widget=forms.CheckboxSelectMultiple, **shared)
    if question.kind == Kind.YES_NO:
        choices = [("yes", _("Yes")), ("no", _("No")), ("", _("No answer"))]
        return LenientChoice(choices=choices, widget=forms.RadioSelect(attrs={"class": "choices--row"}), **shared)
    choices = [*_options(question), ("", _("No answer"))]
    return LenientChoice(choices=choices, widget=forms.RadioSelect, **shared)


def _text_field(question: EoiQuestion, **shared: Any) -> forms.Field:
    if question.kind == Kind.NUMBER:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "unit": question.unit}
        return LenientNumber(max_length=40, widget=forms.TextInput(attrs=attrs), **shared)
    rows = 3 if question.kind == Kind.CODED else 7
    field = LenientText(max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": rows}), **shared)
    field.error_messages["max_length"] = TOO_LONG
    for validator in field.validators:
        if validator.__class__.__name__ == "MaxLengthValidator":
            validator.message = TOO_LONG  # type: ignore[attr-defined]
    return field


def origin_label(origin: str, calls: Mapping[str, str]) -> str:
    """Say from where an answer was filled in; `calls` names the calls by their codes."""
    if origin.startswith("call:"):
        name = calls.get(origin.removeprefix("call:"), "")
        return _("Filled in from your answers to an earlier call ({name}). Look whether it still holds.").format(
            name=name
        )
    if origin == "cbs":
        return _("Filled in from the figures of CBS. Look whether it is right.")
    return _("Filled in from your open bottlenecks in the register. Change it as you like.")


class ScreenForm(forms.Form):
    """One screen; fields are named after the codes of the questions. `version` is the number of saves."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        screen: Screen,
        version: EoiVersion,
        calls: Mapping[str, str] | None = None,
    ) -> None:
        self.screen, self.answered = screen, version
        super().__init__(data, initial={"version": saves_of(version, screen), **self._known()})
        if version.is_update:
            self.fields["changed"] = LenientChoice(
                label=_("Has this changed since the version before?"),
                choices=[(UNCHANGED, _("Unchanged")), (CHANGED, _("Changed"))],
                widget=forms.RadioSelect(attrs={"class": "choices--row"}),
            )
        for question in screen.questions:
            self._add(question, version.prefilled.get(question.code, ""), calls or {})

    def _known(self) -> dict[str, Any]:
        known: dict[str, Any] = {"changed": self.answered.sections.get(self.screen.key, "")}
        for question in self.screen.questions:
            answer = answer_of(self.answered, question.code)
            several = question.kind in {Kind.MULTIPLE, Kind.CODED}
            known[f"c-{question.code}"] = list(answer.chosen) if several else "".join(answer.chosen[:1])
            is_number = question.kind == Kind.NUMBER
            known[f"t-{question.code}"] = write_number(answer.text) if is_number else answer.text
        return known

    def _add(self, question: EoiQuestion, origin: str, calls: Mapping[str, str]) -> None:
        hint = [question.help, origin_label(origin, calls) if origin else ""]
        shared = {"label": question.label, "help_text": _lines(hint), "required": question.is_required}
        if question.kind in WITH_CHOICE:
            self.fields[f"c-{question.code}"] = _choice_field(question, **shared)
            shared = {"label": _("Others, in your own words"), "help_text": "", "required": False}
        if question.kind in WITH_TEXT:
            self.fields[f"t-{question.code}"] = _text_field(question, **shared)

    def answers(self) -> dict[str, Answer]:
        """Give the answers; of a form that is not valid those that can be read."""
        found = {}
        for question in self.screen.questions:
            names = [name for name in (f"c-{question.code}", f"t-{question.code}") if name in self.fields]
            if any(name not in self.cleaned_data for name in names):
                continue
            chosen = self.cleaned_data.get(f"c-{question.code}", ())
            codes = (chosen,) if isinstance(chosen, str) else tuple(chosen)
            text = self.cleaned_data.get(f"t-{question.code}", "")
            found[question.code] = Answer(tuple(code for code in codes if code), text)
        return found

    def section(self) -> str:
        """Give what an update says of this screen: 'changed', 'unchanged' or ''."""
        return str(self.cleaned_data.get("changed", ""))

    def show(self, problems: Mapping[str, str]) -> None:
        """Put what a service found wrong beside the fields."""
        for code, text in problems.items():
            names = (code, f"t-{code}", f"c-{code}")
            self.add_error(next((name for name in names if name in self.fields), None), text)


def _lines(texts: Iterable[str]) -> SafeString:
    """Join hints. They are data that coordinators write, and the template shows a hint as it is: so escape."""
    return mark_safe("<br>".join(escape(text) for text in texts if text))  # noqa: S308


class SharingForm(forms.Form):
    """Who reads what is handed in."""

    sharing = forms.ChoiceField(
        label=gettext_lazy("Who may read this?"),
        choices=[(choice.value, choice.label) for choice in SHARINGS],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "The coordination team reads what is handed in. The analysis counts answers without naming the city"
            " to who may not read this."
        ),
    )
