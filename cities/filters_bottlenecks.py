"""Filters and orders of the register of bottlenecks; the address holds them."""

import django_filters
from django.db.models import Case, F, IntegerField, OrderBy, Q, Value, When
from django.utils.translation import gettext_lazy as _

from cities.filters import PROVINCES
from cities.models import Bottleneck, BottleneckJoin, Municipality, Theme, TransitionStep
from cities.models.bottleneck import LISTED, BottleneckQuerySet, BottleneckState, Severity
from cities.models.involvement import Level
from cities.models.municipality import MunicipalityQuerySet
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
    gemeente = django_filters.CharFilter(method="by_municipality", label=_("Municipality"), max_length=100)
    provincie = django_filters.ChoiceFilter(
        method="by_province", label=_("Province"), choices=PROVINCES, empty_label=_("All")
    )
    niveau = django_filters.ChoiceFilter(
        method="by_level", label=_("Involvement"), choices=Level.choices, empty_label=_("All")
    )

    class Meta:
        model = Bottleneck
        fields: list[str] = []

    def by_words(self, queryset: BottleneckQuerySet, name: str, value: str) -> BottleneckQuerySet:
        return with_words(queryset, value)

    def by_municipality(self, queryset: BottleneckQuerySet, name: str, value: str) -> BottleneckQuerySet:
        """Keep those of municipalities with this code or part of a name."""
        return self._of(queryset, Municipality.objects.named(value))

    def by_province(self, queryset: BottleneckQuerySet, name: str, value: str) -> BottleneckQuerySet:
        """Keep those of the municipalities of a province."""
        return self._of(queryset, Municipality.objects.filter(province_code=value))

    def _of(self, queryset: BottleneckQuerySet, municipalities: MunicipalityQuerySet) -> BottleneckQuerySet:
        """Keep the bottlenecks of some cities, and those that they joined as far as they let one know."""
        found = list(municipalities.values_list("organisation", flat=True))
        joins = BottleneckJoin.objects.known_to(getattr(self.request, "user", None))
        joined = joins.filter(organisation__in=found).order_by().values("bottleneck")
        return queryset.filter(Q(organisation__in=found) | Q(pk__in=joined))

    def by_level(self, queryset: BottleneckQuerySet, name: str, value: str) -> BottleneckQuerySet:
        """Keep those of the cities that have this level today; known beforehand, so that an index finds them."""
        found = Municipality.objects.with_level().at_level(value).values_list("organisation", flat=True)
        return queryset.filter(organisation__in=list(found))
