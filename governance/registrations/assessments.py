"""What assessments add to my work, news, mergers and reports."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import reports_assessment, tasks
from governance.models import Assessment, AssessmentPoint, AssessmentState, Participant, ResultSharing, User
from governance.models.assessment import STRUCTURE
from governance.selectors_assessments import asked_of
from governance.services.assessments.demo import load_demo
from governance.services.assessments.reference import load_instruments
from nss_portal.core.access import standing_of
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.registry import (
    NewsItem,
    WorkItem,
    demo_loaders,
    merger_handlers,
    news_items,
    reference_loaders,
    work_items,
)

__all__ = ["reports_assessment", "tasks"]

SHOWN = 10
reference_loaders.register(load_instruments)
demo_loaders.register(load_demo)


@work_items.register
def asked(user: User) -> Iterable[WorkItem]:
    """Ask who was invited for an answer."""
    names = ("public_id", "subject_kind", "subject_label", "closes_on")
    return Rows(asked_of(user)[:SHOWN], *(f"assessment__{name}" for name in names), each=_to_answer)


def _to_answer(participant: Participant) -> WorkItem:
    assessment = participant.assessment
    is_structure = assessment.subject_kind == STRUCTURE
    asks = _("What do you think of the {subject}?") if is_structure else _("What do you think of '{subject}'?")
    return WorkItem(
        title=asks.format(subject=assessment.subject),
        url=reverse("governance:assessment_join", args=[assessment.public_id]),
        action_label=_("Give your view"),
        minutes=3,
        due=assessment.closes_on,
        detail=_("Nobody sees who answered what."),
    )


@work_items.register
def points(user: User) -> Iterable[WorkItem]:
    """Keep points to act on before their owner until they are done."""
    mine = standing_of(user).organisations
    if not mine:
        return ()
    names = ("what", "due_on", "owner__name", "assessment__subject_kind", "assessment__subject_label")
    return Rows(_points(mine=mine), *names, "assessment__closes_on", each=_to_act_on)


@prepared
def _points(mine: Any) -> QuerySet[AssessmentPoint]:
    return AssessmentPoint.objects.filter(owner__in=mine, done_on=None).order_by("due_on", "pk")[:SHOWN]


def _to_act_on(point: AssessmentPoint) -> WorkItem:
    return WorkItem(
        title=point.what,
        url=reverse("governance:assessment_point_done", args=[point.pk]),
        action_label=_("Say what came of it"),
        minutes=5,
        due=point.due_on,
        detail=_("Agreed after the assessment of {subject}").format(subject=point.assessment.subject),
        on_behalf_of=str(point.owner),
    )


@news_items.register
def results(user: User, since: datetime) -> Iterable[NewsItem]:
    """Tell which results were published."""
    found = Assessment.objects.filter(
        state=AssessmentState.CLOSED, sharing=ResultSharing.PUBLISHED, shared_at__gt=since
    ).order_by("-shared_at", "-pk")
    names = ("public_id", "subject_kind", "subject_label", "closes_on", "shared_at")
    return Rows(found[:SHOWN], *names, each=_published)


def _published(assessment: Any) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(assessment.shared_at),
        subject=assessment.subject,
        text=_("the result of the assessment is there"),
        url=assessment.get_absolute_url(),
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along with a municipality that merges into another one."""
    yield Carried("governance.Assessment", "organisation", gettext_lazy("assessments that it held"))
    yield Carried("governance.AssessmentPoint", "owner", gettext_lazy("points to act on after assessments"))
