"""What a party says of one promise: saved as a draft again and again, and judged when it is meant to be final."""

from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cities.models import Bottleneck
from contracts.models import AnnualReview, Effort, PartyReview, ReviewRound
from contracts.models.review import EffortStatus, PartState, ReviewState, RoundState
from contracts.services.review.access import require_answer
from contracts.services.review.errors import AnswerRefused, Overtaken, ReviewRefused
from nss_portal.core import audit
from nss_portal.core.access import Actor, LinkActor
from nss_portal.core.models.audit import Event

# Characters per text; two or three sentences are asked for.
TEXT_LIMIT = 4000
# Kilotons; the whole of the Netherlands emits less than a quarter of this.
KT_LIMIT = Decimal(999_999)
NEEDS_REASON = (EffortStatus.BEHIND, EffortStatus.STOPPED, EffortStatus.AHEAD)
SETBACKS = (EffortStatus.BEHIND, EffortStatus.STOPPED)


@dataclass(frozen=True)
class Answer:
    """One answer as it was given; `expected_kt` is the reduction in the target year, in kt, or None.

    `bottleneck_id` is the bottleneck (primary key) that is known already and blocks it, or None.
    """

    status: str = ""
    reason: str = ""
    obstacle: str = ""
    learned: str = ""
    expected_kt: Decimal | None = None
    bottleneck_id: int | None = None


def answer_of(effort: Effort) -> Answer:
    """Give what an effort says at present."""
    return Answer(
        status=effort.status,
        reason=effort.reason,
        obstacle=effort.obstacle,
        learned=effort.learned,
        expected_kt=effort.expected_kt,
        bottleneck_id=effort.bottleneck_id,
    )


def label_of(actor: Actor) -> str:
    """Give the name under which an answer is kept."""
    return (actor.label if isinstance(actor, LinkActor) else str(actor))[:200]


def missing(effort: Effort, answer: Answer) -> dict[str, str]:
    """Give what an answer still lacks before it can be handed in, as field: text for people."""
    found: dict[str, str] = {}
    if not answer.status:
        found["status"] = _("Choose how it stands.")
    if answer.status in NEEDS_REASON and not answer.reason.strip():
        found["reason"] = _("Say in one or two sentences what happened.")
    if answer.status == EffortStatus.BLOCKED and not answer.obstacle.strip():
        found["obstacle"] = _("Say in one or two sentences what blocks it.")
    if answer.status == EffortStatus.STOPPED and effort.planned_kt:
        if answer.expected_kt is None:
            found["expected_kt"] = _("Fill in what it still brings; 0 when nothing comes of it any more.")
        elif answer.expected_kt >= effort.planned_kt:
            found["expected_kt"] = _(
                "It stopped, so it brings less than was promised. Fill in what is left, or 0."
            )
    return found


def is_complete(effort: Effort) -> bool:
    """Say whether an effort's answer can be handed in."""
    return not missing(effort, answer_of(effort))


def lock_review(review_id: int) -> AnnualReview:
    """Lock a review and give it as it is now, with its round and contract.

    Every write inside a review takes this lock, and so does closing it: what was saved before is in the outcome,
    what comes after is refused. The round is read after the lock was had.
    """
    review = AnnualReview.objects.select_for_update(of=("self",)).get(pk=review_id)
    review.round = ReviewRound.objects.get(pk=review.round_id)
    return review


def require_open(review: AnnualReview) -> None:
    """Raise ReviewRefused, saying since when, unless answers are still taken."""
    current = review.round
    if current.state == RoundState.OPEN and review.state != ReviewState.CLOSED:
        return
    if current.state == RoundState.OPENING:
        raise ReviewRefused(_("This review is still being prepared. Come back in a few minutes."))
    if current.closed_at is None:
        raise ReviewRefused(_("The review of %(year)s is closed.") % {"year": current.year})
    day = date_format(timezone.localtime(current.closed_at), "DATE_FORMAT")
    raise ReviewRefused(
        _("The review of %(year)s was closed on %(date)s. Answers cannot be changed any more.")
        % {"year": current.year, "date": day}
    )


def require_not_submitted(part: PartyReview) -> None:
    """Raise ReviewRefused, saying when and by whom, when the part was handed in already."""
    if part.state != PartState.SUBMITTED or part.submitted_at is None:
        return
    raise ReviewRefused(
        _("This part was handed in already, on %(date)s by %(who)s.")
        % {
            "date": date_format(timezone.localtime(part.submitted_at), "DATE_FORMAT"),
            "who": part.submitted_by_label,
        }
    )


@transaction.atomic
def save_effort(*, effort: Effort, answer: Answer, revision: int, actor: Actor, final: bool = False) -> Effort:
    """Save an answer; `revision` is the one that the form was made from.

    A draft may be incomplete; with `final` it must have all that its status asks for. Raises NotAllowed,
    ReviewRefused (closed, or handed in), AnswerRefused (with a text per field) and Overtaken (a colleague saved
    something else in between; nothing is written, and `current` holds what the colleague wrote).
    """
    part, current = _locked(effort, actor)
    _check_limits(answer)
    if final and (problems := missing(current, with_bottleneck(current, answer, actor))):
        raise AnswerRefused(" ".join(problems.values()), problems)
    before = answer_of(current)
    answer = with_bottleneck(current, answer, actor)
    if answer == before:
        return current
    if revision != current.revision:
        raise Overtaken(
            _("%(who)s saved another answer here in the meantime.") % {"who": current.updated_by_label}, current
        )
    return _write(part, current, before, answer, actor)


def with_bottleneck(effort: Effort, answer: Answer, actor: Actor) -> Answer:
    """Give an answer with the known bottleneck that it names: its title says what blocks where no text does.

    Raises AnswerRefused for a bottleneck that the actor may not see, or that is not listed any more.
    """
    if answer.bottleneck_id is None or answer.bottleneck_id == effort.bottleneck_id:
        return answer
    known = Bottleneck.objects.visible_to(actor).listed().filter(pk=answer.bottleneck_id).first()
    if known is None:
        problem = _("This bottleneck is not there any more. Choose another one, or describe what blocks it.")
        raise AnswerRefused(problem, {"obstacle": problem})
    return replace(answer, obstacle=answer.obstacle.strip() or known.title)


@transaction.atomic
def same_as_last_year(*, effort: Effort, revision: int, actor: Actor) -> Effort:
    """Take over last year's answer where that was 'on course'; texts that were typed stay.

    Raises as `save_effort` does, and ReviewRefused where last year's answer was another one or none.
    """
    part, current = _locked(effort, actor)
    if current.previous_status != EffortStatus.ON_COURSE:
        raise ReviewRefused(_("Last year's answer was not 'on course'; say how it stands now."))
    before = answer_of(current)
    expected = current.previous_kt if current.previous_kt is not None else current.planned_kt
    answer = Answer(**{**asdict(before), "status": EffortStatus.ON_COURSE.value, "expected_kt": expected})
    if answer == before:
        return current
    if revision != current.revision:
        raise Overtaken(
            _("%(who)s saved another answer here in the meantime.") % {"who": current.updated_by_label}, current
        )
    return _write(part, current, before, answer, actor)


def _locked(effort: Effort, actor: Actor) -> tuple[PartyReview, Effort]:
    part = PartyReview.objects.select_related("party__organisation", "review__contract").get(pk=effort.part_id)
    require_answer(actor, part)
    review = lock_review(part.review_id)
    require_open(review)
    part.refresh_from_db(fields=["state", "submitted_at", "submitted_by_label"])
    require_not_submitted(part)
    return part, Effort.objects.select_related("action", "commitment").get(pk=effort.pk)


def _check_limits(answer: Answer) -> None:
    if problems := limits_of(answer):
        raise AnswerRefused(" ".join(problems.values()), problems)


def limits_of(answer: Answer) -> dict[str, str]:
    """Give what no answer may be, drafts included, as field: text for people."""
    problems: dict[str, str] = {}
    if answer.status and answer.status not in EffortStatus.values:
        problems["status"] = _("Choose one of the answers.")
    for name in ("reason", "obstacle", "learned"):
        length = len(getattr(answer, name))
        if length > TEXT_LIMIT:
            problems[name] = _("At most %(limit)d characters; this text has %(length)d.") % {
                "limit": TEXT_LIMIT,
                "length": length,
            }
    if answer.expected_kt is not None and not Decimal(0) <= answer.expected_kt <= KT_LIMIT:
        problems["expected_kt"] = _("Fill in a number of kilotons between 0 and 999,999.")
    return problems


def _write(part: PartyReview, effort: Effort, before: Answer, answer: Answer, actor: Actor) -> Effort:
    for name, value in asdict(answer).items():
        setattr(effort, name, value)
    effort.revision += 1
    effort.updated_at = timezone.now()
    effort.updated_by_label = label_of(actor)
    effort.save()
    if part.state == PartState.ASKED:
        part.state = PartState.STARTED
        part.save(update_fields=["state"])
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=effort,
        changes=changes_between(before, answer),
        on_behalf_of=part.party.organisation,
    )
    return effort


def changes_between(before: Answer, after: Answer) -> dict[str, list[str]]:
    """Give what differs between two answers, as field: [before, after]."""
    old, new = asdict(before), asdict(after)
    return {name: [_text(old[name]), _text(new[name])] for name in old if old[name] != new[name]}


def _text(value: object) -> str:
    return "" if value is None else str(value)
