"""Governance at national scale: what the demonstration has less of than was asked for."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from governance.models import (
    AgendaItem,
    Assessment,
    AssessmentState,
    Body,
    Decision,
    DecisionState,
    DecisionUpdate,
    Instrument,
    Meeting,
    MeetingState,
    Organisation,
    ResultSharing,
    User,
)
from governance.models.design import DesignPosition, DesignQuestion, ProposalState
from governance.models.membership import Function
from governance.models.organisation import Group
from nss_portal.core.ids import new_public_id
from nss_portal.core.time import today

ORGANISATIONS, MEETINGS, DECISIONS, ASSESSMENTS, YEARS = 600, 200, 10, 100, 10
GROUPS = (Group.COMPANY, Group.KNOWLEDGE, Group.CIVIL, Group.FINANCIAL)


def fill() -> None:
    """Bring what the demonstration has less of to the scale that was asked for."""
    _organisations()
    _meetings()
    _assessments()
    _positions()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _organisations() -> None:
    missing = ORGANISATIONS - Organisation.objects.count()
    Organisation.objects.bulk_create(
        Organisation(
            name=f"Verzonnen organisatie {number}", group=GROUPS[number % len(GROUPS)], is_illustrative=True
        )
        for number in range(missing)
    )


def _meetings() -> None:
    bodies, owners = list(Body.objects.all()), list(Organisation.objects.order_by("pk")[:40])
    people = list(User.objects.filter(is_demo=True, memberships__function=Function.STEERING)[:8])
    now = timezone.now()
    made = Meeting.objects.bulk_create(
        Meeting(
            body=bodies[number % len(bodies)],
            starts_at=now - timedelta(days=20 + 18 * number),
            ends_at=now - timedelta(days=20 + 18 * number) + timedelta(hours=2),
            state=MeetingState.ADOPTED,
            is_published=True,
            published_at=now,
            is_illustrative=True,
        )
        for number in range(MEETINGS - Meeting.objects.count())
    )
    through = Meeting.participants.through
    through.objects.bulk_create(through(meeting=meeting, user=user) for meeting in made for user in people)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, number=place, title=f"Punt {place}")
        for meeting in made
        for place in range(1, 7)
    )
    numbers: dict[int, int] = {}
    for key in Decision.objects.order_by().values_list("meeting", flat=True):
        numbers[key] = numbers.get(key, 0) + 1
    decisions = Decision.objects.bulk_create(
        Decision(
            meeting=meeting,
            number=place,
            text=f"Verzonnen besluit {place} over de voortgang van de samenwerking en wat daarvoor nodig is.",
            owner=owners[(meeting.pk + place) % len(owners)],
            due_on=today() + timedelta(days=place * 20 - 100),
            state=DecisionState.OPEN if place % 3 else DecisionState.DONE,
            done_on=None if place % 3 else today(),
        )
        for meeting in Meeting.objects.filter(state=MeetingState.ADOPTED)
        for place in range(numbers.get(meeting.pk, 0) + 1, DECISIONS + 1)
    )
    DecisionUpdate.objects.bulk_create(
        DecisionUpdate(decision=one, text="Loopt.", state=DecisionState.OPEN) for one in decisions[:1000]
    )


def _assessments() -> None:
    template = (
        Assessment.objects.filter(state=AssessmentState.CLOSED, subject_kind="programme").select_related().first()
    )
    instrument = Instrument.objects.filter(about="programme", is_current=True).first()
    if template is None or instrument is None:
        return
    Assessment.objects.bulk_create(
        Assessment(
            instrument=instrument,
            organisation=template.organisation,
            subject_kind="programme",
            subject_key=new_public_id(),
            subject_label=f"Verzonnen programma {number}",
            closes_on=today() - timedelta(days=30 + number * 10),
            state=AssessmentState.CLOSED,
            sharing=ResultSharing.PUBLISHED,
            result=template.result,
            is_illustrative=True,
        )
        for number in range(ASSESSMENTS - Assessment.objects.count())
    )


def _positions() -> None:
    DesignPosition.objects.bulk_create(
        DesignPosition(
            question=question,
            place=year % 5,
            text_nl=f"Verzonnen positie van {year} jaar geleden.",
            reason="Verzonnen voor de meting.",
            valid_from=today() - timedelta(days=365 * year + 1),
            state=ProposalState.DECIDED,
        )
        for question in DesignQuestion.objects.all()
        for year in range(YEARS)
    )
