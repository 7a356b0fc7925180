"""Filters of the register of signals; the address holds them."""

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cities.models import Signal, SignalAddressee
from cities.models.signal import SignalQuerySet, SignalState
from cities.selectors_signals import ADDRESSED_GROUPS, held_q, overdue
from governance.models import Organisation
from nss_portal.core.time import today

OPEN, LATE = "open", "te-laat"
STATES = [
    (OPEN, _("waits for an answer")),
    (LATE, _("answer is late")),
    *((state.value, state.label) for state in SignalState if state != SignalState.DRAFT),
]
KINDS = [("ruimte", _("asks for room to experiment")), ("zonder-eigenaar", _("no owner was known"))]


def addressed(request: Any) -> QuerySet[Organisation]:
    """Give the organisations of today to which signals went, or went while another had their task."""
    parts = SignalAddressee.objects.filter(addressed_on__isnull=False)
    went = Q(pk__in=parts.values("organisation")) | Q(pk__in=parts.values("organisation__successor"))
    found = Organisation.objects.filter(went, group__in=ADDRESSED_GROUPS, valid_to__isnull=True)
    return found.order_by("group", "name").only("public_id", "short_name", "name", "name_en")


class OrganisationChoice(django_filters.fields.ModelChoiceField):
    """A choice of organisations by their short name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name or obj.local_name)


class OrganisationFilter(django_filters.ModelChoiceFilter):
    """The same as a filter."""

    field_class = OrganisationChoice


class SignalFilter(django_filters.FilterSet):
    """Signals by words, addressee, state and kind."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    aan = OrganisationFilter(
        method="by_addressee",
        label=_("Addressed to"),
        queryset=addressed,
        to_field_name="public_id",
        empty_label=_("All"),
    )
    stand = django_filters.ChoiceFilter(method="by_state", label=_("State"), choices=STATES, empty_label=_("All"))
    soort = django_filters.ChoiceFilter(method="by_kind", label=_("Kind"), choices=KINDS, empty_label=_("All"))

    class Meta:
        model = Signal
        fields: list[str] = []

    def by_words(self, queryset: SignalQuerySet, name: str, value: str) -> SignalQuerySet:
        for word in value.split():
            cosigned = Q(cosigners__state="signed", cosigners__organisation__name__icontains=word)
            found = Signal.objects.filter(
                Q(title__icontains=word)
                | Q(question__icontains=word)
                | Q(organisation__name__icontains=word)
                | cosigned
            )
            queryset = queryset.filter(pk__in=found.values("pk"))
        return queryset

    def by_addressee(self, queryset: SignalQuerySet, name: str, value: Organisation) -> SignalQuerySet:
        held = SignalAddressee.objects.filter(held_q([value.pk], today()) | Q(organisation=value))
        return queryset.filter(pk__in=held.values("signal"))

    def by_state(self, queryset: SignalQuerySet, name: str, value: str) -> SignalQuerySet:
        if value == LATE:
            return overdue(queryset)
        return queryset.waiting() if value == OPEN else queryset.filter(state=value)

    def by_kind(self, queryset: SignalQuerySet, name: str, value: str) -> SignalQuerySet:
        return queryset.filter(experiment__isnull=False) if value == "ruimte" else queryset.filter(no_owner=True)


# What the table can be sorted by; drafts, which have no day yet, come first.
ORDERINGS = {
    "": [F("sent_on").desc(nulls_first=True)],
    "titel": [F("title").asc()],
    "-titel": [F("title").desc()],
    "verstuurd": [F("sent_on").asc(nulls_last=True)],
    "-verstuurd": [F("sent_on").desc(nulls_first=True)],
    "antwoord": [F("answer_by").asc(nulls_last=True)],
    "-antwoord": [F("answer_by").desc(nulls_last=True)],
}
