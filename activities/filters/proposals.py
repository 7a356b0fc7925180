"""Filters of the proposals; the address holds them."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.filters.agenda import KINDS
from activities.models.proposal import AgendaProposal, ProposalQuerySet, ProposalState
from cities.models import Theme

STATES = {
    "open": ProposalState.OPEN,
    "opgepakt": ProposalState.TAKEN_UP,
    "afgewezen": ProposalState.DECLINED,
    "concept": ProposalState.DRAFT,
}


class ProposalFilter(django_filters.FilterSet):
    """Proposals by words, kind, theme and state."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    soort = django_filters.ChoiceFilter(
        method="by_kind",
        label=_("Kind"),
        choices=[(word, kind.label) for word, kind in KINDS.items()],
        empty_label=_("All"),
    )
    thema = django_filters.ModelChoiceFilter(
        "theme", label=_("Theme"), queryset=Theme.objects.all(), to_field_name="code", empty_label=_("All")
    )
    stand = django_filters.ChoiceFilter(
        method="by_state",
        label=_("State"),
        choices=[(word, state.label) for word, state in STATES.items()],
        empty_label=_("All"),
    )

    class Meta:
        model = AgendaProposal
        fields: list[str] = []

    def by_words(self, queryset: ProposalQuerySet, name: str, value: str) -> ProposalQuerySet:
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word) | Q(why__icontains=word) | Q(organisation__name__icontains=word)
            )
        return queryset

    def by_kind(self, queryset: ProposalQuerySet, name: str, value: str) -> ProposalQuerySet:
        return queryset.filter(kind=KINDS[value])

    def by_state(self, queryset: ProposalQuerySet, name: str, value: str) -> ProposalQuerySet:
        return queryset.filter(state=STATES[value])
