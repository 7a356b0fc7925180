"""Why two sources give another number for one municipality and year: reasons out of what they say of themselves.

Pure: no database. Nothing is said of a city; every sentence follows from the sources' scope, gases, sectors,
edition and traits, and what no source tells is named as not told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from django.utils.translation import gettext as _

from contracts.monitoring.traits import ASPECTS, Trait
from nss_portal.core.formats import format_number

MOST_SECTORS = 2


@dataclass(frozen=True)
class Told:
    """The total of one source for one year (kt), with what the source says of itself.

    `step` is the weight of its last printed digit, in kt. `sectors` are the sectors by code with label and value
    (None where the source publishes none).
    """

    key: int
    source: str
    place: str
    year: int
    total: Decimal
    step: Decimal
    scope: str
    gas: str
    status: str = ""
    release: str = ""
    family: str = ""
    traits: Mapping[str, Trait] = field(default_factory=dict)
    sectors: Mapping[str, tuple[str, Decimal | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """Two sources that differ more than rounding explains, the lower one first, and why that may be.

    `low_says` and `high_says` go on after the source's name; `shared` are whole sentences.
    """

    low: Told
    high: Told
    low_says: tuple[str, ...]
    high_says: tuple[str, ...]
    shared: tuple[str, ...]

    @property
    def ratio(self) -> Decimal:
        """Give how many times the low one the high one is."""
        return self.high.total / self.low.total if self.low.total else Decimal("Infinity")

    @property
    def sides(self) -> tuple[tuple[Told, tuple[str, ...]], ...]:
        """Give the two sources, each with what it says of itself where they differ."""
        return ((self.low, self.low_says), (self.high, self.high_says))


def differences(told: Sequence[Told]) -> list[Difference]:
    """Give the pairs of one year that differ more than rounding explains: the newest year first, then the widest.

    Figures of one series are never held against each other.
    """
    found = []
    for one, other in combinations(told, 2):
        if one.key == other.key or one.year != other.year:
            continue
        low, high = sorted((one, other), key=lambda each: each.total)
        if high.total - low.total > (one.step + other.step) / 2:
            found.append(_difference(low, high))
    return sorted(found, key=lambda each: (-each.low.year, -each.ratio, each.low.source))


def _difference(low: Told, high: Told) -> Difference:
    says = (_of_itself(low, high), _of_itself(high, low))
    shared = [*_sectors(low, high), *_edition(low, high)]
    unpublished = [label for each in (low, high) for label, value in each.sectors.values() if value is None]
    if unpublished:
        text = _("Not published, and maybe not in the total: %(names)s.")
        shared.append(text % {"names": ", ".join(dict.fromkeys(unpublished))})
    if not any(says) and not shared:
        shared.append(_("The sources do not say in what they differ."))
    industry = {each.traits["industry"].value if "industry" in each.traits else "" for each in (low, high)}
    if len(industry) > 1 and "ets" not in {*low.traits, *high.traits}:
        shared.append(
            _("Neither source tells apart which companies fall under the European emissions trading system (ETS).")
        )
    return Difference(low, high, *says, tuple(shared))


def _of_itself(one: Told, other: Told) -> tuple[str, ...]:
    """Say what a source tells of itself in what it differs from another: scope, gas, traits, status."""
    found = []
    if one.scope != other.scope:
        found.append(_scope(one.scope))
    if one.gas != other.gas:
        found.append(_("counts %(gas)s") % {"gas": one.gas})
    for aspect in ASPECTS:
        mine, theirs = one.traits.get(aspect), other.traits.get(aspect)
        if mine and (theirs is None or mine.value != theirs.value):
            found.append(mine.text)
    if one.status:
        found.append(_("calls its figure: %(status)s") % {"status": one.status})
    return tuple(found)


def _scope(scope: str) -> str:
    words = {
        "1": _("counts what arises in the municipality itself (scope 1)"),
        "2": _("counts what comes of making the electricity and heat that are used there (scope 2)"),
        "1+2": _(
            "counts what arises in the municipality, and what comes of making its electricity (scope 1 and 2)"
        ),
        "": _("does not name its scope"),
    }
    return words.get(scope) or _("counts scope %s") % scope


def _sectors(low: Told, high: Told) -> list[str]:
    """Name the sectors that both print and that differ most."""
    pairs = []
    for code, (label, value) in low.sectors.items():
        _label, beside = high.sectors.get(code, ("", None))
        if value is not None and beside is not None and value != beside:
            pairs.append((abs(beside - value), label, value, beside))
    says = _("%(sector)s: %(one)s against %(other)s kilotons.")
    return [
        says % {"sector": label, "one": format_number(value), "other": format_number(beside)}
        for _gap, label, value, beside in sorted(pairs, reverse=True)[:MOST_SECTORS]
    ]


def _edition(low: Told, high: Told) -> list[str]:
    found = []
    if low.family and low.family == high.family and low.release != high.release:
        says = _(
            "They are two editions of one publication: %(one)s and %(other)s."
            " A later one recalculates earlier years."
        )
        found.append(says % {"one": low.release or low.source, "other": high.release or high.source})
    return found
