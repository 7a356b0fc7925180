"""What organisations bring to the agenda, the lessons, the desk and the pilots, and what they take from them.

Nothing of a workspace counts, no draft, and nothing that was not held or published. What hangs on a record counts
for whoever sees that record: who was at a session of which the page is not theirs to read does not show.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat, ExtractYear
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.models import (
    Activity,
    ActivitySession,
    DeskMessage,
    DeskQuestion,
    Lesson,
    LessonUse,
    Participation,
    Pilot,
    PilotPart,
    Twinning,
)
from activities.models.activity import ActivityState, ParticipationRole, ParticipationState
from activities.models.desk_question import MessageKind
from activities.models.lesson import LessonState
from activities.models.pilot import PilotPartState
from activities.models.twinning import TwinningState
from cities.models.bottleneck import Sharing
from nss_portal.core.registry import ExchangeKind, exchange_kinds

WAS_HELD = (ActivityState.HELD, ActivityState.CLOSED)
HELPS = (ParticipationRole.SPEAKER, ParticipationRole.CHAIR, ParticipationRole.SUPPORT)
LEARNS = (ParticipationRole.PARTICIPANT, ParticipationRole.MANDATE)
SHARED = (Sharing.NETWORK, Sharing.PUBLISHED)
AGREED = (TwinningState.AGREED, TwinningState.FINISHED, TwinningState.ENDED)


def _page(name: str) -> Callable[[str], str]:
    return lambda ref: reverse(f"activities:{name}", args=[ref])


def _sessions() -> QuerySet[Any]:
    held = ActivitySession.objects.filter(activity__state__in=WAS_HELD, ends_at__lt=timezone.now())
    return held.annotate(in_year=ExtractYear("starts_at"))


def _places(roles: tuple[ParticipationRole, ...]) -> QuerySet[Any]:
    """Give places in activities of another that were held; who is known not to have been there is left out."""
    there = Participation.objects.filter(
        activity__state__in=WAS_HELD, state=ParticipationState.REGISTERED, role__in=roles
    )
    elsewhere = there.exclude(attended=False).exclude(activity__organisation=F("organisation"))
    return elsewhere.annotate(in_year=ExtractYear("activity__starts_at"))


def _lessons() -> QuerySet[Any]:
    there = Lesson.objects.filter(state=LessonState.PUBLISHED, revision_of=None)
    return there.annotate(in_year=ExtractYear("published_at"))


def _uses() -> QuerySet[Any]:
    """Give what organisations say that they apply of what another wrote."""
    there = LessonUse.objects.filter(applies_since__isnull=False, lesson__state=LessonState.PUBLISHED)
    return there.exclude(lesson__author_organisation=F("organisation")).annotate(
        in_year=ExtractYear("applies_since")
    )


def _answers() -> QuerySet[Any]:
    """Give answers and experiences; a question that others may not read by its words goes by its code."""
    there = DeskMessage.objects.filter(
        kind__in=[MessageKind.ANSWER, MessageKind.EXPERIENCE],
        organisation__isnull=False,
        question__verified_at__isnull=False,
    ).exclude(question__organisation=F("organisation"), question__organisation__isnull=False)
    code = Concat(Value(gettext("Question") + " "), "question__public_id", output_field=CharField())
    said = Case(
        When(question__published_at__isnull=True, then=code),
        default=F("question__public_title"),
        output_field=CharField(),
    )
    return there.annotate(in_year=ExtractYear("at"), said=said)


def _questions() -> QuerySet[Any]:
    there = DeskQuestion.objects.filter(verified_at__isnull=False, organisation__isnull=False)
    return there.annotate(in_year=ExtractYear("received_at"))


def _pilots() -> QuerySet[Any]:
    there = PilotPart.objects.filter(state=PilotPartState.JOINED, pilot__sharing__in=SHARED)
    return there.annotate(in_year=ExtractYear("since"))


def _twinnings() -> QuerySet[Any]:
    there = Twinning.objects.filter(Q(state__in=AGREED), pilot__sharing__in=SHARED)
    return there.annotate(in_year=ExtractYear("created_at"))


@exchange_kinds.register
def meeting() -> Iterator[ExchangeKind]:
    """Sessions that were held, and who helped and learned at those of others."""
    ref, title, page = "activity__public_id", "activity__title", _page("activity_short")
    yield ExchangeKind(
        key="hosted",
        label=_("sessions held"),
        is_brought=True,
        counted=_sessions,
        model=Activity,
        within="activity",
        organisation="activity__organisation",
        ref=ref,
        title=title,
        page=page,
        order=10,
    )
    for key, label, roles, is_brought, order in (
        ("helped", _("activities of others to which we contributed"), HELPS, True, 15),
        ("attended", _("activities of others that we came to"), LEARNS, False, 10),
    ):
        yield ExchangeKind(
            key=key,
            label=label,
            is_brought=is_brought,
            counted=lambda roles=roles: _places(roles),  # type: ignore[misc]
            model=Activity,
            within="activity",
            once="activity",
            ref=ref,
            title=title,
            page=page,
            order=order,
        )


@exchange_kinds.register
def learning() -> Iterator[ExchangeKind]:
    """Lessons that were written, and those that are applied."""
    page = _page("lesson")
    yield ExchangeKind(
        key="lessons",
        label=_("lessons written"),
        is_brought=True,
        counted=_lessons,
        model=Lesson,
        organisation="author_organisation",
        ref="public_id",
        title="title",
        page=page,
        order=20,
    )
    for key, label, organisation, is_brought in (
        ("applied-by-others", _("times that others applied our lessons"), "lesson__author_organisation", True),
        ("applied", _("lessons of others that we apply"), "organisation", False),
    ):
        yield ExchangeKind(
            key=key,
            label=label,
            is_brought=is_brought,
            counted=_uses,
            model=Lesson,
            within="lesson",
            organisation=organisation,
            ref="lesson__public_id",
            title="lesson__title",
            page=page,
            order=25,
        )


@exchange_kinds.register
def asking() -> Iterator[ExchangeKind]:
    """Questions to the desk, asked and answered."""
    page = _page("desk_question")
    yield ExchangeKind(
        key="answered",
        label=_("questions answered"),
        is_brought=True,
        counted=_answers,
        model=DeskQuestion,
        within="question",
        ref="question__public_id",
        title="said",
        page=page,
        once="question",
        order=30,
    )
    yield ExchangeKind(
        key="asked",
        label=_("questions asked"),
        is_brought=False,
        counted=_questions,
        model=DeskQuestion,
        ref="public_id",
        title="title",
        page=page,
        order=30,
    )


@exchange_kinds.register
def trying() -> Iterator[ExchangeKind]:
    """Pilots that cities do together, and those that others learn from."""
    yield ExchangeKind(
        key="pilots",
        label=_("pilots joined"),
        is_brought=True,
        counted=_pilots,
        model=Pilot,
        within="pilot",
        ref="pilot__public_id",
        title="pilot__title",
        page=_page("pilot"),
        order=40,
    )
    for key, label, organisation, is_brought in (
        ("twinned", _("cities that learn from us in a twinning"), "city", True),
        ("twinning", _("twinnings in which we learn"), "follower", False),
    ):
        yield ExchangeKind(
            key=key,
            label=label,
            is_brought=is_brought,
            counted=_twinnings,
            model=Twinning,
            organisation=organisation,
            ref="public_id",
            title="pilot__title",
            page=_page("twinning"),
            order=45,
        )
