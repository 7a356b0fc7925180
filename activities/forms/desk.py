"""The form of an entry of the directory."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models.desk import MONEY_KINDS, DirectoryEntry, EntryKind, EntryScope
from cities.models import Theme
from cities.models.involvement import Level
from governance.models import Organisation
from nss_portal.core.days import DayField
from nss_portal.core.numbers import WholeField

LONGEST_TEXT = 5_000
MOST_PEOPLE = 20_000_000


def _text(label: Any, *, help_text: Any = "", longest: int = 200, required: bool = False, **attrs: Any) -> Any:
    return forms.CharField(label=label, help_text=help_text, max_length=longest, required=required, **attrs)


def _number(label: Any, *, most: int = MOST_PEOPLE, **attrs: Any) -> WholeField:
    return WholeField(label=label, min_value=1, max_value=most, required=False, **attrs)


class EntryForm(forms.Form):
    """What exists already, who runs it, and for money: for whom and until when."""

    name = _text(_("Name"), longest=160, required=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=EntryKind.choices)
    scope = forms.ChoiceField(label=_("From where"), choices=EntryScope.choices)
    run_by = _text(_("Who runs it"), required=True, help_text=_("For example: 'RVO, for the ministry of KGG'."))
    description_nl = _text(
        _("What it is"),
        longest=LONGEST_TEXT,
        required=True,
        help_text=_("One or two sentences: what a city gets here."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    url = forms.URLField(label=_("Website"), max_length=300, required=False, assume_scheme="https")
    contact = _text(_("Whom to ask"), help_text=_("A desk or a function with its address; no names of persons."))
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label=_("Themes"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    opens_on = DayField(_("Opens on"), required=False)
    deadline = DayField(_("Deadline"), help_text=_("The last day on which one can apply."), required=False)
    amount = _text(_("How much"), help_text=_("For example: 'up to 400,000 euro a city'."))
    levels = forms.MultipleChoiceField(
        label=_("For which cities"),
        choices=Level.choices,
        required=False,
        help_text=_("Tick none when all municipalities can apply."),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--row"}),
    )
    min_population = _number(_("From so many inhabitants"))
    max_population = _number(_("Up to so many inhabitants"))
    min_partners = _number(_("Applicants together, at least"), most=1000)
    under = forms.ModelChoiceField(
        DirectoryEntry.objects.none(),
        label=_("Falls under"),
        required=False,
        to_field_name="public_id",
        empty_label=_("Nothing else"),
    )
    name_en = _text(_("Name in English"), longest=160)
    description_en = _text(
        _("What it is, in English"), longest=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Who keeps this entry"),
        required=False,
        empty_label=_("The desk"),
        help_text=_("This organisation can change it, and is asked now and then whether it is still right."),
    )
    is_checked = forms.BooleanField(label=_("All of this was checked today"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(
        self,
        *args: Any,
        keepers: QuerySet[Organisation],
        keeps_all: bool,
        entry: DirectoryEntry | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        keeper, under = self.fields["organisation"], self.fields["under"]
        if isinstance(keeper, forms.ModelChoiceField):
            keeper.queryset = keepers
            if not keeps_all:
                keeper.required, keeper.empty_label, keeper.initial = True, None, keepers.first()
        if isinstance(under, forms.ModelChoiceField):
            schemes = DirectoryEntry.objects.money().listed().exclude(kind=EntryKind.CALL)
            under.queryset = schemes.exclude(pk=entry.pk) if entry else schemes

    def clean(self) -> dict[str, Any]:
        """Hold dates and numbers against each other."""
        values = self.cleaned_data
        if values.get("kind") in MONEY_KINDS:
            opens, closes = values.get("opens_on"), values.get("deadline")
            if opens and closes and closes < opens:
                self.add_error("deadline", _("The deadline lies before the day on which it opens."))
            least, most = values.get("min_population"), values.get("max_population")
            if least and most and most < least:
                text = _("The largest number of inhabitants is smaller than the smallest.")
                self.add_error("max_population", text)
            if values.get("kind") == EntryKind.CALL and not closes and "deadline" not in self.errors:
                text = _("A call has a deadline. Without one it is a subsidy or a programme.")
                self.add_error("deadline", text)
        return values
