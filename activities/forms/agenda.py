"""Forms of activities: what it is, and when it meets."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.forms.serving import bottlenecks_field, find_field, offer_bottlenecks, steps_field
from activities.models import Activity
from activities.models.activity import Audience, Kind, Meeting, Readers, TimeZone
from activities.services.agenda import ActivityValues
from activities.services.sessions import MOST_SESSIONS, Repeat, SessionTime, repeated, session_time
from cities.models import Bottleneck, Theme
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.access import Actor
from nss_portal.core.days import DayField
from nss_portal.core.numbers import AmountField
from nss_portal.core.time import today

LONGEST_TEXT = 10_000
# What a kind has of its own; the form asks no other.
OWN_FIELDS = ("questions", "mandate", "learning_goals", "host", "programme_text", "required_preparation")
KIND_FIELDS: dict[str, tuple[str, ...]] = {
    Kind.DEEP_DIVE: ("questions", "required_preparation"),
    Kind.REFLECTION: ("required_preparation",),
    Kind.CASE_TABLE: ("mandate", "required_preparation"),
    Kind.THEMATIC: ("questions",),
    Kind.TRAINING: ("learning_goals", "required_preparation"),
    Kind.EVENT: ("programme_text",),
    Kind.VISIT: ("host", "programme_text", "required_preparation"),
}
NEEDED_TO_PUBLISH: dict[str, tuple[str, ...]] = {
    Kind.DEEP_DIVE: ("theme", "questions", "required_preparation"),
    Kind.CASE_TABLE: ("mandate",),
    Kind.TRAINING: ("learning_goals",),
    Kind.VISIT: ("host",),
}
REPEATS = [
    (Repeat.ONCE, _("once")),
    (Repeat.DAILY, _("several days on end")),
    (Repeat.WEEKLY, _("every week")),
    (Repeat.FORTNIGHTLY, _("every two weeks")),
    (Repeat.MONTHLY, _("every month")),
]


def text_field(label: Any, *, rows: int = 4, **more: Any) -> forms.CharField:
    """Give a field for a longer text, which may stay empty."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=LONGEST_TEXT, widget=widget, **more)


def time_field(label: Any, **more: Any) -> forms.TimeField:
    """Give a field for a time of day, as browsers draw it."""
    formats = ["%H:%M", "%H.%M", "%H:%M:%S"]
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, input_formats=formats, **more)


class ActivityForm(forms.Form):
    """All of an activity but when it meets; only the title is needed to keep it."""

    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("In one or two sentences"),
        max_length=300,
        required=False,
        help_text=_("What is it about, and what does one take home?"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    theme = forms.ModelChoiceField(
        Theme.objects.all(), label=_("Theme"), required=False, to_field_name="code", empty_label=_("No theme yet")
    )
    questions = text_field(_("Which questions are answered?"), help_text=_("One to a line."))
    mandate = text_field(
        _("What can be decided at the table?"),
        rows=3,
        help_text=_("Up to what amount, on which subjects, by which directors."),
    )
    learning_goals = text_field(_("What can one do afterwards?"), rows=3)
    host = forms.CharField(label=_("Who receives the visitors?"), required=False, max_length=160)
    programme_text = text_field(_("Programme of the day"))
    required_preparation = text_field(
        _("How do participants prepare?"), rows=3, help_text=_("What to read, to bring or to find out first.")
    )
    body = text_field(_("More about it"), rows=5, help_text=_("Markdown is set: lists with '-', **bold**, links."))
    steps = steps_field()
    bottlenecks = bottlenecks_field(_("Bottlenecks that it treats"))
    find = find_field()
    audience = forms.ChoiceField(
        label=_("For whom?"), choices=Audience.choices, initial=Audience.NOP, widget=forms.RadioSelect
    )
    sharing = forms.ChoiceField(
        label=_("Who reads the page?"),
        choices=Readers.choices,
        initial=Readers.AUDIENCE,
        help_text=_("Others can read about it without taking part."),
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    invited = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Partners that you invite too"),
        required=False,
        to_field_name="public_id",
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    meeting = forms.ChoiceField(
        label=_("How do people meet?"),
        choices=Meeting.choices,
        initial=Meeting.ON_SITE,
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    online_url = forms.URLField(
        label=_("Address of the online meeting"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Only those who take part see this."),
    )
    time_zone = forms.ChoiceField(label=_("On which clock?"), choices=TimeZone.choices, initial=TimeZone.AMSTERDAM)
    preparation_hours = AmountField(
        label=_("Hours of preparation per city"),
        unit=_("hours"),
        max_value=200,
        max_digits=5,
        decimal_places=1,
        help_text=_("Together with those of other activities it shows how much is asked of a city in a year."),
    )
    capacity = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Empty means no limit. Who comes later waits, and moves up by itself."),
    )
    needs_approval = forms.BooleanField(label=_("We approve who takes part"), required=False)
    is_series = forms.BooleanField(
        label=_("A group that meets regularly"),
        required=False,
        help_text=_("Each session stands on the agenda; action points carry over to the next one."),
    )
    standing_agenda = text_field(_("Standing agenda"), help_text=_("One point to a line."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        kind: str,
        activity: Activity | None = None,
        offered: Iterable[Bottleneck] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in set(OWN_FIELDS) - set(KIND_FIELDS[kind]):
            del self.fields[name]
        for name in ("summary", "steps", "place", *NEEDED_TO_PUBLISH.get(kind, ())):
            # For the label: a draft may be without, an activity on the agenda may not.
            self.fields[name].needed_later = _("needed before publishing")  # type: ignore[attr-defined]
        offer_bottlenecks(self, actor, activity, offered)
        partners = Organisation.objects.existing_on(today()).exclude(group=Group.MUNICIPALITY)
        field = self.fields["invited"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for the type
        field.queryset = partners.order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        """A searched form is only drawn again; a series has no standing agenda without being one."""
        typed = super().clean() or self.cleaned_data
        if typed.get("standing_agenda") and not typed.get("is_series"):
            typed["is_series"] = True
        return typed

    def values(self) -> ActivityValues:
        """Give what was typed, for the service; the form is valid."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("find", "version")}
        many: dict[str, Any] = {name: tuple(typed.pop(name)) for name in ("steps", "bottlenecks", "invited")}
        names = ActivityValues.__dataclass_fields__
        return ActivityValues(**{name: typed[name] for name in typed if name in names}, **many)


class NewActivityForm(ActivityForm):
    """The same for a new one: who leads it, and when it first meets."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Led by"))
    day = DayField(_("First day"), required=False)
    begins = time_field(_("Begins at"), required=False)
    ends = time_field(_("Ends at"), required=False)
    repeat = forms.ChoiceField(label=_("How often?"), choices=REPEATS, initial=Repeat.ONCE)
    number = forms.IntegerField(label=_("How many times?"), required=False, min_value=2, max_value=MOST_SESSIONS)
    field_order = ("organisation",)

    def __init__(self, *args: Any, leaders: QuerySet[Organisation], own: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset = leaders
        field.initial = leaders.filter(pk__in=list(own)).first() or leaders.first()
        self.times: tuple[SessionTime, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Work out when it meets: a day asks for times, and times for a day."""
        typed = super().clean()
        given = {name for name in ("day", "begins", "ends") if typed.get(name) is not None}
        for name in {"day", "begins", "ends"} - given if given else ():
            if name not in self.errors:
                self.add_error(name, gettext("Fill in day, beginning and end, or none of them."))
        repeat = Repeat(typed.get("repeat") or Repeat.ONCE)
        if repeat != Repeat.ONCE and not typed.get("number") and "number" not in self.errors:
            self.add_error("number", gettext("Say how many times."))
        if not self.errors and typed.get("day"):
            self.times = self._times(typed, repeat)
        return typed

    def _times(self, typed: dict[str, Any], repeat: Repeat) -> tuple[SessionTime, ...]:
        zone = Activity(time_zone=typed["time_zone"]).zone
        try:
            return repeated(
                day=typed["day"],
                begins=typed["begins"],
                ends=typed["ends"],
                zone=zone,
                repeat=repeat,
                number=typed.get("number") or 1,
            )
        except ValidationError as error:
            self.add_error("begins", error)
            return ()


class SessionForm(forms.Form):
    """One session of an activity; a line without a day is none."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    day = DayField(_("Day"), required=False)
    begins = time_field(_("Begins at"), required=False)
    ends = time_field(_("Ends at"), required=False)
    place = forms.CharField(label=_("Place, if another"), required=False, max_length=200)
    agenda = text_field(_("Points of this session"), rows=2)

    def clean(self) -> dict[str, Any]:
        """A day asks for times."""
        typed = super().clean() or self.cleaned_data
        if typed.get("day"):
            for name in ("begins", "ends"):
                if typed.get(name) is None and name not in self.errors:
                    self.add_error(name, gettext("Fill in a time, such as 10.00."))
        return typed

    def time(self, activity: Activity) -> SessionTime | None:
        """Give the session; None for an empty line. Raises ValidationError for a time that the clock skips."""
        typed = self.cleaned_data
        if not isinstance(typed.get("day"), date):
            return None
        return session_time(
            typed["day"],
            typed["begins"],
            typed["ends"],
            activity.zone,
            place=typed["place"],
            agenda=typed["agenda"],
            pk=typed["pk"],
        )


SessionFormSet = forms.formset_factory(SessionForm, extra=2, max_num=MOST_SESSIONS, absolute_max=MOST_SESSIONS + 2)


def initial_sessions(activity: Activity) -> list[dict[str, Any]]:
    """Give an activity's sessions as the form takes them, on its own clock."""
    zone = activity.zone
    return [
        {
            "pk": one.pk,
            "day": one.starts_at.astimezone(zone).date(),
            "begins": one.starts_at.astimezone(zone).time(),
            "ends": one.ends_at.astimezone(zone).time(),
            "place": one.place,
            "agenda": one.agenda,
        }
        for one in activity.sessions.all()
    ]


def initial_of(activity: Activity) -> dict[str, Any]:
    """Give what an activity holds, as the form takes it."""
    many = {"steps": "code", "bottlenecks": "public_id", "invited": "public_id"}
    plain = [name for name in ActivityValues.__dataclass_fields__ if name not in many]
    found = {name: getattr(activity, name) for name in plain} | {"version": activity.version}
    for name, key in many.items():
        found[name] = [getattr(one, key) for one in getattr(activity, name).all()]
    found["theme"] = activity.theme.code if activity.theme else None
    return found
