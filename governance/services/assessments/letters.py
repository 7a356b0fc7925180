"""Mails of an assessment: a mark stands in the place of the personal link until the mail leaves."""

from collections.abc import Iterable
from enum import StrEnum

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from governance.models import Assessment, Participant
from governance.services.assessments.links import SECRET
from nss_portal.core.mail import Mail, queue_mails
from nss_portal.core.mail.secrets import sealed


class Letter(StrEnum):
    """What a mail says."""

    ASK = "ask"
    REMIND = "remind"


def write(assessment: Assessment, participants: Iterable[Participant], letter: Letter, stage: str = "") -> int:
    """Write to participants, each in the own language; the same letter and stage twice is one mail.

    Gives to how many. Belongs inside a transaction.
    """
    mails = []
    for participant in participants:
        with translation.override(participant.language):
            subjects = {
                Letter.ASK: _("What do you think of it? {subject}"),
                Letter.REMIND: _("Your view still counts: {subject}"),
            }
            words = {"assessment": assessment, "url": sealed(SECRET, participant.pk)}
            mails.append(
                Mail(
                    key=f"assessment:{assessment.pk}:{letter}{stage}:{participant.pk}",
                    to=participant.email,
                    subject=subjects[letter].format(subject=assessment.subject),
                    body=render_to_string(f"governance/mail/assessment_{letter}.txt", words),
                    about=assessment,
                    language=participant.language,
                )
            )
    queue_mails(mails)
    return len(mails)
