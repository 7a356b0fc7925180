"""The way of a signal."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Signal, SignalExperiment
from cities.models.signal import OPEN_STATES, AddresseeTask, CosignState, SignalState
from nss_portal.core.time import today
from nss_portal.core.workflow import Step, Workflow

WAITING = list(OPEN_STATES)
SAID = [SignalState.ANSWERED, SignalState.FOLLOW_UP]


def missing(record: Model) -> Iterable[str]:
    """Say what a draft lacks before it can be sent."""
    if not isinstance(record, Signal):
        return
    if not record.bottlenecks.exists():
        yield _("Choose at least one bottleneck that this signal is about.")
    if not record.question.strip():
        yield _("Write what you ask.")
    if not record.no_owner and not record.addressees.filter(is_lead=True, until__isnull=True).exists():
        yield _("Choose to whom the signal goes, or 'no owner known'.")
    if not record.contact_function.strip() or not record.contact_reach.strip():
        yield _("Name a contact person: a function, and how to reach it.")
    if record.answer_by is None:
        yield _("Choose the day by which you ask for an answer.")
    elif record.answer_by <= today():
        yield _("The day by which you ask for an answer has to lie ahead.")
    experiment = SignalExperiment.objects.filter(signal=record).first()
    if experiment is not None:
        yield from _missing_room(experiment)


def _missing_room(experiment: SignalExperiment) -> Iterable[str]:
    if not experiment.rule.strip():
        yield _("Room to experiment: name the rule.")
    if not experiment.cities.exists():
        yield _("Room to experiment: name at least one city.")
    if experiment.valid_from is None or experiment.valid_to is None:
        yield _("Room to experiment: say from when until when.")
    if not experiment.learned.strip():
        yield _("Room to experiment: say what is learned.")


def _without_owner(record: Model) -> Iterable[str]:
    if (
        isinstance(record, Signal)
        and not record.addressees.filter(task=AddresseeTask.NAME, until__isnull=True).exists()
    ):
        yield _("An owner is named already.")


def _has_owner(record: Model) -> Iterable[str]:
    if (
        isinstance(record, Signal)
        and not record.addressees.filter(task=AddresseeTask.ANSWER, until__isnull=True, is_lead=True).exists()
    ):
        yield _("Name an owner first: the owner answers.")


def pending_cosigners(signal: Signal) -> list[str]:
    """Give the names of those who were asked to co-sign and have not answered yet."""
    waiting = signal.cosigners.filter(state=CosignState.INVITED).select_related("organisation")
    return [str(cosigner.organisation) for cosigner in waiting]


SIGNAL = Workflow(
    resource="signal",
    steps=[
        Step(
            name="send",
            sources=[SignalState.DRAFT],
            target=SignalState.SENT,
            action="send",
            label=gettext_lazy("Send the signal"),
            conditions=[missing],
        ),
        Step(
            name="receive",
            sources=[SignalState.SENT],
            target=SignalState.RECEIVED,
            action="respond",
            label=gettext_lazy("Confirm receipt"),
        ),
        Step(
            name="name",
            sources=WAITING,
            target=SignalState.SENT,
            action="respond",
            label=gettext_lazy("Name an owner"),
            conditions=[_without_owner],
            needs_reason=True,
        ),
        Step(
            name="name_for",
            sources=WAITING,
            target=SignalState.SENT,
            action="send",
            label=gettext_lazy("Name an owner"),
            conditions=[_without_owner],
            needs_reason=True,
        ),
        Step(
            name="refer",
            sources=WAITING,
            target=SignalState.SENT,
            action="respond",
            label=gettext_lazy("Refer on"),
            conditions=[_has_owner],
            needs_reason=True,
        ),
        Step(
            name="take_up",
            sources=WAITING,
            target=SignalState.ANSWERED,
            action="respond",
            label=gettext_lazy("Take up"),
            conditions=[_has_owner],
            needs_reason=True,
        ),
        Step(
            name="decline",
            sources=WAITING,
            target=SignalState.ANSWERED,
            action="respond",
            label=gettext_lazy("Decline"),
            conditions=[_has_owner],
            needs_reason=True,
        ),
        Step(
            name="follow_up",
            sources=[SignalState.ANSWERED],
            target=SignalState.FOLLOW_UP,
            action="respond",
            label=gettext_lazy("Agree what is done"),
        ),
        Step(
            name="follow_up_by_sender",
            sources=[SignalState.ANSWERED],
            target=SignalState.FOLLOW_UP,
            action="send",
            label=gettext_lazy("Agree what is done"),
        ),
        Step(
            name="close",
            sources=SAID,
            target=SignalState.CLOSED,
            action="send",
            label=gettext_lazy("Close the signal"),
            needs_reason=True,
        ),
        Step(
            name="reopen",
            sources=[SignalState.CLOSED],
            target=SignalState.FOLLOW_UP,
            action="send",
            label=gettext_lazy("Open again"),
            needs_reason=True,
        ),
        Step(
            name="withdraw",
            sources=WAITING,
            target=SignalState.WITHDRAWN,
            action="send",
            label=gettext_lazy("Withdraw"),
            needs_reason=True,
        ),
    ],
)
