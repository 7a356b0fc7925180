"""When a vote on the agenda carries, and what changed between two versions; no database in here.

The cities lead the agenda, so they decide whether enough have spoken:

- quorum: at least half of the mission and EoI cities voted;
- carried: with a quorum, more than half of the cities that voted say yes, and more than half of all organisations
  that voted (cities, ministries and partners, one vote each). A yes with a remark is a yes.

The law and the mission leave this open; the rule is the simplest in which neither a few cities nor many partners
can carry it alone. Only what carried can be adopted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """How a vote stands. `cities_asked` is the number of mission and EoI cities when it opened."""

    cities_asked: int
    cities_yes: int = 0
    cities_no: int = 0
    others_yes: int = 0
    others_no: int = 0

    @property
    def cities_voted(self) -> int:
        """How many cities voted."""
        return self.cities_yes + self.cities_no

    @property
    def needed(self) -> int:
        """How many cities have to vote for a quorum."""
        return max(1, (self.cities_asked + 1) // 2)

    @property
    def has_quorum(self) -> bool:
        """Whether enough cities voted."""
        return self.cities_voted >= self.needed

    @property
    def carried(self) -> bool:
        """Whether it can be adopted."""
        everybody = self.cities_voted + self.others_yes + self.others_no
        yes = self.cities_yes + self.others_yes
        return self.has_quorum and 2 * self.cities_yes > self.cities_voted and 2 * yes > everybody


def tally(cities_asked: int, votes: Iterable[tuple[bool, str]]) -> Tally:
    """Count votes: of each whether it is a city's, and what it says ('yes', 'remark' or 'no')."""
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for is_city, choice in votes:
        counts[is_city, choice != "no"] += 1
    return Tally(cities_asked, counts[True, True], counts[True, False], counts[False, True], counts[False, False])


@dataclass(frozen=True)
class Changed:
    """What happened to one line since the version before: 'added', 'removed' or 'changed', and in what."""

    kind: str
    title: str
    fields: Sequence[tuple[str, str, str]] = ()


def compare(before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]) -> list[Changed]:
    """Compare two versions line by line; a line is its key and its fields in words, 'title' among them.

    In the order of the new version, what went last.
    """
    found = []
    for key, line in after.items():
        if key not in before:
            found.append(Changed("added", line["title"]))
            continue
        old = before[key]
        differing = [(name, old.get(name, ""), text) for name, text in line.items() if old.get(name, "") != text]
        if differing:
            found.append(Changed("changed", line["title"], differing))
    found += [Changed("removed", line["title"]) for key, line in before.items() if key not in after]
    return found
