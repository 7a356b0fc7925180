"""Filters and orders of the lessons; the address holds them."""

from typing import Any

import django_filters
from django.db.models import F, OrderBy, Q
from django.utils.translation import gettext_lazy as _

from activities.models import Lesson
from activities.models.lesson import LISTED, Audience, Learned, LessonQuerySet, LessonState
from activities.selectors.desk_search import words_q
from cities.models import Theme, TransitionStep
from governance.models import Organisation
from nss_portal.core.access import standing_of

# Smallest and largest number of inhabitants of the classes that one can choose.
SIZES = {
    "tot-20": (0, 20_000, _("up to 20,000 inhabitants")),
    "20-50": (20_000, 50_000, _("20,000 to 50,000 inhabitants")),
    "50-100": (50_000, 100_000, _("50,000 to 100,000 inhabitants")),
    "100-250": (100_000, 250_000, _("100,000 to 250,000 inhabitants")),
    "250-op": (250_000, 2_000_000, _("from 250,000 inhabitants")),
}
# What the register can be sorted by. What is not published yet comes first: it waits for somebody.
ORDERINGS: dict[str, tuple[OrderBy, ...]] = {
    "-nieuw": (F("published_at").desc(nulls_first=True), F("changed_at").desc()),
    "nieuw": (F("published_at").asc(nulls_last=True), F("changed_at").asc()),
    "-nuttig": (F("useful_count").desc(), F("published_at").desc(nulls_last=True)),
    "nuttig": (F("useful_count").asc(), F("published_at").desc(nulls_last=True)),
    "-toegepast": (
        F("replicated_count").desc(),
        F("applying_count").desc(),
        F("published_at").desc(nulls_last=True),
    ),
    "toegepast": (
        F("replicated_count").asc(),
        F("applying_count").asc(),
        F("published_at").desc(nulls_last=True),
    ),
}
DEFAULT_ORDERING = "-nieuw"
FOR_MEMBERS = ("voor", "stand")


class LessonFilter(django_filters.FilterSet):
    """Lessons by words, theme, step, kind of learning, size and what one learns; for members more."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"), max_length=100)
    thema = django_filters.ModelChoiceFilter(
        method="by_theme",
        label=_("Theme"),
        queryset=Theme.objects.all(),
        to_field_name="code",
        empty_label=_("All"),
    )
    stap = django_filters.ModelChoiceFilter(
        method="by_step",
        label=_("Step"),
        queryset=TransitionStep.objects.all(),
        to_field_name="code",
        empty_label=_("All"),
    )
    geleerd = django_filters.ChoiceFilter(
        "learned", label=_("Learned"), choices=Learned.choices, empty_label=_("All")
    )
    inwoners = django_filters.ChoiceFilter(
        method="by_size",
        label=_("Size"),
        choices=[(key, label) for key, (_from, _to, label) in SIZES.items()],
        empty_label=_("All"),
    )
    wat = django_filters.ChoiceFilter(
        method="by_what",
        label=_("What one learns"),
        choices=[("werkte", _("what worked")), ("werkte-niet", _("what did not work"))],
        empty_label=_("All"),
    )
    voor = django_filters.ChoiceFilter(
        method="by_audience", label=_("Published for"), choices=Audience.choices, empty_label=_("All")
    )
    stand = django_filters.ChoiceFilter(
        "state",
        label=_("State"),
        choices=[(state.value, LessonState(state).label) for state in LISTED],
        empty_label=_("All"),
    )

    class Meta:
        model = Lesson
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Everything that a visitor sees is published, and to everybody.
        if not standing_of(getattr(self.request, "user", None)).organisations:
            for name in FOR_MEMBERS:
                del self.filters[name]

    def by_words(self, queryset: LessonQuerySet, name: str, value: str) -> LessonQuerySet:
        """Keep those with all words in their texts, or with the name of the organisation that they are about."""
        named = list(Organisation.objects.filter(name__icontains=value.strip()).values_list("pk", flat=True)[:50])
        words = words_q(value, "search")
        found = Q(organisation__in=named)
        return queryset.filter(found | words if words is not None else found)

    def by_theme(self, queryset: LessonQuerySet, name: str, value: Theme) -> LessonQuerySet:
        more = Lesson.more_themes.through._default_manager.filter(theme=value).values("lesson")
        return queryset.filter(Q(theme=value) | Q(pk__in=more))

    def by_step(self, queryset: LessonQuerySet, name: str, value: TransitionStep) -> LessonQuerySet:
        here = Lesson.steps.through._default_manager.filter(transitionstep=value).values("lesson")
        return queryset.filter(pk__in=here)

    def by_size(self, queryset: LessonQuerySet, name: str, value: str) -> LessonQuerySet:
        """Keep those that fit part of the class; a lesson without sizes fits all."""
        smallest, largest, _label = SIZES[value]
        fits_small = Q(population_to__isnull=True) | Q(population_to__gt=smallest)
        fits_large = Q(population_from__isnull=True) | Q(population_from__lt=largest)
        return queryset.filter(fits_small, fits_large)

    def by_what(self, queryset: LessonQuerySet, name: str, value: str) -> LessonQuerySet:
        return queryset.exclude(**{"what_worked" if value == "werkte" else "what_failed": ""})

    def by_audience(self, queryset: LessonQuerySet, name: str, value: str) -> LessonQuerySet:
        return queryset.filter(audiences__contains=[value], state=LessonState.PUBLISHED)
