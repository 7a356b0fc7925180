"""What holds for every case."""

import json
import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.pathways import evaluate, read_case, solve
from contracts.pathways.uncertainty import totals_drawn
from tests.contracts.pathways import plain
from tests.contracts.pathways.cases import Case, cases, certain, worked

YEARS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def near(trend: float) -> float:
    """The precision that is asked for: 1e-9 of the trend."""
    return 1e-9 * max(trend, 1.0)


@YEARS
@given(cases())
def test_attributions_sum_to_the_reduction(case: Case) -> None:
    found = evaluate(read_case(case))
    reduction = found.trend_total - found.emissions_total
    assert np.all(np.abs(found.attributed.sum(axis=0) - reduction) <= 1e-9 * np.maximum(found.trend_total, 1.0))
    assert found.attributed.min(initial=0.0) >= -1e-12


@YEARS
@given(cases())
def test_it_is_what_plain_loops_give(case: Case) -> None:
    result = solve(read_case(case))
    for year in map(str, result["years"]):
        for source in case["sources"]:
            there = plain.trend(source, case["base_year"], int(year))
            assert result["trend_kt"][source["code"]][year] == pytest.approx(there, abs=near(there))
            left = plain.emissions(case, source, int(year))
            assert result["emissions_kt"][source["code"]][year] == pytest.approx(left, abs=near(there))
        for measure in plain.counted(case):
            alone = plain.standalone(case, measure, int(year))
            assert result["measures"][measure["code"]]["standalone_kt"][year] == pytest.approx(
                alone, abs=near(alone)
            )
    for measure in plain.counted(case):
        worth = plain.npv(case, measure)
        assert result["measures"][measure["code"]]["npv_eur"] == pytest.approx(worth, rel=1e-9, abs=1e-3)


@YEARS
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_measures_changes_nothing(case: Case, chance: random.Random) -> None:
    shuffled = {**case, "measures": chance.sample(case["measures"], len(case["measures"]))}
    one, other = (solve(read_case(c), draws=20, seed=3) for c in (case, shuffled))
    trend = max(one["trend_kt"]["total"].values())
    for code, held in one["measures"].items():
        for part in ("standalone_kt", "attributed_kt", "clipped_kt"):
            assert other["measures"][code][part] == pytest.approx(held[part], abs=near(trend))
    quantiles = [result["uncertainty"]["quantiles_kt"]["P50"] for result in (one, other)]
    assert quantiles[0] == pytest.approx(quantiles[1], abs=near(trend))


@YEARS
@given(cases())
def test_without_spread_and_doubt_each_draw_is_the_deterministic_answer(case: Case) -> None:
    sure = read_case(certain(case))
    drawn = totals_drawn(sure, draws=3, seed=1)
    expected = evaluate(sure).emissions_total
    assert np.all(np.abs(drawn - expected) <= 1e-9 * np.maximum(expected, 1.0))


@YEARS
@given(cases(), st.floats(0.0, 1.0))
def test_more_ambition_never_raises_emissions(case: Case, more: float) -> None:
    bolder = json.loads(json.dumps(case))
    for measure in bolder["measures"]:
        for effect in measure["effects"]:
            top = 1.0 if effect["kind"] == "fraction" else 3000.0
            effect["value"] += (top - effect["value"]) * more if effect["value"] < top else 0.0
            effect.pop("low", None)
            effect.pop("high", None)
    before, after = (evaluate(read_case(c)).emissions_total for c in (case, bolder))
    assert np.all(after <= before + 1e-9 * np.maximum(before, 1.0))


@YEARS
@given(cases())
def test_emissions_are_never_negative_and_the_result_is_json(case: Case) -> None:
    result = solve(read_case(case), draws=10, seed=0)
    assert min(result["emissions_kt"]["total"].values()) >= 0.0
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def drawn(seed: int) -> list[float]:
    """Quantiles of a case with spread, in a process of its own."""
    case = worked()
    case["measures"][0]["effects"][0] |= {"low": 0.1, "high": 0.6}
    case["measures"][1]["status"] = "intended"
    result = solve(read_case(case), draws=500, seed=seed)["uncertainty"]["quantiles_kt"]
    return [value for quantile in result.values() for value in quantile.values()]


def test_the_same_seed_gives_the_same_answer_over_any_number_of_processes() -> None:
    here = [drawn(seed) for seed in (1, 1, 2)]
    assert here[0] == here[1] != here[2]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(drawn, [1, 1, 2])) == here
