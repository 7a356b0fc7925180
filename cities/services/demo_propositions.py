"""Illustrative propositions with who joins them: a handful, or many at national scale; marked as made up."""

import random
from datetime import timedelta

from django.db import transaction

from cities.models.proposition import SHARED, Proposition, PropositionState, PropositionSupport, UrbanTask, Way
from cities.services.demo import cities_that_take_part, drawn_id, drawn_moment, rows_of
from cities.services.reference import DATA
from governance.models import Organisation
from nss_portal.core.time import today

NUMBER = {"small": 14, "national": 600}
STATES = [
    (PropositionState.OPEN, 60),
    (PropositionState.ON_ITS_WAY, 25),
    (PropositionState.CLOSED, 8),
    (PropositionState.DRAFT, 7),
]
BRINGS = (
    "Twee dagen per maand van een projectleider.",
    "Een straat om het in te proberen.",
    "Een jurist die de afspraken uitzoekt.",
    "Onze eigen cijfers, en iemand die ze uitlegt.",
)
WHY = (
    "Wij lopen tegen hetzelfde aan.",
    "Alleen krijgen we dit niet voor elkaar.",
    "Wat hieruit komt, kunnen wij meteen gebruiken.",
)


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative propositions; same seed, same data; a second run adds only what a larger scale has more."""
    there = Proposition.objects.filter(is_illustrative=True).count()
    if there >= NUMBER[scale]:
        return ["demo: propositions are there already"]
    dice = random.Random(seed + 41)  # noqa: S311 - illustrative data
    cities = cities_that_take_part()
    made = {p.public_id: p for p in _propositions(scale, dice, cities)[there:]} if cities else {}
    Proposition.objects.bulk_create(made.values(), batch_size=1000)
    dice = random.Random(f"{seed}-supports-{there}")  # noqa: S311 - as above
    supports = [support for proposition in made.values() for support in _supports(proposition, dice, cities)]
    PropositionSupport.objects.bulk_create(supports, batch_size=2000)
    return [f"demo: propositions {len(made)}, supporters {len(supports)}"]


def _propositions(scale: str, dice: random.Random, cities: list[Organisation]) -> list[Proposition]:
    texts = rows_of(DATA / "demo_propositions.csv")
    tasks = {task.code: task for task in UrbanTask.objects.all()}
    states = [state for state, often in STATES for _again in range(often)]
    found = []
    for number in range(NUMBER[scale]):
        row, state = texts[number % len(texts)], dice.choice(states)
        shared = drawn_moment(dice, 500)
        starts = shared.date()
        way = dice.choice(list(Way)) if state == PropositionState.ON_ITS_WAY else ""
        found.append(
            Proposition(
                public_id=drawn_id(dice),
                organisation=dice.choice(cities),
                task=tasks.get(row["task"]),
                title=row["title"],
                text=row["text"],
                ask=row["ask"],
                state=state,
                way=way,
                way_note="Besproken met wie meedoet." if way else "",
                result_label="Opgegaan in de afspraken van de regio." if state == "closed" else "",
                starts_on=starts,
                ends_on=starts + timedelta(days=730),
                review_on=today() + timedelta(days=dice.randint(-10, 300)),
                created_at=shared - timedelta(days=20),
                changed_at=shared,
                shared_at=None if state == PropositionState.DRAFT else shared,
                is_illustrative=True,
            )
        )
    return found


def _supports(
    proposition: Proposition, dice: random.Random, cities: list[Organisation]
) -> list[PropositionSupport]:
    """Let some cities join what stands on the agenda, each once."""
    if proposition.state not in SHARED or proposition.starts_on is None:
        return []
    others = {city.pk: city for city in dice.sample(cities, min(5, len(cities)))}
    others.pop(proposition.organisation_id, None)
    return [
        PropositionSupport(
            proposition=proposition,
            organisation=city,
            brings=dice.choice(BRINGS),
            why=dice.choice(WHY),
            joined_on=min(proposition.starts_on + timedelta(days=dice.randint(1, 90)), today()),
        )
        for city in list(others.values())[: dice.randint(0, 5)]
    ]
