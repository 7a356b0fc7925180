"""The clients of Klimaatmonitor and CBS on recorded answers over HTTP: paging, tries, time-outs, faults."""

import time

import pytest
from django.utils.translation import override

from contracts.clients.cbs import CbsV3, inhabitants
from contracts.clients.http import Garbled, JsonService, NotThere, ServiceAway, ServiceRefused
from contracts.clients.klimaatmonitor import Klimaatmonitor, Variable, chosen, codes_of, emissions
from tests.contracts.monitoring.service import Recorded, answer, recorded

PLAIN = (200, '{"value": [{"a": 1}]}')
YEAR_2024 = (
    "$format=json&$select=RegioS,Perioden,TotaleBevolking_7"
    "&$filter=Perioden eq '2024JJ00' and substringof('GM',RegioS)"
)
VALUES = "/GeoLevels('gemeente')/PeriodLevels('year')/Periods('all')/Values"


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def service(server: Recorded, **options) -> JsonService:
    return JsonService(server.url, headers={"apikey": "geheim"}, backoff=0.01, **options)


def test_what_helps_is_tried_again_and_the_key_goes_in_the_header() -> None:
    busy = (503, "", {"Retry-After": "0"})
    with recorded({"/odata/rows": [busy, (429, ""), PLAIN]}) as server:
        assert list(service(server).rows("rows")) == [{"a": 1}]
        assert len(server.asked) == 3
        assert {headers["apikey"] for headers in server.headers_seen} == {"geheim"}
        assert not any("geheim" in path for path in server.asked)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ((503, ""), ServiceAway),
        ((401, ""), ServiceRefused),
        ((404, ""), NotThere),
        ((302, "", {"Location": "{base}/elders"}), Garbled),
        ((200, "<html>onderhoud</html>"), Garbled),
        ((200, "[1, 2]"), Garbled),
        ((200, '{"waarde": []}'), Garbled),
        ((200, '{"value": [1]}'), Garbled),
        ((200, '{"value": [], "@odata.nextLink": "{base}/rows"}'), Garbled),
        ((200, '{"value": [], "@odata.nextLink": "http://elders.example/odata"}'), Garbled),
    ],
)
def test_faults_are_told_apart_and_never_hold_the_key(given, error) -> None:
    with recorded({"/odata/rows": given}) as server, pytest.raises(error) as caught:
        list(service(server).rows("rows"))
    assert "geheim" not in str(caught.value)
    assert not any("elders" in path for path in server.asked)


def test_who_does_not_answer_in_time_or_at_all_is_away() -> None:
    class Slow(Recorded):
        def get_request(self):
            time.sleep(0.2)
            return super().get_request()

    with recorded({}) as server:
        gone = server.url
    with pytest.raises(ServiceAway, match="does not answer"):
        JsonService(gone, backoff=0.01).get("rows")
    slow = Slow({"/odata/rows": PLAIN})
    try:  # nobody serves it: connections are taken and never answered
        with pytest.raises(ServiceAway, match="does not answer"):
            JsonService(slow.url, backoff=0.01, read_seconds=0.05).get("rows")
    finally:
        slow.server_close()


def klimaatmonitor_answers() -> dict:
    def of(code: str) -> str:
        return f"/odata/Variables('{code}'){VALUES}"

    return {
        "/odata/Variables": answer("km_variables.json"),
        "/odata/Variables?$skip=4": answer("km_variables_2.json"),
        of("kern111a_co2_tot"): answer("km_total.json"),
        "/odata/volgende": answer("km_total_2.json"),
        of("co2go_kton"): answer("km_built.json"),
        of("co2verv_kton"): (200, '{"value": []}'),
        of("co2ind_kton"): (200, '{"value": []}'),
        # 404: agriculture is not published per municipality
    }


def test_klimaatmonitor_in_rows_of_an_import() -> None:
    with recorded(klimaatmonitor_answers()) as server:
        rows = emissions(Klimaatmonitor(service(server)), codes={})
    found = {(row.area, row.sector, row.year): row.printed for row in rows.taken}
    assert found == {
        ("GM0363", "total", 2023): "3512.4",
        ("GM0267", "total", 2023): "1.234",  # a point before decimals, not between thousands
        ("GM0344", "total", 2023): "",
        ("GM0457", "total", 2021): "88.1",
        ("GM0363", "built", 2023): "1800",
        ("GM0267", "built", 2023): "",
    }
    assert {row.unit for row in rows.taken} == {"kton"}
    assert rows.refused == []
    assert [row.reason for row in rows.passed] == [
        "provincie_26 is no municipality",
        "CO2-uitstoot Landbouw, bosbouw en visserij (SBI A) is not published per municipality",
    ]


def test_two_indicators_that_fit_are_no_choice_and_the_setting_names_one() -> None:
    both = [Variable(code, "Totaal bekende CO2-uitstoot", "kton") for code in ("oud", "nieuw")]
    found, faults = chosen(both, {})
    assert found == []
    assert faults[0].startswith("more than one indicator fits total: nieuw, oud")
    found, faults = chosen(both, {"total": "nieuw", "built": "weg"})
    assert [variable.code for _sector, variable in found] == ["nieuw"]
    assert faults[0] == "there is no indicator weg (for built)"
    assert codes_of("total=kern111a_co2_tot, built=co2go") == {"total": "kern111a_co2_tot", "built": "co2go"}
    with pytest.raises(ValueError, match="sector=code"):
        codes_of("alles=x")
    with pytest.raises(ValueError, match="no code and year"):
        list(Klimaatmonitor(JsonService("http://127.0.0.1:9")).values("a')/x"))


def test_values_that_cannot_be_read_are_refused_and_rows_without_them_are_garbled() -> None:
    answers = klimaatmonitor_answers()
    built = f"/odata/Variables('co2go_kton'){VALUES}"
    row = '{"ExternalCode": "gemeente_363", "Period": "%s", "ValueString": "%s"}'
    answers[built] = (200, '{{"value": [{}, {}]}}'.format(row % ("2023", "veel"), row % ("23", "1")))
    with recorded(answers) as server:
        refused = emissions(Klimaatmonitor(service(server)), codes={}).refused
    assert [each.reason for each in refused] == [
        "GM0363, co2go_kton: 'veel' is not a number",
        "GM0363, co2go_kton: '23' is not a year",
    ]
    answers[built] = (200, '{"value": [{"ExternalCode": "gemeente_363"}]}')
    with recorded(answers) as server, pytest.raises(Garbled, match="lacks Period"):
        emissions(Klimaatmonitor(service(server)), codes={})


def cbs_answers() -> dict:
    return {
        "/odata/70072ned/DataProperties": answer("cbs_properties.json"),
        "/odata/70072ned/TypedDataSet?$skiptoken=2": answer("cbs_2024_2.json"),
        f"/odata/70072ned/TypedDataSet?{YEAR_2024}": answer("cbs_2024.json"),
        "/odata/70072ned/TypedDataSet": (200, '{"value": []}'),
    }


def test_cbs_inhabitants_by_the_feed() -> None:
    with recorded(cbs_answers()) as server:
        rows = inhabitants(CbsV3(service(server)), table="70072ned", first_year=2024, last_year=2024)
        asked = server.asked[1]
    assert {(row.code, row.year, row.number) for row in rows.taken} == {
        ("GM0363", 2024, 931298),
        ("GM0267", 2024, 45291),
    }
    assert [row.reason for row in rows.passed] == ["GM0457 has no number in 2024", "NL01 is no municipality"]
    assert "2024JJ00" in asked
    # A service that does not heed the filter gives other years and the same rows again: these are refused.
    answers = {**cbs_answers(), "/odata/70072ned/TypedDataSet": answer("cbs_2024.json")}
    with recorded(answers) as server:
        rows = inhabitants(CbsV3(service(server)), table="70072ned", first_year=2023, last_year=2024)
    assert [each.reason for each in rows.refused][:1] == ["GM0363: 2024 was not asked for"]
    assert len(rows.taken) == 2
    assert "TotaleBevolking_7" in asked, "the number after the name shifts: it is looked up"
