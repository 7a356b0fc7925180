"""The way of a pilot, from a proposal to its outcome, and of a twinning, from a question to what was learned."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Pilot, Twinning
from activities.models.pilot import PilotPartState, PilotState
from activities.models.twinning import TwinningState
from governance.models.organisation import Group
from nss_portal.core.workflow import Step, Workflow

FEWEST_CITIES = 2


def missing(record: Model) -> Iterable[str]:
    """Say what a pilot lacks before it can start."""
    if not isinstance(record, Pilot):
        return
    joined = record.parts.filter(state=PilotPartState.JOINED, organisation__group=Group.MUNICIPALITY).count()
    if joined < FEWEST_CITIES:
        yield _("Two cities or more take part: ask another one, and wait for its yes.")
    if not record.plan.strip():
        yield _("Write the plan: what is tried, where, and how you see whether it works.")
    if record.starts_on is None or record.ends_on is None:
        yield _("Say from when to when it runs.")
    if not record.key_note.strip():
        yield _("Say how cost and benefit are shared among the cities.")


def _agreed(record: Model) -> Iterable[str]:
    if isinstance(record, Twinning) and (not record.learns.strip() or record.until is None):
        yield _("Say who learns what, and until when.")


def _ask_back(record: Model) -> Iterable[str]:
    """A twinning that is finished has told what was learned."""
    if isinstance(record, Twinning) and not record.reviews.exists():
        yield _("Write down first what was learned and what is applied.")


PILOT = Workflow(
    resource="pilot",
    steps=[
        Step(
            name="start",
            sources=[PilotState.PROPOSED],
            target=PilotState.RUNNING,
            action="change",
            label=gettext_lazy("Start the pilot"),
            conditions=[missing],
        ),
        Step(
            name="complete",
            sources=[PilotState.RUNNING],
            target=PilotState.COMPLETED,
            action="change",
            label=gettext_lazy("Complete it: what came of it?"),
            needs_reason=True,
        ),
        Step(
            name="stop",
            sources=[PilotState.PROPOSED, PilotState.RUNNING],
            target=PilotState.STOPPED,
            action="change",
            label=gettext_lazy("Stop it, with the reason"),
            needs_reason=True,
        ),
        Step(
            name="resume",
            sources=[PilotState.STOPPED],
            target=PilotState.PROPOSED,
            action="change",
            label=gettext_lazy("Take it up again"),
            needs_reason=True,
        ),
    ],
)

TWINNING = Workflow(
    resource="twinning",
    steps=[
        Step(
            name="agree",
            sources=[TwinningState.ASKED],
            target=TwinningState.AGREED,
            action="decide",
            label=gettext_lazy("Agree"),
            conditions=[_agreed],
        ),
        Step(
            name="decline",
            sources=[TwinningState.ASKED],
            target=TwinningState.DECLINED,
            action="decide",
            label=gettext_lazy("Decline, with the reason"),
            needs_reason=True,
        ),
        Step(
            name="withdraw",
            sources=[TwinningState.ASKED],
            target=TwinningState.WITHDRAWN,
            action="report",
            label=gettext_lazy("Withdraw the question"),
            needs_reason=True,
        ),
        Step(
            name="finish",
            sources=[TwinningState.AGREED],
            target=TwinningState.FINISHED,
            action="change",
            label=gettext_lazy("Finish the twinning"),
            conditions=[_ask_back],
        ),
        Step(
            name="end",
            sources=[TwinningState.AGREED],
            target=TwinningState.ENDED,
            action="change",
            label=gettext_lazy("End it early"),
            needs_reason=True,
        ),
    ],
)
