"""Filters and orders of the register of bottlenecks; the address holds them."""

import django_filters
from django.db.models import Case, F, IntegerField, OrderBy, Q, Value, When
from django.utils.translation import gettext_lazy as _

from cities.models import Bottleneck, BottleneckJoin, Municipality, Theme, TransitionStep
from cities.models.bottleneck import LISTED, BottleneckQuerySet, BottleneckState, Severity
from cities.models.involvement import Level
from cities.selectors_bottlenecks import with_words

_badness = Case(
    *(When(severity=severity, then=Value(rank)) for rank, severity in enumerate(Severity, start=1)),
    default=Value(0),
    output_field=IntegerField(),
)
# What the register can be sorted by; comes after `with_behind`.
ORDERINGS: dict[str, OrderBy] = {
    "steden": F("behind").asc(),
    "-steden": F("behind").desc(),
    "ernst": OrderBy(_badness),
    "-ernst": OrderBy(_badness, descending=True),
    "gewijzigd": F("changed_at").asc(),
    "-gewijzigd": F("changed_at").desc(),
}
DEFAULT_ORDERING = "-steden"


class BottleneckFilter(django_filters.FilterSet):
    """Bottlenecks by words, theme, step of the transition map, severity, state, and whose they are."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    thema = django_filters.ModelChoiceFilter(
        "theme", label=_("Theme"), queryset=Theme.objects.all(), to_field_name="code", empty_label=_("All")
    )
    stap = django_filters.ModelChoiceFilter(
        "step", label=_("Step"), queryset=TransitionStep.objects.all(), to_field_name="code", empty_label=_("All")
    )
    ernst = django_filters.ChoiceFilter(
        "severity", label=_("How badly"), choices=Severity.choices, empty_label=_("All")
    )
    stand = django_filters.ChoiceFilter(
        "state",
        label=_("State"),
        choices=[(state.value, BottleneckState(state).label) for state in LISTED],
        empty_label=_("All"),
    )
    plaats = django_filters.CharFilter(method="by_place", label=_("Municipality or province"), max_length=100)
    niveau = django_filters.ChoiceFilter(
        method="by_level", label=_("Involvement"), choices=Level.choices, empty_label=_("All")
    )

    class Meta:
        model = Bottleneck
        fields: list[str] = []

    def by_words(self, queryset: BottleneckQuerySet, name: str, value: str) -> BottleneckQuerySet:
        return with_words(queryset, value)

    def by_place(self, queryset: BottleneckQuerySet, name: str, value: str) -> BottleneckQuerySet:
        """Keep those of a municipality or province, by code or a part of the name.

        Those that such a city joined stay too, where it lets one know.
        """
        of_province = Municipality.objects.filter(province__iexact=value.strip())
        found = list((Municipality.objects.named(value) | of_province).values_list("organisation", flat=True))
        joins = BottleneckJoin.objects.known_to(getattr(self.request, "user", None))
        joined = joins.filter(organisation__in=found).order_by().values("bottleneck")
        return queryset.filter(Q(organisation__in=found) | Q(pk__in=joined))

    def by_level(self, queryset: BottleneckQuerySet, name: str, value: str) -> BottleneckQuerySet:
        """Keep those of the cities that have this level today; known beforehand, so that an index finds them."""
        found = Municipality.objects.with_level().at_level(value).values_list("organisation", flat=True)
        return queryset.filter(organisation__in=list(found))
