"""Which lessons fit a municipality, and in words why each of them does."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import log1p
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from activities.models import Lesson, LessonUse
from activities.models.lesson import LessonQuerySet
from activities.presenting.lesson_facts import size_in_words
from cities.models import Bottleneck, BottleneckJoin, Involvement, Municipality, Progress
from cities.models.bottleneck import BottleneckState
from cities.models.involvement import Level
from cities.models.roadmap import CityRoadmap, Status
from cities.similarity import Profile, likeness, parts
from nss_portal.core.access import Actor

# So many of the lessons that have anything in common with the municipality are weighed, the newest ones.
CANDIDATES = 400
SHOWN = 30
# What each thing in common counts for. A bottleneck that the lesson treats says most; what is alike in size,
# level, province and themes counts as `cities.similarity` says.
TREATED, STEP, THEME, SIZE, ALIKE, REPLICATED = 3.0, 1.5, 1.5, 1.0, 2.0, 0.5
# From this part of the likeness in inhabitants two cities count as about as large: within twice the number.
ABOUT_AS_LARGE = 2 / 3
BUSY_WITH = (Status.UNDER_WAY, Status.LOOKED_AT)


class Row(NamedTuple):
    """What of a lesson is weighed; there are too many of them to make records of."""

    pk: int
    public_id: str
    title: str
    organisation: int
    about: str
    theme: int | None
    population_from: int | None
    population_to: int | None
    useful: int
    applying: int
    replicated: int
    is_illustrative: bool
    municipality: int | None
    population: int | None
    province_code: str | None
    province: str | None


FIELDS = (
    "pk",
    "public_id",
    "title",
    "organisation",
    "organisation__name",
    "theme",
    "population_from",
    "population_to",
    "useful_count",
    "applying_count",
    "replicated_count",
    "is_illustrative",
    "organisation__municipality",
    "organisation__municipality__population",
    "organisation__municipality__province_code",
    "organisation__municipality__province",
)


@dataclass
class Needs:
    """What a municipality is busy with, as far as the actor may know: labels by primary key."""

    bottlenecks: dict[int, str] = field(default_factory=dict)
    themes: dict[int, str] = field(default_factory=dict)
    steps: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """A lesson that fits a municipality: how well, and why."""

    row: Row
    score: float
    reasons: list[str]


def needs_of(actor: Actor, municipality: Municipality) -> Needs:
    """Give the bottlenecks of a municipality with their themes and steps, and the steps that it is at.

    Three queries.
    """
    own = municipality.organisation_id
    joined = BottleneckJoin.objects.known_to(actor).filter(organisation=own).order_by().values("bottleneck")
    visible = Bottleneck.objects.visible_to(actor).filter(state__in=[BottleneckState.OPEN, BottleneckState.DRAFT])
    english = get_language() == "en"
    label = "label_en" if english else "label_nl"
    rows = visible.filter(Q(organisation=own) | Q(pk__in=joined)).order_by("-changed_at", "-pk")
    needs = Needs()
    names = ("pk", "title", "theme", f"theme__{label}", "step", f"step__{label}")
    for pk, title, theme, theme_label, step, step_label in rows.values_list(*names)[:200]:
        needs.bottlenecks[pk] = title
        if theme:
            needs.themes[theme] = theme_label
        if step:
            needs.steps[step] = step_label
    roadmaps = CityRoadmap.objects.visible_to(actor).filter(organisation=own)
    at = Progress.objects.filter(roadmap__in=roadmaps, status__in=BUSY_WITH).order_by()
    needs.steps.update(at.values_list("step", f"step__{label}").distinct())
    return needs


def fitting(actor: Actor, municipality: Municipality, limit: int = SHOWN) -> list[Fit]:
    """Give the published lessons that fit a municipality, the best ones first, each with the reasons in words.

    Its own lessons, those that it applies already, and those for another size are left out. At most eight queries.
    """
    needs = needs_of(actor, municipality)
    rows = _candidates(actor, municipality, needs)
    treated = _links(Lesson.bottlenecks.through, "bottleneck", rows, needs.bottlenecks)
    steps = _links(Lesson.steps.through, "transitionstep", rows, needs.steps)
    ranks = ranks_now()
    mine = profile_of(municipality.pk, municipality.population, municipality.province_code, ranks)
    fits = [_weighed(row, municipality, needs, treated[row.pk], steps[row.pk], mine, ranks) for row in rows]
    found = [fit for fit in fits if fit.reasons]
    return sorted(found, key=lambda fit: (-fit.score, -fit.row.pk))[:limit]


def _candidates(actor: Actor, municipality: Municipality, needs: Needs) -> list[Row]:
    """Give the newest lessons of a fitting size that have anything in common with the municipality. One query."""
    own = municipality.organisation_id
    visible = Lesson.objects.visible_to(actor).published().exclude(organisation=own)
    visible = of_size(visible, municipality.population)
    applied = LessonUse.objects.filter(organisation=own, applies_since__isnull=False).values("lesson")
    place = "organisation__municipality__"
    in_common = Q(theme__in=needs.themes) | Q(population_from__isnull=False)
    in_common |= Q((f"{place}province_code", municipality.province_code))
    if municipality.population:
        about = (municipality.population // 2, municipality.population * 2)
        in_common |= Q((f"{place}population__range", about))
    treating = Lesson.bottlenecks.through._default_manager.filter(bottleneck__in=needs.bottlenecks)
    helping = Lesson.steps.through._default_manager.filter(transitionstep__in=needs.steps)
    in_common |= Q(pk__in=treating.values("lesson")) | Q(pk__in=helping.values("lesson"))
    chosen = visible.filter(in_common).exclude(pk__in=applied).order_by("-published_at", "-pk")
    return [Row._make(row) for row in chosen.values_list(*FIELDS)[:CANDIDATES]]


def of_size(lessons: LessonQuerySet, population: int | None) -> LessonQuerySet:
    """Leave out the lessons that are for larger or smaller municipalities only."""
    if population is None:
        return lessons
    return lessons.filter(
        Q(population_from__isnull=True) | Q(population_from__lte=population),
        Q(population_to__isnull=True) | Q(population_to__gte=population),
    )


def _links(through: Any, name: str, rows: list[Row], wanted: dict[int, str]) -> dict[int, list[int]]:
    """Give per lesson which of the wanted records it is linked to. One query, none when nothing is wanted."""
    found: dict[int, list[int]] = defaultdict(list)
    if wanted and rows:
        links = through._default_manager.filter(**{"lesson__in": [row.pk for row in rows], f"{name}__in": wanted})
        for lesson, key in links.order_by("pk").values_list("lesson", name):
            found[lesson].append(key)
    return found


def ranks_now() -> dict[int, int]:
    """Give the rank in involvement (0 for a mission city) of the municipalities that take part. One query."""
    order = {level.value: rank for rank, level in enumerate(Level)}
    open_periods = Involvement.objects.filter(valid_to__isnull=True).order_by()
    return {pk: order[level] for pk, level in open_periods.values_list("municipality", "level")}


def profile_of(
    pk: int | None, population: int | None, province_code: str | None, ranks: dict[int, int]
) -> Profile:
    return Profile(population, province_code or "", ranks.get(pk or 0, len(Level) - 1))


def _weighed(
    row: Row,
    municipality: Municipality,
    needs: Needs,
    treated: list[int],
    steps: list[int],
    mine: Profile,
    ranks: dict[int, int],
) -> Fit:
    """Say how well one lesson fits, and why."""
    score, reasons = 0.0, []
    if treated:
        score += TREATED * len(treated)
        title = needs.bottlenecks[treated[0]]
        reasons.append(_("Treats a bottleneck of %(name)s: '%(title)s'.") % {"name": municipality, "title": title})
    if row.theme in needs.themes:
        score += THEME
        theme = needs.themes[row.theme].lower()
        reasons.append(_("About a theme of its bottlenecks: %(theme)s.") % {"theme": theme})
    if steps:
        score += STEP
        reasons.append(_("Helps at a step that it is at: %(step)s.") % {"step": needs.steps[steps[0]].lower()})
    size, why = _size(row, municipality, mine, ranks)
    score += size
    reasons += why
    if row.applying:
        text = ngettext("%(number)d organisation applies it.", "%(number)d organisations apply it.", row.applying)
        reasons += [text % {"number": row.applying}] if reasons else []
    score += REPLICATED * log1p(row.replicated * 2 + row.applying + row.useful / 4)
    return Fit(row, score, reasons)


def _size(row: Row, municipality: Municipality, mine: Profile, ranks: dict[int, int]) -> tuple[float, list[str]]:
    """Weigh the size that a lesson is for, or else how much the city that learned it resembles this one."""
    score, reasons = 0.0, []
    said = size_in_words(row.population_from, row.population_to)
    if said:
        score += SIZE
        reasons.append(_("Meant for municipalities of this size: %(size)s.") % {"size": said})
    if row.municipality is None:
        return score, reasons
    theirs = profile_of(row.municipality, row.population, row.province_code, ranks)
    score += ALIKE * likeness(mine, theirs)
    if not said and parts(mine, theirs).get("inhabitants", 0) >= ABOUT_AS_LARGE:
        reasons.append(_("%(city)s is about as large.") % {"city": row.about})
    if row.province_code == municipality.province_code:
        reasons.append(_("%(city)s lies in %(province)s too.") % {"city": row.about, "province": row.province})
    return score, reasons


def fits_in_short(organisations: frozenset[int], actor: Actor) -> LessonQuerySet:
    """Give the lessons on themes and steps that organisations are busy with, those that are applied most first.

    For a page that may ask one query: size and the rest are weighed by `fitting`.
    """
    open_here = Bottleneck.objects.filter(organisation__in=organisations, state=BottleneckState.OPEN)
    themes = open_here.exclude(theme=None).order_by().values("theme")
    at = Progress.objects.filter(roadmap__organisation__in=organisations, status__in=BUSY_WITH).order_by()
    helping = Lesson.steps.through._default_manager.filter(transitionstep__in=at.values("step")).values("lesson")
    used = LessonUse.objects.filter(organisation__in=organisations, applies_since__isnull=False).values("lesson")
    visible = Lesson.objects.visible_to(actor).published().exclude(organisation__in=organisations)
    found: LessonQuerySet = visible.filter(Q(theme__in=themes) | Q(pk__in=helping)).exclude(pk__in=used)
    return found.order_by("-replicated_count", "-applying_count", "-published_at", "-pk")
