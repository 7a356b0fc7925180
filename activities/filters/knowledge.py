"""Filters of the knowledge products; the address holds them."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import KnowledgeProduct
from activities.models.knowledge import KnowledgeProductQuerySet, ProductKind
from cities.models import Theme, TransitionStep


class ProductFilter(django_filters.FilterSet):
    """Knowledge products by words, kind, theme and step."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    soort = django_filters.ChoiceFilter("kind", label=_("Kind"), choices=ProductKind.choices, empty_label=_("All"))
    thema = django_filters.ModelChoiceFilter(
        "theme", label=_("Theme"), queryset=Theme.objects.all(), to_field_name="code", empty_label=_("All")
    )
    stap = django_filters.ModelChoiceFilter(
        "steps", label=_("Step"), queryset=TransitionStep.objects.all(), to_field_name="code", empty_label=_("All")
    )

    class Meta:
        model = KnowledgeProduct
        fields: list[str] = []

    def by_words(self, queryset: KnowledgeProductQuerySet, name: str, value: str) -> KnowledgeProductQuerySet:
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word) | Q(summary__icontains=word) | Q(organisation__name__icontains=word)
            )
        return queryset
