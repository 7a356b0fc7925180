"""Illustrative seats, meetings and decisions, marked as made up; no names of persons."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from itertools import cycle

from django.db import transaction
from django.utils import timezone

from governance.models import (
    AgendaItem,
    Body,
    Decision,
    DecisionState,
    DecisionUpdate,
    Figurehead,
    Meeting,
    MeetingState,
    Organisation,
    Seat,
    User,
)
from governance.models.membership import Function
from nss_portal.core import audit
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

SEATS = {
    "stuurgroep": ("kgg", "vro", "vng", "rvo"),
    "interdepartementaal": ("vro", "kgg", "ienw", "lvvn", "ocw"),
    "kernteam": ("vro", "rvo", "vng", "tno", "platform31"),
}
AGENDA = {
    "stuurgroep": ("Stand van de klimaatcontracten", "Rol van de coördinatie", "Begroting van volgend jaar"),
    "interdepartementaal": ("Signalen die op een ministerie wachten", "Nieuw beleid dat steden raakt"),
    "kernteam": ("Agenda van het volgende half jaar", "Voorbereiding van de herijking"),
}
# What was decided, by whom it is done, and after how many days; the first of each is done.
DECISIONS = {
    "stuurgroep": (
        ("De ronde van de jaarlijkse herijking begint op 1 september.", "rvo", 20),
        ("De begroting van het kernteam wordt in het voorjaar opnieuw bekeken.", "vro", 120),
        ("Steden met minder dan 50.000 inwoners krijgen een eigen bijeenkomst.", "vng", 50),
    ),
    "interdepartementaal": (
        ("Elk ministerie noemt één aanspreekpunt voor steden.", "kgg", 25),
        ("Elk signaal krijgt binnen acht weken een eerste antwoord, met naam van wie het oppakt.", "vro", 56),
    ),
    "kernteam": (
        ("De agenda van het volgende half jaar gaat in concept naar de steden.", "rvo", 14),
        ("Lessen uit reflectiesessies staan binnen een maand in de kennisbank.", "vng", 45),
    ),
}
HIDDEN = "De gesprekken over de rol van een onafhankelijke organisatie gaan vertrouwelijk verder."
FIGUREHEADS = (
    (
        "Wethouder van een missiestad",
        "Gemeente Amsterdam",
        "Spreekt namens de steden over klimaatcontracten; tekent niet voor anderen.",
    ),
    ("Hoogleraar stedelijke energie", "tno", "Legt uit wat werkt en wat niet, los van wie betaalt."),
)
NUMBER = {"small": 1, "national": 60}


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add seats, meetings and decisions where there are none yet."""
    bodies = {body.code: body for body in Body.objects.filter(code__in=DECISIONS)}
    if not bodies or Meeting.objects.exists():
        return []
    first = Organisation.objects.order_by("pk").first()
    if first is None:
        return []
    owners = defaultdict(lambda: first, {one.code or "": one for one in Organisation.objects.exclude(code=None)})
    for code, names in SEATS.items():
        for place, name in enumerate(name for name in names if name in owners and code in bodies):
            Seat.objects.create(
                body=bodies[code],
                organisation=owners[name],
                is_chair=place == 0,
                valid_from=today() - timedelta(days=700),
            )
    _figureheads(owners)
    count = 0
    for body in bodies.values():
        for number in range(NUMBER.get(scale, 1)):
            _meeting(body, owners, days=-30 - 42 * number, held=True, number=number)
            count += 1
        _meeting(body, owners, days=14 + body.order, held=False, number=0)
    system = User.objects.system()
    audit.record(actor=system, event=Event.CREATED, obj=system, changes={"demo_meetings": count})
    return [f"demo: meetings {Meeting.objects.count()}, decisions {Decision.objects.count()}"]


def _figureheads(owners: dict[str, Organisation]) -> None:
    for name, code, mandate in FIGUREHEADS:
        organisation = owners.get(code) or Organisation.objects.filter(group="municipality", name=code).first()
        if organisation:
            Figurehead.objects.create(
                name=name,
                organisation=organisation,
                mandate=mandate,
                valid_from=today() - timedelta(days=300),
                is_illustrative=True,
            )


def _meeting(body: Body, owners: dict[str, Organisation], *, days: int, held: bool, number: int) -> Meeting:
    starts = timezone.make_aware(datetime.combine(today() + timedelta(days=days), time(14, 0)))
    made = Meeting.objects.create(
        body=body,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        place="Utrecht",
        state=MeetingState.ADOPTED if held else MeetingState.PLANNED,
        is_published=held,
        published_at=starts + timedelta(days=7) if held else None,
        minutes="Kort verslag. De besluiten staan op hun eigen lijst." if held else "",
        is_illustrative=True,
        changed_at=starts - timedelta(days=30),
    )
    people = User.objects.filter(is_demo=True, memberships__function=Function.STEERING)
    made.participants.set(people[:3])
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=made, number=place, title=title, minutes=30)
        for place, title in enumerate(AGENDA[body.code], start=1)
    )
    if held:
        _decisions(made, owners, items, number)
    return made


def _decisions(meeting: Meeting, owners: dict[str, Organisation], items: list[AgendaItem], number: int) -> None:
    turn = cycle(items)
    day = timezone.localdate(meeting.starts_at)
    taken = DECISIONS[meeting.body.code]
    for place, (text, code, later) in enumerate(taken, start=1):
        due = day + timedelta(days=later)
        done = number > 0 or place == 1
        decision = Decision.objects.create(
            meeting=meeting,
            item=next(turn),
            number=place,
            text=text,
            owner=owners[code],
            due_on=due,
            state=DecisionState.DONE if done else DecisionState.OPEN,
            done_on=min(due, today()) if done else None,
        )
        if done:
            DecisionUpdate.objects.create(
                decision=decision, text="Gedaan, zoals afgesproken.", state=DecisionState.DONE, due_on=due
            )
    if meeting.body.code != "stuurgroep":
        return
    Decision.objects.create(
        meeting=meeting,
        number=len(taken) + 1,
        text=HIDDEN,
        owner=owners["vro"],
        state=DecisionState.DONE if number else DecisionState.OPEN,
        done_on=day if number else None,
        is_published=False,
    )
