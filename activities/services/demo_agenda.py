"""Illustrative activities for the demonstration, marked as made up."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from activities.models import (
    Activity,
    ActivitySession,
    Agreement,
    Outcome,
    Participation,
    ReflectionCapacity,
    ReflectionSubject,
    TableCase,
)
from activities.models.activity import SHOWN_STATES, ActivityState, Audience, Kind
from activities.models.activity_parts import Answer
from activities.selectors.hours import ASKED_OF
from activities.services.sessions import Repeat, SessionTime, repeated
from cities.models import Bottleneck, Involvement, Theme, TransitionStep
from cities.models.bottleneck import Sharing
from cities.models.involvement import Level
from cities.services.demo import DEMO_KEY, demo_number, drawn_id, rows_of
from governance.models import Membership, Organisation
from governance.models.membership import Function
from governance.models.organisation import Duty
from governance.selectors import current_period
from nss_portal.core.time import today

TEXTS = Path(__file__).resolve().parent.parent / "data" / "demo_activities.csv"
ACTIVITIES = {"small": 14, "national": 2_000}
HERE = ZoneInfo("Europe/Amsterdam")
# The days that activities beyond the first of each text are spread over, before and after today.
BACK, AHEAD = 700, 360
OWN_FIELD = {
    Kind.DEEP_DIVE: "questions",
    Kind.THEMATIC: "questions",
    Kind.CASE_TABLE: "mandate",
    Kind.TRAINING: "learning_goals",
    Kind.EVENT: "programme_text",
    Kind.VISIT: "programme_text",
}
CASES = (
    ("Warmtenet Oost wacht op borg", "Kan het Rijk voor drie jaar borg staan tot de helft van de aansluitingen?"),
    ("Zes scholen, één aanbesteding", "Mogen de zes subsidies in één keer worden verleend?"),
)


@dataclass
class Ground:
    """What the activities are made of."""

    leaders: dict[str, list[Organisation]]
    people: dict[str, list[tuple[int, int]]]
    cities: list[tuple[int, str]]
    bottlenecks: list[int]
    themes: dict[str, Theme]
    steps: dict[str, int]


@dataclass
class Made:
    """The rows to be written in bulk; parts name their activity, which has no key yet."""

    activities: dict[str, Activity] = field(default_factory=dict)
    parts: list[Model] = field(default_factory=list)
    steps: list[tuple[Activity, int]] = field(default_factory=list)
    bottlenecks: list[tuple[Activity, int]] = field(default_factory=list)
    agreements: list[tuple[Agreement, TableCase | None]] = field(default_factory=list)


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative activities; same seed, same data; a second run adds only what a larger scale has more."""
    there = demo_number(Activity.objects.filter(key__startswith=DEMO_KEY).values_list("key", flat=True))
    if there >= ACTIVITIES[scale]:
        return ["demo: activities are there already"]
    ground, texts = _ground(), rows_of(TEXTS)
    if not ground.leaders["city"]:
        return ["demo: activities 0"]
    made, given = Made(), set(Activity.objects.values_list("public_id", flat=True))
    for number in range(there, ACTIVITIES[scale]):
        # Dice of its own: what comes with one does not hang on how many came before it.
        dice = random.Random(f"{seed}-activity-{number}")  # noqa: S311 - made-up data, not a secret
        _tell(ground, texts, number, dice, made, given)
    _write(made)
    return [f"demo: activities {len(made.activities)}"]


def _ground() -> Ground:
    present = Involvement.objects.filter(valid_to__isnull=True).order_by("municipality__code")
    levels = dict(present.values_list("municipality__organisation_id", "level"))
    cities = [(pk, level) for pk, level in levels.items() if level in ASKED_OF]
    period = current_period()
    publisher = Organisation.objects.filter(duty=Duty.PUBLISHER).first()
    city_organisations = list(Organisation.objects.filter(pk__in=[pk for pk, _level in cities]).order_by("pk"))
    coordinating = [period.coordinating_organisation] if period else city_organisations[:1]
    members = Membership.objects.current(today()).filter(function__in=[Function.TEAM, Function.STAFF])
    people: dict[str, list[tuple[int, int]]] = {audience: [] for audience in Audience}
    for user, organisation in members.order_by("user_id", "pk").values_list("user_id", "organisation_id"):
        for audience in Audience:
            if audience in _circles(levels.get(organisation, "")):
                people[audience].append((user, organisation))
    usable = Bottleneck.objects.filter(state="open", sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED])
    return Ground(
        leaders={
            "coordinating": coordinating,
            "publisher": [publisher] if publisher else coordinating,
            "city": city_organisations,
        },
        people=people,
        cities=cities,
        bottlenecks=list(usable.order_by("pk").values_list("pk", flat=True)[:2_000]),
        themes={theme.code: theme for theme in Theme.objects.all()},
        steps=dict(TransitionStep.objects.values_list("code", "pk")),
    )


def _circles(level: str) -> frozenset[str]:
    if level in ASKED_OF:
        return ASKED_OF[Level(level)]
    return frozenset({Audience.INTERESTED, Audience.EVERYBODY} if level else {Audience.EVERYBODY})


def _tell(
    ground: Ground, texts: Sequence[dict[str, str]], number: int, dice: random.Random, made: Made, given: set[str]
) -> None:
    text, first = texts[number % len(texts)], number < len(texts)
    day = _workday(today() + timedelta(days=int(text["days"]) if first else dice.randint(-BACK, AHEAD)))
    times = _times(text, day, dice, full=first)
    activity = _described(text, times, number)
    activity.public_id = drawn_id(dice, given)
    given.add(activity.public_id)
    cities = [*ground.leaders["city"], *ground.leaders["coordinating"]]
    activity.organisation = dice.choice(ground.leaders[text["leader"]] if first else cities)
    activity.state = ActivityState(text["state"]) if first else _state(day, dice)
    if activity.state == ActivityState.CANCELLED:
        activity.cancel_reason = "De gastheer moest afzeggen; we zoeken een nieuwe datum."
    if activity.state in SHOWN_STATES:
        activity.published_at = activity.created_at
    if not first:
        activity.title = f"{activity.title} ({number})"
    made.activities[activity.public_id] = activity
    made.parts += [
        ActivitySession(
            activity=activity,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            is_listed=activity.is_series or place == 0,
        )
        for place, one in enumerate(times)
    ]
    made.steps += [(activity, ground.steps[code]) for code in text["steps"].split() if code in ground.steps]
    activity.theme = ground.themes.get(text["theme"])
    chosen = dice.sample(ground.bottlenecks, min(dice.randint(0, 3), len(ground.bottlenecks)))
    made.bottlenecks += [(activity, pk) for pk in chosen]
    _people(ground, activity, dice, made)
    _of_kind(ground, activity, text, dice, made)


def _times(text: dict[str, str], day: date, dice: random.Random, *, full: bool) -> tuple[SessionTime, ...]:
    short = text["hours"] in ("0", "1") and text["kind"] != Kind.EVENT
    begins = dice.choice((9, 10, 13))
    return repeated(
        day=day,
        begins=time(begins),
        ends=time(begins + 1, 30) if short else time(16, 30),
        zone=HERE,
        repeat=Repeat(text["every"] or "once"),
        number=int(text["sessions"]) if full else min(int(text["sessions"]), 3),
    )


def _described(text: dict[str, str], times: Sequence[SessionTime], number: int) -> Activity:
    is_series = text["every"] == "fortnightly"
    moment = min(times[0].starts_at - timedelta(days=40), timezone.now() - timedelta(days=2))
    activity = Activity(
        key=f"{DEMO_KEY}{number}",
        kind=text["kind"],
        title=text["title"],
        summary=text["summary"],
        audience=text["audience"],
        sharing=text["sharing"],
        required_preparation=text["preparation"],
        host={"visit": "De wijkregisseurs"}.get(text["kind"], ""),
        preparation_hours=Decimal(text["hours"]) or None,
        capacity=int(text["capacity"]) if text["capacity"] else None,
        needs_approval=bool(text["approval"]),
        meeting=text["meeting"],
        place=text["place"],
        online_url="" if text["meeting"] == "on_site" else "https://vergadering.voorbeeld.example/kamer",
        is_series=is_series,
        standing_agenda="Stand van zaken per stad\nWat stokt en wie kan helpen\nActiepunten" if is_series else "",
        starts_at=times[0].starts_at,
        ends_at=times[-1].ends_at,
        created_at=moment,
        changed_at=moment,
        is_illustrative=True,
    )
    if own := OWN_FIELD.get(Kind(activity.kind)):
        setattr(activity, own, text["own"])
    return activity


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _state(day: date, dice: random.Random) -> ActivityState:
    """Draw a state that fits the day."""
    past = [ActivityState.CLOSED] * 7 + [ActivityState.HELD] * 2 + [ActivityState.CANCELLED]
    ahead = [ActivityState.PUBLISHED] * 7 + [ActivityState.PLANNED] * 2 + [ActivityState.DRAFT]
    return dice.choice(past if day < today() else ahead)


def _people(ground: Ground, activity: Activity, dice: random.Random, made: Made) -> None:
    people = ground.people[activity.audience]
    if activity.state in (ActivityState.DRAFT, ActivityState.PLANNED) or not people:
        return
    there = activity.state in (ActivityState.HELD, ActivityState.CLOSED)
    asks = activity.needs_approval and not there
    most = min(len(people), activity.capacity or 12, 12)
    for user, organisation in dict(dice.sample(people, min(dice.randint(3, 12), most))).items():
        made.parts.append(
            Participation(
                activity=activity,
                user_id=user,
                organisation_id=organisation,
                state="requested" if asks and dice.random() < 0.3 else "registered",
                attended=dice.random() < 0.85 if there else None,
                queued_at=activity.created_at,
                changed_at=activity.created_at,
            )
        )


def _of_kind(ground: Ground, activity: Activity, text: dict[str, str], dice: random.Random, made: Made) -> None:
    over = activity.state in (ActivityState.HELD, ActivityState.CLOSED)
    if activity.kind == Kind.DEEP_DIVE and over and text["outcome"]:
        possible, who, scaling = text["outcome"].split("|")
        made.parts.append(
            Outcome(
                activity=activity,
                possible=possible,
                who_is_up=who,
                scaling_up=scaling,
                published_at=activity.ends_at + timedelta(days=7) if activity.ends_at else None,
            )
        )
    if activity.kind == Kind.REFLECTION:
        _reflection(ground, activity, dice, made, over=over)
    if activity.kind == Kind.CASE_TABLE and ground.cities:
        for order, (title, question) in enumerate(CASES):
            organisation, _level = dice.choice(ground.cities)
            case = TableCase(
                activity=activity, organisation_id=organisation, order=order, title=title, question=question
            )
            made.parts.append(case)
            if over:
                _agreement(activity, organisation, dice, made, case=case)
    if activity.is_series and ground.cities:
        for organisation, _level in dice.sample(ground.cities, min(2, len(ground.cities))):
            _agreement(activity, organisation, dice, made)


def _agreement(
    activity: Activity, organisation: int, dice: random.Random, made: Made, *, case: TableCase | None = None
) -> None:
    row = Agreement(
        activity=activity,
        is_decision=case is not None,
        text="Het voorstel wordt uitgewerkt en aan het college voorgelegd"
        if case
        else "De planning van de wijk delen met de andere steden",
        owner_id=organisation,
        due_on=today() + timedelta(days=dice.randint(5, 60)),
    )
    made.agreements.append((row, case))


def _reflection(ground: Ground, activity: Activity, dice: random.Random, made: Made, *, over: bool) -> None:
    begun = [one for one in made.activities.values() if one.kind == Kind.DEEP_DIVE and one.state in SHOWN_STATES]
    dives = begun[:1] if over else begun[-2:]
    for order, dive in enumerate(dives):
        made.parts.append(
            ReflectionSubject(
                activity=activity,
                order=order,
                title=dive.title[:200],
                about=dive,
                finding="Drie steden werkten het uit; twee lopen vast op mensen in de uitvoering.",
            )
        )
    if not over:
        return
    answers = [Answer.YES, Answer.YES, Answer.PARTLY, Answer.NO, Answer.UNKNOWN]
    for organisation, level in ground.cities:
        if level == Level.EOI or dice.random() < 0.5:
            drawn: dict[str, Any] = {
                name: dice.choice(answers) for name in ("money", "people", "partners", "signing")
            }
            made.parts.append(ReflectionCapacity(activity=activity, organisation_id=organisation, **drawn))


def _write(made: Made) -> None:
    Activity.objects.bulk_create(made.activities.values(), batch_size=500)
    kinds: dict[type[Model], list[Any]] = {}
    for row in made.parts:
        _keyed(row)
        kinds.setdefault(type(row), []).append(row)
    for model, rows in kinds.items():
        model._default_manager.bulk_create(rows, batch_size=2_000)
    for agreement, case in made.agreements:
        _keyed(agreement)
        agreement.case_id = case.pk if case else None
    Agreement.objects.bulk_create([row for row, _case in made.agreements], batch_size=2_000)
    steps, bottlenecks = Activity.steps.through, Activity.bottlenecks.through
    steps._default_manager.bulk_create(
        [steps(activity_id=one.pk, transitionstep_id=pk) for one, pk in made.steps], batch_size=2_000
    )
    bottlenecks._default_manager.bulk_create(
        [bottlenecks(activity_id=one.pk, bottleneck_id=pk) for one, pk in made.bottlenecks], batch_size=2_000
    )


def _keyed(row: Any) -> None:
    """Name the activity that was written just now by its key."""
    row.activity_id = row.activity.pk
    if isinstance(row, ReflectionSubject) and row.about is not None:
        row.about_id = row.about.pk
