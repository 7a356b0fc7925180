"""Illustrative programmes for the demonstration, in every phase, marked as made up."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import models, transaction
from django.utils import timezone

from activities.models import (
    Covenant,
    HoursEstimate,
    MidtermReview,
    Milestone,
    Phase,
    Programme,
    ProgrammeClosing,
    ProgrammePartner,
    ProgrammeReflection,
    ProgrammeResult,
    ProgrammeScaling,
    ReviewPoint,
    ScalingTheme,
    Signature,
    SigningRound,
    WorkingGroup,
    WorkingGroupMember,
)
from activities.models.programme import ROAD, ExistingProgramme
from activities.models.programme_partner import Answer
from activities.services.programmes.covenant import digest_of
from activities.services.programmes.reflections import DAYS, bounds, last_half
from cities.models import Bottleneck, Theme, TransitionStep, UrbanTask
from cities.models.bottleneck import Sharing
from cities.services.demo import DEMO_KEY, cities_that_take_part, demo_number, drawn_id, rows_of
from governance.models import Membership, Organisation
from governance.models.organisation import Group
from nss_portal.core.time import today

TEXTS = Path(__file__).resolve().parent.parent.parent / "data" / "demo_programmes.csv"
NUMBER = {"small": 5, "national": 120}
PARTNERS = {"small": 6, "national": 12}
YES = (
    "Wij lopen hier zelf tegenaan.",
    "Dit past bij ons eigen programma.",
    "Alleen krijgen we dit niet voor elkaar.",
)
NO = "Onze mensen zitten vol; vraag het volgend jaar nog eens."
BRINGS = (
    "Een straat om het in te proberen.",
    "Onze eigen cijfers.",
    "Een jurist.",
    "Een plek om bijeen te komen.",
)
RESULTS = (
    ("product", "Handreiking voor bestuurders", "Kennisbank van VNG"),
    ("policy", "Afspraken opgenomen in de regionale agenda", "Woonagenda van de regio"),
    ("network", "Vaste kring van projectleiders", "Komt elk kwartaal bijeen"),
    ("law", "Voorstel om een regel te wijzigen", ""),
    ("money", "Gezamenlijk fonds voor proeven", "Begroting van de partners"),
)


@dataclass
class Drawn:
    """What is drawn for one run: rows per model, written in bulk."""

    dice: random.Random
    cities: list[Organisation]
    others: list[Organisation]
    people: dict[int, int]
    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def add(self, record: models.Model) -> None:
        self.rows.setdefault(type(record), []).append(record)


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative programmes; same seed, same data; a second run adds nothing."""
    there = demo_number(Programme.objects.filter(key__startswith=DEMO_KEY).values_list("key", flat=True))
    drawn_from = cities_that_take_part()
    # The most involved stand in it most often: these come first.
    cities = sorted(dict.fromkeys(drawn_from), key=lambda one: -drawn_from.count(one))
    if there >= NUMBER[scale] or not cities:
        return ["demo: programmes are there already"]
    groups = [Group.MINISTRY, Group.KNOWLEDGE, Group.FINANCIAL, Group.COMPANY, Group.UMBRELLA]
    others = list(Organisation.objects.filter(group__in=groups, valid_to=None).order_by("code", "pk"))
    leads = Membership.objects.filter(is_lead=True, user__is_demo=True).order_by("-pk")
    people = dict(leads.values_list("organisation", "user"))
    drawn = Drawn(random.Random(seed + 71), cities, others, people)  # noqa: S311 - made-up data, not a secret
    made = _programmes(drawn, there, NUMBER[scale])
    Programme.objects.bulk_create(made)
    texts = rows_of(TEXTS)
    for number, programme in enumerate(made, start=there):
        _fill(drawn, programme, texts[number % len(texts)], PARTNERS[scale])
    for model, rows in drawn.rows.items():
        model._default_manager.bulk_create(rows, batch_size=2000)
    _links(drawn, made)
    return [f"demo: programmes {len(made)}"]


def _programmes(drawn: Drawn, first: int, last: int) -> list[Programme]:
    texts = rows_of(TEXTS)
    themes = {one.code: one for one in Theme.objects.all()}
    tasks = {one.code: one for one in UrbanTask.objects.all()}
    tied = ExistingProgramme.objects.filter(code="city-deals").first()
    found = []
    for number in range(first, last):
        text = texts[number % len(texts)]
        phase = Phase(text["phase"]) if number < len(texts) else drawn.dice.choice(list(Phase))
        lead = drawn.cities[drawn.dice.randrange(min(12, len(drawn.cities)))]
        begun = today() - timedelta(days=drawn.dice.randint(500, 900))
        works = phase in ROAD and ROAD.index(phase) >= ROAD.index(Phase.EXECUTION)
        found.append(
            Programme(
                public_id=drawn_id(drawn.dice),
                key=f"{DEMO_KEY}{number}",
                title=text["title"] if number < len(texts) else f"{text['title']}, {lead.short_name or lead.name}",
                organisation=lead,
                domain=themes.get(text["domain"]),
                task=tasks.get(text["task"]),
                challenge=text["challenge"],
                domains=text["domains"],
                raised_by=lead,
                goal=text["goal"],
                mandate="Wie aan tafel zit, beslist voor de eigen organisatie binnen de eigen begroting.",
                tied_to=tied if works else None,
                phase=phase,
                sharing=Sharing.NETWORK if phase == Phase.EXPLORATION else Sharing.PUBLISHED,
                starts_on=begun if works else None,
                ends_on=begun + timedelta(days=1095) if works else None,
                retry_on=today() + timedelta(days=drawn.dice.randint(30, 300)) if phase == Phase.STOPPED else None,
                created_at=_moment(begun - timedelta(days=200)),
                changed_at=_moment(today() - timedelta(days=drawn.dice.randint(1, 120))),
                phase_since=today() - timedelta(days=drawn.dice.randint(10, 300)),
                is_illustrative=True,
            )
        )
    return found


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def _fill(drawn: Drawn, programme: Programme, text: dict[str, str], most: int) -> None:
    """Give a programme what its phase and those before it ask for."""
    reached = ROAD.index(Phase(programme.phase)) if programme.phase in ROAD else 1
    partners = _partners(drawn, programme, most, is_sure=reached > 1) if reached else []
    if reached >= 2:
        _covenant(drawn, programme, text, partners, reached)
    if reached >= 4:
        _work(drawn, programme, partners)
    if reached >= 5:
        _outcome(drawn, programme)


def _partners(drawn: Drawn, programme: Programme, most: int, *, is_sure: bool) -> list[ProgrammePartner]:
    dice = drawn.dice
    chosen = [programme.organisation]
    chosen += dice.sample([one for one in drawn.cities if one != programme.organisation], min(most // 2, 5))
    chosen += dice.sample(drawn.others, min(most // 2, len(drawn.others)))
    asked = programme.created_at.date() + timedelta(days=20)
    made = []
    for number, organisation in enumerate(chosen):
        answer = Answer.YES if number < 4 or is_sure else dice.choice(list(Answer))
        partner = ProgrammePartner(
            programme=programme,
            organisation=organisation,
            answer=answer,
            why=dice.choice(YES) if answer == Answer.YES else NO if answer == Answer.NO else "",
            asked_on=asked,
            answered_on=asked + timedelta(days=dice.randint(3, 60)) if answer != Answer.ASKED else None,
            is_location=organisation.group == Group.MUNICIPALITY and answer == Answer.YES,
            hours=dice.choice([80, 120, 160, 240]) if answer == Answer.YES else None,
            euros=dice.choice([None, 10_000, 25_000]) if answer == Answer.YES else None,
            brings=dice.choice(BRINGS) if answer == Answer.YES else "",
            contact_id=drawn.people.get(organisation.pk) if answer == Answer.YES else None,
            joined_on=programme.starts_on if answer == Answer.YES else None,
        )
        drawn.add(partner)
        made.append(partner)
    return [one for one in made if one.answer == Answer.YES]


def _covenant(
    drawn: Drawn, programme: Programme, text: dict[str, str], partners: list[ProgrammePartner], reached: int
) -> None:
    starts = programme.starts_on or today() + timedelta(days=30)
    ends = programme.ends_on or starts + timedelta(days=1095)
    milestones = _milestones(drawn, programme, text["milestones"].split(";"), starts, ends, is_fixed=reached > 2)
    covenant = Covenant(
        programme=programme,
        goal=text["goal"],
        why=text["challenge"],
        agreements=text["agreements"],
        starts_on=starts,
        ends_on=ends,
    )
    drawn.add(covenant)
    if reached <= 2:
        return
    covenant.fixed = {
        "title": programme.title,
        "goal": covenant.goal,
        "milestones": [{"title": m.title, "planned_on": m.planned_on.isoformat()} for m in milestones],
        "partners": [
            {"name": p.organisation.name, "hours": p.hours, "euros": p.euros, "brings": p.brings} for p in partners
        ],
    }
    covenant.fixed_at, covenant.digest = _moment(starts - timedelta(days=20)), digest_of(covenant.fixed)
    is_closed = reached > 3
    signing = SigningRound(
        covenant=covenant,
        number=1,
        held_on=starts,
        place="Utrecht",
        closed_on=starts if is_closed else None,
    )
    drawn.add(signing)
    for partner in partners if is_closed else partners[:2]:
        drawn.add(
            Signature(
                round=signing,
                partner=partner,
                organisation=partner.organisation,
                signed_by_label=f"Bestuurder {partner.organisation.short_name or partner.organisation.name}",
                signed_at=_moment(min(starts, today())),
                hours=partner.hours,
                euros=partner.euros,
                digest=covenant.digest,
            )
        )


def _milestones(
    drawn: Drawn, programme: Programme, titles: list[str], starts: date, ends: date, *, is_fixed: bool
) -> list[Milestone]:
    step = (ends - starts) / (len(titles) + 1)
    made = []
    for number, title in enumerate(titles, start=1):
        planned = starts + step * number
        is_past = planned < today() and is_fixed
        milestone = Milestone(
            programme=programme,
            title=title,
            planned_on=planned,
            first_planned_on=planned if is_fixed else None,
            done_on=min(planned + timedelta(days=drawn.dice.randint(-20, 45)), today()) if is_past else None,
            owner=programme.organisation if number == 1 else None,
        )
        drawn.add(milestone)
        made.append(milestone)
    return made


def _work(drawn: Drawn, programme: Programme, partners: list[ProgrammePartner]) -> None:
    for name in ("Techniek en ruimte", "Geld en regels"):
        group = WorkingGroup(programme=programme, name=name, task="Komt elke zes weken bijeen.")
        drawn.add(group)
        for place, partner in enumerate(partners[:4]):
            joined = programme.starts_on or today()
            drawn.add(WorkingGroupMember(group=group, partner=partner, is_lead=place == 0, joined_on=joined))
    for partner in partners[1:]:
        year = today().year - 1
        if partner.joined_on and partner.joined_on.year <= year and drawn.dice.random() < 0.7:
            drawn.add(HoursEstimate(partner=partner, year=year, hours=drawn.dice.randint(40, 260)))
    _looked_back(drawn, programme)
    for kind, title, anchored in drawn.dice.sample(RESULTS, 3):
        drawn.add(
            ProgrammeResult(
                programme=programme,
                kind=kind,
                title=title,
                anchored_in=anchored or ("Nog te bepalen" if programme.phase == Phase.CLOSED else ""),
                reached_on=today() - timedelta(days=drawn.dice.randint(20, 300)),
            )
        )


def _looked_back(drawn: Drawn, programme: Programme) -> None:
    year, half = last_half(today())
    for back in range(2):
        _first, last = bounds(year, half)
        is_open = back == 0 and programme.phase == Phase.EXECUTION
        drawn.add(
            ProgrammeReflection(
                programme=programme,
                year=year,
                half=half,
                due_on=last + timedelta(days=DAYS),
                planned="- Straten gekozen",
                real="- Straten gekozen: gehaald, een maand later",
                energy="" if is_open else "De werkgroepen lopen; het overleg met de directeuren slokt tijd op.",
                adjust="" if is_open else "Directeuren komen voortaan twee keer per jaar bij elkaar.",
                submitted_at=None if is_open else _moment(last + timedelta(days=20)),
            )
        )
        year, half = (year, 1) if half == 2 else (year - 1, 2)
    review = MidtermReview(
        programme=programme,
        held_on=today() - timedelta(days=60),
        assessment="Partners zijn het eens over het doel, minder over de taakverdeling.",
        conversation="Nieuwe deelnemers missen het verhaal van het begin.",
        conclusion="on",
    )
    drawn.add(review)
    drawn.add(
        ReviewPoint(
            review=review,
            what="Schrijf op één bladzijde wat er is afgesproken",
            owner=programme.organisation,
            due_on=today() + timedelta(days=30),
        )
    )


def _outcome(drawn: Drawn, programme: Programme) -> None:
    for theme in list(ScalingTheme.objects.all()[:2]):
        drawn.add(
            ProgrammeScaling(
                programme=programme,
                theme=theme,
                task="In vijf jaar gewoon werk in elke gemeente van deze grootte.",
                owner_missing=True,
                forms=theme.forms_hint_nl,
                finance="Eerst uit de programma's die er zijn; daarna een vaste bijdrage.",
                alliances="Bestaande netwerken van gemeenten en provincies.",
            )
        )
    drawn.add(
        ProgrammeClosing(
            programme=programme,
            what_worked="Eén tafel met mensen die mochten beslissen.",
            what_failed="Te laat gevraagd wie het daarna overneemt.",
            handed_to="De kring van projectleiders" if programme.phase == Phase.CLOSED else "",
            hand_over="Zij nemen de afspraken en de gegevens over." if programme.phase == Phase.CLOSED else "",
        )
    )


def _links(drawn: Drawn, made: list[Programme]) -> None:
    """Tie programmes to a step of the roadmap and to shared bottlenecks on their domain."""
    steps = list(TransitionStep.objects.all())
    shared = Bottleneck.objects.exclude(sharing=Sharing.DRAFT).filter(state="open")
    by_theme: dict[int, list[int]] = {}
    for key, theme in shared.filter(theme__isnull=False).order_by("pk").values_list("pk", "theme")[:3000]:
        by_theme.setdefault(theme, []).append(key)
    through, stages = Programme.bottlenecks.through, Programme.steps.through
    links, places = [], []
    for programme in made:
        keys = by_theme.get(programme.domain_id or 0, [])
        links += [
            through(programme=programme, bottleneck_id=k) for k in drawn.dice.sample(keys, min(3, len(keys)))
        ]
        places += [
            stages(programme=programme, transitionstep=s) for s in drawn.dice.sample(steps, min(2, len(steps)))
        ]
    through._default_manager.bulk_create(links)
    stages._default_manager.bulk_create(places)
