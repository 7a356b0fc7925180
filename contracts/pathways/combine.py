"""What measures do alone, together, and each of them to the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from contracts.pathways.model import Case, Kind, Measure
from contracts.pathways.trend import Floats, curves, trends


@dataclass(frozen=True)
class Effects:
    """The effects of measures as arrays.

    `fractions` (measures, sources): share of what is left, 0 to 1; `amounts` (measures, sources): kt in the full
    year; `compensation` (measures,): kt in the full year.
    """

    fractions: Floats
    amounts: Floats
    compensation: Floats

    @classmethod
    def of(cls, case: Case, measures: Sequence[Measure]) -> "Effects":
        """Read the effects of measures on the sources of a case; measures that do not count have none."""
        place = {source.code: column for column, source in enumerate(case.sources)}
        shape = (len(measures), len(place))
        found: dict[Kind, Floats] = {"fraction": np.zeros(shape), "absolute": np.zeros(shape)}
        compensation = np.zeros(len(measures))
        for row, measure in enumerate(measures):
            for effect in measure.effects if measure.counts else ():
                if effect.kind == "compensation":
                    compensation[row] += effect.value
                else:
                    found[effect.kind][row, place[effect.source or ""]] = effect.value
        return cls(found["fraction"], found["absolute"], compensation)


@dataclass(frozen=True)
class Parts:
    """Who brings which part of the reduction: kt, shape (measures, sources, years).

    `combined` (sources, years).
    """

    combined: Floats
    attributed: Floats
    clipped: Floats


def combine(trend: Floats, fractions: Floats, amounts: Floats) -> Parts:
    """Combine measures on sources and attribute the reduction to them, additively and whatever their order.

    `trend` (sources, years) in kt; `fractions` and `amounts` (measures, sources, years) as far as carried out.
    E = max(0, B x prod(1 - r a) - sum A a). Of the part due to fractions a measure gets the share
    ln(1 - r a)/sum ln(1 - r a), in the limit an equal part for those that reach 1; amounts are scaled down where
    the floor at zero cuts, and what it cuts is `clipped` (pathways specification, 'Combined emissions',
    'Attribution').
    """
    left = trend * np.prod(1.0 - fractions, axis=0)
    asked = amounts.sum(axis=0)
    combined = np.maximum(0.0, left - asked)
    attributed = _shares(fractions) * (trend - left)
    granted = amounts
    if asked.any():
        granted = amounts * np.where(asked > left, left / np.where(asked > 0.0, asked, 1.0), 1.0)
    return Parts(combined, attributed + granted, amounts - granted)


def _shares(fractions: Floats) -> Floats:
    """Give each measure's share, 0 to 1, of what fractions take; all 0 where none takes anything."""
    whole = fractions >= 1.0
    logarithms = np.log1p(-np.where(whole, 0.0, fractions))
    total = logarithms.sum(axis=0)
    shares = logarithms / np.where(total == 0.0, 1.0, total)
    if whole.any():
        reaching = whole.sum(axis=0)
        shares = np.where(reaching > 0, whole / np.maximum(reaching, 1), shares)
    return shares


def standalone(trend: Floats, fractions: Floats, amounts: Floats) -> Floats:
    """Give what measures would do alone, in kt, shape (measures, years).

    An amount never takes more than there is.
    """
    alone: Floats = (fractions * trend + np.minimum(amounts, trend)).sum(axis=1)
    return alone


@dataclass(frozen=True)
class Evaluation:
    """The deterministic result of a case, in kt CO2e per year.

    `trend` and `emissions` (sources, years); `curves`, `standalone`, `attributed`, `clipped` and `compensation`
    (measures, years).
    """

    case: Case
    effects: Effects
    curves: Floats
    trend: Floats
    emissions: Floats
    standalone: Floats
    attributed: Floats
    clipped: Floats
    compensation: Floats

    @cached_property
    def trend_total(self) -> Floats:
        """Give the trend of all sources together, in kt, shape (years,)."""
        total: Floats = self.trend.sum(axis=0)
        return total

    @cached_property
    def emissions_total(self) -> Floats:
        """Give the combined gross emissions of all sources, in kt, shape (years,)."""
        total: Floats = self.emissions.sum(axis=0)
        return total

    @cached_property
    def net_total(self) -> Floats:
        """Give gross emissions less compensation, in kt, shape (years,)."""
        net: Floats = self.emissions_total - self.compensation.sum(axis=0)
        return net

    @property
    def interaction(self) -> Floats:
        """Give the sum of stand-alone effects less the combined reduction, in kt, shape (years,)."""
        both: Floats = self.standalone.sum(axis=0) - (self.trend_total - self.emissions_total)
        return both

    def full_year_kt(self, *, attributed: bool) -> Floats:
        """Give what each measure brings in its full year, compensation included, in kt, shape (measures,).

        Where the full year lies after the end, the measure counts as wholly carried out on the trend of the end
        year.
        """
        case, last = self.case, len(self.case.years) - 1
        at = np.array([min(measure.full_year - case.base_year, last) for measure in case.measures], np.int64)
        if not attributed:
            return self.effects.compensation + self._alone_when_full(at)
        found = self.effects.compensation + self.attributed[np.arange(len(at)), at]
        for row, measure in enumerate(case.measures):
            if measure.full_year > case.end_year:
                found[row] = self.effects.compensation[row] + self._attributed_when_full(row)
        return found

    def _alone_when_full(self, at: NDArray[np.int64]) -> Floats:
        trend = self.trend.T[at]
        alone: Floats = (self.effects.fractions * trend + np.minimum(self.effects.amounts, trend)).sum(axis=1)
        return alone

    def _attributed_when_full(self, row: int) -> float:
        carried_out = self.curves[:, -1].copy()
        carried_out[row] = 1.0
        parts = combine(
            self.trend[:, -1:],
            (self.effects.fractions * carried_out[:, None])[:, :, None],
            (self.effects.amounts * carried_out[:, None])[:, :, None],
        )
        return float(parts.attributed[row].sum())


def evaluate(case: Case) -> Evaluation:
    """Calculate a case with every effect at its value, all measures but the vague ones in full."""
    trend = trends(case)
    effects = Effects.of(case, case.measures)
    carried_out = curves(case.measures, case.years) if case.measures else np.zeros((0, len(case.years)))
    fractions = effects.fractions[:, :, None] * carried_out[:, None, :]
    amounts = effects.amounts[:, :, None] * carried_out[:, None, :]
    parts = combine(trend, fractions, amounts)
    return Evaluation(
        case=case,
        effects=effects,
        curves=carried_out,
        trend=trend,
        emissions=parts.combined,
        standalone=standalone(trend, fractions, amounts),
        attributed=parts.attributed.sum(axis=1),
        clipped=parts.clipped.sum(axis=1),
        compensation=effects.compensation[:, None] * carried_out,
    )
