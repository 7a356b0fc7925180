"""The form of a bottleneck."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Theme, TransitionStep
from cities.models.bottleneck import Sharing
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.time import today

LONGEST_TEXT = 10_000


class BottleneckForm(forms.Form):
    """What holds a city up, in its own words."""

    title = forms.CharField(
        label=_("What holds you up, in one line"),
        max_length=160,
        help_text=_("For example: 'A connection to the power grid takes three years'."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("What happens, since when, and what have you tried? A draft may be without."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Theme"),
        required=False,
        to_field_name="code",
        empty_label=_("No theme yet"),
    )
    step = forms.ModelChoiceField(
        TransitionStep.objects.all(),
        label=_("Step of the transition map"),
        required=False,
        to_field_name="code",
        empty_label=_("No step yet"),
    )
    sharing = forms.ChoiceField(
        label=_("Who may read this?"),
        choices=Sharing.choices,
        widget=forms.RadioSelect,
        initial=Sharing.NETWORK,
        help_text=_("Holds from the moment that it is in the register. A draft is only yours."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)


class NewBottleneckForm(BottleneckForm):
    """The same for a new one: in whose name it is written."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))
    field_order = ("organisation",)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations
            field.initial = organisations.first()


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
