"""Filters of the lessons; the address holds them."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import Lesson
from activities.models.lesson import LessonQuerySet, LessonState
from cities.models import Theme


class LessonFilter(django_filters.FilterSet):
    """Lessons by words, theme and state."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    thema = django_filters.ModelChoiceFilter(
        "theme", label=_("Theme"), queryset=Theme.objects.all(), to_field_name="code", empty_label=_("All")
    )
    stand = django_filters.ChoiceFilter(
        "state",
        label=_("State"),
        choices=[(s.value, s.label) for s in LessonState if s != LessonState.WITHDRAWN],
        empty_label=_("All"),
    )

    class Meta:
        model = Lesson
        fields: list[str] = []

    def by_words(self, queryset: LessonQuerySet, name: str, value: str) -> LessonQuerySet:
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(what_worked__icontains=word)
                | Q(what_failed__icontains=word)
                | Q(organisation__name__icontains=word)
            )
        return queryset
