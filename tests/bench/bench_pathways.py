"""The calculation of pathways: one case, ten thousand draws, all municipalities, and how near it is to its limit.

Required: a case of 25 measures, 8 sources and 30 years in 2 ms; with 10,000 draws in 0.8 s and 500 MB; 342 cities
with 1,000 draws in 20 s on two cores.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
from django.conf import settings

from contracts.pathways import evaluate, read_case, simulate
from contracts.pathways.trend import curves, trends
from contracts.pathways.uncertainty import totals_drawn
from tests.figures import Figures

DRAWS = 10_000
CITIES = 342


def document(seed: int = 0) -> dict[str, Any]:
    """A case of 25 measures on 8 sources over 30 years, with spread, doubt and delays."""
    chance = np.random.default_rng(seed)
    measures = []
    for index in range(25):
        start = int(chance.integers(2020, 2035))
        effects = []
        for place in chance.choice(8, size=2, replace=False):
            kind = "fraction" if chance.random() < 0.7 else "absolute"
            value = float(chance.uniform(0.02, 0.3)) * (1.0 if kind == "fraction" else 100.0)
            effects.append(
                {"source": f"s{place}", "kind": kind, "value": value, "low": value * 0.6, "high": value * 1.2}
            )
        measures.append(
            {
                "code": f"m{index}",
                "start_year": start,
                "full_year": start + int(chance.integers(0, 15)),
                "curve": ["linear", "s_curve", "step"][index % 3],
                "status": ["certain", "expected", "intended"][index % 3],
                "effects": effects,
                "capex_eur": {str(start): 1e6},
                "lifetime_years": 30,
                "delay_years": {"0": 0.7, "1": 0.2, "2": 0.1},
            }
        )
    return {
        "schema": "nss-pathway/1",
        "base_year": 2020,
        "end_year": 2050,
        "sources": [
            {"code": f"s{place}", "sector": f"sector {place % 4}", "baseline_kt": 500.0, "trend": {"rate": -0.005}}
            for place in range(8)
        ],
        "measures": measures,
        "target": {"year": 2050, "reduction": 0.8},
    }


def seconds(call: Callable[[], object], rounds: int) -> float:
    """Median time of a call, in s, after one to warm up."""
    call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def drawn_by_hand(case: Any, draws: int) -> dict[str, Any]:
    """Draws for the two yardsticks: effects (draws, measures, sources) by kind, delays (draws, measures)."""
    chance = np.random.default_rng(1)
    place = {source.code: column for column, source in enumerate(case.sources)}
    shape = (draws, len(case.measures), len(place))
    found: dict[str, Any] = {"fraction": np.zeros(shape), "absolute": np.zeros(shape)}
    for row, measure in enumerate(case.measures):
        done = chance.random(draws) < case.chances[measure.status]
        for effect in measure.effects:
            width = effect.highest - effect.lowest
            a = 1 + 4 * (effect.value - effect.lowest) / width
            b = 1 + 4 * (effect.highest - effect.value) / width
            found[effect.kind][:, row, place[effect.source]] = (
                effect.lowest + width * chance.beta(a, b, draws)
            ) * done
    found["delay"] = chance.choice(3, p=[0.7, 0.2, 0.1], size=(draws, len(case.measures)))
    return found


def shortest(case: Any, draws: int) -> np.ndarray:
    """The limit: the whole calculation in as few lines of NumPy as it takes."""
    drawn, late = drawn_by_hand(case, draws), np.stack([curves(case.measures, case.years, d) for d in range(3)])
    left = np.repeat(trends(case)[None], draws, axis=0)
    asked = np.zeros_like(left)
    for row in range(len(case.measures)):
        a = late[drawn["delay"][:, row], row][:, None, :]
        for column in np.flatnonzero(drawn["fraction"][:, row].any(axis=0)):
            left[:, column] *= 1 - drawn["fraction"][:, row, column, None] * a[:, 0]
        for column in np.flatnonzero(drawn["absolute"][:, row].any(axis=0)):
            asked[:, column] += drawn["absolute"][:, row, column, None] * a[:, 0]
    return np.maximum(left - asked, 0.0).sum(axis=1)


def loop_over_draws(case: Any, draws: int) -> np.ndarray:
    """The same mathematics, one draw after the other; over years it is NumPy still."""
    drawn, late = drawn_by_hand(case, draws), np.stack([curves(case.measures, case.years, d) for d in range(3)])
    trend, totals = trends(case), np.zeros((draws, len(case.years)))
    for draw in range(draws):
        for column in range(len(case.sources)):
            left, asked = trend[column].copy(), np.zeros(len(case.years))
            for row in range(len(case.measures)):
                a = late[drawn["delay"][draw, row], row]
                left *= 1 - drawn["fraction"][draw, row, column] * a
                asked += drawn["absolute"][draw, row, column] * a
            totals[draw] += np.maximum(left - asked, 0.0)
    return totals


def test_one_case(figures: Figures) -> None:
    case = read_case(document())
    assert evaluate(case).emissions_total[-1] > 0
    figures.record(
        "pathway: one case, 25 measures, 8 sources, 30 years",
        seconds(lambda: evaluate(case), 50) * 1000,
        "ms",
        at_most=2,
    )


def test_ten_thousand_draws(figures: Figures) -> None:
    case = read_case(document())
    ours = seconds(lambda: simulate(case, draws=DRAWS, seed=1), 3)
    figures.record("pathway: 10,000 draws", ours, "s", at_most=0.8)
    drawing = seconds(lambda: totals_drawn(case, draws=DRAWS, seed=1), 3)
    limit = seconds(lambda: shortest(case, DRAWS), 3)
    few = 100
    loop = seconds(lambda: loop_over_draws(case, few), 1) * DRAWS / few
    means = [draws.mean(axis=0) for draws in (totals_drawn(case, draws=DRAWS, seed=1), shortest(case, DRAWS))]
    assert np.allclose(*means, rtol=0.01), "the yardstick calculates something else"
    figures.record("pathway: drawing beside the shortest NumPy", drawing / limit, "x", at_most=2)
    figures.record("pathway: plain loop over draws beside drawing", loop / drawing, "x", at_least=10)


MEMORY = """
import resource, json, sys
from contracts.pathways import read_case, simulate
case = read_case(json.load(sys.stdin))
simulate(case, draws=10_000, seed=1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def test_memory_of_a_process_with_ten_thousand_draws(figures: Figures) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MEMORY],
        cwd=settings.BASE_DIR,
        input=json.dumps(document()),
        capture_output=True,
        text=True,
        check=True,
    )
    figures.record("pathway: memory with 10,000 draws", float(ran.stdout), "MB", at_most=500)


def one_city(seed: int) -> float:
    """A municipality's case with a thousand draws."""
    return float(simulate(read_case(document(seed)), draws=1000, seed=seed).quantiles_kt[2, -1])


def test_all_municipalities(figures: Figures) -> None:
    start = time.perf_counter()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        answers = list(pool.map(one_city, range(CITIES), chunksize=19))
    figures.record("pathway: 342 cities, 1,000 draws, two processes", time.perf_counter() - start, "s", at_most=20)
    assert len(set(answers)) == CITIES
