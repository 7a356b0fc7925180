"""What the pages of proposals read."""

from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, QuerySet

from activities.models import Activity
from activities.models.activity import COMING_STATES, ActivityState
from activities.models.proposal import AgendaProposal, ProposalQuerySet, ProposalState
from cities.models.bottleneck_group import reads_along
from cities.selectors_bottlenecks import quoted, rare_enough, words_of
from nss_portal.core.access import Actor

ALIKE_SHOWN = 3
LEAST_RANK = 0.02


class Alike(NamedTuple):
    """Something that a proposal resembles."""

    title: str
    url: str
    detail: str


def weighed(actor: Actor, proposals: ProposalQuerySet) -> ProposalQuerySet:
    """Add who supports proposals and how many cities stand behind them, as far as the actor may know."""
    return proposals.with_weight(public=not reads_along(actor))


def heaviest_first(proposals: ProposalQuerySet) -> ProposalQuerySet:
    """Put first what waits for an answer and has most support and cities behind it; the weight counts both."""
    return proposals.annotate(weight=F("supporters") + F("behind")).order_by("-weight", "-shared_at", "-pk")


def alike(actor: Actor, text: str, *, exclude: AgendaProposal | None = None) -> list[Alike]:
    """Give open proposals and coming activities whose titles a text resembles, out of what the actor may see."""
    words = rare_enough(words_of(text))
    if not words:
        return []
    query = SearchQuery(" | ".join(map(quoted, words)), search_type="raw", config="dutch")
    proposals = AgendaProposal.objects.visible_to(actor).filter(state=ProposalState.OPEN)
    if exclude is not None:
        proposals = proposals.exclude(pk=exclude.pk)
        if exclude.activity_id:
            proposals = proposals.none()
    activities = Activity.objects.visible_to(actor).filter(
        state__in=[*COMING_STATES, ActivityState.HELD, ActivityState.CLOSED]
    )
    return [
        *(Alike(one.title, one.get_absolute_url(), str(one.organisation)) for one in _ranked(proposals, query)),
        *(
            Alike(one.title, one.get_absolute_url(), f"{one.get_kind_display()} · {one.get_state_display()}")
            for one in _ranked(activities, query)
        ),
    ]


def _ranked(records: QuerySet[Any], query: SearchQuery) -> list[Any]:
    vector = SearchVector("title", config="dutch")
    found = records.annotate(words=vector, rank=SearchRank(vector, query)).filter(words=query)
    return list(
        found.filter(rank__gte=LEAST_RANK).select_related("organisation").order_by("-rank", "-pk")[:ALIKE_SHOWN]
    )
