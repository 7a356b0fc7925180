"""How a question to the desk goes: who may take which step, and what must hold."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.desk_question import OPEN_STATES, WITH_HOLDER, DeskQuestion, QuestionState
from nss_portal.core.access import LinkActor
from nss_portal.core.workflow import Step, Workflow

DONE = (QuestionState.ANSWERED, QuestionState.CLOSED)


def question_purpose(question: DeskQuestion) -> str:
    """Name what the asker's personal link is for."""
    return f"desk-question:{question.public_id}"


def holds_link(actor: LinkActor, record: Model) -> bool:
    """Say whether a personal link is the one of this question's asker."""
    return isinstance(record, DeskQuestion) and actor.purpose == question_purpose(record)


def _received(record: Model) -> Iterable[str]:
    if isinstance(record, DeskQuestion) and record.verified_at is None:
        yield _("The asker has not confirmed the e-mail address yet.")


def _is_its_own(record: Model) -> Iterable[str]:
    if isinstance(record, DeskQuestion) and record.joined_to_id is not None:
        yield _("This question was joined to another one. Its answer goes to this asker too.")


QUESTION = Workflow(
    resource="desk_question",
    steps=[
        Step(
            name="take_up",
            sources=[QuestionState.NEW, QuestionState.REFERRED, QuestionState.REOPENED],
            target=QuestionState.HANDLING,
            action="answer",
            label=gettext_lazy("I take this up"),
            conditions=[_received, _is_its_own],
        ),
        Step(
            name="refer",
            sources=[*OPEN_STATES],
            target=QuestionState.REFERRED,
            action="answer",
            label=gettext_lazy("Refer it on"),
            conditions=[_received, _is_its_own],
            needs_reason=True,
        ),
        Step(
            name="ask_back",
            sources=[*WITH_HOLDER],
            target=QuestionState.WAITING,
            action="answer",
            label=gettext_lazy("Ask the asker something"),
            conditions=[_received, _is_its_own],
        ),
        Step(
            name="reply",
            sources=[QuestionState.WAITING],
            target=QuestionState.HANDLING,
            action="ask",
            label=gettext_lazy("Answer what was asked"),
            door=holds_link,
        ),
        Step(
            name="answer",
            sources=[*OPEN_STATES],
            target=QuestionState.ANSWERED,
            action="answer",
            label=gettext_lazy("Answer the question"),
            conditions=[_received],
        ),
        Step(
            name="close",
            sources=[QuestionState.ANSWERED],
            target=QuestionState.CLOSED,
            action="ask",
            label=gettext_lazy("This helps, close the question"),
            door=holds_link,
        ),
        Step(
            name="withdraw",
            sources=[*OPEN_STATES],
            target=QuestionState.CLOSED,
            action="ask",
            label=gettext_lazy("No longer needed"),
            door=holds_link,
        ),
        Step(name="lapse", sources=[QuestionState.ANSWERED], target=QuestionState.CLOSED, action=None),
        Step(
            name="reopen",
            sources=[*DONE],
            target=QuestionState.REOPENED,
            action="ask",
            label=gettext_lazy("This does not help yet"),
            door=holds_link,
            needs_reason=True,
        ),
    ],
)
