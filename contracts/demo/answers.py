"""What parties answer in the reviews of the demonstration: made-up texts, the same ones for the same dice."""

import csv
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from contracts.models import Effort
from contracts.models.action import Sector
from contracts.models.review import EffortStatus
from contracts.services.reference import DATA

CONCLUSION = "conclusion"
# How often which answer comes among as many; promises without tonnes are kept or late.
ACTIONS = {
    EffortStatus.ON_COURSE: 10,
    EffortStatus.BEHIND: 3,
    EffortStatus.BLOCKED: 2,
    EffortStatus.AHEAD: 2,
    EffortStatus.STOPPED: 1,
}
COMMITMENTS = {EffortStatus.ON_COURSE: 5, EffortStatus.BEHIND: 1}
# Which part of the promise is still expected, in hundredths: from, to.
LEFT = {EffortStatus.BEHIND: (60, 90), EffortStatus.BLOCKED: (30, 60), EffortStatus.AHEAD: (105, 130)}
# As the database gives kilotons back.
STORED = Decimal("0.001")
# Sectors for which the texts are written.
FIELDS = {
    Sector.BUILT: "built",
    Sector.HOUSING: "built",
    Sector.SERVICES: "built",
    Sector.MOBILITY: "mobility",
    Sector.INDUSTRY: "industry",
    Sector.ENERGY: "energy",
    Sector.ELECTRICITY: "energy",
    Sector.GREEN_GAS: "energy",
}


@dataclass(frozen=True)
class Text:
    """One made-up text: a reason or an obstacle with its theme and, perhaps, what was learned."""

    kind: str
    sector: str
    theme: str
    text: str
    learned: str


class Answers:
    """The made-up texts, and answers drawn from them.

    Answers are drawn like cards, and of the texts that fit one that was used least: few contracts show every kind.
    """

    def __init__(self) -> None:
        with (DATA / "demo_answers.csv").open(encoding="utf-8", newline="") as file:
            self.texts = [Text(**row) for row in csv.DictReader(file)]
        self.used: Counter[str] = Counter()
        self.decks: dict[bool, list[str]] = {True: [], False: []}
        self.themes = {text.text: text.theme for text in self.texts if text.theme}

    def answer(self, effort: Effort, dice: random.Random, *, by: str, at: datetime, status: str = "") -> None:
        """Fill an effort in, complete enough to be handed in; a `status` that is given is not drawn."""
        chosen = EffortStatus(status or self._status(effort, dice))
        effort.status = chosen
        effort.expected_kt = _expected(effort.planned_kt, chosen, dice)
        effort.revision, effort.updated_at, effort.updated_by_label = 1, at, by
        if chosen == EffortStatus.ON_COURSE:
            return
        text = self._text(chosen, FIELDS.get(Sector(effort.action.sector), "") if effort.action else "", dice)
        if chosen == EffortStatus.BLOCKED:
            effort.obstacle = text.text
        else:
            effort.reason, effort.learned = text.text, text.learned

    def conclusion(self, dice: random.Random) -> str:
        """Draw what stands out this year."""
        return self._text(CONCLUSION, "", dice).text

    def _status(self, effort: Effort, dice: random.Random) -> str:
        is_action = effort.action is not None
        deck = self.decks[is_action]
        if not deck:
            cards = ACTIONS if is_action else COMMITMENTS
            deck.extend(status.value for status, often in cards.items() for _card in range(often))
            dice.shuffle(deck)
        return deck.pop()

    def _text(self, kind: str, field: str, dice: random.Random) -> Text:
        fitting: Sequence[Text] = [one for one in self.texts if one.kind == kind and one.sector == field]
        fitting = fitting or [one for one in self.texts if one.kind == kind and not one.sector]
        least = min(self.used[one.text] for one in fitting)
        chosen = dice.choice([one for one in fitting if self.used[one.text] == least])
        self.used[chosen.text] += 1
        return chosen


def _expected(planned: Decimal | None, status: EffortStatus, dice: random.Random) -> Decimal | None:
    if planned is None:
        return None
    if status == EffortStatus.STOPPED:
        return Decimal(0).quantize(STORED)
    if status not in LEFT:
        return planned
    return (planned * dice.randint(*LEFT[status]) / 100).quantize(Decimal("0.1")).quantize(STORED)
