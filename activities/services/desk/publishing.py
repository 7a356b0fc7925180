"""Question and answer for everybody: by choice of the asker and of the desk, without the asker's name."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models.desk_question import DeskMessage, DeskQuestion, MessageKind, QuestionState
from activities.services.desk import letters
from activities.services.desk.voices import asks_for, keeps_desk
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event

ANSWERED = (QuestionState.ANSWERED, QuestionState.CLOSED)
SHORTEST_NAME = 3


def proposal(question: DeskQuestion) -> dict[str, str]:
    """Give the texts that a page for everybody would begin with: as published, else as asked and answered."""
    if question.public_answer:
        return {
            "title": question.public_title,
            "text": question.public_text,
            "answer": question.public_answer,
        }
    answers = DeskMessage.objects.filter(question=question, kind=MessageKind.ANSWER).order_by("-at", "-pk")
    last = answers.values_list("text", flat=True).first()
    return {"title": question.title, "text": question.text, "answer": last or ""}


def names_of_asker(question: DeskQuestion) -> list[str]:
    """Give the names by which a reader would know who asked: of the person, of the organisation, the address."""
    names = [question.asker_name, question.asker_email, question.asker_from]
    if question.asked_by is not None:
        names += [question.asked_by.name, question.asked_by.email]
    if question.organisation is not None:
        names += [question.organisation.name, question.organisation.short_name]
    return [name for name in names if len(name) >= SHORTEST_NAME]


@transaction.atomic
def publish(*, actor: Actor, question: DeskQuestion, title: str, text: str, answer: str) -> DeskQuestion:
    """Let everybody read question and answer in these words; again, to change them.

    Raises NotAllowed unless the actor keeps the desk and the asker agrees, ValidationError while there is no
    answer, or when the texts name the asker.
    """
    if not keeps_desk(actor):
        raise NotAllowed(_("The desk decides which answers everybody reads."))
    fresh = locked(question)
    if not fresh.may_publish:
        raise NotAllowed(_("The asker does not want others to read this."))
    texts = {"public_title": title.strip(), "public_text": text.strip(), "public_answer": answer.strip()}
    _check(fresh, texts)
    is_first = fresh.published_at is None
    before = {name: getattr(fresh, name) for name in texts}
    for name, value in texts.items():
        setattr(fresh, name, value)
    fresh.published_at = fresh.published_at or timezone.now()
    fresh.changed_at = timezone.now()
    fresh.save(update_fields=[*texts, "published_at", "changed_at"])
    changes = {name: [before[name], value] for name, value in texts.items() if before[name] != value}
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"published": True, **changes})
    if is_first:
        letters.write_to_asker(
            fresh, kind="published", key=f"published:{fresh.pk}:{fresh.published_at:%Y%m%d%H%M%S%f}"
        )
    return fresh


def _check(question: DeskQuestion, texts: dict[str, str]) -> None:
    if question.state not in ANSWERED:
        raise ValidationError(_("A question is published once it has an answer."))
    problems: dict[str, str] = {}
    for name, empty in (
        ("public_title", _("Write the question in one line.")),
        ("public_answer", _("Write the answer.")),
    ):
        if not texts[name]:
            problems[name] = empty
    for name, value in texts.items():
        for word in names_of_asker(question):
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", value, re.IGNORECASE):
                text = _("This names the asker (‘{word}’). Write it so that nobody can tell who asked.")
                problems[name] = text.format(word=word)
    if problems:
        raise ValidationError({name.removeprefix("public_"): text for name, text in problems.items()})


@transaction.atomic
def unpublish(*, actor: Actor, question: DeskQuestion) -> DeskQuestion:
    """Take question and answer off the site: the desk, or the asker, who then no longer agrees."""
    is_asker = asks_for(actor, question)
    if not (is_asker or keeps_desk(actor)):
        raise NotAllowed(_("The asker or the desk takes this off the site."))
    fresh = locked(question)
    fresh.published_at, fresh.changed_at = None, timezone.now()
    fresh.may_publish = fresh.may_publish and not is_asker
    fresh.save(update_fields=["published_at", "may_publish", "changed_at"])
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"published": [True, False]})
    return fresh


@transaction.atomic
def agree(*, actor: Actor, question: DeskQuestion) -> DeskQuestion:
    """Let others read it after all, as the asker; the desk decides whether they do. Raises NotAllowed."""
    if not asks_for(actor, question):
        raise NotAllowed(_("Only the asker reacts here."))
    fresh = locked(question)
    fresh.may_publish = True
    fresh.save(update_fields=["may_publish"])
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"may_publish": [False, True]})
    return fresh
