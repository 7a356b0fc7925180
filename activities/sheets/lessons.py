"""Published lessons as a table to take along."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from activities.models.lesson import Learned, LessonQuerySet, Origin
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.exports.sheets import Cell

COLUMNS = (
    "public_id",
    "title",
    "what_worked",
    "what_failed",
    "organisation__name",
    "organisation__municipality__code",
    "theme__label_nl",
    "population_from",
    "population_to",
    "useful_count",
    "applying_count",
    "replicated_count",
    "edition",
    "learned",
    "origin",
    "published_at",
    "is_illustrative",
)


def lessons_sheet(lessons: LessonQuerySet) -> Sheet:
    """Give published lessons as a table, one row each. One query."""
    language = "en" if get_language() == "en" else "nl"
    names = [name.replace("label_nl", f"label_{language}") for name in COLUMNS]
    learned_in = {value: str(label) for value, label in Learned.choices}
    origins = {value: str(label) for value, label in Origin.choices}
    address = settings.NSS_BASE_URL + reverse("activities:lesson", args=["222222"])

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in lessons.values_list(*names):
            *before, learned, origin, moment, illustrative = row
            yield (
                *before,
                learned_in.get(learned, ""),
                origins.get(origin, ""),
                timezone.localdate(moment) if moment else None,
                address.replace("222222", row[0]),
                _("illustrative") if illustrative else "",
            )

    heads = (
        "id",
        _("Lesson"),
        _("What worked"),
        _("What did not work"),
        _("About"),
        _("CBS code"),
        _("Theme"),
        _("Fits from (inhabitants)"),
        _("Fits up to (inhabitants)"),
        _("Organisations that find it useful"),
        _("Organisations that apply it"),
        _("Organisations where it worked out"),
        _("Version"),
        _("Learned"),
        _("Learned in"),
        _("Published"),
        _("Address"),
        _("illustrative"),
    )
    return Sheet(_("Lessons"), [Column(head) for head in heads], list(rows()))
