"""Illustrative assessments of the cooperation: two closed years and one that is open. Only in demo mode.

Programmes get theirs from the app that has them (`closed_example`), since it stands above this one.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from governance.models import (
    AnswerSheet,
    Assessment,
    AssessmentNote,
    AssessmentPoint,
    AssessmentState,
    Instrument,
    Organisation,
    Participant,
    ResultSharing,
    User,
)
from governance.models.assessment import STRUCTURE
from governance.selectors import current_period
from governance.selectors_assessments import indicators_of
from governance.services.assessments.holding import close_assessment
from governance.services.assessments.links import hash_of, new_nonce, sheet_key, token_of
from nss_portal.core import audit
from nss_portal.core.models.audit import Event
from nss_portal.core.time import end_of, today

ANSWERS = {"small": 24, "national": 5000}
COMMENTS = (
    "De bijeenkomsten leveren veel op; de verslagen mogen korter.",
    "Meer tijd voor kleinere gemeenten.",
    "Goed dat er nu één aanspreekpunt is.",
    "De lijnen met de ministeries zijn korter geworden.",
    "Cijfers komen nog te laat.",
    "Graag vaker bij elkaar op werkbezoek.",
)
POINT = "Cijfers over uitstoot elk half jaar op hetzelfde moment delen"
OUTCOME = "Deelnemers zien dat het vertrouwen groeit. Cijfers blijven achter; daar komt een vaste afspraak over."


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Make the assessments of the cooperation where there are none yet."""
    period = current_period()
    instrument = Instrument.objects.filter(about=STRUCTURE, is_current=True).first()
    if period is None or instrument is None or Assessment.objects.filter(subject_kind=STRUCTURE).exists():
        return []
    dice = random.Random(seed)  # noqa: S311 - drawn for a demonstration
    owner, day = period.coordinating_organisation, today()
    number = ANSWERS.get(scale, ANSWERS["small"])
    for years, answers in ((2, 18), (1, number)):
        closed = closed_example(
            dice=dice,
            instrument=instrument,
            organisation=owner,
            subject=(STRUCTURE, "", "Nationale Samenwerkingsstructuur"),
            closes_on=date(day.year - years, 10, 31),
            answers=answers,
        )
    AssessmentNote.objects.create(
        assessment=closed,
        indicator=instrument.indicators.get(number=7),
        text="De cijfers komen uit drie bronnen en lopen niet gelijk.",
    )
    Assessment.objects.filter(pk=closed.pk).update(
        talked_on=closed.closes_on + timedelta(days=21), talk_outcome=OUTCOME
    )
    desk = Organisation.objects.filter(code="rvo").first() or owner
    AssessmentPoint.objects.create(assessment=closed, what=POINT, owner=desk, due_on=day + timedelta(days=60))
    _open_example(dice, instrument, owner, day)
    return [f"assessments of the cooperation: {Assessment.objects.filter(subject_kind=STRUCTURE).count()}"]


def closed_example(
    *,
    dice: random.Random,
    instrument: Instrument,
    organisation: Organisation,
    subject: tuple[str, str, str],
    closes_on: date,
    answers: int,
    sharing: ResultSharing = ResultSharing.PUBLISHED,
) -> Assessment:
    """Make an assessment, let people that do not exist answer it, and close it as every other one is."""
    kind, key, label = subject
    made = Assessment.objects.create(
        instrument=instrument,
        organisation=organisation,
        subject_kind=kind,
        subject_key=key,
        subject_label=label,
        closes_on=closes_on,
        state=AssessmentState.OPEN,
        is_illustrative=True,
        opened_at=end_of(closes_on - timedelta(days=22)),
    )
    asked = _participants(
        made, [f"deelnemer{n}.{made.pk}@demo.nss.example" for n in range(answers + answers // 3)]
    )
    _answers(dice, made, asked[:answers])
    close_assessment(actor=User.objects.system(), assessment=made)
    shared = end_of(closes_on + timedelta(days=14)) if sharing == ResultSharing.PUBLISHED else None
    Assessment.objects.filter(pk=made.pk).update(sharing=sharing, closed_at=end_of(closes_on), shared_at=shared)
    made.refresh_from_db()
    audit.record(actor=User.objects.system(), event=Event.CREATED, obj=made)
    return made


def _participants(assessment: Assessment, addresses: Sequence[str]) -> list[Participant]:
    users = {user.email: user for user in User.objects.filter(email__in=addresses)}
    rows = []
    for address in addresses:
        nonce = new_nonce()
        rows.append(
            Participant(
                assessment=assessment,
                email=address,
                user=users.get(address),
                nonce=nonce,
                link_hash=hash_of(token_of(nonce)),
            )
        )
    return Participant.objects.bulk_create(rows, batch_size=1000)


def _answers(dice: random.Random, assessment: Assessment, participants: Sequence[Participant]) -> None:
    statements = [
        (line.number, line.may_not_apply, dice.uniform(2.6, 4.2))
        for one in indicators_of(assessment.instrument)
        for line in one.statements.all()
    ]
    sheets = []
    for number, participant in enumerate(participants):
        scores = {
            str(line): 0 if may_not and dice.random() < 0.08 else min(5, max(1, round(dice.gauss(mean, 0.9))))
            for line, may_not, mean in statements
        }
        comment = COMMENTS[number] if number < len(COMMENTS) else ""
        key = sheet_key(token_of(participant.nonce))
        sheets.append(AnswerSheet(assessment=assessment, key=key, scores=scores, comment=comment, is_sent=True))
    AnswerSheet.objects.bulk_create(sheets, batch_size=1000)
    answered = [participant.pk for participant in participants]
    Participant.objects.filter(pk__in=answered).update(answered=True)


def _open_example(dice: random.Random, instrument: Instrument, owner: Organisation, day: date) -> None:
    """Make one that is open, with the accounts of the demonstration among those who are asked."""
    made = Assessment.objects.create(
        instrument=instrument,
        organisation=owner,
        subject_kind=STRUCTURE,
        subject_label="Nationale Samenwerkingsstructuur",
        closes_on=day + timedelta(days=21),
        state=AssessmentState.OPEN,
        note="Wat u hier zegt, bespreken we in de stuurgroep. Het overzicht delen we met iedereen.",
        is_illustrative=True,
        opened_at=end_of(day - timedelta(days=8)),
    )
    people = User.objects.filter(is_demo=True).exclude(email__startswith="p.").order_by("pk")
    asked = _participants(made, list(people.values_list("email", flat=True)[:60]))
    _answers(dice, made, asked[len(asked) // 2 :])
    audit.record(actor=User.objects.system(), event=Event.CREATED, obj=made)
