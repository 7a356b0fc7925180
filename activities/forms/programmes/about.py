"""What a programme is about, and the steps of its life."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.forms.programmes.fields import text_field, version_field
from activities.forms.serving import bottlenecks_field, find_field, steps_field
from activities.models import ExistingProgramme
from cities.forms.reasons import ReasonForm
from cities.models import Bottleneck, Theme, UrbanTask
from cities.models.bottleneck import Sharing
from governance.models import Assessment, Organisation
from governance.models.organisation import Group
from nss_portal.core.days import DayField
from nss_portal.core.time import today

RAISING = (Group.MUNICIPALITY, Group.MINISTRY)


class ProgrammeForm(forms.Form):
    """What it is about; only the name is needed to begin."""

    title = forms.CharField(label=_("Name of the programme"), max_length=160)
    challenge = text_field(
        _("The challenge"), rows=6, help_text=_("What can nobody solve alone? Two sentences are enough to begin.")
    )
    domains = forms.CharField(
        label=_("Policy domains that it crosses"),
        required=False,
        max_length=300,
        help_text=_("At least two, with a comma between them. For example: housing, energy, finance."),
    )
    raised_by = forms.ModelChoiceField(
        Organisation.objects.filter(group__in=RAISING).order_by("group", "name"),
        label=_("Raised by"),
        required=False,
        to_field_name="public_id",
        empty_label=_("Not known yet"),
        help_text=_("The municipality or the ministry that put it on the table."),
    )
    goal = text_field(_("Goal"), rows=3)
    domain = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Domain"),
        required=False,
        to_field_name="code",
        empty_label=_("No domain yet"),
    )
    task = forms.ModelChoiceField(
        UrbanTask.objects.all(),
        label=_("Urban task"),
        required=False,
        to_field_name="code",
        empty_label=_("No task yet"),
    )
    region = forms.CharField(label=_("Region"), required=False, max_length=120)
    mandate = text_field(
        _("Mandate"), rows=3, help_text=_("What may those at the table decide for their organisation?")
    )
    tied_to = forms.ModelChoiceField(
        ExistingProgramme.objects.all(),
        label=_("Tied to an existing programme"),
        required=False,
        to_field_name="code",
        empty_label=_("Stands on its own"),
    )
    tied_note = forms.CharField(
        label=_("Which one"),
        required=False,
        max_length=160,
        help_text=_("For example: City Deal Klimaatadaptatie."),
    )
    steps = steps_field(_("Steps of the roadmap that it serves"))
    bottlenecks = bottlenecks_field(_("Bottlenecks that it treats"))
    find = find_field(_("A word out of the title is enough. Save, and what fits stands here to choose from."))
    enough = forms.IntegerField(
        label=_("How many partners with time does it take?"), min_value=2, max_value=200, initial=3
    )
    sharing = forms.ChoiceField(label=_("Who reads it?"), choices=Sharing.choices, initial=Sharing.DRAFT)
    version = version_field()

    def __init__(self, *args: Any, bottlenecks: QuerySet[Bottleneck] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bottlenecks"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            if bottlenecks is None:
                del self.fields["bottlenecks"]
            else:
                field.queryset = bottlenecks


class NewProgrammeForm(forms.Form):
    """The little that begins a programme: the rest is asked when it is needed."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Led by"))
    title = forms.CharField(
        label=_("Name of the programme"),
        max_length=160,
        help_text=_("For example: 'Heat in old city centres'."),
    )
    challenge = text_field(
        _("The challenge"), rows=5, help_text=_("What can nobody solve alone? Two sentences are enough to begin.")
    )
    domain = forms.ModelChoiceField(
        Theme.objects.all(),
        label=_("Domain"),
        required=False,
        to_field_name="code",
        empty_label=_("No domain yet"),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations
            field.initial = organisations.first()


class StopForm(ReasonForm):
    """Why it stops, and when it may be tried again."""

    retry_on = DayField(
        _("Try again on"),
        required=False,
        help_text=_("Patience can pay: on this day you are asked whether its time has come."),
    )


class TurnForm(forms.Form):
    """A next tranche or a restart."""

    title = forms.CharField(label=_("Name of the programme that follows"), max_length=160)
    reason = text_field(_("Why"), rows=4, required=True)


class ExtendForm(forms.Form):
    """An extension."""

    ends_on = DayField(_("Runs until"))
    reason = text_field(_("Why"), rows=4, required=True)


class ReviewForm(forms.Form):
    """A midterm review."""

    held_on = DayField(_("Held on"), initial=today)
    based_on = forms.ModelChoiceField(
        Assessment.objects.none(),
        label=_("From which self-assessment of the programme did you begin?"),
        required=False,
        to_field_name="public_id",
        empty_label=_("None in this portal"),
    )
    assessment = text_field(
        _("What the self-assessment says"), help_text=_("Where do partners agree, where do they differ?")
    )
    conversation = text_field(_("What the deepening conversation says"))
    conclusion = forms.ChoiceField(label=_("What is decided?"), required=False)

    def __init__(self, *args: Any, choices: Any, assessments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["conclusion"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        begun = self.fields["based_on"]
        if isinstance(begun, forms.ModelChoiceField):
            begun.queryset = assessments


class NothingForm(forms.Form):
    """A step that asks for no more than the button."""
