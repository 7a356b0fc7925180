"""The way of a version of the agenda: from a draft over a vote to what the steering group decides."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.period import AgendaVersion, VersionState
from activities.selectors.periods import tally_of
from nss_portal.core.time import today
from nss_portal.core.workflow import Step, Workflow


def lacks(record: Model) -> Iterable[str]:
    """Say what a draft lacks before it is put to the vote."""
    if not isinstance(record, AgendaVersion):
        return
    if not record.goal.strip():
        yield _("Say first what the agenda is for.")
    if not record.lines.exists():
        yield _("Put at least one activity on the agenda.")
    if record.number > 1 and not record.note.strip():
        yield _("Say first why the agenda is revised.")


def _closed(record: Model) -> Iterable[str]:
    if isinstance(record, AgendaVersion) and record.closes_on and record.closes_on >= today():
        yield _("The vote is still open.")


def _carried(record: Model) -> Iterable[str]:
    if isinstance(record, AgendaVersion) and not tally_of(record).carried:
        yield _("The vote did not carry. Send the agenda back, or let the vote go on.")


VERSION = Workflow(
    resource="agenda_period",
    subject=lambda version: version.period,
    steps=[
        Step(
            name="open",
            sources=[VersionState.DRAFT],
            target=VersionState.VOTE,
            action="adopt",
            label=gettext_lazy("Put it to the vote"),
            conditions=[lacks],
        ),
        Step(
            name="adopt",
            sources=[VersionState.VOTE],
            target=VersionState.ADOPTED,
            action="adopt",
            label=gettext_lazy("Adopt the agenda"),
            conditions=[_closed, _carried],
        ),
        Step(
            name="return",
            sources=[VersionState.VOTE],
            target=VersionState.RETURNED,
            action="adopt",
            label=gettext_lazy("Send it back"),
            conditions=[_closed],
            needs_reason=True,
        ),
        Step(
            name="replace",
            sources=[VersionState.ADOPTED],
            target=VersionState.REPLACED,
            action="adopt",
            label=gettext_lazy("Replaced by a newer version"),
        ),
    ],
)
