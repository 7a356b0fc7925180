"""How much two municipalities resemble each other, as a number that can be explained; no database in here.

    likeness = sum of weight x part / sum of weights, over the parts that are known

part        from 0 (nothing alike) to 1 (the same)                              weight
inhabitants 1 - |log2(a / b)| / 3: the same is 1, twice as many 2/3, eight times 0   0.40
involvement 1 - difference in rank / 3: mission, EoI, interested, other              0.20
province    1 when it is the same one, else 0                                        0.15
bottlenecks themes that both named / themes that either named (Jaccard)              0.25

Size weighs most: cities say that the means and the staff they have decide which step they can copy (reflection
sessions ask just that, TNO 2022 R12420, 3.2.2). Shared bottlenecks come next: the same thing holds both up. Who
takes part at the same level has the same agenda and support; the same province has the same partners at the table.
What is not known (no inhabitants, no bottleneck that the reader may see) is left out on both sides, and counts for
nothing.
"""

import math
from dataclasses import dataclass, field

WEIGHTS = {"inhabitants": 0.40, "bottlenecks": 0.25, "involvement": 0.20, "province": 0.15}
# A municipality with eight times as many inhabitants has nothing in common in size.
DOUBLINGS = 3.0
RANKS = 3


@dataclass(frozen=True)
class Profile:
    """What a municipality is compared by; `rank` is 0 for a mission city and 3 for 'other'."""

    population: int | None
    province: str
    rank: int
    themes: frozenset[int] = field(default_factory=frozenset)


def parts(one: Profile, other: Profile) -> dict[str, float]:
    """Give the parts that are known, each from 0 to 1."""
    found = {
        "involvement": 1 - abs(one.rank - other.rank) / RANKS,
        "province": 1.0 if one.province == other.province else 0.0,
    }
    if one.population and other.population:
        doublings = abs(math.log2(one.population / other.population))
        found["inhabitants"] = max(0.0, 1 - doublings / DOUBLINGS)
    if one.themes and other.themes:
        found["bottlenecks"] = len(one.themes & other.themes) / len(one.themes | other.themes)
    return found


def likeness(one: Profile, other: Profile) -> float:
    """Give how much two municipalities resemble each other, from 0 to 1; the same both ways round."""
    known = parts(one, other)
    total = sum(WEIGHTS[name] for name in known)
    return sum(WEIGHTS[name] * part for name, part in known.items()) / total
