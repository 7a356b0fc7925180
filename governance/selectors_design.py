"""Reads on the design of the structure: each question with its position, and the growth path of the variants."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from governance.models import Organisation, VariantPeriod
from governance.models.design import DesignPosition, DesignQuestion, ProposalState, VariantProposal
from governance.models.landscape import AlignedProgramme, AskedAction, Budget, MinistryDesk
from governance.models.membership import Function, Membership
from governance.models.organisation import Group
from nss_portal.core.access import Actor
from nss_portal.core.time import today


@dataclass
class Question:
    """A question with the position in force, what held before or was declined, and what waits for a decision."""

    question: DesignQuestion
    now: DesignPosition | None = None
    waiting: DesignPosition | None = None
    coming: list[DesignPosition] = field(default_factory=list)
    past: list[DesignPosition] = field(default_factory=list)


def questions(actor: Actor, on: date | None = None) -> list[Question]:
    """Give the goal and the dilemmas in order, each with its positions; two queries."""
    day = on or today()
    found = {question.pk: Question(question) for question in DesignQuestion.objects.visible_to(actor)}
    positions = DesignPosition.objects.visible_to(actor).select_related("proposed_by", "decided_by")
    for position in positions.order_by("-valid_from", "-pk"):
        one = found[position.question_id]
        position.question = one.question
        if position.state == ProposalState.PROPOSED:
            one.waiting = position
        elif position.state == ProposalState.DECIDED and position.valid_from > day:
            one.coming.append(position)
        elif position.state == ProposalState.DECIDED and one.now is None:
            one.now = position
        elif position.state != ProposalState.WITHDRAWN:
            one.past.append(position)
    return list(found.values())


@dataclass(frozen=True)
class Milestone:
    """A point of the growth path: a variant from a day on, past, present, decided or only proposed."""

    label: str
    who: str
    begins: date
    ends: date | None
    state: str  # done, current or todo
    is_proposal: bool = False
    reason: str = ""
    # Which proposal brought it, where one did: there it is read, and proposed to be taken back.
    proposal_id: str = ""


def growth_path(periods: Iterable[VariantPeriod], waiting: Iterable[VariantProposal]) -> list[Milestone]:
    """Give the variants in order of time: that were, that is in force, that is decided, that is proposed."""
    path = [
        Milestone(
            label=period.variant.label,
            who=period.coordinating_organisation.local_name,
            begins=period.valid_from,
            ends=period.valid_to,
            state=_state(period),
            reason=period.reason,
            proposal_id=period.proposal.public_id if hasattr(period, "proposal") else "",
        )
        for period in periods
    ]
    path += [
        Milestone(
            label=proposal.variant.label,
            who=proposal.coordinating_organisation.local_name,
            begins=proposal.valid_from,
            ends=None,
            state="todo",
            is_proposal=True,
            reason=proposal.reason,
        )
        for proposal in waiting
        if proposal.takes_back_id is None
    ]
    return sorted(path, key=lambda milestone: (milestone.begins, milestone.is_proposal))


def _state(period: VariantPeriod) -> str:
    if period.valid_from > today():
        return "todo"
    return "done" if period.valid_to is not None and period.valid_to < today() else "current"


def who_could_coordinate(on: date | None = None) -> list[int]:
    """Give the organisations (primary keys) that have somebody in a coordination team."""
    held = Membership.objects.current(on or today()).filter(function=Function.COORDINATION)
    return list(held.values_list("organisation_id", flat=True).distinct())


def aligned_programmes() -> list[AlignedProgramme]:
    """Give the programmes that tie in, each with its degree per variant (`degrees`: variant key to alignment)."""
    found = list(AlignedProgramme.objects.prefetch_related("alignments"))
    for programme in found:
        programme.degrees = {a.variant_id: a for a in programme.alignments.all()}  # type: ignore[attr-defined]
    return found


def asked_actions(actor: Actor) -> list[AskedAction]:
    """Give what was asked of the state and others, in the order of the source."""
    return list(AskedAction.objects.visible_to(actor).select_related("organisation"))


@dataclass
class Ministry:
    """A ministry with its desk and what it has for cities."""

    organisation: Organisation
    desk: MinistryDesk | None
    budgets: list[Budget]


def ministries(actor: Actor) -> list[Ministry]:
    """Give the ministries of today, each with its desk and its budgets, the newest year first; three queries."""
    organisations = (
        Organisation.objects.visible_to(actor)
        .existing_on(today())
        .filter(group=Group.MINISTRY)
        .order_by("name")
        .prefetch_related("names")
    )
    desks = {desk.organisation_id: desk for desk in MinistryDesk.objects.all()}
    budgets: dict[int, list[Budget]] = {}
    for budget in Budget.objects.visible_to(actor).order_by("-year", "title"):
        budgets.setdefault(budget.organisation_id, []).append(budget)
    return [Ministry(one, desks.get(one.pk), budgets.get(one.pk, [])) for one in organisations]
