"""Reads across the activities app."""

from django.db.models import Q, QuerySet

from activities.models import Lesson
from activities.models.lesson import LessonState
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.access import Actor, granted
from nss_portal.core.time import today


def subjects_of_lessons(authors: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Give the organisations that a lesson can be about: municipalities of today, and the authors themselves."""
    exists = Q(valid_to__isnull=True) | Q(valid_to__gte=today())
    return Organisation.objects.filter(
        Q(exists, group=Group.MUNICIPALITY) | Q(pk__in=authors.values("pk"))
    ).order_by("name", "pk")


def drafts_to_release(actor: Actor) -> QuerySet[Lesson]:
    """Give the drafts that wait for this person's consent: about an organisation that the person leads."""
    if "own-lead" not in granted(actor, "lesson", "consent"):
        return Lesson.objects.none()
    drafts: QuerySet[Lesson] = Lesson.objects.open_to(actor, "consent").filter(state=LessonState.DRAFT)
    return drafts.select_related("organisation")


def own_drafts(actor: Actor) -> QuerySet[Lesson]:
    """Give the drafts that this person's organisations write."""
    held = granted(actor, "lesson", "write").get("own", frozenset())
    return Lesson.objects.filter(state=LessonState.DRAFT, author_organisation__in=held).select_related(
        "organisation"
    )


def lessons_to_edit(actor: Actor) -> QuerySet[Lesson]:
    """Give the lessons that wait for the editors."""
    waiting: QuerySet[Lesson] = Lesson.objects.open_to(actor, "publish").filter(
        state__in=[LessonState.RELEASED, LessonState.REVIEW]
    )
    return waiting.select_related("organisation")
