"""Many answers of a part saved at once: what is right is kept, what is not comes back with its reason."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.models import Effort, PartyReview
from contracts.models.review import EffortStatus, PartState
from contracts.services.review.access import require_answer
from contracts.services.review.answers import (
    Answer,
    answer_of,
    changes_between,
    label_of,
    limits_of,
    lock_review,
    missing,
    require_not_submitted,
    require_open,
)
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event

SAVED = (
    "status",
    "reason",
    "obstacle",
    "learned",
    "expected_kt",
    "bottleneck",
    "revision",
    "updated_at",
    "updated_by_label",
)


@dataclass(frozen=True)
class Given:
    """An answer that was given to one effort, and the revision that it was made from."""

    answer: Answer
    revision: int


@dataclass
class Outcome:
    """What became of many answers; the keys are primary keys of efforts.

    `saved` are kept; `incomplete` are kept too, but still lack something; `refused` are not kept, with a text per
    field; `overtaken` are not kept, since a colleague saved another answer: the record as it is now.
    """

    saved: list[int] = field(default_factory=list)
    incomplete: dict[int, dict[str, str]] = field(default_factory=dict)
    refused: dict[int, dict[str, str]] = field(default_factory=dict)
    overtaken: dict[int, Effort] = field(default_factory=dict)


@transaction.atomic
def save_efforts(*, part: PartyReview, given: Mapping[int, Given], actor: Actor) -> Outcome:
    """Save the answers of a part, `given` by the efforts' primary keys; those that do not differ stay untouched.

    The same few queries whatever their number. Raises NotAllowed, and ReviewRefused when the part as a whole takes
    no answers (closed, or handed in).
    """
    current = _locked(part, actor)
    outcome, changes, writing = Outcome(), {}, []
    efforts = current.efforts.filter(pk__in=list(given)).select_related("action", "commitment")
    for effort in efforts.order_by("order", "pk"):
        one, before = given[effort.pk], answer_of(effort)
        if one.answer == before:
            continue
        if problems := limits_of(one.answer):
            outcome.refused[effort.pk] = problems
            continue
        if one.revision != effort.revision:
            outcome.overtaken[effort.pk] = effort
            continue
        changes[f"{effort.order}. {effort}"] = changes_between(before, one.answer)
        writing.append(_changed(effort, one.answer, actor))
        outcome.saved.append(effort.pk)
        if one.answer.status and (problems := missing(effort, one.answer)):
            outcome.incomplete[effort.pk] = problems
    if writing:
        _write(current, writing, changes, actor)
    return outcome


@transaction.atomic
def all_same_as_last_year(*, part: PartyReview, actor: Actor) -> int:
    """Take over last year's answer wherever that was 'on course' and none was given yet; gives how many.

    Texts that were typed stay. Raises as `save_efforts` does.
    """
    waiting = part.efforts.filter(status="", previous_status=EffortStatus.ON_COURSE)
    given = {effort.pk: Given(same_answer(effort), effort.revision) for effort in waiting}
    return len(save_efforts(part=part, given=given, actor=actor).saved)


def same_answer(effort: Effort) -> Answer:
    """Give last year's 'on course' as an answer of this year, with the number that was given then."""
    expected = effort.previous_kt if effort.previous_kt is not None else effort.planned_kt
    return Answer(**{**asdict(answer_of(effort)), "status": EffortStatus.ON_COURSE.value, "expected_kt": expected})


def _locked(part: PartyReview, actor: Actor) -> PartyReview:
    current = PartyReview.objects.select_related("party__organisation", "review__contract").get(pk=part.pk)
    require_answer(actor, current)
    review = lock_review(current.review_id)
    require_open(review)
    current.refresh_from_db(fields=["state", "submitted_at", "submitted_by_label"])
    require_not_submitted(current)
    return current


def _changed(effort: Effort, answer: Answer, actor: Actor) -> Effort:
    for name, value in asdict(answer).items():
        setattr(effort, name, value)
    effort.revision += 1
    effort.updated_at = timezone.now()
    effort.updated_by_label = label_of(actor)
    return effort


def _write(part: PartyReview, efforts: list[Effort], changes: Mapping[str, object], actor: Actor) -> None:
    Effort.objects.bulk_update(efforts, SAVED)
    if part.state == PartState.ASKED:
        part.state = PartState.STARTED
        part.save(update_fields=["state"])
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=part,
        changes=changes,
        reason=_("several answers at once"),
        on_behalf_of=part.party.organisation,
    )
