"""Filters of the registers of governance."""

from typing import Any, TypeVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation
from governance.models.organisation import HELIX_GROUPS, Helix
from nss_portal.core.days import DayInput
from nss_portal.core.models import AuditEvent
from nss_portal.core.models.audit import Event

QS = TypeVar("QS", bound=QuerySet[Any])


class OrganisationFilter(django_filters.FilterSet):
    """Organisations by name and strand of the quadruple helix."""

    q = django_filters.CharFilter(label=_("Name"), method="named")
    helix = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Helix.choices, method="in_strand", empty_label=_("all")
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def named(self, queryset: QS, _name: str, value: str) -> QS:
        """Keep organisations whose present, short or former name contains a text."""
        text = value.strip()
        former = Organisation.objects.filter(names__name__icontains=text).values("pk")
        return queryset.filter(
            Q(name__icontains=text) | Q(name_en__icontains=text) | Q(short_name__icontains=text) | Q(pk__in=former)
        )

    def in_strand(self, queryset: QS, _name: str, value: str) -> QS:
        """Keep organisations of one strand."""
        return queryset.filter(group__in=HELIX_GROUPS[Helix(value)])


class LogFilter(django_filters.FilterSet):
    """Events by what happened, by whom, to what, and when."""

    q = django_filters.CharFilter(label=_("Person or organisation"), method="named")
    event = django_filters.ChoiceFilter(label=_("What happened"), choices=Event.choices, empty_label=_("all"))
    since = django_filters.DateFilter(label=_("From"), field_name="at", lookup_expr="date__gte", widget=DayInput())
    until = django_filters.DateFilter(
        label=_("Until and including"), field_name="at", lookup_expr="date__lte", widget=DayInput()
    )

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def named(self, queryset: QS, _name: str, value: str) -> QS:
        """Keep events of which the person, the organisation or the account contains a text.

        Titles of other records are not searched: whoever may not read them could guess them.
        """
        text = value.strip()
        about_people = Q(object_type__startswith="governance.", object_label__icontains=text)
        return queryset.filter(
            Q(actor_label__icontains=text) | Q(on_behalf_of_label__icontains=text) | about_people
        )
