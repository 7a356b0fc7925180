"""Forms of the covenant and of what is done: groups, milestones, reflections, results, scaling, closing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms.programmes.fields import partner_field, text_field, version_field
from activities.models import Activity, Programme, ScalingTheme
from activities.models.programme_outcome import ResultKind
from governance.models import Membership, User
from nss_portal.core.days import DayField
from nss_portal.core.time import today

GAZETTE = _("As it stands above the publication, for example: Stcrt. 2021, 12345.")


class CovenantForm(forms.Form):
    """What partners agree."""

    goal = text_field(_("Goal"), rows=4, help_text=_("What is there at the end that is not there now?"))
    why = text_field(_("Why"), rows=4, help_text=_("Why together, and why now. Newcomers read this first."))
    agreements = text_field(_("What is agreed"), rows=10, help_text=_("Who does what, and how you decide."))
    starts_on = DayField(_("Runs from"), required=False)
    ends_on = DayField(_("Until"), required=False)
    version = version_field()


class SignForm(forms.Form):
    """Signing: the digest of the text that was read goes along."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agree = forms.BooleanField(label=_("I have read the covenant and sign it for my organisation"))


class RoundForm(forms.Form):
    """A signing round."""

    held_on = DayField(_("Day of signing"), initial=today)
    place = forms.CharField(label=_("Where"), required=False, max_length=160)


class GazetteForm(forms.Form):
    """Where it was published."""

    gazette = forms.CharField(label=_("Staatscourant"), max_length=200, help_text=GAZETTE)


class CloseRoundForm(forms.Form):
    """Closing a round, with the publication where it is known."""

    gazette = forms.CharField(label=_("Staatscourant"), required=False, max_length=200, help_text=GAZETTE)


class GroupForm(forms.Form):
    """A working group."""

    name = forms.CharField(label=_("Name of the working group"), max_length=120)
    task = text_field(_("What it does"), rows=3)


class SeatForm(forms.Form):
    """Who joins a working group: a partner, or one person of it."""

    member = forms.ChoiceField(label=_("Who joins"))
    is_lead = forms.BooleanField(label=_("Leads the working group"), required=False)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats: dict[str, tuple[Any, User | None]] = {}
        parts = programme.partners.filter(answer="yes", left_on=None).select_related("organisation")
        partners = {one.organisation_id: one for one in parts.order_by("organisation__name", "pk")}
        held = Membership.objects.current(today()).filter(organisation__in=partners, user__is_active=True)
        people: dict[int, list[User]] = {}
        for one in held.select_related("user").order_by("user__name", "pk"):
            people.setdefault(one.organisation_id, []).append(one.user)
        choices: list[Any] = []
        for key, partner in partners.items():
            self.seats[str(partner.pk)] = (partner, None)
            group = [(str(partner.pk), _("{name}, person not named").format(name=partner.organisation))]
            for user in dict.fromkeys(people.get(key, [])):
                self.seats[f"{partner.pk}:{user.pk}"] = (partner, user)
                group.append((f"{partner.pk}:{user.pk}", f"{user.name}"))
            choices.append((str(partner.organisation), group))
        field = self.fields["member"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class MilestoneForm(forms.Form):
    """A milestone."""

    title = forms.CharField(label=_("Milestone"), max_length=160, help_text=_("What is there on that day?"))
    planned_on = DayField(_("Planned on"))
    note = text_field(_("Note"), rows=3, help_text=_("When the day moves after signing: why."))

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Who sees to it")
        self.fields["owner"] = partner_field(label, programme, required=False, empty_label=_("Everybody together"))
        self.order_fields(["title", "planned_on", "owner", "note"])


class ReachedForm(forms.Form):
    """When a milestone was really reached."""

    done_on = DayField(_("Reached on"), initial=today)
    note = text_field(_("What came of it"), rows=3)


class DropForm(forms.Form):
    """Why a milestone is given up."""

    note = text_field(_("Why"), rows=3, required=True)


class ReflectionForm(forms.Form):
    """Planned against real progress; the first two come filled in."""

    planned = text_field(_("What was planned"), rows=5, help_text=_("Filled in from the milestones."))
    real = text_field(
        _("What really happened"), rows=6, help_text=_("Filled in from the milestones. Add what does not show.")
    )
    energy = text_field(_("Where is the energy, and where does it leak away?"), rows=4)
    adjust = text_field(_("What do we do differently?"), rows=4)
    version = version_field()


class PointForm(forms.Form):
    """A point to act on."""

    what = forms.CharField(label=_("What"), max_length=300)
    due_on = DayField(_("By"))

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = partner_field(_("Who"), programme)
        self.order_fields(["what", "owner", "due_on"])


class DoneForm(forms.Form):
    """What came of a point."""

    result = text_field(_("What came of it"), rows=4, required=True)


class ResultForm(forms.Form):
    """A result, and where it is anchored."""

    kind = forms.ChoiceField(
        label=_("What kind of result?"),
        choices=ResultKind.choices,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    title = forms.CharField(label=_("The result in one line"), max_length=200)
    text = text_field(_("What it is"), rows=4)
    url = forms.URLField(label=_("Where to read it"), required=False, assume_scheme="https")
    reached_on = DayField(_("Reached on"), required=False)
    anchored_in = forms.CharField(
        label=_("Anchored in"),
        required=False,
        max_length=300,
        help_text=_("Where it stays when the programme is over: a law, a policy paper, a budget, a network."),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("With which partner")
        self.fields["anchored_at"] = partner_field(label, programme, required=False, empty_label=_("Not with one"))


class ScalingForm(forms.Form):
    """What has to happen on one theme."""

    theme = forms.ModelChoiceField(ScalingTheme.objects.all(), label=_("Scaling theme"), to_field_name="code")
    task = text_field(_("Task for the next five years"), rows=4)
    owner_missing = forms.BooleanField(
        label=_("Nobody sees to it yet: a process owner is missing"), required=False
    )
    forms_of = text_field(_("Forms of cooperation"), rows=3)
    finance = text_field(_("Finance"), rows=3)
    alliances = text_field(_("Alliances"), rows=3)

    def __init__(self, *args: Any, programme: Programme, theme: ScalingTheme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Process owner")
        owner = partner_field(label, programme, required=False, empty_label=_("Not known yet"))
        self.fields["owner"] = owner
        self.order_fields(["theme", "task", "owner", "owner_missing", "forms_of", "finance", "alliances"])
        if theme is not None:
            del self.fields["theme"]
            owner.help_text = theme.owner_hint
            self.fields["forms_of"].help_text = theme.forms_hint


class ClosingForm(forms.Form):
    """Lessons and hand-over."""

    what_worked = text_field(_("What worked?"), rows=6)
    what_failed = text_field(_("What did not work?"), rows=6, help_text=_("Others learn most from this."))
    handed_to = forms.CharField(
        label=_("To whom is it handed over?"),
        required=False,
        max_length=300,
        help_text=_("Alliances, networks or organisations that go on with it."),
    )
    hand_over = text_field(_("What is handed over, and how does it go on?"), rows=5)


class AgreeForm(forms.Form):
    """Whether an activity may be part of a programme."""

    agrees = forms.ChoiceField(
        label=_("May the activity be part of this programme?"),
        choices=[("yes", _("Yes, it may")), ("no", _("No, rather not"))],
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    why = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed with a no: the programme reads it."),
    )

    def clean_agrees(self) -> bool:
        """Give the answer as true or false."""
        return bool(self.cleaned_data["agrees"] == "yes")


class ActivityForm(forms.Form):
    """An activity of the agenda that is part of the programme."""

    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity"), to_field_name="public_id")
    note = forms.CharField(
        label=_("Why it belongs to the programme"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who runs the activity reads this, where that is another organisation."),
    )

    def __init__(self, *args: Any, activities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["activity"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = activities
