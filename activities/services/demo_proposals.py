"""Illustrative proposals for the agenda with who supports them, marked as made up."""

import random
from pathlib import Path
from typing import Any

from django.db import transaction

from activities.models import Activity
from activities.models.activity import COMING_STATES
from activities.models.proposal import AgendaProposal, ProposalState, ProposalSupport
from cities.models import Bottleneck, Theme
from cities.models.bottleneck import Sharing
from cities.services.demo import DEMO_KEY, cities_that_take_part, demo_number, drawn_id, drawn_moment, rows_of
from governance.models import Organisation

TEXTS = Path(__file__).resolve().parent.parent / "data" / "demo_proposals.csv"
NUMBER = {"small": 5, "national": 300}
NOTES = (
    "Wij lopen tegen hetzelfde aan.",
    "We leveren een projectleider die dit al een keer deed.",
    "Onze wethouder wil hier graag bij zijn.",
    "",
)


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative proposals; same seed, same data; a second run adds only what a larger scale has more."""
    keys = AgendaProposal.objects.filter(key__startswith=DEMO_KEY).values_list("key", flat=True)
    there = demo_number(keys)
    cities = list({city.pk: city for city in cities_that_take_part()}.values())
    if there >= NUMBER[scale] or not cities:
        return ["demo: proposals are there already"]
    texts, themes = rows_of(TEXTS), {theme.code: theme for theme in Theme.objects.all()}
    shared = Bottleneck.objects.filter(state="open", sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED])
    bottlenecks = list(shared.order_by("-cities_behind", "pk").values_list("pk", flat=True)[:200])
    made: list[AgendaProposal] = []
    supports: list[ProposalSupport] = []
    links: list[Any] = []
    for number in range(there, NUMBER[scale]):
        dice = random.Random(f"{seed}-proposal-{number}")  # noqa: S311 - made-up data, not a secret
        text = texts[number % len(texts)]
        proposal = _told(text, number, dice, cities, themes, first=number < len(texts))
        made.append(proposal)
        if proposal.state == ProposalState.DRAFT:
            continue
        supports += _supports(proposal, text, dice, cities)
        chosen = dice.sample(bottlenecks, min(int(text["bottlenecks"]), len(bottlenecks)))
        links += [(proposal, pk) for pk in chosen]
    _write(made, supports, links)
    return [f"demo: proposals {len(made)}"]


def _told(
    text: dict[str, str],
    number: int,
    dice: random.Random,
    cities: list[Organisation],
    themes: dict[str, Theme],
    *,
    first: bool,
) -> AgendaProposal:
    moment = drawn_moment(dice, 60 if first else 500)
    drawn = dice.choice([ProposalState.OPEN] * 6 + [ProposalState.DECLINED] * 2 + [ProposalState.DRAFT])
    state = ProposalState(text["state"]) if first else drawn
    declined = "Dit staat al op de agenda van een ander netwerk; we verwijzen daarheen."
    return AgendaProposal(
        key=f"{DEMO_KEY}{number}",
        public_id=drawn_id(dice),
        organisation=dice.choice(cities),
        title=text["title"] if first else f"{text['title']} ({number})",
        kind=text["kind"],
        theme=themes.get(text["theme"]),
        why=text["why"],
        preparation_hours=int(text["hours"]),
        state=state,
        answer=text["answer"] if first else declined if state == ProposalState.DECLINED else "",
        activity=_activity(text["kind"]) if state == ProposalState.TAKEN_UP else None,
        created_at=moment,
        changed_at=moment,
        shared_at=None if state == ProposalState.DRAFT else moment,
        is_illustrative=True,
    )


def _activity(kind: str) -> Activity | None:
    """Give a made-up activity that a proposal may have become."""
    found = Activity.objects.filter(is_illustrative=True, proposal__isnull=True, state__in=COMING_STATES)
    return found.filter(kind=kind).order_by("pk").first()


def _supports(
    proposal: AgendaProposal, text: dict[str, str], dice: random.Random, cities: list[Organisation]
) -> list[ProposalSupport]:
    others = [city for city in cities if city.pk != proposal.organisation_id]
    return [
        ProposalSupport(
            proposal=proposal,
            organisation=city,
            note=dice.choice(NOTES),
            joined_on=proposal.created_at.date(),
        )
        for city in dice.sample(others, min(int(text["supporters"]), len(others)))
    ]


def _write(made: list[AgendaProposal], supports: list[ProposalSupport], links: list[Any]) -> None:
    AgendaProposal.objects.bulk_create(made, batch_size=500)
    for one in supports:
        one.proposal_id = one.proposal.pk
    ProposalSupport.objects.bulk_create(supports, batch_size=2_000)
    through = AgendaProposal.bottlenecks.through
    through._default_manager.bulk_create(
        [through(agendaproposal_id=one.pk, bottleneck_id=pk) for one, pk in links], batch_size=2_000
    )
