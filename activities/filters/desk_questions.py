"""Filters of the questions; the address holds them."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.desk_question import (
    OPEN_STATES,
    WITH_HOLDER,
    DeskInvite,
    DeskQuestion,
    QuestionQuerySet,
    QuestionState,
)
from activities.selectors.desk_questions import asked_keys, with_question_words
from activities.services.desk.voices import held_by_actor, keeps_desk
from cities.models import Theme
from governance.models import Organisation
from nss_portal.core.access import granted, standing_of
from nss_portal.core.time import today

WHICH = [
    ("bij-ons", _("with us")),
    ("van-ons", _("asked by us")),
    ("gevraagd", _("our city was asked along")),
    ("te-laat", _("waits too long")),
    ("openbaar", _("public")),
]
STATES = [("open", _("open")), *[(state.value, state.label) for state in QuestionState]]


class QuestionFilter(django_filters.FilterSet):
    """Questions by words, theme, state, who has them and whose they are; a visitor filters by words and theme."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    thema = django_filters.ModelChoiceFilter(
        "theme", label=_("Theme"), queryset=Theme.objects.all(), to_field_name="code", empty_label=_("All")
    )
    stand = django_filters.ChoiceFilter(method="by_state", label=_("State"), choices=STATES, empty_label=_("All"))
    welke = django_filters.ChoiceFilter(method="by_which", label=_("Which"), choices=WHICH, empty_label=_("All"))
    bij = django_filters.ModelChoiceFilter(
        "holder",
        label=_("Is with"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        empty_label=_("All"),
    )

    class Meta:
        model = DeskQuestion
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not standing_of(self._user).organisations:
            for name in ("stand", "welke", "bij"):
                del self.filters[name]
        elif keeps_desk(self._user):
            holders = DeskQuestion.objects.order_by().values("holder").distinct()
            self.filters["bij"].queryset = Organisation.objects.filter(pk__in=holders).order_by("name")
        else:
            del self.filters["bij"]

    @property
    def _user(self) -> Any:
        return self.request.user if self.request else None

    def by_words(self, queryset: QuestionQuerySet, name: str, value: str) -> QuestionQuerySet:
        return with_question_words(queryset, self._user, value)

    def by_state(self, queryset: QuestionQuerySet, name: str, value: str) -> QuestionQuerySet:
        return queryset.filter(state__in=OPEN_STATES if value == "open" else [value])

    def by_which(self, queryset: QuestionQuerySet, name: str, value: str) -> QuestionQuerySet:
        held = held_by_actor(self._user) | granted(self._user, "desk_question", "answer").get("all", frozenset())
        if value == "van-ons":
            return queryset.filter(organisation__in=asked_keys(self._user))
        if value == "gevraagd":
            invited = DeskInvite.objects.filter(organisation__in=held).order_by()
            return queryset.filter(pk__in=invited.values("question"))
        if value == "openbaar":
            return queryset.published()
        waits = Q(state__in=WITH_HOLDER, joined_to__isnull=True)
        if value == "te-laat":
            late = queryset.filter(waits, due_on__lt=today())
            return late if keeps_desk(self._user) else late.filter(holder__in=held)
        return queryset.filter(waits, holder__in=held)
