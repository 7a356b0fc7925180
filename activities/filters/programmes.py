"""Filters of the programmes; the address holds them."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Phase, Programme
from activities.models.programme_partner import Answer, ProgrammePartner
from cities.models import Theme


class ProgrammeFilter(django_filters.FilterSet):
    """Programmes by words, phase, domain and city."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    fase = django_filters.ChoiceFilter("phase", label=_("Phase"), choices=Phase.choices, empty_label=_("All"))
    domein = django_filters.ModelChoiceFilter(
        "domain", label=_("Domain"), queryset=Theme.objects.all(), to_field_name="code", empty_label=_("All")
    )
    partner = django_filters.CharFilter(method="by_partner", label=_("City or partner"), max_length=100)

    class Meta:
        model = Programme
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Programme], name: str, value: str) -> QuerySet[Programme]:
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(challenge__icontains=word)
                | Q(goal__icontains=word)
                | Q(domains__icontains=word)
                | Q(organisation__name__icontains=word)
            )
        return queryset

    def by_partner(self, queryset: QuerySet[Programme], name: str, value: str) -> QuerySet[Programme]:
        parts = ProgrammePartner.objects.filter(
            Q(organisation__name__icontains=value) | Q(organisation__short_name__iexact=value),
            answer=Answer.YES,
            left_on=None,
        )
        return queryset.filter(pk__in=parts.values("programme"))
