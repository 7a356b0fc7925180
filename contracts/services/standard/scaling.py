"""What a measure typically does and costs in one municipality: pure, without a database.

Effects are in kt a year in the full year, money in million euros, shares from 0 to 1. Nothing is derived where a
figure is missing: the answer is then None.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from contracts.models.standard_measure import CostBasis, EffectBasis, StandardMeasure

PER_PEOPLE = Decimal(100_000)
KT = Decimal("0.001")
# Which rows of a publication hold the emissions of a sector: the first set that is there as a whole counts.
ROWS_OF: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "built": (("built",), ("housing", "services")),
    "industry": (("industry",), ("industry_energy_waste",)),
    "energy": (("energy",),),
}
# Below this share of the total a sector brings too little to begin with.
SMALL_SHARE = Decimal("0.08")
MOST_SUGGESTED = 8


@dataclass(frozen=True)
class Place:
    """What is known of a municipality: inhabitants, and kt per sector as published or filled in."""

    people: int | None
    sectors: Mapping[str, Decimal]

    def emissions(self, sector: str) -> Decimal | None:
        """Give the emissions of a sector in kt; None where they are not known."""
        for rows in ROWS_OF.get(sector, ((sector,),)):
            if all(row in self.sectors for row in rows):
                return sum((self.sectors[row] for row in rows), Decimal(0))
        return None

    @property
    def total(self) -> Decimal:
        """Give the sum of the sectors that are known, in kt."""
        return sum(self.sectors.values(), Decimal(0))

    def share(self, sector: str) -> Decimal:
        """Give the share (0 to 1) of a sector in what is known; 0 where it is not known."""
        found = self.emissions(sector)
        return found / self.total if found is not None and self.total else Decimal(0)


@dataclass(frozen=True)
class Scaled:
    """A measure in one municipality: kt (typical, low, high) and million euros (typical, low, high)."""

    kt: Decimal | None
    kt_low: Decimal | None
    kt_high: Decimal | None
    meur: Decimal | None
    meur_low: Decimal | None
    meur_high: Decimal | None


def scaled(measure: StandardMeasure, place: Place) -> Scaled:
    """Scale a measure to a municipality."""
    kt = _effect(measure, place, measure.middle)
    return Scaled(
        kt=kt,
        kt_low=_effect(measure, place, measure.effect_low),
        kt_high=_effect(measure, place, measure.effect_high),
        meur=_cost(measure, place, measure.middle_cost, kt),
        meur_low=_cost(measure, place, measure.cost_low, kt),
        meur_high=_cost(measure, place, measure.cost_high, kt),
    )


def sensible(value: Decimal | None) -> Decimal | None:
    """Round a scaled number no finer than a typical figure is known: whole from 100 on, one decimal from 1 on."""
    if value is None:
        return None
    return value.quantize(Decimal(1) if value >= 100 else Decimal("0.1") if value >= 1 else KT)


def _effect(measure: StandardMeasure, place: Place, value: Decimal | None) -> Decimal | None:
    if measure.effect_basis == EffectBasis.SHARE:
        base = place.emissions(measure.base_sector)
        return None if value is None or base is None else sensible(base * value / 100)
    return None if value is None or place.people is None else sensible(value * place.people / PER_PEOPLE)


def _cost(measure: StandardMeasure, place: Place, value: Decimal | None, kt: Decimal | None) -> Decimal | None:
    if measure.cost_basis == CostBasis.TONNE:
        return None if value is None or kt is None else sensible(value * kt)
    return None if value is None or place.people is None else sensible(value * place.people / PER_PEOPLE)


def fits(measure: StandardMeasure, place: Place) -> bool:
    """Say whether a measure is meant for a municipality of this size; unknown sizes fit."""
    if place.people is None:
        return True
    too_small = measure.people_from is not None and place.people < measure.people_from
    too_large = measure.people_to is not None and place.people > measure.people_to
    return not too_small and not too_large


def suggested(measures: Iterable[StandardMeasure], place: Place) -> list[str]:
    """Give the codes of measures to begin with, what does most first.

    Those that fit the size and work on a sector of some weight; without figures, those that fit, in the order of
    the library.
    """
    fitting = [measure for measure in measures if fits(measure, place)]
    weighty = [measure for measure in fitting if place.share(measure.base_sector) >= SMALL_SHARE]
    chosen = sorted(weighty, key=lambda one: scaled(one, place).kt or Decimal(0), reverse=True) or fitting
    return [measure.code for measure in chosen[:MOST_SUGGESTED]]


def combined(effects: Iterable[tuple[str, Decimal]], place: Place) -> Decimal:
    """Give what measures do together, in kt: on one sector each works on what the others leave (`pathways.md`).

    `effects` are pairs of base sector and kt. Where the sector's emissions are not known, kt are added up.
    """
    left: dict[str, Decimal] = {}
    loose = Decimal(0)
    for sector, kt in effects:
        base = place.emissions(sector)
        if not base:
            loose += kt
            continue
        left[sector] = left.get(sector, Decimal(1)) * (1 - min(kt / base, Decimal(1)))
    done = sum(((1 - rest) * (place.emissions(sector) or 0) for sector, rest in left.items()), Decimal(0))
    return (done + loose).quantize(KT)
