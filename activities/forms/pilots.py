"""Forms of pilots and twinnings."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.forms.programmes.fields import text_field, version_field
from activities.forms.serving import bottlenecks_field, find_field, offer_bottlenecks, steps_field
from activities.models import Pilot
from activities.models.pilot import MOST_EUROS
from activities.models.twinning import Applied
from cities.models import Bottleneck, Theme
from cities.models.bottleneck import Sharing
from governance.models import Organisation
from nss_portal.core.access import Actor
from nss_portal.core.days import DayField
from nss_portal.core.numbers import WholeField


def euros_field(label: Any, **more: Any) -> WholeField:
    """Give a field for whole euros."""
    return WholeField(label=label, unit="€", max_value=MOST_EUROS, required=False, **more)


def organisation_field(label: Any, **more: Any) -> forms.ModelChoiceField:
    """Give a field for one organisation; the form says which ones."""
    return forms.ModelChoiceField(
        Organisation.objects.none(), label=label, to_field_name="public_id", empty_label=None, **more
    )


class PilotForm(forms.Form):
    """All of a pilot; only the title is needed to keep it."""

    title = forms.CharField(label=_("What do you try, in one line?"), max_length=160)
    summary = forms.CharField(
        label=_("In one or two sentences"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(), label=_("Theme"), required=False, to_field_name="code", empty_label=_("No theme yet")
    )
    plan = text_field(
        _("The plan"), help_text=_("What is tried, where, with whom, and how you see whether it works.")
    )
    steps = steps_field()
    bottlenecks = bottlenecks_field(_("Bottlenecks that it works on"))
    find = find_field()
    starts_on = DayField(_("Runs from"), required=False)
    ends_on = DayField(_("Until"), required=False)
    cost = euros_field(_("What does it cost in all?"))
    key_note = text_field(
        _("How do you share cost and benefit?"),
        rows=3,
        help_text=_(
            "The key: by inhabitants, in equal parts, or who gains most pays most. What each pays and "
            "gains, each city fills in itself."
        ),
    )
    takes_followers = forms.BooleanField(
        label=_("Other cities can follow this pilot"), required=False, initial=True
    )
    sharing = forms.ChoiceField(
        label=_("Who reads it?"), choices=Sharing.choices, initial=Sharing.DRAFT, widget=forms.RadioSelect
    )
    version = version_field()

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        pilot: Pilot | None = None,
        offered: Iterable[Bottleneck] = (),
        leaders: QuerySet[Organisation] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_bottlenecks(self, actor, pilot, offered)
        for name in ("plan", "starts_on", "ends_on", "key_note"):
            self.fields[name].needed_later = _("needed before it starts")  # type: ignore[attr-defined]
        if leaders is not None:
            self.fields["organisation"] = organisation_field(_("Led by"))
            choice = self.fields["organisation"]
            assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 - for the type
            choice.queryset, choice.initial = leaders, leaders.first()
            self.order_fields(["organisation"])


def initial_of(pilot: Pilot) -> dict[str, Any]:
    """Give what a pilot holds, as the form takes it."""
    names = ("title", "summary", "plan", "starts_on", "ends_on", "cost", "key_note", "takes_followers", "sharing")
    found = {name: getattr(pilot, name) for name in (*names, "version")}
    found["theme"] = pilot.theme.code if pilot.theme else None
    found["steps"] = [one.code for one in pilot.steps.all()]
    found["bottlenecks"] = [one.public_id for one in pilot.bottlenecks.all()]
    return found


class PartForm(forms.Form):
    """What one organisation does in a pilot, pays and gains."""

    does = forms.CharField(
        label=_("What do you do?"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    pays = euros_field(_("What do you pay?"))
    gains = forms.CharField(
        label=_("What do you gain?"),
        max_length=300,
        required=False,
        help_text=_("In money, or in what you can do afterwards."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FollowForm(forms.Form):
    """Ask to follow a pilot."""

    follower = organisation_field(_("In the name of"))
    city = organisation_field(_("From which city do you want to learn?"), widget=forms.RadioSelect)
    wish = text_field(_("What do you want to learn?"), rows=4, required=True)

    def __init__(
        self, *args: Any, own: QuerySet[Organisation], cities: QuerySet[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("follower", own), ("city", cities)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
            field.queryset = found
            field.initial = field.initial or found.first()
        if own.count() == 1:
            self.fields["follower"].widget = forms.HiddenInput()


class TermsForm(forms.Form):
    """What two cities agree."""

    learns = text_field(_("Who learns what from whom?"), rows=4, required=True)
    gives = text_field(
        _("What comes back?"),
        rows=3,
        help_text=_("People for a day, data, a second opinion: learning goes both ways."),
    )
    until = DayField(_("Until when?"))
    version = version_field()


class MeetingForm(forms.Form):
    """A day on which both cities meet."""

    on = DayField(_("Day"))
    about = forms.CharField(label=_("About what?"), max_length=200)


class LookBackForm(forms.Form):
    """What a city learned and applied."""

    learned = text_field(_("What did you learn?"), rows=4, required=True)
    applied = forms.ChoiceField(
        label=_("Do you apply it?"),
        choices=Applied.choices,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    applied_note = text_field(
        _("What do you apply, or why not?"),
        rows=3,
        help_text=_("Others learn most from why something did not work."),
    )
