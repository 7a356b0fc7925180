"""Forms by which the coordination team runs a call."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.models import EoiOption, EoiQuestion
from cities.models.eoi import Kind, Prefill
from cities.services.eoi.questionnaire_file import CODE
from nss_portal.core.days import DayField
from nss_portal.core.time import today

LARGEST_FILE = 1_000_000


def _version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


def _text(label: Any, longest: int, *, required: bool = False, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, **options)


def check_code(code: str) -> None:
    """Raise ValidationError for anything but small letters, digits and hyphens."""
    if not CODE.fullmatch(code):
        raise ValidationError(_("Use small letters, digits and hyphens only, as in 'climate-finance'."))


class CallForm(forms.Form):
    """Name, introduction and days of a call."""

    name_nl = _text(_("Name in Dutch"), 160, required=True)
    name_en = _text(_("Name in English"), 160)
    intro_nl = _text(_("Introduction in Dutch"), 2000, widget=forms.Textarea(attrs={"rows": 3}))
    intro_en = _text(_("Introduction in English"), 2000, widget=forms.Textarea(attrs={"rows": 3}))
    year = forms.IntegerField(
        label=_("Year"),
        min_value=2000,
        max_value=2100,
        help_text=_("The year under which the answers stand in the analysis."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    opens_on = DayField(label=_("First day"))
    closes_on = DayField(label=_("Last day"), help_text=_("Answers are taken until midnight of this day."))
    source = _text(_("Source of the questions"), 300)
    version = _version()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("opens_on"), values.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("The last day lies before the first."))
        return values

    def facts(self) -> dict[str, Any]:
        """Give what was filled in, as the service takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class QuestionForm(forms.Form):
    """One question. Once cities handed in (`texts_only`) only its texts are there."""

    label_nl = _text(_("Question in Dutch"), 250, required=True)
    label_en = _text(_("Question in English"), 250)
    theme_nl = _text(
        _("Theme in Dutch"), 120, help_text=_("Questions that follow each other with one theme share a screen.")
    )
    theme_en = _text(_("Theme in English"), 120)
    help_nl = _text(_("Hint in Dutch"), 400)
    help_en = _text(_("Hint in English"), 400)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=Kind.choices)
    unit = _text(_("Unit of a number"), 20)
    prefill = forms.ChoiceField(label=_("Filled in with"), choices=Prefill.choices, required=False)
    is_required = forms.BooleanField(label=_("Has to be answered"), required=False)
    version = _version()

    def __init__(self, *args: Any, texts_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if texts_only:
            for name in ("kind", "unit", "prefill", "is_required"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """Give what was filled in, as the service takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "code"}}


class NewQuestionForm(QuestionForm):
    """The same with its code, which stays."""

    code = _text(
        _("Code"),
        60,
        required=True,
        validators=[check_code],
        help_text=_(
            "Stays for good; it is what exports and other systems name the question by. For example: 'own-words'."
        ),
    )
    field_order = ("code",)


class OptionForm(forms.Form):
    """One option of a question."""

    label_nl = _text(_("Answer in Dutch"), 200, required=True)
    label_en = _text(_("Answer in English"), 200)
    group_nl = _text(_("Group in Dutch"), 60, help_text=_("Options with one group stand together under it."))
    group_en = _text(_("Group in English"), 60)
    version = _version()

    def values(self) -> dict[str, Any]:
        """Give what was filled in, as the service takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "code"}}


class NewOptionForm(OptionForm):
    """The same with its code, which stays."""

    code = _text(_("Code"), 60, required=True, validators=[check_code], help_text=_("Stays for good."))
    field_order = ("code",)


class FileForm(forms.Form):
    """A questionnaire as a JSON file."""

    file = forms.FileField(label=_("File (JSON)"), widget=forms.FileInput(attrs={"accept": ".json"}))
    version = _version()

    def clean_file(self) -> bytes:
        """Give the content; raises ValidationError for a file that is too large to be a questionnaire."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("This file is larger than 1 MB; a questionnaire is much smaller."))
        content: bytes = file.read()
        return content


class UpdateForm(forms.Form):
    """The yearly update: for which year, and until when."""

    year = forms.IntegerField(
        label=_("Year"), min_value=2000, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    due_on = DayField(label=_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"year": today().year})
        super().__init__(*args, **kwargs)


def question_initial(question: EoiQuestion, version: int) -> dict[str, Any]:
    """Give a question's values for its form."""
    return {name: getattr(question, name, None) for name in QuestionForm.base_fields} | {"version": version}


def option_initial(option: EoiOption, version: int) -> dict[str, Any]:
    """Give an option's values for its form."""
    return {name: getattr(option, name, None) for name in OptionForm.base_fields} | {"version": version}
