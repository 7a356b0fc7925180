"""The autonomous trend, and the curves by which measures come into effect."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from contracts.pathways.model import Case, Measure, Source

Floats = NDArray[np.float64]


def trend_of(source: Source, years: range) -> Floats:
    """Give the emissions of a source if nothing changes, in kt CO2e, shape (years,).

    B(y) = B(y-1) x (1 + g(y)) from the baseline in the first year on, unrounded; or the given series, filled
    linearly between its years and flat after the last (pathways specification, 'Autonomous trend').
    """
    if source.series is not None:
        return _along(source.baseline_kt, source.series, years)
    growth = np.full(len(years), source.rate or 0.0)
    if source.rates is not None:
        growth = np.array([source.rates.get(year, 0.0) for year in years])
    growth[0] = 0.0
    trend: Floats = source.baseline_kt * np.cumprod(1.0 + growth, dtype=np.float64)
    return trend


def _along(baseline: float, series: Mapping[int, float], years: range) -> Floats:
    known = sorted(series)
    filled: Floats = np.interp(
        np.array(years, float),
        [float(years[0]), *map(float, known)],
        [baseline, *(series[year] for year in known)],
    )
    return filled


def trends(case: Case) -> Floats:
    """Give the trend of every source in kt CO2e, shape (sources, years)."""
    return np.stack([trend_of(source, case.years) for source in case.sources])


def curves(measures: Sequence[Measure], years: range, delay: int = 0) -> Floats:
    """Give how far each measure is carried out, 0 to 1, shape (measures, years).

    0 up to and including the start year, 1 from the full year on, and between them `linear`, `s_curve` (the
    normalised logistic, written with tanh so that a steepness near 0 stays exact) or `step`; where both years
    are one, 1 from that year on (pathways specification, 'Implementation curve'). `delay` in whole years moves
    both years.
    """
    now = np.array(years, float)
    start = np.array([measure.start_year + delay for measure in measures], float)[:, None]
    full = np.array([measure.full_year + delay for measure in measures], float)[:, None]
    share = np.clip((now - start) / np.maximum(full - start, 1.0), 0.0, 1.0)
    logistic = [index for index, measure in enumerate(measures) if measure.curve == "s_curve"]
    if logistic:
        quarter = np.array([measures[index].steepness / 4.0 for index in logistic])[:, None]
        share[logistic] = (np.tanh(quarter * (2.0 * share[logistic] - 1.0)) / np.tanh(quarter) + 1.0) / 2.0
    share[[measure.curve == "step" for measure in measures]] = 0.0
    return np.where(now >= full, 1.0, np.where(now <= start, 0.0, share))
