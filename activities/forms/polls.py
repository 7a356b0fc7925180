"""Forms of date polls: the moments that are offered, and one's answer per moment."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.forms.agenda import time_field
from activities.models import Activity, DatePoll, PollAnswer, PollGuest, PollMoment
from activities.models.activity import Meeting
from activities.models.date_poll import Reply, ShownAnswers
from activities.services.polls import FEWEST, MOST, MomentValues, PollValues
from activities.services.sessions import session_time
from nss_portal.core.days import DayField
from nss_portal.core.time import today

LINES, MORE = 4, 4


class PollForm(forms.Form):
    """All of a poll but its moments."""

    closes_on = DayField(_("Last day to answer"))
    note = forms.CharField(
        label=_("What should those whom you ask know?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    shown = forms.ChoiceField(
        label=_("What do they see of each other's answers?"),
        choices=ShownAnswers.choices,
        initial=ShownAnswers.TOTALS,
        widget=forms.RadioSelect,
    )
    ask_those_there = forms.BooleanField(
        label=_("Ask whoever takes part or is invited already"), required=False, initial=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["ask_those_there"]

    def clean_closes_on(self) -> date:
        """Refuse a day that has passed."""
        day: date = self.cleaned_data["closes_on"]
        if day < today():
            raise ValidationError(gettext("Choose a day that has not passed."))
        return day

    def values(self) -> PollValues:
        """Give what was typed; the form is valid."""
        typed = self.cleaned_data
        return PollValues(closes_on=typed["closes_on"], note=typed["note"], shown=typed["shown"])


class MomentForm(forms.Form):
    """One moment that is offered; a line without a day is none."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    day = DayField(_("Day"), required=False)
    begins = time_field(_("Begins at"), required=False)
    ends = time_field(_("Ends at"), required=False)
    meeting = forms.ChoiceField(label=_("How do people meet?"), choices=Meeting.choices, required=False)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """A day asks for times."""
        typed = super().clean() or self.cleaned_data
        if typed.get("day"):
            for name in ("begins", "ends"):
                if typed.get(name) is None and name not in self.errors:
                    self.add_error(name, gettext("Fill in a time, such as 10.00."))
        elif typed.get("begins") or typed.get("ends"):
            self.add_error("day", gettext("Fill in the day."))
        return typed

    def moment(self, activity: Activity) -> MomentValues | None:
        """Give the moment; None for an empty line. Raises ValidationError for a time that the clock skips."""
        typed = self.cleaned_data
        if not isinstance(typed.get("day"), date):
            return None
        times = session_time(typed["day"], typed["begins"], typed["ends"], activity.zone)
        meeting = typed["meeting"] or activity.meeting
        return MomentValues(times.starts_at, times.ends_at, meeting, typed["place"], typed["pk"])


MomentFormSet = forms.formset_factory(MomentForm, extra=0, max_num=MOST, absolute_max=MOST + MORE)


def lines_of(activity: Activity, poll: DatePoll | None) -> list[dict[str, Any]]:
    """Give the lines of a form: the moments of a poll, or empty ones as the activity meets."""
    zone = activity.zone
    rows: Iterable[PollMoment] = poll.moments.all() if poll else ()
    held = [
        {
            "pk": one.pk,
            "day": one.starts_at.astimezone(zone).date(),
            "begins": _clock(one.starts_at.astimezone(zone).time()),
            "ends": _clock(one.ends_at.astimezone(zone).time()),
            "meeting": one.meeting,
            "place": one.place,
        }
        for one in rows
    ]
    empty = {"meeting": activity.meeting, "place": activity.place}
    more = LINES if not held else min(FEWEST, MOST - len(held))
    return [*held, *[dict(empty) for _line in range(more)]]


def _clock(moment: time) -> time:
    return moment.replace(second=0, microsecond=0)


class AnswerForm(forms.Form):
    """One's answer about every moment of a poll, and a remark; what was answered before stands there."""

    def __init__(
        self, *args: Any, activity: Activity, moments: Iterable[PollMoment], guest: PollGuest, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        held = dict(PollAnswer.objects.filter(guest=guest).values_list("moment", "reply"))
        self.moments = list(moments)
        for one in self.moments:
            self.fields[f"m{one.pk}"] = forms.ChoiceField(
                label=moment_in_words(one, activity),
                choices=Reply.choices,
                initial=held.get(one.pk),
                widget=forms.RadioSelect(attrs={"class": "choices--row"}),
            )
        self.fields["note"] = forms.CharField(
            label=_("A remark for the organiser"), required=False, max_length=300, initial=guest.note
        )

    def replies(self) -> dict[int, str]:
        """Give the answers by moment (primary key); the form is valid."""
        return {one.pk: self.cleaned_data[f"m{one.pk}"] for one in self.moments}


def moment_in_words(moment: PollMoment, activity: Activity) -> str:
    """Write when and where a moment is: 'donderdag 3 december 2026, 10.00–12.00, Utrecht'."""
    zone = activity.zone
    starts, ends = moment.starts_at.astimezone(zone), moment.ends_at.astimezone(zone)
    where = moment.place or (Meeting(moment.meeting).label if moment.meeting != Meeting.ON_SITE else "")
    if moment.place and moment.meeting != Meeting.ON_SITE:
        where = f"{moment.place} ({Meeting(moment.meeting).label})"
    text = f"{date_format(starts, 'l j F Y')}, {starts:%H.%M}–{ends:%H.%M}"
    text = text if activity.time_zone == "Europe/Amsterdam" else f"{text} ({activity.get_time_zone_display()})"
    return f"{text}, {where}" if where else text
