"""Answering by a personal link. Nothing here is written to the log of changes: it would tell who answered when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import AnswerSheet, Assessment, AssessmentState, Participant, Statement, User
from governance.models.instrument import HIGHEST, LOWEST
from governance.services import Refused
from governance.services.assessments.counting import NOT_APPLICABLE
from governance.services.assessments.links import participant_of, sheet_key
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import locked
from nss_portal.core.time import today

LONGEST_COMMENT = 2000


class Closed(Refused):
    """Answers are no longer taken."""


@dataclass(frozen=True)
class Place:
    """Somebody at an assessment: the participant and what the link brought back of the answers."""

    participant: Participant
    sheet: AnswerSheet | None

    @property
    def assessment(self) -> Assessment:
        """Give the assessment."""
        return self.participant.assessment


def takes_answers(assessment: Assessment) -> bool:
    """Say whether answers are taken at this moment."""
    return assessment.state == AssessmentState.OPEN and today() <= assessment.closes_on


def place_of(token: str, actor: Actor) -> Place:
    """Give what a link opens; raises LinkInvalid, and NotAllowed for somebody logged in whose link it is not."""
    participant = participant_of(token)
    _same_person(participant, actor)
    return Place(participant, AnswerSheet.objects.filter(key=sheet_key(token)).first())


def _same_person(participant: Participant, actor: Actor) -> None:
    if not isinstance(actor, User):
        return
    theirs = actor.pk == participant.user_id if participant.user_id else False
    if not theirs and actor.email.lower() != participant.email.lower():
        raise NotAllowed(_("This link is for somebody else. Use the one in your own mail, or log out first."))


@transaction.atomic
def save_answers(*, actor: Actor, token: str, scores: Mapping[int, int], comment: str, send: bool) -> AnswerSheet:
    """Keep what somebody answers; with `send` it counts. Sent answers can be changed until the closing.

    `scores` maps a statement's number to 1–5, or 0 for 'not applicable' where that is allowed. Raises LinkInvalid,
    NotAllowed with somebody else's link, Closed, and ValidationError for a score that is none or, when sending,
    for nothing at all.
    """
    participant = participant_of(token)
    _same_person(participant, actor)
    # Held until the end: what is sent while somebody closes comes before it, or is refused.
    assessment = locked(participant.assessment)
    if not takes_answers(assessment):
        raise Closed(_("This assessment is closed. Answers are no longer taken."))
    _check(assessment, scores)
    if send and not any(score != NOT_APPLICABLE for score in scores.values()):
        raise ValidationError(_("Give at least one score."))
    sheet, _made = AnswerSheet.objects.get_or_create(key=sheet_key(token), assessment=assessment)
    sheet.scores = {str(number): score for number, score in sorted(scores.items())}
    sheet.comment = comment.strip()[:LONGEST_COMMENT]
    sheet.is_sent = sheet.is_sent or send
    sheet.save()
    if sheet.is_sent and not participant.answered:
        Participant.objects.filter(pk=participant.pk).update(answered=True)
    return sheet


def _check(assessment: Assessment, scores: Mapping[int, int]) -> None:
    found: Any = Statement.objects.filter(indicator__instrument=assessment.instrument_id)
    allowed = dict(found.values_list("number", "may_not_apply"))
    for number, score in scores.items():
        fits = LOWEST <= score <= HIGHEST or (score == NOT_APPLICABLE and allowed.get(number))
        if number not in allowed or not fits:
            raise ValidationError({f"s{number}": _("Choose a score from 1 to 5.")})
