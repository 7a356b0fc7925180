"""Forms of the agenda of a period."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.forms.agenda import LONGEST_TEXT
from activities.models.activity import Audience, Kind
from activities.models.period import AgendaLine, AgendaPeriod, AgendaVersion, Choice
from activities.presenting.periods import quarter_in_words
from activities.services.periods.drafting import LineValues, Means, PeriodValues, quarter_of
from governance.models import Organisation
from nss_portal.core.days import DayField
from nss_portal.core.numbers import AmountField, WholeField
from nss_portal.core.time import today

MOST = 2_000_000_000


class PeriodForm(forms.Form):
    """A period with its first version."""

    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("For example: 'Agenda 2027 and first half of 2028'.")
    )
    starts_on = DayField(_("First day"))
    ends_on = DayField(_("Last day"), help_text=_("Eighteen months is usual: long enough to work something out."))
    goal = forms.CharField(
        label=_("What it is for"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("What cities and partners want to have reached at the end. Needed before the vote."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    note = forms.CharField(
        label=_("Why it is revised"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("What came up since the last version. Needed before the vote."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST)

    def __init__(self, *args: Any, draft: AgendaVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if draft is None or draft.number == 1:
            del self.fields["note"]
        else:
            # What was adopted once keeps its name and days.
            for name in ("title", "starts_on", "ends_on"):
                del self.fields[name]

    def values(self, period: AgendaPeriod | None = None) -> PeriodValues:
        """Give what was typed; of a revision the period's own title and days."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        kept = {name: getattr(period, name) for name in ("title", "starts_on", "ends_on")} if period else {}
        return PeriodValues(**{**kept, **typed})


def quarters_of(period: AgendaPeriod) -> list[tuple[str, str]]:
    """Give the quarters of a period as choices."""
    found, day = [], quarter_of(period.starts_on)
    while day <= period.ends_on:
        found.append((day.isoformat(), capfirst(quarter_in_words(day))))
        day = date(day.year + (day.month > 9), (day.month + 2) % 12 + 1, 1)
    return found


class LineForm(forms.Form):
    """One line: what, when about, who leads it and who brings what."""

    title = forms.CharField(label=_("Activity in one line"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    audience = forms.ChoiceField(label=_("For whom"), choices=Audience.choices, initial=Audience.NOP)
    planned_on = forms.ChoiceField(label=_("Quarter"))
    lead = forms.ModelChoiceField(Organisation.objects.none(), label=_("Led by"))
    why = forms.CharField(
        label=_("What it yields"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    preparation_hours = AmountField(
        label=_("Hours asked of each city"),
        unit=_("hours"),
        max_value=200,
        max_digits=5,
        decimal_places=1,
    )

    def __init__(self, *args: Any, period: AgendaPeriod, leaders: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["planned_on"] = forms.ChoiceField(label=_("Quarter"), choices=quarters_of(period))
        field = self.fields["lead"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset = leaders
        self.order_fields(["title", "kind", "audience", "planned_on", "lead", "why", "preparation_hours"])

    def values(self, line: AgendaLine | None) -> LineValues:
        """Give what was typed; the activity that the line has already stays."""
        typed = dict(self.cleaned_data)
        typed["planned_on"] = date.fromisoformat(typed["planned_on"])
        return LineValues(**typed, activity=line.activity if line else None)


class MeansForm(forms.Form):
    """What one organisation brings; an empty line is none."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("By whom"), required=False)
    hours = WholeField(label=_("Hours"), required=False, max_value=100_000)
    euros = WholeField(label=_("Euros"), required=False, max_value=MOST)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset = organisations

    def clean(self) -> dict[str, Any]:
        """An amount asks for whom, and whom for an amount."""
        typed = super().clean() or self.cleaned_data
        amount = typed.get("hours") or typed.get("euros")
        if amount and not typed.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", gettext("Say who brings this."))
        if typed.get("organisation") and not amount and not {"hours", "euros"} & self.errors.keys():
            self.add_error("hours", gettext("Say how many hours or euros."))
        return typed

    def means(self) -> Means | None:
        """Give what was typed; None for an empty line."""
        typed = self.cleaned_data
        if not typed.get("organisation"):
            return None
        return Means(typed["organisation"], typed.get("hours"), typed.get("euros"))


MeansFormSet = forms.formset_factory(MeansForm, extra=2, max_num=20, absolute_max=22)


def initial_of_line(line: AgendaLine) -> dict[str, Any]:
    """Give what a line holds, as the form takes it."""
    names = ("title", "kind", "audience", "lead", "why", "preparation_hours")
    return {name: getattr(line, name) for name in names} | {"planned_on": line.planned_on.isoformat()}


def initial_means(line: AgendaLine) -> list[dict[str, Any]]:
    """Give who brings what to a line, as the formset takes it."""
    return [
        {"organisation": one.organisation, "hours": one.hours, "euros": one.euros}
        for one in line.means.select_related("organisation")
    ]


class ClosingForm(forms.Form):
    """Until when one can vote."""

    closes_on = DayField(
        _("Vote until"), help_text=_("This day counts. Four weeks gives a team the time to talk.")
    )


class VoteForm(forms.Form):
    """The vote of an organisation."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"), empty_label=None)
    choice = forms.ChoiceField(
        label=_("Vote"), choices=[(one.value, capfirst(one.label)) for one in Choice], widget=forms.RadioSelect
    )
    remark = forms.CharField(
        label=_("Remark or reason"),
        required=False,
        max_length=5000,
        help_text=_("Others in the network and the steering group read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type
        field.queryset, field.initial = organisations, organisations.first()


class DecisionForm(forms.Form):
    """What the steering group says with its decision."""

    reason = forms.CharField(
        label=_("What the steering group says"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def first_free_day() -> date:
    """Give the day after the last period, or the first of next year: what is filled in for a new one."""
    last = AgendaPeriod.objects.order_by("-ends_on").values_list("ends_on", flat=True).first()
    return date.fromordinal(last.toordinal() + 1) if last else date(today().year + 1, 1, 1)
