"""Assessments for tests: made, asked, answered, closed, by the services that the portal itself uses."""

from collections.abc import Sequence
from datetime import timedelta

from governance.models import Assessment, Instrument, Organisation, Participant, User
from governance.services.assessments import answering, holding
from governance.services.assessments.links import current_token
from governance.services.assessments.reference import load_instruments
from nss_portal.core.time import today


def make_assessment(organisation: Organisation, state: str = "draft", **fields: object) -> Assessment:
    """Make an assessment of the structure in a state; a closed one has a result of no answers."""
    load_instruments()
    fields.setdefault("subject_label", "De samenwerking")
    fields.setdefault("closes_on", today() + timedelta(days=7))
    fields.setdefault("instrument", Instrument.objects.get(code=fields.get("subject_kind", "nss")))
    if state == "closed":
        empty = {"invited": 0, "answers": None, "statements": [], "indicators": [], "mean": None, "comments": []}
        fields.setdefault("result", empty)
    return Assessment.objects.create(organisation=organisation, state=state, **fields)


def ask(assessment: Assessment, number: int = 6) -> list[Participant]:
    """Invite so many people to an assessment."""
    addresses = [f"deelnemer{assessment.pk}.{n}@voorbeeld.example" for n in range(number)]
    holding.invite(actor=User.objects.system(), assessment=assessment, addresses=addresses)
    return list(assessment.participants.filter(email__in=addresses).order_by("pk"))


def answer(participant: Participant, scores: dict[int, int], comment: str = "", *, send: bool = True) -> None:
    """Let a participant answer by the own link."""
    token = current_token(participant)
    answering.save_answers(actor=None, token=token, scores=scores, comment=comment, send=send)


def answered(organisation: Organisation, scores: Sequence[int], **fields: object) -> Assessment:
    """Make a closed assessment in which each person gave every statement the same score."""
    day = fields.pop("closes_on", today())
    made = make_assessment(organisation, "open", **fields)
    numbers = [n for one in holding.asked_by(made.instrument) for n in one.statements]
    for participant, score in zip(ask(made, len(scores)), scores, strict=True):
        answer(participant, dict.fromkeys(numbers, score), f"Zegt {score}")
    Assessment.objects.filter(pk=made.pk).update(closes_on=day)
    return holding.close_assessment(actor=User.objects.system(), assessment=made)
