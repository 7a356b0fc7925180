"""Cases worked by hand and published elsewhere."""

import math

import pytest

from contracts.pathways import annuity, capital_recovery_factor, npv, read_case, solve
from tests.contracts.pathways.cases import worked


def test_two_measures_on_one_source() -> None:
    result = solve(read_case(worked()))
    assert result["measures"]["m1"]["standalone_kt"]["2030"] == pytest.approx(30.0)
    assert result["measures"]["m2"]["standalone_kt"]["2030"] == pytest.approx(20.0)
    assert result["emissions_kt"]["total"]["2030"] == pytest.approx(56.0)
    assert result["interaction_kt"]["2030"] == pytest.approx(6.0)
    assert result["measures"]["m1"]["attributed_kt"]["2030"] == pytest.approx(27.0666, abs=5e-5)
    assert result["measures"]["m2"]["attributed_kt"]["2030"] == pytest.approx(16.9334, abs=5e-5)


def test_an_amount_larger_than_what_is_left_is_cut_and_the_cut_is_shown() -> None:
    result = solve(read_case(worked(with_amount=True)))
    assert result["emissions_kt"]["total"]["2030"] == 0.0
    assert result["measures"]["m3"]["attributed_kt"]["2030"] == pytest.approx(56.0)
    assert result["measures"]["m3"]["clipped_kt"]["2030"] == pytest.approx(4.0)
    assert result["measures"]["m1"]["clipped_kt"]["2030"] == 0.0


def test_measures_that_take_everything_share_the_part_equally() -> None:
    case = worked()
    for measure in case["measures"]:
        measure["effects"][0]["value"] = 1.0
    case["measures"].append(
        {**case["measures"][0], "code": "m3", "effects": [dict(case["measures"][0]["effects"][0])]}
    )
    case["measures"][2]["effects"][0]["value"] = 0.5
    found = solve(read_case(case))["measures"]
    assert [found[code]["attributed_kt"]["2030"] for code in ("m1", "m2", "m3")] == [50.0, 50.0, 0.0]


def test_a_compensation_stands_beside_the_gross_emissions() -> None:
    case = worked()
    case["measures"][1]["effects"] = [{"kind": "compensation", "value": 10.0}]
    case["target"] = {"year": 2030, "reduction": 0.8}
    result = solve(read_case(case))
    assert result["emissions_kt"]["total"]["2030"] == pytest.approx(70.0)
    assert result["net_kt"]["2030"] == pytest.approx(60.0)
    assert (result["gap_kt"], result["net_gap_kt"]) == (pytest.approx(50.0), pytest.approx(40.0))
    assert result["measures"]["m2"]["compensation_kt"]["2025"] == pytest.approx(5.0)
    assert result["measures"]["m2"]["standalone_kt"]["2030"] == 0.0


def test_a_vague_measure_counts_as_nothing_and_is_listed() -> None:
    case = worked()
    case["measures"][0] |= {"status": "vague", "capex_eur": {"2025": 1e6}, "lifetime_years": 10}
    result = solve(read_case(case))
    assert result["not_counted"] == ["m1"]
    assert result["emissions_kt"]["total"]["2030"] == pytest.approx(80.0)
    assert result["measures"]["m1"]["npv_eur"] == 0.0
    assert result["measures"]["m1"]["eur_per_tonne"] == {"simple": None, "annuity": None, "npv": None}
    assert "m1" not in result["macc"]


@pytest.mark.parametrize(
    ("curve", "k", "at_2025", "at_2023"),
    [
        ("linear", 10.0, 0.5, 0.3),
        ("step", 10.0, 0.0, 0.0),
        ("s_curve", 10.0, 0.5, 0.114037),
        ("s_curve", 1e-9, 0.5, 0.3),
    ],
)
def test_the_curves(curve: str, k: float, at_2025: float, at_2023: float) -> None:
    case = worked()
    case["measures"] = [{**case["measures"][0], "curve": curve, "k": k}]
    found = solve(read_case(case))["measures"]["m1"]["standalone_kt"]
    assert found["2025"] == pytest.approx(30.0 * at_2025)
    assert found["2023"] == pytest.approx(30.0 * at_2023, abs=1e-4)
    assert (found["2020"], found["2030"]) == (0.0, pytest.approx(30.0))


@pytest.mark.parametrize("curve", ["linear", "s_curve", "step"])
def test_a_measure_that_starts_in_full_is_full_from_that_year_on(curve: str) -> None:
    case = worked()
    case["measures"] = [{**case["measures"][0], "curve": curve, "start_year": 2025, "full_year": 2025}]
    found = solve(read_case(case))["measures"]["m1"]["standalone_kt"]
    assert (found["2024"], found["2025"], found["2030"]) == (0.0, pytest.approx(30.0), pytest.approx(30.0))


def test_the_published_checks_of_present_value_and_annuity_hold() -> None:
    assert npv(0.05, [-15000, 1500, 2500, 3500, 4500, 6000]) == pytest.approx(122.89485495)
    assert annuity(15000, 0.08 / 12, 60) == pytest.approx(304.14591433)
    assert capital_recovery_factor(0.0, 25) == 1 / 25
    assert capital_recovery_factor(1e-12, 25) == pytest.approx(1 / 25, rel=1e-9)


@pytest.mark.parametrize("call", [lambda: npv(-1.0, [1]), lambda: annuity(1, -0.1, 2), lambda: annuity(1, 0.1, 0)])
def test_money_without_a_meaning_is_refused(call) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each says its own
        call()


def money() -> dict:
    case = worked()
    case["measures"][0] |= {
        "capex_eur": {"2020": 1_000_000, "2022": 500_000},
        "opex_eur_per_year": 10_000,
        "savings_eur_per_year": 40_000,
        "lifetime_years": 30,
        "funding": [{"payer": "city", "share": 0.25}, {"payer": "national", "share": 0.75}],
        "capital_source": "loan",
    }
    return case


def test_cost_per_tonne_in_three_ways() -> None:
    result = solve(read_case(money()))
    found = result["measures"]["m1"]["eur_per_tonne"]
    crf = 0.035 * 1.035**30 / (1.035**30 - 1)
    assert found["simple"] == pytest.approx((1_500_000 - 40_000) / 30_000)
    assert found["annuity"] == pytest.approx((crf * 1_500_000 + 10_000 - 40_000) / 30_000)
    flows = [1_000_000, 0, 500_000, *[0] * 8]
    flows = [flow - 30_000 * year / 10 for year, flow in enumerate(flows)]
    worth = sum(flow / 1.035**year for year, flow in enumerate(flows))
    assert result["measures"]["m1"]["npv_eur"] == pytest.approx(worth)
    assert found["npv"] == pytest.approx(worth / (1000 * sum(3.0 * year for year in range(11))))
    assert result["funding_eur"] == {"city": 375_000, "national": 1_125_000}
    assert result["capital_eur"] == {"loan": 1_500_000}


def test_the_abatement_curve_is_in_order_of_annuity_and_leaves_out_what_has_no_tonnes_or_lifetime() -> None:
    case = money()
    case["measures"][1] |= {"lifetime_years": 10}
    case["measures"].append({**money()["measures"][0], "code": "m0", "effects": []})
    case["measures"].append({**money()["measures"][1], "code": "m9"})
    result = solve(read_case(case))
    assert result["macc"] == ["m2", "m1"]
    assert result["measures"]["m0"]["eur_per_tonne"]["annuity"] is None
    assert result["measures"]["m9"]["eur_per_tonne"]["annuity"] is None


def test_next_to_no_tonnes_are_no_tonnes() -> None:
    case = money()
    case["sources"][0]["baseline_kt"] = 2.2e-308
    found = solve(read_case(case))
    assert found["measures"]["m1"]["eur_per_tonne"] == {"simple": None, "annuity": None, "npv": None}
    assert found["macc"] == []


def test_tonnes_may_be_the_attributed_ones() -> None:
    result = solve(read_case({**money(), "tonnes": "attributed"}))
    attributed = result["measures"]["m1"]["attributed_kt"]["2030"]
    assert result["tonnes"] == "attributed"
    assert result["measures"]["m1"]["eur_per_tonne"]["simple"] == pytest.approx(1_460_000 / (1000 * attributed))


@pytest.mark.parametrize("tonnes", ["standalone", "attributed"])
def test_a_full_year_after_the_end_counts_in_full_on_the_trend_of_the_end_year(tonnes: str) -> None:
    case = {**money(), "tonnes": tonnes}
    case["measures"] = [{**case["measures"][0], "full_year": 2040}]
    case["sources"][0]["trend"] = {"series": {"2030": 80.0}}
    found = solve(read_case(case))["measures"]["m1"]
    assert found["standalone_kt"]["2030"] == pytest.approx(0.5 * 0.3 * 80)
    assert found["eur_per_tonne"]["simple"] == pytest.approx(1_460_000 / (1000 * 0.3 * 80))


def test_a_series_is_filled_from_the_base_year_and_stays_after_its_end() -> None:
    case = worked()
    case["sources"][0]["trend"] = {"series": {"2024": 80.0, "2026": 100.0}}
    found = solve(read_case(case))["trend_kt"]["all"]
    assert [found[str(year)] for year in (2020, 2022, 2024, 2025, 2030)] == [100, 90, 80, 90, 100]
    case["sources"][0]["trend"] = {"series": {"2040": 80.0}}
    assert solve(read_case(case))["trend_kt"]["all"]["2030"] == pytest.approx(90)


def test_rates_name_the_change_from_the_year_before() -> None:
    case = worked()
    case["sources"][0]["trend"] = {"rates": {"2022": -0.5, "2024": 1.0}}
    found = solve(read_case(case))["trend_kt"]["all"]
    assert [found[str(year)] for year in (2021, 2022, 2023, 2024, 2030)] == [100, 50, 50, 100, 100]


def test_a_budget_is_used_up_between_years() -> None:
    case = worked()
    case["measures"] = []
    case["budget"] = {"amount_kt": 250.0, "from_year": 2022}
    result = solve(read_case(case))
    assert result["budget_used_up_in"] == pytest.approx(2024.5)
    assert result["budget_left_kt"] == {str(year): 250.0 - 100 * (year - 2022) for year in range(2022, 2031)}
    assert result["cumulative_kt"]["2030"] == pytest.approx(1000)
    case["budget"]["amount_kt"] = 0.0
    assert solve(read_case(case))["budget_used_up_in"] == 2022.0
    case["budget"]["amount_kt"] = 801.0
    assert solve(read_case(case))["budget_used_up_in"] is None


def test_a_budget_per_person() -> None:
    case = {**worked(), "population": 1000, "budget": {"kt_per_person": 0.05, "scope_share": 0.9}}
    assert solve(read_case(case))["budget_kt"] == pytest.approx(45.0)


def gap(layout: str, **more: object) -> dict:
    case = worked()
    case["sources"] = [
        {"code": "cars", "sector": "transport", "baseline_kt": 300.0, "trend": {"series": {"2030": 330.0}}},
        {"code": "heat", "sector": "buildings", "baseline_kt": 100.0},
    ]
    case["measures"] = [{**case["measures"][0], "effects": [{"source": "cars", "kind": "fraction", "value": 0.5}]}]
    case["target"] = {"year": 2030, "reduction": 0.8}
    case["gap_table"] = {"layout": layout, "other_plans_kt": 40.0, **more}
    return solve(read_case(case))["gap_table"]


def test_the_first_layout_of_the_gap_table() -> None:
    found = gap("v1")
    assert found["total"] == pytest.approx(
        {"baseline_kt": 400, "residual_kt": 80, "target_reduction_kt": 320, "other_plans_kt": 40, "gap_kt": 280}
    )
    assert found["sectors"]["transport"] == pytest.approx(
        {"baseline_kt": 300, "residual_kt": 60, "target_reduction_kt": 240, "other_plans_kt": 30, "gap_kt": 210}
    )


def test_the_second_layout_of_the_gap_table_and_its_two_rules() -> None:
    found = gap("v2")
    assert (found["layout"], found["residual_rule"]) == ("v2", "template")
    assert found["total"] == pytest.approx(
        {
            "baseline_kt": 400,
            "target_reduction_kt": 320,
            "other_plans_kt": 40,
            "gap_kt": 280,
            "plan_reduction_kt": 165,
            "residual_kt": 80,
        }
    )
    by_rest = gap("v2", residual_rule="remaining", other_plans_kt={"buildings": 40.0})
    assert by_rest["total"]["residual_kt"] == pytest.approx(400 - 40 - 165)
    assert by_rest["sectors"]["buildings"]["residual_kt"] == pytest.approx(60)


def test_the_layout_of_netzerocities() -> None:
    assert gap("nzc")["total"] == pytest.approx(
        {
            "baseline_kt": 400,
            "trend_kt": 430,
            "plan_reduction_kt": 165,
            "remaining_kt": 265,
            "offset_kt": 86,
            "gap_kt": 179,
        }
    )


def test_the_logistic_curve_as_it_is_written_down() -> None:
    def logistic(u: float) -> float:
        return 1 / (1 + math.exp(-7.0 * (u - 0.5)))

    case = worked()
    case["measures"] = [{**case["measures"][0], "curve": "s_curve", "k": 7.0}]
    expected = (logistic(0.2) - logistic(0)) / (logistic(1) - logistic(0))
    assert solve(read_case(case))["measures"]["m1"]["standalone_kt"]["2022"] == pytest.approx(30 * expected)
