"""What lessons add to the roadmap: to the page of a step, and to what similar cities did."""

from collections import defaultdict

from django.db.models import Count, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Lesson
from activities.models.lesson import LessonState
from cities.models import Bottleneck, Theme, TransitionStep
from cities.models.bottleneck import BottleneckState
from nss_portal.core.access import Actor
from nss_portal.core.registry import Reading, Section, readings, roadmap_sections

THEMES_LOOKED_AT = 3
SHOWN = 5
PER_CITY = 3
READ = ("title", "public_id", "theme__label_nl", "theme__label_en")


@roadmap_sections.register
def lessons_at(actor: Actor, step: TransitionStep) -> Section | None:
    """Show on a step's page the newest lessons on the themes that hold most cities up there. Two queries."""
    open_here = Bottleneck.objects.visible_to(actor).filter(step=step, state=BottleneckState.OPEN)
    counts = (
        open_here.filter(theme__isnull=False)
        .values("theme", "theme__label_nl", "theme__label_en")
        .annotate(cities=Count("organisation", distinct=True))
        .order_by("-cities", "theme")
    )
    themes = {
        row["theme"]: Theme(label_nl=row["theme__label_nl"], label_en=row["theme__label_en"])
        for row in counts[:THEMES_LOOKED_AT]
    }
    published = Lesson.objects.visible_to(actor).filter(state=LessonState.PUBLISHED, theme__in=themes)
    found = list(published.select_related("organisation", "theme").order_by("-published_at", "-pk")[:SHOWN])
    if not found:
        return None
    return Section(
        key="lessen",
        title=_("What others learned"),
        template="activities/includes/lessons_at.html",
        context={"lessons": found, "themes": ", ".join(str(theme).lower() for theme in themes.values())},
        order=30,
    )


@readings.register
def lessons_of_cities(actor: Actor, organisations: set[int]) -> dict[int, list[Reading]]:
    """Give the newest lessons about each of some organisations that the actor may read. One query."""
    visible = Lesson.objects.visible_to(actor).filter(state=LessonState.PUBLISHED, organisation__in=organisations)
    newest = Window(RowNumber(), partition_by="organisation", order_by=["-published_at", "-pk"])
    rows = visible.annotate(place=newest).filter(place__lte=PER_CITY).order_by("organisation", "place")
    base = reverse("activities:lessons")
    found: dict[int, list[Reading]] = defaultdict(list)
    for organisation, title, public_id, dutch, english in rows.values_list("organisation", *READ):
        theme = str(Theme(label_nl=dutch, label_en=english)) if dutch else ""
        found[organisation].append(Reading(title=title, url=f"{base}{public_id}/", detail=theme))
    return found
