"""The forms of a bottleneck: three things to begin with, the rest later; joining another's; merging."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Bottleneck, SupportTool, Theme, TransitionStep
from cities.models.bottleneck import EARLIEST_YEAR, Severity, Sharing
from cities.models.bottleneck_group import JOIN_SHARING
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.time import today

LONGEST_TEXT = 10_000


def severity_field(**options: Any) -> forms.ChoiceField:
    """Make the question how badly something holds a city up."""
    return forms.ChoiceField(
        label=_("How badly does it hold you up?"),
        choices=Severity.choices,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
        error_messages={"required": _("Choose how badly it holds you up.")},
        **options,
    )


class QuickBottleneckForm(forms.Form):
    """What holds a city up, in three answers; the rest can come later.

    `opening` says that it goes into the register at once: then all three are needed, else only the first.
    """

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))
    title = forms.CharField(
        label=_("What holds you up, in one line"),
        max_length=160,
        help_text=_("For example: 'A connection to the power grid takes three years'."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        to_field_name="code",
        empty_label=_("Choose a theme"),
        error_messages={"required": _("Choose the theme that fits best.")},
    )
    severity = severity_field()
    # Which bottlenecks the writer has seen beside the form, so that they are not asked about twice.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)

    def __init__(
        self, *args: Any, organisations: QuerySet[Organisation], opening: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "organisation", organisations)
        for name in ("theme", "severity"):
            self.fields[name].required = opening


def _offer(form: forms.Form, name: str, organisations: QuerySet[Organisation]) -> None:
    """Let somebody choose the organisation; whoever has one is not asked."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = organisations
        found = list(organisations[:2])
        field.initial = found[0] if found else None
        if len(found) == 1:
            field.widget = forms.HiddenInput()


class BottleneckForm(forms.Form):
    """Everything that is written about a bottleneck."""

    title = forms.CharField(
        label=_("What holds you up, in one line"),
        max_length=160,
        help_text=_("For example: 'A connection to the power grid takes three years'."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        required=False,
        to_field_name="code",
        empty_label=_("No theme yet"),
        error_messages={"required": _("Choose the theme that fits best.")},
    )
    severity = severity_field(required=False)
    description = forms.CharField(
        label=_("Description"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("What happens, and what have you tried?"),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    since_year = forms.IntegerField(
        label=_("Since which year?"),
        required=False,
        min_value=EARLIEST_YEAR,
        error_messages={"min_value": _("Give a year from %(limit_value)s on.")},
    )
    step = forms.ModelChoiceField(
        TransitionStep.objects.all(),
        label=_("Step of the transition map"),
        required=False,
        to_field_name="code",
        empty_label=_("No step yet"),
    )
    covered_by = forms.ModelMultipleChoiceField(
        SupportTool.objects.all(),
        label=_("Which tool or scheme covers it, or part of it?"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    covered_note = forms.CharField(
        label=_("What does that do, and what not?"),
        required=False,
        max_length=300,
        help_text=_("Name another tool or scheme here too, with where it can be found."),
    )
    helped_by = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Organisations that help"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    help_note = forms.CharField(label=_("How do they help?"), required=False, max_length=300)
    sharing = forms.ChoiceField(
        label=_("Who may read this?"),
        choices=Sharing.choices,
        widget=forms.RadioSelect,
        initial=Sharing.NETWORK,
        help_text=_("Holds from the moment that it is in the register. A draft is only yours."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    # What stands on the page under which heading.
    core = ("title", "theme", "severity")
    more = ("description", "since_year", "step")
    help = ("covered_by", "covered_note", "helped_by", "help_note")

    def __init__(self, *args: Any, opening: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("theme", "severity"):
            self.fields[name].required = opening
        field = self.fields["helped_by"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = organisations_to_invite()

    def clean_since_year(self) -> int | None:
        """Refuse a year that is still to come."""
        year: int | None = self.cleaned_data["since_year"]
        if year is not None and year > today().year:
            raise forms.ValidationError(_("This year is still to come. Give the year in which it began."))
        return year


class JoinForm(forms.Form):
    """'We have this too': how badly, and in one's own words."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))
    severity = severity_field()
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("What is it like in your city? Two sentences are enough."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    sharing = forms.ChoiceField(
        label=_("Who may know that you have this too?"),
        choices=JOIN_SHARING,
        widget=forms.RadioSelect,
        initial=Sharing.NETWORK,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "organisation", organisations)


class MergeForm(forms.Form):
    """Which bottlenecks go on in this one, and why."""

    bottlenecks = forms.ModelMultipleChoiceField(
        Bottleneck.objects.none(),
        label=_("Which go on in this one?"),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one other bottleneck."),
            "invalid_choice": _("One of these cannot be merged by you, or does not exist."),
            "invalid_pk_value": _("One of these cannot be merged by you, or does not exist."),
        },
    )
    reason = forms.CharField(
        label=_("Why are these the same?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


def organisations_to_invite() -> QuerySet[Organisation]:
    """Give the organisations of today that are no municipality; cities read what is shared with the network."""
    exists = Q(valid_to__isnull=True) | Q(valid_to__gte=today())
    return Organisation.objects.filter(exists).exclude(group=Group.MUNICIPALITY).order_by("name", "pk")


class InvitationForm(forms.Form):
    """Which partners may read along, also while it is a draft."""

    invited = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Organisations that read along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["invited"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = organisations_to_invite()
