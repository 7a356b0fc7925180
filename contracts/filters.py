"""Filters of the register of contracts; the address holds them."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from cities.models.involvement import Level
from contracts.models import ClimateContract, ContractVersion
from contracts.models.version import VersionState

TARGET_YEARS = [(str(year), str(year)) for year in range(2030, 2051)]

# What the table can be sorted by; unless asked otherwise real contracts come before made-up ones.
ORDERINGS = {
    "": [F("is_illustrative").asc(), F("title").asc()],
    "titel": [F("title").asc()],
    "-titel": [F("title").desc()],
    "doeljaar": [F("target_year").asc(), F("title").asc()],
    "-doeljaar": [F("target_year").desc(), F("title").asc()],
}
DEFAULT_ORDERING = ""


class ContractFilter(django_filters.FilterSet):
    """Contracts by words, municipality, level of involvement, state and target year."""

    q = django_filters.CharFilter(method="by_words", label=_("Municipality or title"), max_length=100)
    gemeente = django_filters.CharFilter(
        method="by_code", label=_("Code of the municipality"), max_length=6, widget=forms.HiddenInput
    )
    niveau = django_filters.ChoiceFilter(
        method="by_level", label=_("Involvement"), choices=Level.choices, empty_label=_("all")
    )
    stand = django_filters.ChoiceFilter(
        method="by_state", label=_("State"), choices=VersionState.choices, empty_label=_("all")
    )
    doeljaar = django_filters.ChoiceFilter(
        "target_year", label=_("Target year"), choices=TARGET_YEARS, empty_label=_("all")
    )

    class Meta:
        model = ClimateContract
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[ClimateContract], name: str, value: str) -> QuerySet[ClimateContract]:
        for word in value.split():
            towns = Municipality.objects.named(word).values("pk")
            inside = ClimateContract.objects.filter(municipalities__in=towns).values("pk")
            queryset = queryset.filter(Q(title__icontains=word) | Q(title_en__icontains=word) | Q(pk__in=inside))
        return queryset

    def by_code(self, queryset: QuerySet[ClimateContract], name: str, value: str) -> QuerySet[ClimateContract]:
        inside = ClimateContract.objects.filter(municipalities__code__iexact=value).values("pk")
        return queryset.filter(pk__in=inside)

    def by_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[ClimateContract]:
        return queryset.filter(shown_id__in=ContractVersion.objects.filter(state=value).values("pk"))

    def by_level(self, queryset: QuerySet[ClimateContract], name: str, value: str) -> QuerySet[ClimateContract]:
        levelled: QuerySet[Any] = Municipality.objects.with_level()
        towns = levelled.filter(level=value).values("pk")
        return queryset.filter(pk__in=ClimateContract.objects.filter(municipalities__in=towns).values("pk"))
