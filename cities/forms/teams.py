"""Forms for who's who."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Theme
from cities.selectors_team import GROUP_NAMES, GROUP_ORDER
from governance.models import Membership


class ContactFilter(django_filters.FilterSet):
    """Contact persons by words, theme and kind of organisation."""

    q = django_filters.CharFilter(method="by_words", label=_("Name, position or organisation"), max_length=100)
    thema = django_filters.ModelChoiceFilter(
        "contact_themes__theme",
        label=_("Theme"),
        queryset=Theme.objects.all(),
        to_field_name="code",
        empty_label=_("All"),
        # The chips above the form choose one.
        widget=forms.HiddenInput,
    )
    soort = django_filters.ChoiceFilter(
        "organisation__group",
        label=_("Kind of organisation"),
        choices=[(group.value, GROUP_NAMES[group]) for group in GROUP_ORDER],
        empty_label=_("All"),
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


class ContactThemesForm(forms.Form):
    """Which themes somebody answers for."""

    themes: Any = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Others find this person in the who's who under these themes."),
    )
