"""What the design of the structure adds to the floors around it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import EvaluationConclusion, User, VariantEvaluation, VariantPeriod
from governance.models.design import DesignPosition, ProposalState, VariantProposal
from governance.selectors_evaluations import due_periods, that_ask_for_a_variant, to_conclude
from governance.services.design.deciding import may_decide
from governance.services.design.demo import load_demo_design
from governance.services.design.demo_evaluations import load_demo_evaluations
from governance.services.design.evaluating import may_evaluate
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import NewsItem, WorkItem, demo_loaders, merger_handlers, news_items, work_items

NEWS = 5

demo_loaders.register(load_demo_design)
demo_loaders.register(load_demo_evaluations)


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along and what stays with the organisation that ended."""
    yield Carried("governance.AskedAction", "organisation", gettext_lazy("actions that it took up"), only=Q())
    yield Carried("governance.Budget", "organisation", gettext_lazy("amounts for cities"), only=Q())
    yield Carried("governance.MinistryDesk", "organisation", gettext_lazy("desk of a ministry"), only=Q())
    yield Carried(
        "governance.VariantProposal",
        "coordinating_organisation",
        gettext_lazy("proposals for a variant"),
        only=Q(state=ProposalState.PROPOSED),
        stays=gettext_lazy("what was decided stays as it was"),
    )


@work_items.register
def positions_to_decide(user: User) -> Iterable[WorkItem]:
    """Ask the steering group for a decision on a proposed position."""
    if not may_decide(user):
        return ()
    waiting = DesignPosition.objects.filter(state=ProposalState.PROPOSED).exclude(proposed_by=user)
    return Rows(waiting, "public_id", "text_nl", "text_en", "proposed_at", each=_decide_position)


def _decide_position(position: DesignPosition) -> WorkItem:
    return WorkItem(
        title=_("Decide on a proposed position"),
        url=reverse("governance:position", args=[position.public_id]),
        action_label=_("Read and decide"),
        minutes=5,
        detail=position.text,
    )


@work_items.register
def variants_to_decide(user: User) -> Iterable[WorkItem]:
    """Ask the steering group for a decision on a proposed variant."""
    if not may_decide(user):
        return ()
    waiting = VariantProposal.objects.filter(state=ProposalState.PROPOSED).exclude(proposed_by=user)
    fields = ("public_id", "valid_from", "takes_back", "variant__label_nl", "variant__label_en")
    return Rows(waiting, *fields, each=_decide_variant)


def _decide_variant(proposal: VariantProposal) -> WorkItem:
    title = _("Decide on the variant that was proposed")
    if proposal.takes_back_id:
        title = _("Decide whether a change of variant is taken back")
    return WorkItem(
        title=title,
        url=reverse("governance:variant_proposal", args=[proposal.public_id]),
        action_label=_("Read and decide"),
        minutes=10,
        due=proposal.valid_from,
        detail=proposal.variant.label,
    )


@work_items.register
def evaluation_due(user: User) -> Iterable[WorkItem]:
    """Ask the coordination team once a year whether the variant still fits."""
    if not may_evaluate(user):
        return ()
    fields = ("evaluate_on", "variant__label_nl", "variant__label_en")
    return Rows(due_periods(), *fields, each=_evaluate)


def _evaluate(period: VariantPeriod) -> WorkItem:
    return WorkItem(
        title=_("See whether the variant still fits the goal"),
        url=reverse("governance:evaluation_begin"),
        action_label=_("Begin an evaluation"),
        minutes=10,
        due=period.evaluate_on,
        detail=period.variant.label,
    )


@work_items.register
def evaluations_to_conclude(user: User) -> Iterable[WorkItem]:
    """Ask the coordination team for a conclusion once the result is there."""
    if not may_evaluate(user):
        return ()
    return Rows(to_conclude(), "public_id", "assessment__closes_on", each=_conclude)


def _conclude(evaluation: VariantEvaluation) -> WorkItem:
    return WorkItem(
        title=_("Conclude whether the variant still fits"),
        url=evaluation.get_absolute_url(),
        action_label=_("Read the result"),
        minutes=20,
        detail=_("The steering group decides on what you propose."),
    )


@work_items.register
def conclusions_to_decide(user: User) -> Iterable[WorkItem]:
    """Ask the steering group for a decision on what an evaluation came to."""
    if not may_decide(user):
        return ()
    waiting = EvaluationConclusion.objects.filter(state=ProposalState.PROPOSED).exclude(proposed_by=user)
    return Rows(waiting.order_by("pk"), "outcome", "evaluation__public_id", each=_decide_conclusion)


def _decide_conclusion(conclusion: EvaluationConclusion) -> WorkItem:
    return WorkItem(
        title=_("Decide whether the variant still fits"),
        url=conclusion.evaluation.get_absolute_url(),
        action_label=_("Read and decide"),
        minutes=10,
        detail=capfirst(conclusion.get_outcome_display()),
    )


@work_items.register
def variants_to_propose(user: User) -> Iterable[WorkItem]:
    """Ask the coordination team for another variant, once the steering group concluded that one is needed."""
    if not may_evaluate(user):
        return ()
    return Rows(that_ask_for_a_variant(), "public_id", each=_propose)


def _propose(evaluation: VariantEvaluation) -> WorkItem:
    return WorkItem(
        title=_("Propose another variant"),
        url=f"{reverse('governance:variant_propose')}?evaluatie={evaluation.public_id}",
        action_label=_("Propose a variant"),
        minutes=15,
        detail=_("The steering group concluded that another variant is needed."),
    )


@news_items.register
def concluded(user: User, since: datetime) -> Iterable[NewsItem]:
    """Tell what the steering group concluded of the variant in force."""
    taken = EvaluationConclusion.objects.filter(state=ProposalState.DECIDED, decided_at__gt=since)
    fields = ("outcome", "decided_at", "evaluation__public_id")
    return Rows(taken.order_by("-decided_at")[:NEWS], *fields, each=_concluded)


def _concluded(conclusion: EvaluationConclusion) -> NewsItem:
    assert conclusion.decided_at is not None  # noqa: S101 by the query
    return NewsItem(
        when=timezone.localdate(conclusion.decided_at),
        subject=_("Steering group"),
        text=_("looked at the variant in force: {outcome}").format(outcome=conclusion.get_outcome_display()),
        url=conclusion.evaluation.get_absolute_url(),
    )


@news_items.register
def decided_positions(user: User, since: datetime) -> Iterable[NewsItem]:
    """Tell which positions the steering group took."""
    taken = DesignPosition.objects.filter(state=ProposalState.DECIDED, decided_at__gt=since)
    return Rows(taken.order_by("-decided_at")[:NEWS], "public_id", "decided_at", "text_nl", "text_en", each=_taken)


def _taken(position: DesignPosition) -> NewsItem:
    assert position.decided_at is not None  # noqa: S101 by the query
    return NewsItem(
        when=timezone.localdate(position.decided_at),
        subject=_("Steering group"),
        text=_("took a position: {text}").format(text=position.text),
        url=reverse("governance:position", args=[position.public_id]),
    )
