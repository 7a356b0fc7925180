"""Illustrative pilots and twinnings for the demonstration, marked as made up."""

import random
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from activities.models import Pilot, PilotPart, Twinning, TwinningMeeting, TwinningReview
from activities.models.pilot import PilotPartState, PilotState
from activities.models.twinning import Applied, TwinningState
from cities.models import Bottleneck, Theme, TransitionStep
from cities.models.bottleneck import Sharing
from cities.services.demo import DEMO_KEY, cities_that_take_part, demo_number, drawn_id, rows_of
from governance.models import Organisation
from nss_portal.core.time import today

TEXTS = Path(__file__).resolve().parent.parent / "data" / "demo_pilots.csv"
PILOTS = {"small": 4, "national": 80}
DOES = ("Richt de eerste plek in en houdt de cijfers bij", "Doet mee in twee wijken", "Zorgt voor de techniek")
GAINS = ("Een werkwijze die meteen mee kan in het programma", "Cijfers over de eigen wijken", "Minder dubbel werk")
WISH = "Wij staan voor dezelfde keuze en willen weten wat er in de eerste maanden misging."
LEARNS = (
    "Hoe je de eerste honderd bewoners bereikt, en welke afspraken met de uitvoerders vooraf moeten vastliggen."
)
GIVES = "Een dag per kwartaal kijkt onze uitvoering mee; onze cijfers komen in dezelfde tabel."
MEETINGS = ((-60, "Kennismaken en de cijfers van het begin"), (30, "Op bezoek in de wijk"))
LEARNED = "Begin met één straat en bel aan. De brief van de gemeente werd nauwelijks gelezen."
APPLIED = "In onze eerste wijk gaan we nu ook langs de deur."


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative pilots with followers; same seed, same data, and a second run adds nothing."""
    there = demo_number(Pilot.objects.filter(key__startswith=DEMO_KEY).values_list("key", flat=True))
    cities = list({city.pk: city for city in cities_that_take_part()}.values())
    if there >= PILOTS[scale] or len(cities) < 4:
        return ["demo: pilots are there already" if there else "demo: pilots 0"]
    texts = rows_of(TEXTS)
    themes = {theme.code: theme for theme in Theme.objects.all()}
    steps = dict(TransitionStep.objects.values_list("code", "pk"))
    usable = Bottleneck.objects.filter(state="open", sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED])
    bottlenecks = list(usable.order_by("pk").values_list("pk", "theme__code")[:500])
    given = set(Pilot.objects.values_list("public_id", flat=True))
    for number in range(there, PILOTS[scale]):
        dice = random.Random(f"{seed}-pilot-{number}")  # noqa: S311 - made-up data, not a secret
        text = texts[number % len(texts)]
        chosen = dice.sample(cities, 4)
        pilot = _pilot(text, number, chosen[0], themes.get(text["theme"]), dice, given)
        given.add(pilot.public_id)
        pilot.steps.set(steps[code] for code in text["steps"].split() if code in steps)
        fitting = [pk for pk, theme in bottlenecks if theme == text["theme"]]
        pilot.bottlenecks.set(dice.sample(fitting, min(2, len(fitting))))
        _parts(pilot, chosen[:3] if number % 3 else chosen[:2], dice)
        if pilot.state in (PilotState.RUNNING, PilotState.COMPLETED):
            _twinning(pilot, chosen[3], chosen[1], dice, given)
    return [f"demo: pilots {PILOTS[scale] - there}"]


def _pilot(
    text: dict[str, str],
    number: int,
    lead: Organisation,
    theme: Theme | None,
    dice: random.Random,
    given: set[str],
) -> Pilot:
    state = PilotState(text["state"])
    begun = today() - timedelta(days=dice.randint(60, 300))
    lasts = timedelta(days=400 if state == PilotState.RUNNING else 30)
    known = state != PilotState.PROPOSED
    first = number < 4
    return Pilot.objects.create(
        public_id=drawn_id(dice, given),
        key=f"{DEMO_KEY}{number}",
        title=text["title"] if first else f"{text['title']} ({number})",
        summary=text["summary"],
        plan=text["plan"],
        organisation=lead,
        theme=theme,
        starts_on=begun if known else None,
        ends_on=begun + lasts if known else None,
        cost=int(text["cost"]) if text["cost"] else None,
        key_note=text["key_note"],
        outcome=text["outcome"],
        sharing=Sharing.PUBLISHED if known else Sharing.NETWORK,
        state=state,
        is_illustrative=True,
        created_at=timezone.now() - timedelta(days=310),
        changed_at=timezone.now() - timedelta(days=dice.randint(1, 50)),
    )


def _parts(pilot: Pilot, cities: list[Organisation], dice: random.Random) -> None:
    share = pilot.cost // len(cities) if pilot.cost else None
    asks = pilot.state == PilotState.PROPOSED
    PilotPart.objects.bulk_create(
        PilotPart(
            pilot=pilot,
            organisation=city,
            does="" if asks else DOES[place % len(DOES)],
            pays=share,
            gains="" if asks else dice.choice(GAINS),
            state=PilotPartState.ASKED if asks and place else PilotPartState.JOINED,
            since=today() - timedelta(days=90),
        )
        for place, city in enumerate(cities)
    )


def _twinning(
    pilot: Pilot, follower: Organisation, city: Organisation, dice: random.Random, given: set[str]
) -> None:
    agreed = today() - timedelta(days=90)
    twinning = Twinning.objects.create(
        public_id=drawn_id(dice, given),
        pilot=pilot,
        follower=follower,
        city=city,
        wish=WISH,
        learns=LEARNS,
        gives=GIVES,
        until=today() + timedelta(days=240),
        ask_on=today() + timedelta(days=5),
        state=TwinningState.AGREED,
        is_illustrative=True,
        created_at=timezone.now() - timedelta(days=100),
        changed_at=timezone.now() - timedelta(days=3),
    )
    TwinningMeeting.objects.bulk_create(
        TwinningMeeting(twinning=twinning, on=today() + timedelta(days=days), about=about)
        for days, about in MEETINGS
    )
    TwinningReview.objects.create(
        twinning=twinning,
        on=agreed + timedelta(days=60),
        learned=LEARNED,
        applied=Applied.PARTLY,
        applied_note=APPLIED,
    )
