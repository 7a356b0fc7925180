"""Steps of what governance keeps in states."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models.assessment import Assessment, AssessmentState
from governance.services.assessments.counting import FEWEST
from nss_portal.core.formats import format_date
from nss_portal.core.time import today
from nss_portal.core.workflow import Step, Workflow

# The time between two results of one thing: a quarter, so that half-yearly reflections fit.
APART = timedelta(days=90)


def _ready_to_open(record: Model) -> Iterable[str]:
    if isinstance(record, Assessment):
        if record.participants.count() < FEWEST:
            yield _("Invite at least five people first: with fewer answers there is no result.")
        if record.closes_on < today():
            yield _("The last day has passed. Choose a later one first.")
        yield from _too_near_another(record)


def _too_near_another(assessment: Assessment) -> Iterable[str]:
    """Keep two results of one thing apart: of nearly the same people they would tell what one of them said."""
    same = Assessment.objects.filter(
        instrument__code=assessment.instrument.code,
        subject_kind=assessment.subject_kind,
        subject_key=assessment.subject_key,
    ).exclude(pk=assessment.pk)
    if same.filter(state=AssessmentState.OPEN).exists():
        yield _("Another one about this is open. Two results side by side could tell what one person answered.")
    with_figures = same.filter(state=AssessmentState.CLOSED).exclude(result__mean=None)
    last = with_figures.filter(closed_at__gt=timezone.now() - APART).order_by("-closed_at").first()
    if last is not None and last.closed_at is not None:
        text = _(
            "The last one closed on {day}. Open this one from {first} on: two results soon after each other could"
            " tell what one person answered."
        )
        yield text.format(day=format_date(last.closed_at), first=format_date(last.closed_at + APART))


ASSESSMENT = Workflow(
    resource="assessment",
    steps=[
        Step(
            name="open",
            sources=[AssessmentState.DRAFT],
            target=AssessmentState.OPEN,
            action="manage",
            label=gettext_lazy("Open and invite by mail"),
            conditions=[_ready_to_open],
        ),
        Step(
            name="close",
            sources=[AssessmentState.OPEN],
            target=AssessmentState.CLOSED,
            action="manage",
            label=gettext_lazy("Close and show the result"),
        ),
        Step(
            name="withdraw",
            sources=[AssessmentState.OPEN],
            target=AssessmentState.WITHDRAWN,
            action="manage",
            label=gettext_lazy("Withdraw"),
            needs_reason=True,
        ),
    ],
)
