"""Forms for who's who."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Theme
from governance.models import Membership
from governance.models.organisation import HELIX_GROUPS, Helix


class ContactFilter(django_filters.FilterSet):
    """Contact persons by words, theme and kind of organisation."""

    q = django_filters.CharFilter(method="by_words", label=_("Name, position or organisation"), max_length=100)
    thema = django_filters.ModelChoiceFilter(
        "contact_themes__theme",
        label=_("Theme"),
        queryset=Theme.objects.all(),
        to_field_name="code",
        empty_label=_("All"),
    )
    soort = django_filters.ChoiceFilter(
        method="by_kind", label=_("Kind of organisation"), choices=Helix.choices, empty_label=_("All")
    )

    class Meta:
        model = Membership
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        for word in value.split():
            queryset = queryset.filter(
                Q(user__name__icontains=word)
                | Q(position__icontains=word)
                | Q(organisation__name__icontains=word)
                | Q(organisation__short_name__icontains=word)
            )
        return queryset

    def by_kind(self, queryset: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return queryset.filter(organisation__group__in=HELIX_GROUPS[Helix(value)])


class ContactThemesForm(forms.Form):
    """Which themes somebody answers for."""

    themes: Any = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Others find this person in the who's who under these themes."),
    )
