"""What people are written about questions; every mail has a key, so that the same one twice is one."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core import signing
from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from activities.models.desk_question import DeskInvite, DeskQuestion
from governance.models import Organisation, User
from governance.selectors import people_at
from nss_portal.core.mail import address_key, queue_mail

SALT = "activities.desk-question"
SUBJECTS = {
    "verify": lambda: _("Confirm your e-mail address for your question"),
    "received": lambda: _("Your question has been received: %(title)s"),
    "asked": lambda: _("A question for you: %(title)s"),
    "invited": lambda: _("Has your city done this? %(title)s"),
    "referred": lambda: _("Your question is with %(by)s now: %(title)s"),
    "ask_back": lambda: _("We need to know something about your question: %(title)s"),
    "answered": lambda: _("There is an answer to your question: %(title)s"),
    "experience": lambda: _("A city answered your question: %(title)s"),
    "reply": lambda: _("The asker reacted: %(title)s"),
    "reopened": lambda: _("The question was opened again: %(title)s"),
    "published": lambda: _("Your question and its answer are public: %(title)s"),
    "waiting": lambda: _("Your question waits for your reaction: %(title)s"),
}


def link_token(question: DeskQuestion) -> str:
    """Give the secret part of the personal link of an asker without an account."""
    return signing.dumps(question.public_id, salt=SALT)


def link_url(question: DeskQuestion) -> str:
    """Give the whole personal link."""
    return str(settings.NSS_BASE_URL) + reverse("activities:desk_link", args=[link_token(question)])


def page_url(question: DeskQuestion) -> str:
    """Give the address of the question's page for who has an account."""
    return str(settings.NSS_BASE_URL) + question.get_absolute_url()


def _write(
    *, to: str, name: str, language: str, kind: str, key: str, question: DeskQuestion, words: Mapping[str, object]
) -> None:
    with translation.override(language):
        context = {"name": name, "question": question, "by": "", "text": "", "why": "", **words}
        values = {"title": question.title, "by": str(context["by"])}
        subject = SUBJECTS[kind]() % values
        body = render_to_string(f"activities/desk/mail/{kind}.txt", context)
    about: Model = question
    queue_mail(key=key, to=to, subject=subject, body=body, about=about, language=language)


def write_to_people(
    people: Iterable[User], *, kind: str, key: str, question: DeskQuestion, **words: object
) -> int:
    """Write one mail of a kind to each; gives to how many. Call it inside a transaction."""
    number = 0
    for user in {user.pk: user for user in people}.values():
        _write(
            to=user.email,
            name=user.name,
            language=user.language,
            kind=kind,
            key=f"desk:{key}:{address_key(user.email)}",
            question=question,
            words={"url": page_url(question), **words},
        )
        number += 1
    return number


def write_to_asker(question: DeskQuestion, *, kind: str, key: str, **words: object) -> None:
    """Write to whoever asked: by the personal link without an account, else the asker, or who leads there now."""
    if not question.has_account:
        _write(
            to=question.asker_email,
            name=question.asker_name,
            language=question.language,
            kind=kind,
            key=f"desk:{key}:asker",
            question=question,
            words={"url": link_url(question), **words},
        )
        return
    asker = question.asked_by
    if asker is not None and asker.is_active:
        people = [asker]
    else:
        people = people_at([question.organisation_id or 0])[question.organisation_id or 0]
    write_to_people(people, kind=kind, key=key, question=question, **words)


def write_to_holder(question: DeskQuestion, *, kind: str, key: str, **words: object) -> int:
    """Write to who handles the question: whoever took it up, else the people of the organisation that has it."""
    handler = question.handler
    if handler is not None and handler.is_active:
        people = [handler]
    else:
        people = people_at([question.holder_id])[question.holder_id]
    return write_to_people(people, kind=kind, key=key, question=question, **words)


def write_to_city(invite: DeskInvite, question: DeskQuestion) -> int:
    """Ask the people of a city whether it has done this."""
    people = people_at([invite.organisation_id])[invite.organisation_id]
    return write_to_people(people, kind="invited", key=f"invited:{invite.pk}", question=question, why=invite.why)


def named(organisation: Organisation) -> str:
    """Give the short name of an organisation, or its name."""
    return organisation.short_name or organisation.name
