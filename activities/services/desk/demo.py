"""Illustrative questions, calls and joint applications for the demonstration, marked as made up."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from activities.models.desk import DirectoryEntry, EntryKind
from activities.models.desk_call import ApplicationParty, CallInterest, JointApplication, PartyState
from activities.models.desk_question import (
    OPEN_STATES,
    DeskInvite,
    DeskMessage,
    DeskQuestion,
    DeskRoute,
    InviteState,
    MessageKind,
    QuestionState,
)
from activities.services.desk.asking import DAYS_TO_ANSWER
from activities.services.desk.reference import DATA
from activities.services.desk.routing import in_charge
from cities.models import Theme
from cities.services.demo import DEMO_KEY, cities_that_take_part, demo_number, drawn_id, rows_of
from governance.models import Organisation
from governance.models.organisation import Duty
from nss_portal.core.time import today

QUESTIONS = {"small": 36, "national": 20_000}
DAYS_BACK = {"small": 120, "national": 700}
# How often which state comes; the small set shows each of them early.
STATES = (
    *[QuestionState.CLOSED] * 10,
    *[QuestionState.ANSWERED] * 4,
    *[QuestionState.NEW, QuestionState.HANDLING, QuestionState.REFERRED],
    *[QuestionState.WAITING, QuestionState.REOPENED, QuestionState.NEW],
)
FIRST = (*QuestionState, QuestionState.ANSWERED, QuestionState.ANSWERED)
WITHOUT_ACCOUNT = 0.2
BATCH = 2000
# Code, kind, name, days until the deadline, levels, fewest and most inhabitants, themes.
CALLS = (
    (
        "demo-wijkwarmte",
        "call",
        "Oproep wijkwarmte in bestaande buurten",
        24,
        "mission eoi",
        None,
        None,
        "energy-heat",
    ),
    ("demo-slimme-straat", "call", "Oproep slimme straat", 52, "", 50_000, None, "mobility"),
    ("demo-samen-meten", "call", "Oproep samen meten", 80, "", None, 100_000, "monitoring participation"),
    ("demo-vakmensen", "subsidy", "Proefregeling vakmensen voor de wijk", 130, "", None, None, "scarcity"),
    (
        "demo-buurtfonds",
        "financing",
        "Lening voor een buurtfonds",
        210,
        "mission eoi interested",
        None,
        None,
        "finance",
    ),
)


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative questions and calls; the same seed gives the same data, a second run nothing new."""
    dice = random.Random(seed + 50)  # noqa: S311 - made-up data, not a secret
    lines = [_add_calls(dice), _add_questions(scale, dice)]
    if scale == "national":
        with connection.cursor() as cursor:
            for model in (DeskQuestion, DeskMessage, DeskInvite, DirectoryEntry):
                cursor.execute(f"ANALYZE {model._meta.db_table}")
    return lines


def _add_calls(dice: random.Random) -> str:
    if DirectoryEntry.objects.filter(code__startswith="demo-").exists():
        return "demo: calls are there already"
    themes = dict(Theme.objects.values_list("code", "pk"))
    made = []
    for code, kind, name, days, levels, least, most, codes in CALLS:
        entry = DirectoryEntry.objects.create(
            code=code,
            kind=EntryKind(kind),
            name=name,
            description_nl="Verzonnen voor de demonstratie: laat zien hoe een oproep bij steden wordt gezocht.",
            description_en="Made up for the demonstration: shows how a call is matched to cities.",
            run_by="Voorbeeldfonds",
            deadline=today() + timedelta(days=days),
            levels=levels.split(),
            min_population=least,
            max_population=most,
            amount="tot 500.000 euro per stad",
            is_illustrative=True,
        )
        entry.themes.set([themes[one] for one in codes.split() if one in themes])
        made.append(entry)
    _add_together(made, dice)
    return f"demo: calls {len(made)}"


def _add_together(entries: Sequence[DirectoryEntry], dice: random.Random) -> None:
    """Let cities look at the calls, and three of them prepare an application together."""
    cities = list(dict.fromkeys(cities_that_take_part()))[:8]
    if len(cities) < 4:
        return
    for entry in entries:
        for city in dice.sample(cities, 3):
            CallInterest.objects.create(
                entry=entry, organisation=city, since=today(), note="Een eerste wijk, daarna de rest van de stad."
            )
    application = JointApplication.objects.create(
        public_id=drawn_id(dice),
        entry=entries[0],
        organisation=cities[0],
        title="Drie steden, één aanpak voor wijkwarmte",
        text="Elke stad brengt één wijk in. We delen het ontwerp en de inkoop.",
        submit_by=today() + timedelta(days=17),
        is_illustrative=True,
    )
    for city, state in zip(cities[1:4], (PartyState.JOINED, PartyState.JOINED, PartyState.ASKED), strict=True):
        ApplicationParty.objects.create(
            application=application, organisation=city, state=state, brings="Een wijk", since=today()
        )


def _add_questions(scale: str, dice: random.Random) -> str:
    there = demo_number(DeskQuestion.objects.filter(key__startswith=DEMO_KEY).values_list("key", flat=True))
    if there >= QUESTIONS[scale]:
        return "demo: questions to the desk are there already"
    desk = Organisation.objects.filter(duty=Duty.DESK).order_by("pk").first()
    owners, texts = cities_that_take_part(), rows_of(DATA / "demo_desk_questions.csv")
    if desk is None or not owners:
        return "demo: no questions without a desk and cities"
    themes = {theme.code: theme.pk for theme in Theme.objects.all()}
    routes = {
        route.theme.code: in_charge(route.organisation).pk
        for route in DeskRoute.objects.select_related("theme", "organisation__successor")
    }
    new: dict[str, DeskQuestion] = {}
    answers: dict[str, str] = {}
    for number in range(QUESTIONS[scale]):
        row = texts[number % len(texts)]
        holder = routes.get(row["theme"], desk.pk)
        made = _question(dice, number, row, scale, dice.choice(owners), holder, themes.get(row["theme"]), new)
        new[made.public_id] = made
        answers[made.public_id] = row["answer"]
    added = list(new.values())[there:]
    DeskQuestion.objects.bulk_create(added, batch_size=BATCH)
    _add_messages(added, answers)
    _add_invites(added, owners)
    return f"demo: questions to the desk {len(added)}"


def _question(
    dice: random.Random,
    number: int,
    row: dict[str, str],
    scale: str,
    owner: Organisation,
    holder: int,
    theme: int | None,
    given: dict[str, DeskQuestion],
) -> DeskQuestion:
    state = FIRST[number] if number < len(FIRST) else dice.choice(STATES)
    is_open = state in OPEN_STATES
    # What is open came lately; a few lie too long.
    days = dice.randint(1, 20) if is_open else dice.randint(20, DAYS_BACK[scale])
    received = timezone.now() - timedelta(days=days, minutes=dice.randint(0, 600))
    answered = received + timedelta(days=dice.randint(1, 18), hours=dice.randint(0, 20))
    is_done = not is_open or state == QuestionState.REOPENED
    is_public = not is_open and dice.random() < 0.6
    has_account = dice.random() >= WITHOUT_ACCOUNT
    return DeskQuestion(
        public_id=drawn_id(dice, given),
        key=f"{DEMO_KEY}{number}",
        organisation=owner if has_account else None,
        asker_email="" if has_account else f"vrager{number}@elders.example",
        asker_from="" if has_account else "Energiecoöperatie (voorbeeld)",
        title=row["title"],
        text=row["text"],
        theme_id=theme,
        holder_id=holder,
        state=state,
        received_at=received,
        verified_at=received,
        due_on=timezone.localdate(received) + timedelta(days=DAYS_TO_ANSWER),
        waiting_since=timezone.localdate(received) if state == QuestionState.WAITING else None,
        answered_at=_not_later(answered) if is_done else None,
        changed_at=_not_later(answered) if is_done else received,
        public_title=row["public_title"] if is_public else "",
        public_text="" if not is_public else row["text"],
        public_answer=row["answer"] if is_public else "",
        published_at=_not_later(answered + timedelta(days=1)) if is_public else None,
        is_illustrative=True,
    )


def _not_later(moment: datetime) -> datetime:
    return min(moment, timezone.now())


def _add_messages(questions: Sequence[DeskQuestion], answers: dict[str, str]) -> None:
    messages = []
    for question in questions:
        if question.answered_at is not None:
            messages.append(
                DeskMessage(
                    question=question,
                    kind=MessageKind.ANSWER,
                    organisation_id=question.holder_id,
                    text=answers[question.public_id],
                    at=question.answered_at,
                    by_label="Demonstratie",
                )
            )
        if question.state == QuestionState.WAITING:
            messages.append(
                DeskMessage(
                    question=question,
                    kind=MessageKind.ASK_BACK,
                    organisation_id=question.holder_id,
                    text="Om welke wijk gaat het, en wanneer moet het besluit er zijn?",
                    at=question.received_at,
                    by_label="Demonstratie",
                )
            )
        if question.state == QuestionState.REOPENED:
            messages.append(
                DeskMessage(
                    question=question,
                    kind=MessageKind.REPLY,
                    organisation_id=question.organisation_id,
                    text="Dank, maar dit gaat over nieuwbouw. Bij ons staan de huizen er al.",
                    at=question.changed_at,
                    by_label="Demonstratie",
                )
            )
    DeskMessage.objects.bulk_create(messages, batch_size=BATCH)


def _add_invites(questions: Sequence[DeskQuestion], owners: Sequence[Organisation]) -> None:
    """Let two cities be asked along with every open question of a city, and one of them have answered."""
    cities = list(dict.fromkeys(owners))
    invites = []
    for place, question in enumerate(questions):
        if question.state not in OPEN_STATES or question.organisation_id is None:
            continue
        for step in (1, 2):
            city = cities[(place + step) % len(cities)]
            if city.pk == question.organisation_id:
                continue
            invites.append(
                DeskInvite(
                    question=question,
                    organisation=city,
                    why="ongeveer even groot",
                    state=InviteState.ASKED if place % 4 else InviteState.DECLINED,
                    asked_on=timezone.localdate(question.received_at),
                )
            )
    DeskInvite.objects.bulk_create(invites, batch_size=BATCH, ignore_conflicts=True)
