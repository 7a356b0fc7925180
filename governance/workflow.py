"""Steps of what governance keeps in states."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models.assessment import Assessment, AssessmentState
from governance.services.assessments.counting import FEWEST
from nss_portal.core.time import today
from nss_portal.core.workflow import Step, Workflow


def _ready_to_open(record: Model) -> Iterable[str]:
    if isinstance(record, Assessment):
        if record.participants.count() < FEWEST:
            yield _("Invite at least five people first: with fewer answers there is no result.")
        if record.closes_on < today():
            yield _("The last day has passed. Choose a later one first.")


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
