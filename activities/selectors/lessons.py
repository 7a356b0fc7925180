"""Reads across the activities app."""

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from activities.models import Lesson
from activities.models.lesson import LessonState
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.access import Actor, action_q, granted
from nss_portal.core.access.resources import NOTHING
from nss_portal.core.time import today


def subjects_of_lessons(authors: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Give the organisations that a lesson can be about: municipalities of today, and the authors themselves."""
    exists = Q(valid_to__isnull=True) | Q(valid_to__gte=today())
    return Organisation.objects.filter(
        Q(exists, group=Group.MUNICIPALITY) | Q(pk__in=authors.values("pk"))
    ).order_by("name", "pk")


def drafts_that_wait(actor: Actor) -> QuerySet[Lesson]:
    """Give the drafts that wait for this person: written by the own organisations, or waiting for their consent.

    `may_release` says of which the person leads the organisation that they are about.
    """
    held = granted(actor, "lesson", "write").get("own", frozenset())
    leads = "own-lead" in granted(actor, "lesson", "consent")
    released = action_q(actor, "lesson", "consent") if leads else NOTHING
    waiting = Lesson.objects.filter(Q(author_organisation__in=held) | released, state=LessonState.DRAFT)
    return waiting.annotate(may_release=ExpressionWrapper(released, BooleanField())).select_related("organisation")


def lessons_to_edit(actor: Actor) -> QuerySet[Lesson]:
    """Give the lessons that wait for the editors."""
    waiting: QuerySet[Lesson] = Lesson.objects.open_to(actor, "publish").filter(
        state__in=[LessonState.RELEASED, LessonState.REVIEW]
    )
    return waiting.select_related("organisation")
