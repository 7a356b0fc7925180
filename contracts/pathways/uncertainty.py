"""How sure a pathway is: draws of effects, delays and whether measures are carried out at all."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from contracts.pathways.combine import Effects, combine, evaluate
from contracts.pathways.gap import target_kt
from contracts.pathways.model import MOST_DRAWS, Case, Effect, Measure
from contracts.pathways.trend import Floats, curves, trends

LAMBDA = 4.0  # weight of the mode in the PERT distribution
QUANTILES = (5, 10, 50, 90, 95)  # percent
# Draws that are worked on at once: few enough to stay in the processor's cache, and to bound the memory.
BLOCK = 512
# A draw is on target also when rounding in the last digits puts it above; share of the target.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Swing:
    """Emissions in the target year, in kt, with one measure at its low and its high end and the rest at mode."""

    code: str
    low_kt: float
    high_kt: float

    @property
    def swing_kt(self) -> float:
        """Give the distance between both ends."""
        return abs(self.low_kt - self.high_kt)


@dataclass(frozen=True)
class Uncertainty:
    """Gross emissions over draws: `quantiles_kt` (quantiles, years), the chance of the target, and the tornado."""

    draws: int
    seed: int
    quantiles_kt: Floats
    chance_of_target: float | None
    tornado: tuple[Swing, ...]


@dataclass(frozen=True)
class _Drawn:
    """The draws of one measure: `delay` (draws,) counts into `table` (delays, years).

    Effects as (source, values).
    """

    table: Floats
    delay: np.ndarray
    fractions: tuple[tuple[int, Floats], ...]
    amounts: tuple[tuple[int, Floats], ...]


def stream(seed: int, code: str) -> np.random.Generator:
    """Give the random stream of one measure: PCG64 from the seed and the SHA-256 of the measure's code.

    Each measure has its own, so that order and number of the others, and of processes, change nothing.
    """
    digest = np.frombuffer(hashlib.sha256(code.encode()).digest(), dtype=">u4")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *map(int, digest)])))


def pert(generator: np.random.Generator, low: float, mode: float, high: float, draws: int) -> Floats:
    """Draw from the PERT distribution (beta between `low` and `high` with lambda 4), shape (draws,).

    alpha = 1 + 4 (mode - low)/(high - low), beta = 1 + 4 (high - mode)/(high - low); low = high gives that value.
    """
    if high <= low:
        return np.full(draws, mode)
    width = high - low
    shape = 1.0 + LAMBDA * (mode - low) / width, 1.0 + LAMBDA * (high - mode) / width
    return low + width * generator.beta(*shape, size=draws)


def simulate(case: Case, *, draws: int, seed: int) -> Uncertainty:
    """Draw a case `draws` times (1 to 100,000) and give quantiles, chance of the target and tornado.

    Effects are PERT and independent, delays come from each measure's distribution, and each measure is carried out
    with the chance of its status (pathways specification, 'Uncertainty'). Raises ValueError for other numbers of
    draws, or a seed below 0.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise ValueError(f"{draws} is not between 1 and {MOST_DRAWS:,}")
    if seed < 0:
        raise ValueError(f"{seed} is below 0")
    totals = totals_drawn(case, draws=draws, seed=seed)
    quantiles = np.quantile(totals, np.array(QUANTILES) / 100.0, axis=0)
    chance = None
    if case.target is not None:
        allowed = target_kt(case, case.target) * (1.0 + TOLERANCE)
        chance = float((totals[:, case.target.year - case.base_year] <= allowed).mean())
    return Uncertainty(draws, seed, quantiles, chance, tornado(case))


def totals_drawn(case: Case, *, draws: int, seed: int) -> Floats:
    """Give the gross emissions of all sources together per draw, in kt, shape (draws, years)."""
    trend = trends(case)
    drawn = [_draw(case, measure, draws, seed) for measure in case.measures]
    touched = sorted({column for one in drawn for column, _values in (*one.fractions, *one.amounts)})
    totals = np.empty((draws, len(case.years)))
    totals[:] = trend.sum(axis=0) - trend[touched].sum(axis=0)
    for start in range(0, draws, BLOCK):
        block = slice(start, min(start + BLOCK, draws))
        for column in touched:
            totals[block] += _emissions(trend[column], column, drawn, block)
    return totals


def _emissions(trend: Floats, column: int, drawn: Sequence[_Drawn], block: slice) -> Floats:
    """Give the emissions of one source over a block of draws, in kt, shape (block, years)."""
    left: Floats = np.repeat(trend[None, :], block.stop - block.start, axis=0)
    asked: Floats | None = None
    for one in drawn:
        held = [(values, True) for place, values in one.fractions if place == column]
        held += [(values, False) for place, values in one.amounts if place == column]
        for values, is_fraction in held:
            carried_out = one.table[0] if len(one.table) == 1 else one.table[one.delay[block]]
            part = values[block, None] * carried_out
            if is_fraction:
                left *= np.subtract(1.0, part, out=part)
            else:
                asked = part if asked is None else np.add(asked, part, out=asked)
    if asked is not None:
        left -= asked
        np.maximum(left, 0.0, out=left)
    return left


def _draw(case: Case, measure: Measure, draws: int, seed: int) -> _Drawn:
    place = {source.code: column for column, source in enumerate(case.sources)}
    generator = stream(seed, measure.code)
    carried_out = generator.random(draws) < case.chances[measure.status]
    delays = sorted(measure.delay_years)
    bounds = np.cumsum([measure.delay_years[delay] for delay in delays])
    delay = np.minimum(np.searchsorted(bounds, generator.random(draws), side="right"), len(delays) - 1)
    found: dict[str, list[tuple[int, Floats]]] = {"fraction": [], "absolute": []}
    for effect in sorted(measure.effects, key=_by_source):
        if effect.kind != "compensation":
            values = pert(generator, effect.lowest, effect.value, effect.highest, draws) * carried_out
            found[effect.kind].append((place[effect.source or ""], values))
    table = np.concatenate([curves([measure], case.years, late) for late in delays])
    return _Drawn(table, delay, tuple(found["fraction"]), tuple(found["absolute"]))


def _by_source(effect: Effect) -> tuple[str, str]:
    return (effect.source or "", effect.kind)


def tornado(case: Case) -> tuple[Swing, ...]:
    """Move one measure at a time to its low and high ends, the rest at mode, realised and undelayed.

    In the target year, or in the end year when there is no target; gross emissions; the widest swing first,
    equal ones by code. Vague measures count as nothing.
    """
    at = (case.target.year if case.target else case.end_year) - case.base_year
    found = evaluate(case)
    effects, trend = found.effects, found.trend[:, at : at + 1]
    carried_out = found.curves[:, at]
    middle = _remaining(trend, effects, carried_out)
    swings = []
    for row, measure in enumerate(case.measures):
        if not measure.counts:
            continue
        ends = [_moved(case, effects, row, measure, high=high) for high in (False, True)]
        low, high = (middle if moved is None else _remaining(trend, moved, carried_out) for moved in ends)
        swings.append(Swing(measure.code, low, high))
    return tuple(sorted(swings, key=lambda swing: (-swing.swing_kt, swing.code)))


def _moved(case: Case, effects: Effects, row: int, measure: Measure, *, high: bool) -> Effects | None:
    ends = [(effect, effect.highest if high else effect.lowest) for effect in measure.effects]
    if all(end == effect.value or effect.kind == "compensation" for effect, end in ends):
        return None
    place = {source.code: column for column, source in enumerate(case.sources)}
    fractions, amounts = effects.fractions.copy(), effects.amounts.copy()
    for effect, end in ends:
        if effect.kind != "compensation":
            (fractions if effect.kind == "fraction" else amounts)[row, place[effect.source or ""]] = end
    return Effects(fractions, amounts, effects.compensation)


def _remaining(trend: Floats, effects: Effects, carried_out: Floats) -> float:
    parts = combine(
        trend,
        (effects.fractions * carried_out[:, None])[:, :, None],
        (effects.amounts * carried_out[:, None])[:, :, None],
    )
    return float(parts.combined.sum())
