"""What the clock does for assessments: remind who has not answered, and close those whose last day has passed."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from governance.models import Assessment, AssessmentState, User
from governance.services.assessments.holding import close_assessment
from governance.services.assessments.letters import Letter, write
from nss_portal.core.editing import locked
from nss_portal.core.workflow import TransitionRefused

# So many days before the last one people are reminded, who were asked longer ago than that.
STAGES = (7, 1)


def remind(day: date) -> int:
    """Write to who has not answered, once per stage; gives to how many."""
    count = 0
    for assessment in Assessment.objects.filter(state=AssessmentState.OPEN, closes_on__gte=day):
        left = (assessment.closes_on - day).days
        stage = next((one for one in sorted(STAGES) if left <= one), None)
        opened = timezone.localdate(assessment.opened_at) if assessment.opened_at else day
        if stage is None or (assessment.closes_on - opened).days <= stage:
            continue
        with transaction.atomic():
            fresh = locked(assessment)
            waiting = list(fresh.participants.filter(answered=False))
            count += write(fresh, waiting, Letter.REMIND, str(stage))
    return count


def close_passed(day: date) -> int:
    """Close what was open until the day before or earlier; gives how many."""
    closed = 0
    for assessment in Assessment.objects.filter(state=AssessmentState.OPEN, closes_on__lt=day):
        try:
            close_assessment(actor=User.objects.system(), assessment=assessment)
        except TransitionRefused:
            continue  # somebody closed it in the meantime
        closed += 1
    return closed
