"""Illustrative agendas of two periods: one that was adopted, one that is put to the vote; marked as made up."""

import random
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from activities.models import Activity
from activities.models.activity import Audience, Kind
from activities.models.period import (
    AgendaLine,
    AgendaMeans,
    AgendaPeriod,
    AgendaVersion,
    AgendaVote,
    Choice,
    VersionState,
)
from activities.selectors.periods import voting_cities
from activities.services.periods.drafting import quarter_of
from governance.models import Organisation
from governance.models.organisation import Group
from governance.selectors import current_period
from nss_portal.core.time import today

LINES = {"small": 10, "national": 60}
TITLES = ("Agenda {first} en begin {last}", "Agenda {first} en {last}")
GOAL = (
    "Aan het eind heeft elke missiestad een klimaatbudget, weten we voor drie soorten wijken hoe een warmtenet er "
    "komt, en hebben Rijk en steden vijf knelpunten samen opgelost.\n\nWat in één stad lukt, staat binnen een "
    "half jaar klaar voor de andere."
)
# Promised, but without an activity yet.
TO_PLAN = (
    ("Deep Dive: wie betaalt de onrendabele top?", Kind.DEEP_DIVE, "Een afspraak over wie welk deel draagt.", 12),
    ("Werkbezoek aan een Europese missiestad", Kind.VISIT, "Zien hoe een stad met dezelfde vragen het doet.", 8),
    ("Training: klimaat in de begroting", Kind.TRAINING, "Elke stad kan het daarna zelf.", 6),
)
REMARKS = (
    "Akkoord, als de uren van onze projectleider ergens anders vandaan komen.",
    "Graag meer aandacht voor mobiliteit in het tweede jaar.",
    "Akkoord. Zet de casustafel eerder in het jaar, dan kan het nog in de begroting.",
    "Akkoord, en laat een kleinere stad meekijken bij de eerste Deep Dive.",
    "Wij doen mee; de training kan voor ons ook online.",
)
AGAINST = "Dit vraagt meer uren dan wij hebben. Liever de helft, en die goed."


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add two illustrative agendas; same seed, same data; a second run adds nothing."""
    cities = list(
        voting_cities().order_by("municipality__code").values_list("municipality__organisation", flat=True)
    )
    if AgendaPeriod.objects.exists() or not cities:
        return ["demo: agendas are there already"]
    dice = random.Random(f"{seed}-agendas")  # noqa: S311 - made-up data, not a secret
    first = date(today().year, 1, 1)
    adopted = _version(first, TITLES[0], VersionState.ADOPTED)
    _fill(adopted, LINES[scale], cities, dice)
    _vote(adopted, cities, len(cities) - 2, dice)
    under_way = _version(date(first.year + 1, 7, 1), TITLES[1], VersionState.VOTE)
    _fill(under_way, LINES[scale] // 2, cities, dice)
    _vote(under_way, cities, len(cities) // 3, dice)
    return [f"demo: agendas 2, lines {AgendaLine.objects.count()}, votes {AgendaVote.objects.count()}"]


def _version(first: date, title: str, state: VersionState) -> AgendaVersion:
    months = first.month - 1 + 18
    last = date(first.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)
    period = AgendaPeriod.objects.create(
        title=title.format(first=first.year, last=last.year), starts_on=first, ends_on=last, is_illustrative=True
    )
    is_open = state == VersionState.VOTE
    opened = timezone.now() - timedelta(days=10 if is_open else 400)
    return AgendaVersion.objects.create(
        period=period,
        number=1,
        goal=GOAL,
        state=state,
        opened_at=opened,
        closes_on=(today() if is_open else opened.date()) + timedelta(days=20),
        cities_asked=voting_cities().count(),
        decision="" if is_open else "De agenda is ambitieus maar haalbaar. Kijk halverwege of de uren kloppen.",
        decided_at=None if is_open else opened + timedelta(days=30),
        published_at=None if is_open else opened + timedelta(days=32),
    )


def _fill(version: AgendaVersion, number: int, cities: list[int], dice: random.Random) -> None:
    period = version.period
    inside = Activity.objects.filter(
        is_illustrative=True,
        starts_at__date__range=(period.starts_on, period.ends_on),
        state__in=("planned", "published", "held", "closed"),
    )
    lines = [
        AgendaLine(
            version=version,
            title=one.title,
            kind=one.kind,
            audience=one.audience,
            why=one.summary,
            planned_on=quarter_of(one.starts_at.date()),
            lead_id=one.organisation_id,
            preparation_hours=one.preparation_hours,
            activity=one,
        )
        for one in inside.order_by("starts_at", "pk")[:number]
        if one.starts_at is not None
    ]
    coordinating = current_period()
    leads = [coordinating.coordinating_organisation_id] if coordinating else cities[:1]
    for title, kind, why, hours in TO_PLAN:
        day = period.starts_on + timedelta(days=dice.randint(200, 500))
        lines.append(
            AgendaLine(
                version=version,
                title=title,
                kind=kind,
                audience=Audience.NOP,
                why=why,
                planned_on=quarter_of(day),
                lead_id=dice.choice(leads + cities[:2]),
                preparation_hours=hours,
            )
        )
    AgendaLine.objects.bulk_create(lines)
    AgendaMeans.objects.bulk_create(
        AgendaMeans(
            line=line,
            organisation_id=organisation,
            hours=dice.choice((16, 24, 40, 80)),
            euros=dice.choice((None, None, 5_000, 15_000)),
        )
        for line in lines
        for organisation in dict.fromkeys([line.lead_id, dice.choice(cities)])
    )


def _vote(version: AgendaVersion, cities: list[int], number: int, dice: random.Random) -> None:
    ministries = Organisation.objects.filter(group=Group.MINISTRY).order_by("pk").values_list("pk", flat=True)[:2]
    votes = [(pk, True) for pk in dice.sample(cities, max(0, number))] + [(pk, False) for pk in ministries]
    for place, (organisation, is_city) in enumerate(votes):
        choice = {1: Choice.REMARK, 3: Choice.NO, 4: Choice.REMARK}.get(place, Choice.YES)
        remark = {Choice.NO: AGAINST, Choice.REMARK: REMARKS[place % len(REMARKS)]}.get(choice, "")
        AgendaVote.objects.create(
            version=version,
            organisation_id=organisation,
            is_city=is_city,
            choice=choice,
            remark=remark,
            cast_at=version.opened_at + timedelta(days=dice.randint(1, 8))
            if version.opened_at
            else timezone.now(),
        )
