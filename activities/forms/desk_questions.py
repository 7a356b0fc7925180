"""Forms of questions to the desk."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Theme
from governance.models import Organisation

LONGEST_TEXT = 10_000


class QuestionForm(forms.Form):
    """A question: one line is enough."""

    title = forms.CharField(
        label=_("The question in one line"),
        max_length=160,
        help_text=_("For example: 'Which subsidy pays for a heat network in an old city centre?'"),
    )
    text = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_(
            "What was tried already, and what the answer is needed for. No personal data of others, please."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        required=False,
        to_field_name="code",
        empty_label=_("I do not know"),
        help_text=_("By the theme the question goes to RVO, VNG or a ministry."),
    )
    may_publish = forms.BooleanField(
        label=_("Others may read the question and the answer, without my name"), required=False, initial=True
    )


class MemberQuestionForm(QuestionForm):
    """The same with an account: in whose name, and whether other cities are asked along."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))
    ask_cities = forms.BooleanField(
        label=_("Ask other cities too who has done this"),
        required=False,
        help_text=_("The cities most like yours are asked; each may answer."),
    )
    field_order = ("organisation",)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], has_city: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset, field.initial = organisations, organisations.first()
        if not has_city:
            del self.fields["ask_cities"]


class PublicQuestionForm(QuestionForm):
    """The same without an account: who asks, and where the answer goes."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("A link that confirms the question is sent to it. The answer comes there too."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    asker_from = forms.CharField(
        label=_("Organisation"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        """Refuse what only a machine fills in: the field is not drawn on the screen."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty. It is there to keep machines out."))
        return ""


class TextForm(forms.Form):
    """One text: an answer, a reaction, a note."""

    text = forms.CharField(label=_("Text"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, label: Any = "", help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label or self.fields["text"].label
        self.fields["text"].help_text = help_text


class ReferForm(forms.Form):
    """To whom a question goes on, and why."""

    to = forms.ChoiceField(label=_("To"))
    reason = forms.CharField(
        label=_("Why they can help better"),
        max_length=2000,
        help_text=_("The asker reads this too."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose an organisation")), *places]


class PublishForm(forms.Form):
    """What everybody reads: prefilled with the asker's words, to be made anonymous."""

    title = forms.CharField(label=_("The question in one line"), max_length=160)
    text = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Leave out who asked and where: neither the name nor the city."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    answer = forms.CharField(label=_("Answer"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8}))


class CitiesForm(forms.Form):
    """Which cities are asked whether they have done this."""

    cities = forms.MultipleChoiceField(label=_("Cities"), required=False, widget=forms.CheckboxSelectMultiple)
    other = forms.ChoiceField(label=_("And another municipality"), required=False)

    def __init__(
        self, *args: Any, offered: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("cities", offered), ("other", [("", _("None")), *others])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        """Ask for at least one."""
        values = self.cleaned_data
        if not values.get("cities") and not values.get("other") and not self.errors:
            self.add_error("cities", _("Choose at least one city."))
        return values


class JoinForm(forms.Form):
    """Which question is the same one."""

    to = forms.ChoiceField(label=_("Same question as"), widget=forms.RadioSelect, required=False)
    code = forms.CharField(
        label=_("Or its code"),
        required=False,
        max_length=12,
        help_text=_("The code stands in the address of a question."),
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        if not offered:
            del self.fields["to"]
        elif isinstance(field, forms.ChoiceField):
            field.choices = list(offered)

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        values = self.cleaned_data
        if not values.get("to") and not values.get("code") and not self.errors:
            self.add_error("code", _("Choose a question, or give its code."))
        return values


class ThemeForm(forms.Form):
    """Under which theme a question falls."""

    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        required=False,
        to_field_name="code",
        empty_label=_("No theme yet"),
    )
