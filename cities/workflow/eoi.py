"""The way of a call and of an Expression of Interest."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import EoiCall, EoiVersion
from cities.models.eoi import WITH_OPTIONS, CallState
from cities.models.eoi_submission import EoiSubmission, VersionState
from nss_portal.core.workflow import Step, Workflow


def _can_be_answered(record: Model) -> Iterable[str]:
    if not isinstance(record, EoiCall):
        return
    questions = list(record.questions.filter(is_withdrawn=False).prefetch_related("options"))
    if not questions:
        yield _("Add a question first.")
    for question in questions:
        shown = [option for option in question.options.all() if not option.is_withdrawn]
        if question.kind in WITH_OPTIONS and len(shown) < 2:
            yield _("The question '{label}' needs at least two options.").format(label=question.label)


EOI_CALL = Workflow(
    resource="eoi_call",
    steps=[
        Step(
            name="open",
            sources=[CallState.DRAFT],
            target=CallState.OPEN,
            action="manage",
            label=gettext_lazy("Open the call"),
            conditions=[_can_be_answered],
        ),
        Step(
            name="close",
            sources=[CallState.OPEN],
            target=CallState.CLOSED,
            action="manage",
            label=gettext_lazy("Close the call"),
            needs_reason=True,
        ),
        Step(
            name="reopen",
            sources=[CallState.CLOSED],
            target=CallState.OPEN,
            action="manage",
            label=gettext_lazy("Open the call again"),
            needs_reason=True,
        ),
    ],
)


def _submission(record: EoiVersion) -> EoiSubmission:
    return record.submission


def _complete(record: Model) -> Iterable[str]:
    if not isinstance(record, EoiVersion):
        return
    if not record.choices and not record.texts:
        yield _("Nothing is filled in yet.")
    for question in record.submission.call.questions.filter(is_required=True, is_withdrawn=False):
        if question.code not in record.choices and question.code not in record.texts:
            yield _("The question '{label}' has to be answered.").format(label=question.label)


EOI_VERSION = Workflow(
    resource="eoi_submission",
    subject=_submission,
    steps=[
        Step(
            name="submit",
            sources=[VersionState.DRAFT],
            target=VersionState.SUBMITTED,
            action="change",
            label=gettext_lazy("Hand in"),
            conditions=[_complete],
        )
    ],
)
