"""Filters of the lists; the address holds them."""

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from cities.models.involvement import Level
from cities.models.municipality import MunicipalityQuerySet

SIZES = {
    "tot-20": (0, 20_000),
    "20-50": (20_000, 50_000),
    "50-100": (50_000, 100_000),
    "100-250": (100_000, 250_000),
    "vanaf-250": (250_000, 100_000_000),
}
SIZE_LABELS = [
    ("tot-20", _("fewer than 20,000 inhabitants")),
    ("20-50", _("20,000 to 50,000")),
    ("50-100", _("50,000 to 100,000")),
    ("100-250", _("100,000 to 250,000")),
    ("vanaf-250", _("250,000 and more")),
]
PROVINCES = [
    ("PV22", "Drenthe"),
    ("PV24", "Flevoland"),
    ("PV21", "Fryslân"),
    ("PV25", "Gelderland"),
    ("PV20", "Groningen"),
    ("PV31", "Limburg"),
    ("PV30", "Noord-Brabant"),
    ("PV27", "Noord-Holland"),
    ("PV23", "Overijssel"),
    ("PV26", "Utrecht"),
    ("PV29", "Zeeland"),
    ("PV28", "Zuid-Holland"),
]


class MunicipalityFilter(django_filters.FilterSet):
    """Municipalities by name, level, province and number of inhabitants."""

    q = django_filters.CharFilter(method="by_name", label=_("Name"), max_length=100)
    niveau = django_filters.ChoiceFilter(
        method="by_level", label=_("Involvement"), choices=Level.choices, empty_label=_("All")
    )
    provincie = django_filters.ChoiceFilter(
        "province_code", label=_("Province"), choices=PROVINCES, empty_label=_("All")
    )
    omvang = django_filters.ChoiceFilter(
        method="by_size", label=_("Size"), choices=SIZE_LABELS, empty_label=_("All")
    )

    class Meta:
        model = Municipality
        fields: list[str] = []

    def by_name(self, queryset: MunicipalityQuerySet, name: str, value: str) -> MunicipalityQuerySet:
        return queryset.named(value)

    def by_level(self, queryset: MunicipalityQuerySet, name: str, value: str) -> MunicipalityQuerySet:
        return queryset.at_level(value)

    def by_size(self, queryset: MunicipalityQuerySet, name: str, value: str) -> MunicipalityQuerySet:
        lowest, highest = SIZES[value]
        return queryset.filter(population__gte=lowest, population__lt=highest)


# What the table of municipalities can be sorted by; None puts unknown figures last.
ORDERINGS = {
    "naam": [F("common_name").asc()],
    "-naam": [F("common_name").desc()],
    "provincie": [F("province").asc(), F("common_name").asc()],
    "-provincie": [F("province").desc(), F("common_name").asc()],
    "inwoners": [F("population").asc(nulls_last=True), F("common_name").asc()],
    "-inwoners": [F("population").desc(nulls_last=True), F("common_name").asc()],
    "niveau": [F("rank").asc(), F("common_name").asc()],
    "-niveau": [F("rank").desc(), F("common_name").asc()],
    "sinds": [F("level_since").asc(nulls_last=True), F("common_name").asc()],
    "-sinds": [F("level_since").desc(nulls_last=True), F("common_name").asc()],
}
DEFAULT_ORDERING = "niveau"
