"""Filters of the directory; the address holds them."""

import django_filters
from django.utils.translation import gettext_lazy as _

from activities.models.desk import Certainty, DirectoryEntry, DirectoryQuerySet, EntryKind, EntryScope
from activities.selectors.desk_search import with_words
from cities.models import Theme
from nss_portal.core.time import today


class DirectoryFilter(django_filters.FilterSet):
    """Entries by words, kind, where from, theme, how sure and when checked."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    soort = django_filters.ChoiceFilter("kind", label=_("Kind"), choices=EntryKind.choices, empty_label=_("All"))
    vanuit = django_filters.ChoiceFilter(
        "scope", label=_("From where"), choices=EntryScope.choices, empty_label=_("All")
    )
    thema = django_filters.ModelChoiceFilter(
        "themes", label=_("Theme"), queryset=Theme.objects.all(), to_field_name="code", empty_label=_("All")
    )
    zeker = django_filters.ChoiceFilter(
        "certainty", label=_("How sure"), choices=Certainty.choices, empty_label=_("All")
    )
    nagekeken = django_filters.ChoiceFilter(
        method="by_check",
        label=_("Checked"),
        choices=[("lang-geleden", _("long ago or never")), ("onlangs", _("in the last half-year"))],
        empty_label=_("All"),
    )
    stand = django_filters.ChoiceFilter(
        method="by_state",
        label=_("Still there"),
        choices=[("beeindigd", _("ended")), ("alles", _("both"))],
        empty_label=_("yes"),
    )

    class Meta:
        model = DirectoryEntry
        fields: list[str] = []

    @property
    def qs(self) -> DirectoryQuerySet:
        """Give what fits; what ended only where that is asked for."""
        found: DirectoryQuerySet = super().qs
        return found if self.data.get("stand") in {"beeindigd", "alles"} else found.listed()

    def by_words(self, queryset: DirectoryQuerySet, name: str, value: str) -> DirectoryQuerySet:
        return with_words(queryset, value, "search")

    def by_check(self, queryset: DirectoryQuerySet, name: str, value: str) -> DirectoryQuerySet:
        old = DirectoryEntry.objects.unchecked(today()).values("pk")
        return queryset.filter(pk__in=old) if value == "lang-geleden" else queryset.exclude(pk__in=old)

    def by_state(self, queryset: DirectoryQuerySet, name: str, value: str) -> DirectoryQuerySet:
        return queryset.filter(state="ended") if value == "beeindigd" else queryset
