"""A question is taken up, referred on, answered; the asker reacts, closes, opens it again."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models.desk_question import DeskMessage, DeskQuestion, MessageKind, QuestionState
from activities.services.desk import letters
from activities.services.desk.asking import DAYS_TO_ANSWER
from activities.services.desk.voices import asks_for, handles, voice
from activities.workflow.desk_question import QUESTION
from cities.models import Theme
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, LinkActor, NotAllowed
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


def require_handling(actor: Actor, question: DeskQuestion) -> None:
    """Raise NotAllowed unless the actor keeps the desk or belongs to whoever has the question."""
    if not handles(actor, question):
        raise NotAllowed(_("This question is with {name}.").format(name=letters.named(question.holder)))


def say(
    actor: Actor,
    question: DeskQuestion,
    kind: MessageKind,
    text: str,
    *,
    organisation: Organisation | None,
    referred_to: Organisation | None = None,
) -> DeskMessage:
    """Add one message; raises ValidationError without words. The caller has checked who may."""
    if not text.strip():
        raise ValidationError({"text": _("Write something first.")})
    return DeskMessage.objects.create(
        question=question,
        kind=kind,
        organisation=organisation,
        referred_to=referred_to,
        text=text.strip(),
        by_id=getattr(actor, "pk", None),
        by_label=actor.label if isinstance(actor, LinkActor) else str(actor),
    )


def _step(actor: Actor, question: DeskQuestion, name: str, reason: str = "", **fields: object) -> DeskQuestion:
    """Take a step of the workflow and write what goes with it."""
    workflow.take(QUESTION, name, question, actor=actor, reason=reason)
    fresh = locked(question)
    for field, value in {"changed_at": timezone.now(), **fields}.items():
        setattr(fresh, field, value)
    fresh.save(update_fields=["changed_at", *fields])
    return fresh


@transaction.atomic
def take_up(*, actor: Actor, question: DeskQuestion) -> DeskQuestion:
    """Begin on a question: from now on it is with the actor and the actor's organisation.

    Raises NotAllowed, TransitionRefused.
    """
    require_handling(actor, question)
    speaker = voice(actor, question)
    pk = getattr(actor, "pk", None)
    return _step(actor, question, "take_up", holder=speaker, handler_id=pk)


@transaction.atomic
def refer(*, actor: Actor, question: DeskQuestion, to: Organisation, reason: str) -> DeskQuestion:
    """Refer a question to another organisation, so that work is not done twice; the asker sees who has it.

    Raises NotAllowed, ValidationError for a municipality or for who has it already, TransitionRefused.
    """
    require_handling(actor, question)
    if to.pk == question.holder_id:
        raise ValidationError({"to": _("{name} has this question already.").format(name=letters.named(to))})
    if to.group == Group.MUNICIPALITY:
        raise ValidationError({"to": _("Ask cities whether they have done this; the question stays with you.")})
    speaker = voice(actor, question)
    due = today() + timedelta(days=DAYS_TO_ANSWER)
    fresh = _step(actor, question, "refer", reason, holder=to, handler_id=None, due_on=due, waiting_since=None)
    message = say(actor, fresh, MessageKind.REFERRAL, reason, organisation=speaker, referred_to=to)
    words = {"by": letters.named(to), "text": message.text}
    letters.write_to_asker(fresh, kind="referred", key=f"referred:{message.pk}", **words)
    letters.write_to_holder(fresh, kind="asked", key=f"asked:{message.pk}", by=letters.named(speaker))
    return fresh


@transaction.atomic
def ask_back(*, actor: Actor, question: DeskQuestion, text: str) -> DeskQuestion:
    """Ask the asker something; until the reaction comes the question waits. Raises as `answer` does."""
    require_handling(actor, question)
    speaker = voice(actor, question)
    message = say(actor, question, MessageKind.ASK_BACK, text, organisation=speaker)
    pk = getattr(actor, "pk", None)
    fresh = _step(actor, question, "ask_back", holder=speaker, handler_id=pk, waiting_since=today())
    words = {"by": letters.named(speaker), "text": message.text}
    letters.write_to_asker(fresh, kind="ask_back", key=f"ask-back:{message.pk}", **words)
    return fresh


@transaction.atomic
def reply(*, actor: Actor, question: DeskQuestion, text: str) -> DeskQuestion:
    """React as the asker: what was asked back is answered with it; else it adds to the question.

    Raises NotAllowed for anybody but the asker, ValidationError without words, TransitionRefused once it is
    closed.
    """
    fresh = locked(question)
    if fresh.state == QuestionState.WAITING:
        message = say(actor, fresh, MessageKind.REPLY, text, organisation=fresh.organisation)
        due = today() + timedelta(days=DAYS_TO_ANSWER)
        fresh = _step(actor, fresh, "reply", waiting_since=None, due_on=due)
    else:
        _require_asker(actor, fresh)
        if not fresh.is_open:
            raise workflow.TransitionRefused(_("The question is closed. Open it again to add something."))
        message = say(actor, fresh, MessageKind.REPLY, text, organisation=fresh.organisation)
        _touch(actor, fresh, {"reply": message.pk})
    letters.write_to_holder(fresh, kind="reply", key=f"reply:{message.pk}", text=message.text)
    return fresh


def _require_asker(actor: Actor, question: DeskQuestion) -> None:
    if not asks_for(actor, question):
        raise NotAllowed(_("Only the asker reacts here."))


def _touch(actor: Actor, question: DeskQuestion, changes: dict[str, object]) -> None:
    question.changed_at = timezone.now()
    question.save(update_fields=["changed_at"])
    audit.record(actor=actor, event=Event.CHANGED, obj=question, changes=changes)


@transaction.atomic
def note(*, actor: Actor, question: DeskQuestion, text: str) -> DeskMessage:
    """Leave a note for those who handle the question; nobody else ever reads it. Raises as `answer` does."""
    require_handling(actor, question)
    fresh = locked(question)
    message = say(actor, fresh, MessageKind.NOTE, text, organisation=voice(actor, fresh))
    _touch(actor, fresh, {"note": message.pk})
    return message


@transaction.atomic
def answer(*, actor: Actor, question: DeskQuestion, text: str) -> DeskQuestion:
    """Answer a question, and with it those that were joined to it; each asker hears it.

    Raises NotAllowed for who does not handle it, ValidationError without words, TransitionRefused.
    """
    require_handling(actor, question)
    if question.joined_to_id is not None:
        raise workflow.TransitionRefused(_("This question was joined to another one. Answer that one."))
    speaker = voice(actor, question)
    fresh = _answer(actor, question, text, speaker)
    joined = DeskQuestion.objects.filter(joined_to=fresh).select_related("holder", "handler", "organisation")
    for other in joined:
        if other.is_open:
            _answer(actor, other, text, speaker)
    return fresh


def _answer(actor: Actor, question: DeskQuestion, text: str, speaker: Organisation) -> DeskQuestion:
    message = say(actor, question, MessageKind.ANSWER, text, organisation=speaker)
    fresh = _step(
        actor,
        question,
        "answer",
        holder=speaker,
        handler_id=getattr(actor, "pk", None),
        answered_at=question.answered_at or timezone.now(),
        waiting_since=None,
    )
    words = {"by": letters.named(speaker), "text": message.text}
    letters.write_to_asker(fresh, kind="answered", key=f"answered:{message.pk}", **words)
    return fresh


@transaction.atomic
def close(*, actor: Actor, question: DeskQuestion) -> DeskQuestion:
    """Close an answered question, as its asker; raises NotAllowed, TransitionRefused."""
    return _step(actor, question, "close")


@transaction.atomic
def withdraw(*, actor: Actor, question: DeskQuestion, reason: str = "") -> DeskQuestion:
    """Take a question back that is no longer needed, as its asker; raises NotAllowed, TransitionRefused."""
    return _step(actor, question, "withdraw", reason)


@transaction.atomic
def reopen(*, actor: Actor, question: DeskQuestion, reason: str) -> DeskQuestion:
    """Open a question again as its asker, because the answer does not help yet; the reason says why.

    Raises NotAllowed, TransitionRefused without a reason.
    """
    due = today() + timedelta(days=DAYS_TO_ANSWER)
    fresh = _step(actor, question, "reopen", reason, due_on=due, joined_to=None)
    message = say(actor, fresh, MessageKind.REPLY, reason, organisation=fresh.organisation)
    letters.write_to_holder(fresh, kind="reopened", key=f"reopened:{message.pk}", text=message.text)
    return fresh


@transaction.atomic
def set_theme(*, actor: Actor, question: DeskQuestion, theme: Theme | None) -> DeskQuestion:
    """Put a question under another theme; who has it stays the same. Raises as `answer` does."""
    require_handling(actor, question)
    fresh = locked(question)
    if fresh.theme_id != (theme.pk if theme else None):
        before = str(fresh.theme) if fresh.theme else ""
        fresh.theme = theme
        fresh.save(update_fields=["theme"])
        _touch(actor, fresh, {"theme": [before, str(theme) if theme else ""]})
    return fresh


@transaction.atomic
def join(*, actor: Actor, question: DeskQuestion, to: DeskQuestion) -> DeskQuestion:
    """Join a question to the same one that was asked before: its answer goes to this asker too.

    Raises NotAllowed unless the actor handles both, ValidationError for a question that is answered or joined.
    """
    require_handling(actor, question)
    require_handling(actor, to)
    fresh, target = locked(question), locked(to)
    problem = ""
    if fresh.pk == target.pk:
        problem = _("A question cannot be joined to itself.")
    elif target.joined_to_id is not None:
        problem = _("That question was joined to another one. Choose the one that it was joined to.")
    elif not target.is_open:
        problem = _("That question has an answer. Use the answer for this question, instead of joining them.")
    elif not fresh.is_open:
        problem = _("This question has an answer already.")
    elif fresh.joined.exists():
        problem = _("Other questions were joined to this one. Join those first.")
    if problem:
        raise ValidationError({"to": problem})
    fresh.joined_to = target
    fresh.save(update_fields=["joined_to"])
    _touch(actor, fresh, {"joined_to": [None, target.public_id]})
    return fresh


@transaction.atomic
def separate(*, actor: Actor, question: DeskQuestion) -> DeskQuestion:
    """Take a question apart again from the one that it was joined to; raises NotAllowed."""
    require_handling(actor, question)
    fresh = locked(question)
    if fresh.joined_to is not None:
        before = fresh.joined_to.public_id
        fresh.joined_to = None
        fresh.save(update_fields=["joined_to"])
        _touch(actor, fresh, {"joined_to": [before, None]})
    return fresh
