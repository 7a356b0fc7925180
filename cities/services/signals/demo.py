"""Illustrative signals for the demonstration, in every state; marked as made up."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from cities.models import (
    Bottleneck,
    Signal,
    SignalAddressee,
    SignalCosigner,
    SignalEntry,
    SignalExperiment,
    SignalFollowUp,
)
from cities.models.bottleneck import BottleneckState, Sharing
from cities.models.signal import AddresseeTask, Audience, CosignState, SignalState
from cities.models.signal_parts import EntryKind, ExperimentAnswer, Verdict
from cities.selectors_signals import naming_duty, sending_cities
from cities.services.demo import DEMO_KEY, demo_number, drawn_id, rows_of
from cities.services.reference import DATA
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.models import Transition
from nss_portal.core.time import today

SIGNALS = {"small": 24, "national": 1_000}
TERM = 56
# In this order, over and over: a small demonstration has each of them.
COURSES = (
    "follow_up",
    "late",
    "draft",
    "closed",
    "sent",
    "received",
    "answered",
    "answered",
    "referred",
    "closed",
    "withdrawn",
    "answered",
)
# So many of each round are from before ministries got other names and tasks.
OLD = (3, 8)
PREDECESSORS = {"kgg": "ezk", "vro": "bzk"}
MOVED_ON = date(2024, 7, 2)


@dataclass
class Made:
    """The rows of all signals, to be written in bulk."""

    signals: list[Signal] = field(default_factory=list)
    parts: list[Model] = field(default_factory=list)
    links: list[Model] = field(default_factory=list)
    experiment_cities: list[tuple[SignalExperiment, list[Organisation]]] = field(default_factory=list)
    transitions: list[tuple[Signal, Transition]] = field(default_factory=list)
    given: set[str] = field(default_factory=set)


@dataclass
class Ground:
    """What the signals are made of."""

    cities: list[Organisation]
    organisations: dict[str, Organisation]
    bottlenecks: dict[int, list[int]]
    texts: list[dict[str, str]]


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative signals; same seed, same data; a second run adds only what a larger scale has more."""
    there = demo_number(Signal.objects.filter(key__startswith=DEMO_KEY).values_list("key", flat=True))
    if there >= SIGNALS[scale]:
        return ["demo: signals are there already"]
    ground = _ground()
    if not (ground.cities and ground.bottlenecks and ground.texts):
        return ["demo: signals 0"]
    made = Made(given=set(Signal.objects.values_list("public_id", flat=True)))
    for number in range(there, SIGNALS[scale]):
        # Dice of its own: what comes with one does not hang on how many came before it.
        _Story(ground, random.Random(f"{seed}-signal-{number}"), made, number).tell()  # noqa: S311
    _write(made)
    return [f"demo: signals {len(made.signals)}"]


def _ground() -> Ground:
    bottlenecks: dict[int, list[int]] = {}
    usable = Bottleneck.objects.filter(
        is_illustrative=True, state=BottleneckState.OPEN, sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED]
    )
    for owner, pk in usable.order_by("pk").values_list("organisation", "pk"):
        bottlenecks.setdefault(owner, []).append(pk)
    cities = [city for city in sending_cities() if city.pk in bottlenecks]
    organisations = {o.code: o for o in Organisation.objects.exclude(code=None) if o.code is not None}
    # '' is the one without an owner, which asks for somebody who names one.
    known = {*organisations, ""} if naming_duty(today()) else set(organisations)
    texts = [text for text in rows_of(DATA / "demo_signals.csv") if text["to"] in known]
    return Ground(cities, organisations, bottlenecks, texts)


def _write(made: Made) -> None:
    Signal.objects.bulk_create(made.signals, batch_size=500)
    kinds: dict[type[Model], list[Any]] = {}
    for row in [*made.parts, *made.links]:
        row.signal_id = row.signal.pk  # type: ignore[attr-defined]
        kinds.setdefault(type(row), []).append(row)
    for model, rows in kinds.items():
        model._default_manager.bulk_create(rows, batch_size=1000, ignore_conflicts=model in _LINKS)
    between = SignalExperiment.cities.through
    between._default_manager.bulk_create(
        between(signalexperiment_id=experiment.pk, organisation_id=city.pk)
        for experiment, cities in made.experiment_cities
        for city in cities
    )
    for signal, transition in made.transitions:
        transition.object_id = str(signal.pk)
    Transition.objects.bulk_create([transition for _signal, transition in made.transitions], batch_size=1000)


_LINKS = (Signal.bottlenecks.through,)


class _Story:
    """How one signal goes, from the draft to where it stands."""

    def __init__(self, ground: Ground, dice: random.Random, made: Made, number: int) -> None:
        self.ground, self.dice, self.made, self.number = ground, dice, made, number
        self.text = ground.texts[number % len(ground.texts)]
        self.course = COURSES[(number // len(ground.texts) + number) % len(COURSES)]
        self.day = today() - timedelta(days=self._age())
        self.city = dice.choice(ground.cities)
        self.others = [one for one in dice.sample(ground.cities, min(3, len(ground.cities))) if one != self.city]
        self.signal = self._signal()

    def _age(self) -> int:
        """Give how many days ago it was sent: what still waits went lately, the rest up to four years ago."""
        if self.course == "late":
            return TERM + self.dice.randint(3, 40)
        if self.course in {"sent", "received", "draft"} or not self.text["to"]:
            return self.dice.randint(1, 45)
        return self.dice.randint(900, 1300) if self.number % len(COURSES) in OLD else self.dice.randint(120, 800)

    def _signal(self) -> Signal:
        drawn = drawn_id(self.dice, self.made.given)
        self.made.given.add(drawn)
        return Signal(
            public_id=drawn,
            key=f"{DEMO_KEY}{self.number}",
            organisation=self.city,
            title=self.text["title"],
            question=self.text["question"],
            background=self.text["background"],
            no_owner=not self.text["to"],
            contact_function="beleidsadviseur klimaat",
            contact_reach="klimaat@gemeente.example",
            answer_by=self.day + timedelta(days=TERM),
            audience=Audience.NETWORK if self.number % 5 == 4 else Audience.PUBLISHED,
            state=SignalState.DRAFT,
            created_at=self._at(self.day - timedelta(days=self.dice.randint(3, 20))),
            changed_at=self._at(self.day),
            is_illustrative=True,
        )

    def _at(self, day: date) -> datetime:
        moment = timezone.make_aware(datetime.combine(day, time(9 + self.number % 8, self.number * 7 % 60)))
        return min(moment, timezone.now())

    def tell(self) -> None:
        """Add the rows of this signal."""
        self.made.signals.append(self.signal)
        for pk in self._chosen_bottlenecks():
            self.made.links.append(Signal.bottlenecks.through(signal=self.signal, bottleneck_id=pk))
        if self.text["rule"]:
            self._ask_for_room()
        self._cosign()
        if self.course == "draft":
            self._draft_addressee()
            return
        lead = self._send()
        if self.course == "withdrawn":
            self._move(
                "withdraw", SignalState.WITHDRAWN, self._later(self.day, 20), "De regels zijn al aangepast."
            )
        elif self.course not in {"sent", "late"} and not self.signal.no_owner:
            self._answer(lead)

    def _chosen_bottlenecks(self) -> list[int]:
        owners = [self.city, *self.others]
        return sorted({self.dice.choice(self.ground.bottlenecks[owner.pk]) for owner in owners})

    def _ask_for_room(self) -> None:
        start = self.day + timedelta(days=TERM * 2)
        experiment = SignalExperiment(
            signal=self.signal,
            rule=self.text["rule"],
            valid_from=start,
            valid_to=start + timedelta(days=3 * 365),
            learned=self.text["learned"],
            conditions="De steden meten elk jaar en delen de uitkomst.",
        )
        self.made.parts.append(experiment)
        self.made.experiment_cities.append((experiment, [self.city, *self.others[:1]]))

    def _cosign(self) -> None:
        states = (CosignState.INVITED,) if self.course == "draft" else (CosignState.SIGNED, CosignState.DECLINED)
        for other, state in zip(self.others, states, strict=False):
            if self.number % 3:
                self.made.parts.append(
                    SignalCosigner(
                        signal=self.signal,
                        organisation=other,
                        state=state,
                        by_label=f"Transitieteam {other.short_name or other.name}",
                        reason="Wij hebben dit anders opgelost." if state == CosignState.DECLINED else "",
                        at=self.signal.created_at,
                    )
                )

    def _draft_addressee(self) -> None:
        if self.text["to"]:
            organisation = self.ground.organisations[self.text["to"]]
            self.made.parts.append(SignalAddressee(signal=self.signal, organisation=organisation, is_lead=True))

    def _addressed(self) -> Organisation:
        """Give the organisation as it was called on the day of sending."""
        code = self.text["to"]
        if self.day < MOVED_ON:
            code = PREDECESSORS.get(code, code)
        return self.ground.organisations.get(code) or self.ground.organisations[self.text["to"]]

    def _send(self) -> SignalAddressee:
        self.signal.sent_on = self.day
        self._move("send", SignalState.SENT, self.day, by=self._team())
        duty = naming_duty(today()) if self.signal.no_owner else None
        lead = SignalAddressee(
            signal=self.signal,
            organisation=duty[0] if duty else self._addressed(),
            task=AddresseeTask.NAME if duty else AddresseeTask.ANSWER,
            is_lead=True,
            addressed_on=self.day,
            due_on=self.day + timedelta(days=duty[1]) if duty else self.signal.answer_by,
        )
        self.made.parts.append(lead)
        return lead

    def _answer(self, lead: SignalAddressee) -> None:
        lead.received_on = self._later(self.day, 6)
        self._move("receive", SignalState.RECEIVED, lead.received_on, by=self._ministry(lead))
        if self.course == "received":
            return
        if self.course == "referred" and self._other_ministry(lead):
            lead = self._refer(lead)
        day = lead.answered_on = self._later(lead.addressed_on or self.day, 80)
        declined = bool(self.text["declines"])
        self._entry(lead, EntryKind.DECLINED if declined else EntryKind.TAKEN_UP, day)
        step = "decline" if declined else "take_up"
        self._move(step, SignalState.ANSWERED, day, self.text["answer"], by=self._ministry(lead))
        if self.course in {"follow_up", "closed"}:
            self._follow_up(lead, day)

    def _refer(self, lead: SignalAddressee) -> SignalAddressee:
        day = self._later(lead.received_on or self.day, 30)
        lead.until = lead.answered_on = day
        reason = "Dit onderwerp ligt bij een ander ministerie."
        to = self._other_ministry(lead) or lead.organisation
        self._entry(lead, EntryKind.REFERRED, day, reason, to)
        self._move("refer", SignalState.SENT, day, reason, by=self._ministry(lead))
        following = SignalAddressee(
            signal=self.signal,
            organisation=to,
            is_lead=True,
            addressed_on=day,
            due_on=max(self.signal.answer_by or day, day + timedelta(days=14)),
            received_on=day,
        )
        self.made.parts.append(following)
        self._move("receive", SignalState.RECEIVED, day, by=self._ministry(following))
        return following

    def _other_ministry(self, lead: SignalAddressee) -> Organisation | None:
        """Give to whom a ministry refers on, or None where the addressee is no ministry."""
        if lead.organisation.group != Group.MINISTRY:
            return None
        return self.ground.organisations.get("ienw" if lead.organisation.code != "ienw" else "lvvn")

    def _entry(
        self, lead: SignalAddressee, kind: EntryKind, day: date, text: str = "", to: Organisation | None = None
    ) -> None:
        room = ""
        if self.text["rule"] and kind != EntryKind.REFERRED:
            granted = (ExperimentAnswer.GRANTED, ExperimentAnswer.CONDITIONS)[self.number % 2]
            room = ExperimentAnswer.DECLINED if kind == EntryKind.DECLINED else granted
        self.made.parts.append(
            SignalEntry(
                signal=self.signal,
                organisation=lead.organisation,
                kind=kind,
                text=text or self.text["answer"],
                referred_to=to,
                experiment=room,
                conditions="Een erkend bureau kijkt mee." if room == ExperimentAnswer.CONDITIONS else "",
                at=self._at(day),
                by_label=self._ministry(lead),
            )
        )

    def _follow_up(self, lead: SignalAddressee, day: date) -> None:
        agreed, closed = self._later(day, 20), self.course == "closed" and bool(self.text["outcome"])
        self.made.parts.append(
            SignalEntry(
                signal=self.signal,
                organisation=self.city,
                kind=EntryKind.REACTION,
                verdict=self.dice.choice([Verdict.HELPED, Verdict.PARTLY]),
                text="Dit brengt ons verder; we leggen vast wie wat doet.",
                at=self._at(agreed),
                by_label=self._team(),
            )
        )
        if self.text["step"]:
            self._move("follow_up_by_sender", SignalState.FOLLOW_UP, agreed, by=self._team())
            due = agreed + timedelta(days=90)
            done = min(due, today()) if closed else None
            self.made.parts.append(
                SignalFollowUp(
                    signal=self.signal,
                    what=self.text["step"],
                    owner=lead.organisation,
                    due_on=due,
                    done_on=done,
                    result="Afgerond zoals afgesproken." if done else "",
                )
            )
        if closed:
            self.signal.outcome = self.text["outcome"]
            self._move(
                "close",
                SignalState.CLOSED,
                self._later(agreed + timedelta(days=60), 40),
                self.text["outcome"],
                by=self._team(),
            )

    def _later(self, day: date, most: int) -> date:
        return min(day + timedelta(days=self.dice.randint(1, most)), today())

    def _team(self) -> str:
        return f"Transitieteam {self.city.short_name or self.city.name}"

    def _ministry(self, lead: SignalAddressee) -> str:
        return f"Contactpersoon {lead.organisation.short_name or lead.organisation.name}"

    def _move(self, name: str, target: SignalState, day: date, reason: str = "", *, by: str = "") -> None:
        self.made.transitions.append(
            (
                self.signal,
                Transition(
                    object_type=Signal._meta.label_lower,
                    name=name,
                    source=self.signal.state,
                    target=target,
                    at=self._at(day),
                    actor_label=by or self._team(),
                    reason=reason,
                ),
            )
        )
        self.signal.state, self.signal.changed_at = target, self._at(day)
