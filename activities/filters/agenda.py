"""Filters of the agenda; the address holds them."""

from datetime import date, datetime
from typing import Any

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from activities.models.activity import ActivityQuerySet, Audience, Kind
from activities.selectors.agenda import coming, mine_q, past
from cities.models import Theme, TransitionStep
from nss_portal.core.time import today

COMING, PAST = "komend", "geweest"
MINE = "mijn"
MONTHS_BACK, MONTHS_AHEAD = 12, 18
KINDS = {
    "deep-dive": Kind.DEEP_DIVE,
    "reflectie": Kind.REFLECTION,
    "casustafel": Kind.CASE_TABLE,
    "thema": Kind.THEMATIC,
    "training": Kind.TRAINING,
    "evenement": Kind.EVENT,
    "werkbezoek": Kind.VISIT,
}
AUDIENCES = {
    "cop": Audience.COP,
    "nop": Audience.NOP,
    "geinteresseerd": Audience.INTERESTED,
    "iedereen": Audience.EVERYBODY,
}


def months() -> list[tuple[str, str]]:
    """Give the months that can be chosen, from a year ago to a year and a half ahead."""
    now = today()
    numbers = (now.year * 12 + now.month - 1 + ahead for ahead in range(-MONTHS_BACK, MONTHS_AHEAD))
    days = (date(number // 12, number % 12 + 1, 1) for number in numbers)
    return [(f"{day:%Y-%m}", date_format(day, "F Y")) for day in days]


class AgendaFilter(django_filters.FilterSet):
    """Activities by words, kind, audience, theme, step, month, and whose they are."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    soort = django_filters.ChoiceFilter(
        method="by_kind",
        label=_("Kind"),
        choices=[(word, kind.label) for word, kind in KINDS.items()],
        empty_label=_("All"),
    )
    voor = django_filters.ChoiceFilter(
        method="by_audience",
        label=_("For whom"),
        choices=[(word, audience.label) for word, audience in AUDIENCES.items()],
        empty_label=_("All"),
    )
    thema = django_filters.ModelChoiceFilter(
        "theme", label=_("Theme"), queryset=Theme.objects.all(), to_field_name="code", empty_label=_("All")
    )
    stap = django_filters.ModelChoiceFilter(
        method="by_step",
        label=_("Step"),
        queryset=TransitionStep.objects.all(),
        to_field_name="code",
        empty_label=_("All"),
    )
    maand = django_filters.ChoiceFilter(method="by_month", label=_("Month"), choices=months, empty_label=_("All"))
    wie = django_filters.ChoiceFilter(
        method="by_whose",
        label=_("Whose"),
        choices=[(MINE, _("only mine"))],
        empty_label=_("All"),
    )
    wanneer = django_filters.ChoiceFilter(
        method="by_time",
        label=_("When"),
        choices=[(PAST, _("what has been"))],
        empty_label=_("what is coming"),
    )

    class Meta:
        model = Activity
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.is_authenticated:
            del self.filters["wie"]

    @property
    def is_past(self) -> bool:
        """Whether the list shows what has been."""
        return bool(self.form.cleaned_data.get("wanneer") == PAST)

    def filter_queryset(self, queryset: Any) -> Any:
        """Narrow, and put in order: what is coming first, unless a month or the past is asked for."""
        found = super().filter_queryset(queryset)
        if self.is_past:
            return past(found)
        if self.form.cleaned_data.get("maand"):
            return found.order_by("starts", "pk")
        return coming(found)

    def by_words(self, queryset: ActivityQuerySet, name: str, value: str) -> ActivityQuerySet:
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(summary__icontains=word)
                | Q(place__icontains=word)
                | Q(organisation__name__icontains=word)
            )
        return queryset

    def by_kind(self, queryset: ActivityQuerySet, name: str, value: str) -> ActivityQuerySet:
        return queryset.filter(kind=KINDS[value])

    def by_audience(self, queryset: ActivityQuerySet, name: str, value: str) -> ActivityQuerySet:
        return queryset.filter(audience=AUDIENCES[value])

    def by_step(self, queryset: ActivityQuerySet, name: str, value: TransitionStep) -> ActivityQuerySet:
        through = Activity.steps.through._default_manager.filter(transitionstep=value)
        return queryset.filter(pk__in=through.values("activity"))

    def by_month(self, queryset: Any, name: str, value: str) -> Any:
        first = date.fromisoformat(f"{value}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        begins, ends = (timezone.make_aware(datetime.combine(day, datetime.min.time())) for day in (first, after))
        return queryset.filter(starts__gte=begins, starts__lt=ends)

    def by_whose(self, queryset: ActivityQuerySet, name: str, value: str) -> ActivityQuerySet:
        return queryset.filter(mine_q(self.request.user))

    def by_time(self, queryset: ActivityQuerySet, name: str, value: str) -> ActivityQuerySet:
        return queryset
