"""The analysis: the ranking, who sees whom behind a bar, small groups, years, downloads and the report."""

import csv
import io
import json
import random
from collections.abc import Mapping, Sequence

import page as pdf_check
import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from cities.models import EoiAnalysis, EoiCall, EoiOption, EoiQuestion, EoiSubmission, EoiVersion
from cities.presenting_eoi_analysis import Analysis
from cities.selectors_eoi_analysis import analyse, gather
from cities.services.eoi.demo import load_demo
from cities.services.eoi.reference import load_reference
from cities.services.reference import load_reference as load_cities
from governance.models import User
from nss_portal.core.reports.services import NotThere, make_here
from tests.access.cast import Cast, make_city
from tests.cities.eoi import add_question, make_submission, make_version, usual_call

pytestmark = pytest.mark.django_db

ANALYSIS_QUERIES = 5
PATH = "/gemeenten/eoi/analyse/"
# The published order, from most to least named (advice on the National Support Structure, appendix 2).
RANKING = {
    "capacity": "climate-finance project-development investment-planning applying-knowledge mrv digital-smart"
    " procuring-innovation project-management cross-sectoral implementing-innovation",
    "government-support": "financial-support policy-regulation capacity-building tools-skills dissemination"
    " financial-advice",
    "barriers": "funding red-tape regulatory-uncertainty capacity mrv-procedures enabling-policy fragmentation"
    " slow-finance participation technology",
    "risks": "political-change dependency-government dependency-private financial-insecurity pfas-nitrogen"
    " integral-planning low-income grid-rules timeline-2050 central-resources legal-instruments"
    " complex-legislation",
}


def system() -> User:
    return User.objects.system()


def analysed(call: EoiCall, actor: object = None, **narrow: object) -> dict[str, dict[str, object]]:
    """Give the questions of an analysis by code."""
    data = analyse(gather(call, actor or system()), **narrow)
    return {question["code"]: question for question in data["questions"]}


def order(question: Mapping[str, object]) -> list[tuple[str, int]]:
    return [(row["code"], row["count"]) for row in question["rows"]]


def answer(call: EoiCall, ticked: Mapping[str, Sequence[int]], cities: int, sharing: str = "network") -> None:
    """Hand in for so many cities; `ticked` says per option of 'needs' which of them tick it."""
    for city in range(cities):
        chosen = [code for code, who in ticked.items() if city in who]
        organisation = make_city(("mission", "eoi")[city % 2])
        make_submission(organisation, call, sharing=sharing, choices={"needs": chosen} if chosen else {})


def test_answers_that_match_the_published_ranking_give_it_back() -> None:
    """Options stand in another order in the questionnaire than in the ranking: what counts are the answers."""
    load_reference()
    call = EoiCall.objects.get()
    dice = random.Random(7)
    for option in EoiOption.objects.filter(question__call=call):
        option.order = dice.randint(1, 99)
        option.save()
    cities = [{} for _city in range(12)]
    counts = {}
    for code, ranking in RANKING.items():
        options = ranking.split()
        counts[code] = [(option, 12 - place) for place, option in enumerate(options)]
        for option, count in counts[code]:
            for city in dice.sample(range(12), count):
                cities[city].setdefault(code, []).append(option)
    for choices in cities:
        make_submission(make_city(), call, choices=choices)
    found = analysed(call)
    for code, ranking in RANKING.items():
        assert order(found[code]) == counts[code]
        assert [row["code"] for row in found[code]["rows"]] == ranking.split()
        assert [row["rank"] for row in found[code]["rows"]] == list(range(1, len(counts[code]) + 1))


def test_the_demonstration_gives_back_the_published_ranking_too() -> None:
    load_cities()
    load_reference()
    load_demo("small", 1)
    call = EoiCall.objects.get(code="2022")
    found = analysed(call, year=2022)
    for code, ranking in RANKING.items():
        assert [row["code"] for row in found[code]["rows"]] == ranking.split()
    assert EoiSubmission.objects.filter(call=call, is_illustrative=True).count() == 12
    assert load_demo("small", 1) == ["demo: Expressions of Interest are there already"]


def test_ties_stand_as_in_the_questionnaire_and_what_nobody_ticked_with_nought() -> None:
    call = usual_call()
    answer(call, {"rules": [0, 1], "people": [1, 2]}, 4)
    found = analysed(call)["needs"]
    assert order(found) == [("people", 2), ("rules", 2), ("money", 0)]
    assert found["answered"] == 3


def test_drafts_and_what_was_withdrawn_count_no_more() -> None:
    call = usual_call()
    answer(call, {"money": [0, 1, 2], "people": [0]}, 3)
    make_submission(make_city(), call, submitted=False, choices={"needs": ["money"]})
    EoiOption.objects.filter(question__call=call, code__in=["people", "rules"]).update(is_withdrawn=True)
    assert order(analysed(call)["needs"]) == [("money", 3), ("people", 1)]


def test_a_year_counts_what_each_city_had_said_by_then() -> None:
    call = usual_call("closed", year=2022)
    answer(call, {"money": [0, 1, 2], "people": [0]}, 3)
    first = EoiSubmission.objects.order_by("pk")[0]
    make_version(first, 2, 2024, choices={"needs": ["rules"]})
    make_version(first, 3, 2024, choices={"needs": ["rules", "people"]})
    make_version(first, 4, 2025, submitted=False, choices={"needs": []})
    data = analyse(gather(call, system()))
    assert (data["year"], data["years"], data["earlier"]) == (2024, [2024, 2022], [2022])
    assert order(analysed(call)["needs"]) == [("money", 2), ("people", 1), ("rules", 1)]
    assert order(analysed(call, year=2022)["needs"]) == [("money", 3), ("people", 1), ("rules", 0)]
    rows = {row["code"]: row["earlier"]["2022"] for row in analysed(call)["needs"]["rows"]}
    assert rows == {"money": 3, "people": 1, "rules": 0}
    assert analyse(gather(call, system()), year=1999)["year"] == 2024


def test_a_level_counts_its_own_cities() -> None:
    call = usual_call()
    answer(call, {"money": [0, 1, 2, 3, 4, 5], "people": [0, 2]}, 6)
    assert order(analysed(call, level="mission")["needs"])[:2] == [("money", 3), ("people", 2)]
    assert order(analysed(call, level="eoi")["needs"])[:2] == [("money", 3), ("people", 0)]
    (row, *_rest) = analysed(call)["needs"]["rows"]
    assert row["levels"] == {"mission": 3, "eoi": 3}


def test_cities_are_named_to_who_may_see_them_only() -> None:
    cast = Cast()
    call = usual_call(analysis_published=True)
    answer(call, {"money": [0, 1, 2]}, 3)
    answer(call, {"money": [0, 1, 2]}, 3, sharing="draft")
    names = {}
    for role in ("coordinator", "ministry", "team", "partner", "visitor"):
        (row, *_rest) = analysed(call, cast.person(role).user)["needs"]["rows"]
        assert row["count"] == 6
        names[role] = len(row["cities"])
    assert names == {"coordinator": 6, "ministry": 3, "team": 3, "partner": 0, "visitor": 0}


def test_too_small_a_group_gives_no_figures_but_to_who_reads_all_of_it(client: Client) -> None:
    cast = Cast()
    call = usual_call(analysis_published=True, state="closed")
    answer(call, {"money": [0, 1]}, 2, sharing="draft")
    ministry = cast.person("ministry").user
    assert analyse(gather(call, ministry))["too_few"]
    assert analysed(call, ministry)["needs"]["rows"][0]["count"] == 0
    assert analysed(call, cast.person("coordinator").user)["needs"]["rows"][0]["count"] == 2
    assert "Te weinig steden" in client.get(PATH).content.decode()
    for _more in range(3):
        make_submission(make_city("mission"), call, choices={"needs": ["money"]})
    data = analyse(gather(call, ministry))
    assert (data["too_few"], data["total"], data["levels"]) == (False, 5, [])
    assert analyse(gather(call, ministry), level="mission")["too_few"]


def test_yes_and_no_and_the_number_of_own_words_are_counted() -> None:
    call = usual_call()
    for signed in ("yes", "no", "no"):
        make_submission(make_city(), call, choices={"signed": [signed]}, texts={"words": "Iets", "people": "12"})
    found = analysed(call)
    assert order(found["signed"]) == [("no", 2), ("yes", 1)]
    assert (found["words"]["worded"], found["people"]["worded"], found["risks"]["worded"]) == (3, 3, 0)


@pytest.mark.parametrize(
    ("role", "published", "status"),
    [
        ("visitor", True, 200),
        ("visitor", False, 404),
        ("partner", True, 200),
        ("team", False, 200),
        ("ministry", False, 200),
    ],
)
def test_the_page_is_for_who_may_see_the_analysis(client: Client, role: str, published: bool, status: int) -> None:
    person = Cast().person(role)
    if person.own:
        client.force_login(person.user)
    call = usual_call("closed", analysis_published=published)
    answer(call, {"money": [0, 1, 2]}, 4)
    assert client.get(PATH).status_code == status
    assert client.get(f"{PATH}?oproep={call.code}").status_code == status
    assert client.get(f"{PATH}eoi-analyse.csv").status_code == status


def test_who_may_not_see_an_analysis_yet_reads_so(client: Client) -> None:
    usual_call("closed")
    client.force_login(Cast().person("partner").user)
    assert "nog geen analyse" in client.get(PATH).content.decode()
    assert client.get(f"{PATH}?oproep=weg").status_code == 404


def test_the_page_shows_bars_names_marks_and_words(client: Client) -> None:
    cast = Cast()
    call = usual_call("closed")
    answer(call, {"money": range(14)}, 14)
    EoiOption.objects.filter(question__call=call, code="money").update(nzc_covers=True)
    client.force_login(cast.person("team").user)
    text = client.get(PATH).content.decode()
    assert text.count("<svg") >= 2
    for words in ("Antwoord money (14)", "NZC voorziet hierin", "en nog 2", "aria-labelledby"):
        assert words in text, words
    behind = client.get(f"{PATH}{call.code}/needs/money/").content.decode()
    assert behind.count("/gemeenten/eoi/") >= 14
    assert client.get(f"{PATH}{call.code}/needs/weg/").status_code == 404
    assert client.get(f"{PATH}{call.code}/weg/money/").status_code == 404


def test_own_words_are_read_by_who_may(client: Client) -> None:
    cast = Cast()
    call = usual_call("closed", analysis_published=True)
    make_submission(make_city(), call, sharing="network", texts={"words": "Wij delen dit", "people": "1200"})
    make_submission(make_city(), call, texts={"words": "Dit houden wij voor ons"})
    url = f"{PATH}{call.code}/words/"
    hidden = client.get(url).content.decode()
    assert "Wij delen dit" not in hidden
    assert "Hier staat niets" in hidden
    client.force_login(cast.person("ministry").user)
    shown = client.get(url).content.decode()
    assert "Wij delen dit" in shown
    assert "voor ons" not in shown
    assert "1.200" in client.get(f"{PATH}{call.code}/people/").content.decode()
    assert client.get(f"{PATH}{call.code}/needs/").status_code == 404


def test_downloads_hold_the_selection_and_no_name_that_one_may_not_see(client: Client) -> None:
    cast = Cast()
    call = usual_call("closed", analysis_published=True)
    for number in range(4):
        make_submission(
            make_city("eoi", name=f"Gemeente Deelt {number}"),
            call,
            sharing="network",
            choices={"needs": ["money"]},
            texts={"words": "=1+1"},
        )
    make_submission(
        make_city("eoi", name="Gemeente Zwijgt"), call, choices={"needs": ["money"]}, texts={"words": "x"}
    )
    client.force_login(cast.person("ministry").user)
    text = client.get(f"{PATH}eoi-analyse.csv").content.decode("utf-8-sig")
    head, first, *_rest = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert head[:5] == ["Vraag", "Plaats", "Antwoord", "Groep", "Steden"]
    assert first[:5] == ["Vraag needs", "1", "Antwoord money", "", "4"]
    assert "Deelt" in first[-1]
    assert "Zwijgt" not in text
    book = load_workbook(io.BytesIO(client.get(f"{PATH}eoi-analyse.xlsx").content))
    said = [cell.value for row in book.worksheets[1].iter_rows(min_row=2, max_row=4) for cell in row]
    book.close()
    assert said.count("=1+1") == 3
    assert client.get(f"{PATH}eoi-analyse.pdf").status_code == 404


def test_number_of_queries_of_the_analysis(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    call = usual_call("closed", analysis_published=True)
    answer(call, {"money": [0, 1, 2]}, 3)
    client.get(PATH)
    with django_assert_num_queries(ANALYSIS_QUERIES):
        client.get(PATH)
    answer(call, {"money": [0, 1, 2]}, 6)
    add_question(call, "more", options="a b c")
    with django_assert_num_queries(ANALYSIS_QUERIES):
        client.get(PATH)


def reported(call: EoiCall, format: str = "pdf", language: str = "nl", ref: str = "") -> bytes:
    return make_here(
        kind="eoi-analysis", object_ref=ref or call.code, format=format, language=language, actor=system()
    )[1]


def test_the_report_is_accessible_and_comes_as_table_and_data_too() -> None:
    call = usual_call("closed", code="2022", year=2022)
    answer(call, {"money": [0, 1, 2], "rules": [1]}, 4)
    EoiOption.objects.filter(question__call=call, code="rules").update(asks_translation=True)
    content = reported(call)
    found = pdf_check.validate_pdf_bytes(content, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in found.failures] == []
    data = json.loads(reported(call, "json", ref="2022"))["data"]
    (needs,) = [question for question in data["analysis"]["questions"] if question["code"] == "needs"]
    assert order(needs) == [("money", 3), ("rules", 1), ("people", 0)]
    book = load_workbook(io.BytesIO(reported(call, "xlsx")))
    assert book.worksheets[0].max_row > 5
    book.close()
    assert "How this was counted" in reported(call, "html", "en").decode()


@pytest.mark.parametrize("ref", ["1999", "weg", "20222", "-1"])
def test_a_report_on_a_call_that_is_not_there_is_refused(ref: str) -> None:
    call = usual_call("closed", code="2022", year=2022)
    with pytest.raises(NotThere):
        reported(call, ref=ref)


def test_the_command_writes_the_report(tmp_path) -> None:
    call = usual_call("closed", code="2022", year=2022)
    answer(call, {"money": [0, 1, 2]}, 3)
    output = tmp_path / "eoi.json"
    call_command("report", "eoi-analysis", "2022", "--format", "json", "--output", str(output), verbosity=0)
    assert json.loads(output.read_text())["data"]["analysis"]["total"] == 3


def test_national_demo_data_is_one_submission_per_municipality() -> None:
    load_cities()
    load_reference()
    load_demo("national", 1)
    call = EoiCall.objects.get(code="2022")
    assert EoiVersion.objects.filter(submission__call=call, year=2022).count() == 342
    found = analysed(call, year=2022)
    assert [row["code"] for row in found["capacity"]["rows"]] == RANKING["capacity"].split()
    assert EoiQuestion.objects.filter(call__state="open").exists()


def test_national_demo_data_goes_on_where_a_small_run_stopped() -> None:
    load_cities()
    load_reference()
    load_demo("small", 1)
    call = EoiCall.objects.get(code="2022")
    first = set(EoiSubmission.objects.values_list("public_id", "submitted_at"))
    assert load_demo("national", 1) == ["demo: Expressions of Interest 330"]
    assert first < set(EoiSubmission.objects.values_list("public_id", "submitted_at"))
    found = analysed(call, year=2022)
    assert [row["code"] for row in found["capacity"]["rows"]] == RANKING["capacity"].split()
    assert (call.updates.count(), EoiCall.objects.filter(is_illustrative=True).count()) == (1, 1)
    assert load_demo("national", 1) == ["demo: Expressions of Interest are there already"]


def test_an_analysis_in_words_names_the_top() -> None:
    call = usual_call()
    answer(call, {"money": [0, 1, 2], "people": [0]}, 3)
    shown = Analysis(analyse(gather(EoiAnalysis.objects.get(pk=call.pk), system())))
    needs = next(question for question in shown.questions if question.code == "needs")
    assert needs.lead == "Meest genoemd, van 3 steden: Antwoord money (3); Antwoord people (1)."
    assert needs.chart is not None
    assert needs.chart.table.rows[0][0] == "Antwoord money"
    assert needs.rows[0].share == "100%"
