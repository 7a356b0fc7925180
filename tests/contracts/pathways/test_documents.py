"""Documents: what is taken, what is refused, and the command."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from contracts.pathways import CaseFaults, parse, read_case, solve
from tests.contracts.pathways.cases import worked

SMALLEST = {
    "schema": "nss-pathway/1",
    "base_year": 2020,
    "end_year": 2022,
    "sources": [{"code": "all", "sector": "all", "baseline_kt": 100.0}],
}


def test_what_is_left_out_is_left_out_of_the_result() -> None:
    result = solve(read_case(SMALLEST))
    assert result["emissions_kt"]["total"] == {"2020": 100.0, "2021": 100.0, "2022": 100.0}
    assert (result["measures"], result["macc"], result["not_counted"]) == ({}, [], [])
    assert not {"target_kt", "gap_kt", "budget_kt", "gap_table", "uncertainty", "funding_eur"} & set(result)


def changed(*path: Any, value: Any) -> dict[str, Any]:
    """The worked case with one thing in it set; `...` takes it away."""
    case: Any = copy.deepcopy(worked())
    place = case
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return dict(case)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["measures", 1, "effects", 0, "value"], 1.2, "measures[1].effects[0].value: 1.2 is not between 0 and 1"),
        (
            ["measures", 0, "effects", 0, "value"],
            float("nan"),
            "measures[0].effects[0].value: nan is not a finite number",
        ),
        (["sources", 0, "baseline_kt"], float("inf"), "sources[0].baseline_kt: inf is not a finite number"),
        (["sources", 0, "baseline_kt"], -1, "sources[0].baseline_kt: -1 is below 0"),
        (["sources", 0, "baseline_kt"], True, "sources[0].baseline_kt: True is not a number"),
        (["sources", 0, "baseline_kt"], "100", "sources[0].baseline_kt: '100' is not a number"),
        (["sources", 0, "baseline_kt"], 10**400, "is not a finite number"),
        (["sources", 0, "code"], ..., "sources[0].code: is missing"),
        (["sources", 0, "code"], "total", "sources[0].code: 'total' is reserved"),
        (["sources", 0, "colour"], "red", "sources[0].colour: is not known"),
        (["sources"], [], "sources: are missing"),
        (["sources"], {"a": 1}, "sources: is not a list"),
        (["sources", 0, "trend"], {"rate": -1.5}, "sources[0].trend.rate: -1.5 is below -1"),
        (
            ["sources", 0, "trend"],
            {"rate": 0.1, "rates": {}},
            "sources[0].trend: has rate and rates; only one can hold",
        ),
        (["sources", 0, "trend"], {"series": {}}, "sources[0].trend.series: is empty"),
        (
            ["sources", 0, "trend"],
            {"series": {"2020": 1}},
            "sources[0].trend.series.2020: 2020 does not lie after",
        ),
        (["sources", 0, "trend"], {"rates": {"soon": 1}}, "sources[0].trend.rates.soon: 'soon' is not a year"),
        (["end_year"], 2019, "end_year: 2019 is before the base year 2020"),
        (["end_year"], 2020.5, "end_year: 2020.5 is not a whole year"),
        (["end_year"], 99999, "end_year: 99999 is not between 1900 and 2300"),
        (["base_year"], ..., "base_year: is missing"),
        (["schema"], "nss-pathway/2", "schema: 'nss-pathway/2' is not 'nss-pathway/1'"),
        (["measures", 1, "code"], "m1", "measures[1].code: 'm1' is given twice"),
        (["measures", 0, "full_year"], 2019, "measures[0].full_year: 2019 is before the start year 2020"),
        (["measures", 0, "start_year"], 2010, "measures[0].start_year: 2010 is before the base year 2020"),
        (["measures", 0, "status"], "sure", "measures[0].status: 'sure' is not one of certain, expected"),
        (["measures", 0, "k"], 51, "measures[0].k: 51 is not above 0 and at most 50"),
        (["measures", 0, "effects", 0, "source"], "cars", "measures[0].effects[0].source: 'cars' is not one of"),
        (["measures", 0, "effects", 0, "low"], 0.9, "measures[0].effects[0].low: 0.9 is above the value 0.3"),
        (["measures", 0, "effects", 0, "high"], 0.1, "measures[0].effects[0].high: 0.1 is below the value 0.3"),
        (["measures", 0, "capex_eur"], {"2031": 5}, "measures[0].capex_eur.2031: 2031 lies outside the horizon"),
        (["measures", 0, "capex_eur"], {"2021": -5}, "measures[0].capex_eur.2021: -5 is below 0"),
        (["measures", 0, "lifetime_years"], 0, "measures[0].lifetime_years: 0 is not above 0"),
        (["measures", 0, "delay_years"], {"0": 0.5}, "measures[0].delay_years: the chances sum to 0.5, not to 1"),
        (["measures", 0, "delay_years"], {"1.5": 1}, "measures[0].delay_years.1.5: '1.5' is not a whole number"),
        (
            ["measures", 0, "funding"],
            [{"payer": "city", "share": 0.7}] * 2,
            "measures[0].funding: the shares sum to 1.4",
        ),
        (["target"], {"year": 2031, "reduction": 0.5}, "target.year: 2031 is not between 2020 and 2030"),
        (["target"], {"year": 2030}, "target.reduction: is missing"),
        (["budget"], {"from_year": 2020}, "budget: needs either amount_kt or kt_per_person"),
        (["budget"], {"kt_per_person": 0.1}, "population: is missing; the budget is given per person"),
        (["gap_table"], {"layout": "v2"}, "gap_table: needs a target"),
        (["chances"], {"certain": 2}, "chances.certain: 2 is not between 0 and 1"),
        (["discount_rate"], -0.1, "discount_rate: -0.1 is not between 0 and 1"),
    ],
)
def test_bad_input_names_its_place(path: list[Any], value: Any, says: str) -> None:
    with pytest.raises(CaseFaults) as caught:
        read_case(changed(*path, value=value))
    assert any(says in fault for fault in caught.value.faults), caught.value.faults
    assert len(caught.value.faults) == 1, caught.value.faults


def test_two_effects_of_a_measure_on_one_source_are_refused_but_not_a_compensation_beside_it() -> None:
    case = worked()
    case["measures"][0]["effects"] *= 2
    with pytest.raises(CaseFaults, match=r"effects\[1\].source: 'all' has an effect of this measure already"):
        read_case(case)
    case["measures"][0]["effects"][1] = {"kind": "compensation", "source": "all", "value": 2.0}
    assert solve(read_case(case))["net_kt"]["2030"] == pytest.approx(54.0)


def test_all_faults_are_told_at_once() -> None:
    case = changed("measures", 0, "effects", 0, "value", value=2)
    case["sources"][0]["baseline_kt"] = None
    case["more"] = 1
    with pytest.raises(CaseFaults) as caught:
        read_case(case)
    assert len(caught.value.faults) == 3


def test_numbers_too_large_to_calculate_with_are_told() -> None:
    with pytest.raises(CaseFaults, match="too large"):
        solve(read_case(changed("sources", 0, "trend", value={"rate": 1e300})))


@pytest.mark.parametrize("document", [[], None, "case", 3])
def test_a_document_is_an_object(document: Any) -> None:
    with pytest.raises(CaseFaults, match="case: is not an object"):
        read_case(document)


@pytest.mark.parametrize(("text", "says"), [("{", "is not JSON"), ('{"a": 1, "a": 2}', "a: is given twice")])
def test_a_text_that_is_no_document(text: str, says: str) -> None:
    with pytest.raises(CaseFaults, match=says):
        parse(text)


BARE = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}


def pathway(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command as on a machine where nothing is set."""
    return subprocess.run(
        [sys.executable, "manage.py", "pathway", *arguments],
        cwd=settings.BASE_DIR,
        env=BARE,
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_needs_no_settings_and_no_database(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(worked()))
    ran = pathway(str(file), "--draws", "50", "--seed", "2")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == json.loads(json.dumps(solve(read_case(worked()), draws=50, seed=2)))


def test_the_command_reads_standard_input() -> None:
    assert json.loads(pathway("-", given=json.dumps(SMALLEST)).stdout)["years"] == [2020, 2021, 2022]


def test_the_command_tells_every_fault_and_gives_nothing() -> None:
    ran = pathway("-", "--draws", "100001", given=json.dumps({**SMALLEST, "end_year": 2000, "extra": 1}))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines() == [
        "draws: 100001 is not between 0 and 100000",
        "extra: is not known",
        "end_year: 2000 is before the base year 2020",
    ]
    missing = pathway("nothing.json")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "nothing.json: No such file" in missing.stderr


def test_the_calculation_brings_in_nothing_of_the_portal_or_of_django() -> None:
    names = (
        "[name for name in sys.modules if name.split('.')[0] in {'django', 'nss_portal', 'cities', 'governance'}]"
    )
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys, contracts.pathways.command; print({names})"],
        cwd=settings.BASE_DIR,
        env=BARE,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout.strip() == "[]"
