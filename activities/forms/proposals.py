"""Forms of proposals for the agenda."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.forms.agenda import LONGEST_TEXT
from activities.forms.serving import bottlenecks_field, find_field, offer_bottlenecks, steps_field
from activities.models.activity import Kind
from activities.models.proposal import AgendaProposal
from activities.services.proposals import ProposalValues
from cities.models import Bottleneck, Theme
from governance.models import Organisation
from nss_portal.core.access import Actor
from nss_portal.core.numbers import AmountField

NEEDED = ("kind", "theme", "why")


class ProposalForm(forms.Form):
    """What is proposed; a title is enough to keep it."""

    title = forms.CharField(
        label=_("What do you propose, in one line"),
        max_length=160,
        help_text=_("For example: 'Deep Dive on heat networks in old city centres'."),
    )
    kind = forms.ChoiceField(
        label=_("What kind of activity"), choices=[("", _("Not sure yet")), *Kind.choices], required=False
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(), label=_("Theme"), required=False, to_field_name="code", empty_label=_("No theme yet")
    )
    why = forms.CharField(
        label=_("Why this belongs on the agenda"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("What holds cities up, what would be different afterwards, and who else has to be there."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    bottlenecks = bottlenecks_field(_("Bottlenecks behind it"))
    find = find_field()
    steps = steps_field()
    preparation_hours = AmountField(
        label=_("About how many hours of preparation per city"),
        unit=_("hours"),
        max_value=200,
        max_digits=5,
        decimal_places=1,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        proposal: AgendaProposal | None = None,
        offered: Iterable[Bottleneck] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in NEEDED:
            # For the label: a draft may be without.
            self.fields[name].needed_later = _("needed to propose it")  # type: ignore[attr-defined]
        offer_bottlenecks(self, actor, proposal, offered)

    def values(self) -> ProposalValues:
        """Give what was typed, for the service; the form is valid."""
        typed: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("title", "kind", "why", "theme", "preparation_hours")
        }
        many: dict[str, Any] = {name: tuple(self.cleaned_data[name]) for name in ("steps", "bottlenecks")}
        return ProposalValues(**typed, **many)


class NewProposalForm(ProposalForm):
    """The same for a new one: in whose name."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"), empty_label=None)
    field_order = ("organisation",)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset, field.initial = organisations, organisations.first()


class SupportForm(forms.Form):
    """An organisation supports a proposal."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"), empty_label=None)
    note = forms.CharField(
        label=_("Why, or what you would bring"),
        max_length=300,
        required=False,
        help_text=_("One line. Others who look at this read it."),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset, field.initial = organisations, organisations.first()


class TakeUpForm(forms.Form):
    """What kind of activity it becomes, and who leads it."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Led by"), empty_label=None)
    kind = forms.ChoiceField(label=_("What kind of activity"), choices=Kind.choices)
    note = forms.CharField(
        label=_("What you tell the proposer"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, leaders: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset = leaders


def initial_of(proposal: AgendaProposal) -> dict[str, Any]:
    """Give what a proposal holds, as the form takes it."""
    found = {name: getattr(proposal, name) for name in ("title", "kind", "why", "preparation_hours", "version")}
    found["theme"] = proposal.theme.code if proposal.theme else None
    found["steps"] = [one.code for one in proposal.steps.all()]
    found["bottlenecks"] = [one.public_id for one in proposal.bottlenecks.all()]
    return found
