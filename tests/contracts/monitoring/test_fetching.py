"""Fetching figures for all municipalities: by a job, all or nothing, once a year by the clock, and undone."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cities.models import Municipality
from contracts.models import DataFetch, EmissionFigure, EmissionSource, PopulationFigure
from contracts.services.errors import Refused
from contracts.services.fetching import ask_fetch, ask_yearly, take_file, undo_fetch
from governance.models import User
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from tests.access.cast import Cast, make_city
from tests.contracts.monitoring.service import recorded
from tests.contracts.monitoring.test_clients import VALUES, cbs_answers, klimaatmonitor_answers

BACKEND = "governance.accounts.backend.Backend"
MATRIX = '"Gemeenten";"Totaal bekende CO2-uitstoot|2019"\n"Amsterdam";4369600\n"Atlantis";1\n'


@pytest.fixture
def places(db) -> None:
    """Amsterdam, Nijkerk and Utrecht."""
    for code, name in [("GM0363", "Amsterdam"), ("GM0267", "Nijkerk"), ("GM0344", "Utrecht")]:
        city = make_city(name=f"Gemeente {name}")
        Municipality.objects.filter(organisation=city).update(code=code, name=name, common_name=name)


@pytest.fixture
def coordinator(db):
    return Cast().person("coordinator").user


def fetched(settings, service: str, answers: dict, actor, **options) -> DataFetch:
    settings.NSS_KLIMAATMONITOR_KEY = "geheim"
    with recorded(answers) as server:
        settings.NSS_KLIMAATMONITOR_URL = settings.NSS_CBS_URL = server.url
        fetch = ask_fetch(actor=actor, service=service, **options)
        jobs.run_all_here()
    fetch.refresh_from_db()
    return fetch


def test_emissions_are_tried_out_taken_once_and_undone(settings, places, coordinator) -> None:
    answers = klimaatmonitor_answers
    tried = fetched(settings, "klimaatmonitor", answers(), coordinator, dry_run=True)
    assert (tried.state, tried.taken, tried.refused) == ("tried", 5, 0)
    assert not EmissionFigure.objects.exists()
    taken = fetched(settings, "klimaatmonitor", answers(), coordinator, release="2026")
    # Weesp (gemeente_457) and a province are passed over, and agriculture is not published per municipality.
    assert (taken.state, taken.taken, taken.passed) == ("taken", 5, 3)
    assert EmissionFigure.objects.get(sector="total", series__municipality__code="GM0267").value == Decimal(
        "1.234"
    )
    assert EmissionFigure.objects.get(sector="total", series__municipality__code="GM0344").value is None
    again = fetched(settings, "klimaatmonitor", answers(), coordinator, release="2026")
    assert (again.taken, again.same) == (0, 5)
    assert undo_fetch(actor=coordinator, fetch=taken) == 5
    assert not EmissionSource.objects.filter(label_nl="Klimaatmonitor, 2026").exists()
    with pytest.raises(Refused):
        undo_fetch(actor=coordinator, fetch=taken)


def test_refused_rows_change_nothing_unless_what_is_right_is_wanted(settings, places, coordinator) -> None:
    def answers() -> dict:
        row = '{"ExternalCode": "gemeente_363", "Period": "2023", "ValueString": "veel"}'
        return {
            **klimaatmonitor_answers(),
            f"/odata/Variables('co2go_kton'){VALUES}": (200, f'{{"value": [{row}]}}'),
        }

    refused = fetched(settings, "klimaatmonitor", answers(), coordinator)
    assert (refused.state, refused.refused) == ("refused", 1)
    assert "'veel'" in refused.reasons[0][1]
    assert not EmissionFigure.objects.exists()
    partial = fetched(settings, "klimaatmonitor", answers(), coordinator, partial=True)
    assert (partial.state, partial.taken) == ("taken", 3)


def test_a_service_that_refuses_or_is_garbled_fails_and_says_why(settings, places, coordinator) -> None:
    failed = fetched(settings, "klimaatmonitor", {"/odata/Variables": (401, "")}, coordinator)
    assert failed.state == "failed"
    assert "sleutel" in failed.message
    assert "geheim" not in failed.message
    settings.NSS_KLIMAATMONITOR_KEY = ""
    with pytest.raises(Refused, match="sleutel"):
        ask_fetch(actor=coordinator, service="klimaatmonitor")


def test_inhabitants_are_kept_per_year_and_the_newest_fetch_holds(
    settings, places, coordinator, monkeypatch
) -> None:
    first = fetched(settings, "inhabitants", cbs_answers(), coordinator)
    assert (first.state, first.taken) == ("taken", 2)
    again = fetched(settings, "inhabitants", cbs_answers(), coordinator)
    assert again.taken == 0
    assert again.same == 2
    undo_fetch(actor=coordinator, fetch=first)
    assert not PopulationFigure.objects.exists()


def test_the_clock_asks_once_a_year_for_what_is_set_up(settings, db) -> None:
    settings.NSS_KLIMAATMONITOR_KEY = ""
    assert [fetch.service for fetch in ask_yearly(date(2027, 3, 1))] == ["inhabitants"]
    settings.NSS_KLIMAATMONITOR_KEY = "geheim"
    assert [fetch.service for fetch in ask_yearly(date(2027, 3, 2))] == ["klimaatmonitor"]
    assert ask_yearly(date(2027, 3, 3)) == []
    assert len(ask_yearly(date(2028, 3, 1))) == 2


def test_only_coordinators_fetch_take_files_and_undo(settings, places, client: Client) -> None:
    cast = Cast()
    team = cast.person("team").user
    with pytest.raises(NotAllowed):
        ask_fetch(actor=team, service="inhabitants")
    with pytest.raises(NotAllowed):
        take_file(actor=team, name="x.csv", content=MATRIX.encode(), form="klimaatmonitor-matrix")
    client.force_login(team, backend=BACKEND)
    assert client.get("/beheer/uitstoot/").status_code == 404
    coordinator = cast.person("coordinator").user
    client.force_login(coordinator, backend=BACKEND)

    def send(**more):
        sent = SimpleUploadedFile("matrix.csv", MATRIX.encode())
        form = {"bestand-file": sent, "bestand-form": "klimaatmonitor-matrix", **more}
        return client.post("/beheer/uitstoot/bestand/", form, follow=True)

    assert "Atlantis" in send().content.decode()
    assert not EmissionFigure.objects.exists()
    fetch = DataFetch.objects.get(state="refused")
    assert b"Atlantis" in client.get(f"/beheer/uitstoot/{fetch.pk}/geweigerd.csv").content
    response = send(**{"bestand-partial": "on"})
    assert EmissionFigure.objects.count() == 1
    address = response.redirect_chain[-1][0]
    client.post(f"{address}ongedaan/")
    assert not EmissionFigure.objects.exists()
    wrong = client.post(
        "/beheer/uitstoot/bestand/",
        {"bestand-file": SimpleUploadedFile("x.csv", b"a;b\n1;2\n"), "bestand-form": "table"},
    )
    assert "municipality, year, sector, value, unit" in wrong.content.decode()
    assert client.get("/beheer/uitstoot/").status_code == 200


def test_the_system_may_do_all_of_it(settings, places) -> None:
    fetch = fetched(settings, "inhabitants", cbs_answers(), User.objects.system())
    assert fetch.state == "taken"
