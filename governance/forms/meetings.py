"""Forms of meetings, decisions, seats and figureheads."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.forms.assessments import text_field
from governance.models import Body, Decision, DecisionState, Meeting, Organisation, User
from governance.models.membership import Function, Membership
from nss_portal.core.days import DayField, MomentField
from nss_portal.core.time import today


def _moment(label: Any) -> MomentField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, widget=widget)


def organisations() -> Any:
    """Give the organisations that exist today, by name."""
    return Organisation.objects.existing_on(today()).order_by("name")


def steerers(meeting: Meeting | None = None) -> Any:
    """Give who may sit in a meeting: steering group, coordination, who holds a seat, who was asked before."""
    functions = Membership.objects.current(today()).filter(function__in=[Function.STEERING, Function.COORDINATION])
    mine = Q(pk__in=functions.values("user")) | Q(seats_held__valid_to=None, seats_held__isnull=False)
    if meeting is not None:
        mine |= Q(steering_meetings=meeting)
    return User.objects.filter(mine, is_active=True).distinct().order_by("name", "pk")


class MeetingForm(forms.Form):
    """When, where and who."""

    body = forms.ModelChoiceField(Body.objects.all(), label=_("Which group meets?"), to_field_name="code")
    starts_at = _moment(_("Begins"))
    ends_at = _moment(_("Ends"))
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    chair = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who chairs?"),
        required=False,
        help_text=_("A member of the steering group who chairs may change agenda and decisions too."),
    )
    participants = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Who takes part?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    more = forms.CharField(
        label=_("Others, by e-mail address"),
        required=False,
        max_length=5000,
        help_text=_("One to a line, of people with an account."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = steerers(meeting)
        for name in ("chair", "participants"):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = people
        if meeting is not None:
            del self.fields["body"]

    def clean_more(self) -> list[User]:
        """Give the people behind the addresses; say which have no account."""
        lines = [line.strip().lower() for line in self.cleaned_data["more"].splitlines() if line.strip()]
        found = {user.email.lower(): user for user in User.objects.filter(email__in=lines, is_active=True)}
        unknown = [line for line in lines if line not in found]
        if unknown:
            raise forms.ValidationError(
                gettext("No account with this address: {lines}").format(lines="; ".join(unknown[:10]))
            )
        return list(found.values())

    def everybody(self) -> list[User]:
        """Give all who take part, each once."""
        values = self.cleaned_data
        chair = [values["chair"]] if values["chair"] else []
        return list({user.pk: user for user in [*values["participants"], *values["more"], *chair]}.values())


class ItemForm(forms.Form):
    """One item of an agenda."""

    title = forms.CharField(label=_("Subject"), max_length=200)
    text = text_field(_("What it is about"))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=600)
    number = forms.IntegerField(
        label=_("Place on the agenda"), required=False, min_value=1, max_value=99, help_text=_("Empty: last.")
    )


class PaperForm(forms.Form):
    """A paper of an item."""

    file = forms.FileField(
        label=_("Paper"), help_text=_("A PDF, an image, an office document without macros, or text.")
    )


class MinutesForm(forms.Form):
    """The minutes."""

    minutes = forms.CharField(
        label=_("Minutes"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 14})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class DecisionForm(forms.Form):
    """What was decided, by whom it is done, and by when."""

    text = text_field(_("What was decided?"), required=True)
    owner = forms.ModelChoiceField(Organisation.objects.none(), label=_("Who sees to it?"))
    due_on = DayField(_("By when?"), required=False)
    item = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Item of the agenda"), required=False, empty_label=_("None")
    )
    is_published = forms.BooleanField(label=_("For everybody, once the list is published"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner, item = self.fields["owner"], self.fields["item"]
        if isinstance(owner, forms.ModelChoiceField) and isinstance(item, forms.ModelChoiceField):
            owner.queryset = organisations()
            item.queryset = meeting.items.all()


class FollowForm(forms.Form):
    """How a decision goes."""

    text = text_field(_("How does it go?"), required=True)
    state = forms.ChoiceField(label=_("Where does it stand?"), widget=forms.RadioSelect)
    due_on = DayField(
        _("Another day"), required=False, help_text=_("Only where the day that was agreed is not met.")
    )

    def __init__(self, *args: Any, decision: Decision, may_drop: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [DecisionState.OPEN, DecisionState.DONE, *([DecisionState.DROPPED] if may_drop else [])]
        field = self.fields["state"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(state.value, str(state.label).capitalize()) for state in states]


class SeatForm(forms.Form):
    """A seat in a body."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    user = forms.CharField(
        label=_("Who, by e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Of somebody with an account; may be left open."),
    )
    is_chair = forms.BooleanField(label=_("Chairs"), required=False)
    valid_from = DayField(_("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations()

    def clean_user(self) -> User | None:
        """Give the person behind the address."""
        address = self.cleaned_data["user"].strip()
        found = User.objects.filter(email__iexact=address, is_active=True).first() if address else None
        if address and found is None:
            raise forms.ValidationError(gettext("There is no account with this address."))
        return found


class EndForm(forms.Form):
    """The last day."""

    valid_to = DayField(_("Last day"))


class FigureheadForm(forms.Form):
    """A figurehead with a mandate."""

    name = forms.CharField(label=_("Name, or office"), max_length=150)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    mandate = text_field(
        _("Mandate"), required=True, help_text=_("What they speak for, and what they may decide.")
    )
    valid_from = DayField(_("From"))
    valid_to = DayField(_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations()
