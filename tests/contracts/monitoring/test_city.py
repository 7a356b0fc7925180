"""The emission figures of a municipality: never mixed, why sources differ, and figures entered by hand."""

from decimal import Decimal

import pytest
from django.test import Client

from cities.services.reference import load_reference as load_cities
from contracts.models import EmissionFigure, EmissionSeries, EmissionSource
from contracts.monitoring.differences import Told, differences
from contracts.monitoring.traits import traits_of
from contracts.services.errors import Refused
from contracts.services.monitoring import Entered, change_figures, enter_figures, remove_figures
from contracts.services.reference import load_reference
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import AuditEvent
from tests.access.cast import Cast, make_city
from tests.contracts.make import make_figure, make_series, make_source

SOURCE = {
    "title": "CO₂-monitor",
    "citation": "gemeente.example/monitor",
    "release": "2024",
    "scope": "1+2",
    "gas": "CO₂",
    "printed_unit": "ton",
}


def told(key: int, total: str, **fields) -> Told:
    defaults = {
        "source": f"bron {key}",
        "place": "tabel",
        "year": 2019,
        "step": Decimal(1),
        "scope": "1",
        "gas": "CO₂",
    }
    return Told(key=key, total=Decimal(total), **{**defaults, **fields})


def test_reasons_follow_from_what_sources_say_of_themselves() -> None:
    one = told(1, "12103.5", scope="1+2", traits=traits_of("klimaatmonitor-2019"))
    other = told(2, "29000", traits=traits_of("dcmr-2019"))
    (found,) = differences([other, one])
    assert (found.low.key, found.high.key) == (1, 2)
    assert any("scope 1 en 2" in text for text in found.low_says)
    assert any("aardgas en de elektriciteit" in text for text in found.low_says)
    assert any("haven en industrie" in text for text in found.high_says)
    assert "ETS" in found.shared[-1]


def test_rounding_another_year_and_the_same_series_are_no_difference() -> None:
    assert differences([told(1, "100"), told(2, "100.9")]) == []
    assert differences([told(1, "100"), told(2, "300", year=2020)]) == []
    assert differences([told(1, "100"), told(1, "300")]) == []
    (found,) = differences([told(1, "100"), told(2, "300")])
    assert found.shared == ("De bronnen zeggen niet waarin ze verschillen.",)


def test_editions_sectors_and_what_is_suppressed_are_named() -> None:
    sectors = {"built": ("Gebouwde omgeving", Decimal(40)), "agriculture": ("Landbouw", None)}
    other = {"built": ("Gebouwde omgeving", Decimal(90))}
    (found,) = differences(
        [
            told(1, "100", family="klimaatmonitor", release="2021", sectors=sectors),
            told(2, "200", family="klimaatmonitor", release="2023", sectors=other),
        ]
    )
    text = " ".join(found.shared)
    assert "40 tegenover 90" in text
    assert "2021 en 2023" in text
    assert "misschien niet in het totaal: Landbouw" in text


@pytest.mark.django_db
def test_the_page_of_rotterdam_keeps_sources_apart_and_explains(client: Client, django_assert_num_queries) -> None:
    load_cities()
    load_reference()
    response = client.get("/gemeenten/GM0599/uitstoot/")
    text = response.content.decode()
    assert "12.104 of 29.000 kiloton?" in text
    found = response.context["figures"]
    assert len({(line.series.pk, line.status) for line in found.lines}) == len(found.lines)
    # Agriculture of Amsterdam is not published in 2019: it stays empty on page and in the file.
    assert "niet gepubliceerd" in client.get("/gemeenten/GM0363/uitstoot/").content.decode()
    rows = client.get("/gemeenten/GM0363/uitstoot/uitstoot.csv").content.decode().splitlines()
    (suppressed,) = [row for row in rows if ",agriculture," in row and "Klimaatmonitor" in row]
    assert suppressed.split(",agriculture,")[1].split(",", 3)[-1].startswith(",ton,") or ",,,ton," in suppressed
    assert client.get("/gemeenten/gm0363/uitstoot/").status_code == 301
    assert client.get("/gemeenten/GM0363/uitstoot/uitstoot.xlsx").content[:2] == b"PK"
    assert "nog geen uitstootcijfers" in client.get("/gemeenten/GM0034/uitstoot/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("sources", [1, 3])
def test_queries_do_not_grow_with_sources(client: Client, django_assert_num_queries, sources: int) -> None:
    place = make_city(name="Gemeente Leiden").municipality
    for number in range(sources):
        make_figure(make_series(make_source(f"bron-{number}"), municipality=place), 2020, str(100 * number + 100))
    with django_assert_num_queries(2):
        assert client.get(f"/gemeenten/{place.code}/uitstoot/").status_code == 200


def entered(year: int = 2022, **values: str) -> Entered:
    return Entered(year, "voorlopig", {code: Decimal(text) for code, text in values.items()})


@pytest.fixture
def team(db):
    return Cast().person("team")


def test_a_team_enters_changes_and_takes_away_figures(team) -> None:
    place = team.own.municipality
    series = enter_figures(
        actor=team.user, municipality=place, entered=entered(built="1200.5", total="5000"), **SOURCE
    )
    assert series.source.entered_for == place
    built = series.figures.get(sector="built")
    assert (built.value, built.printed, built.status) == (Decimal("1.2005"), "1200.5", "voorlopig")
    assert series.figures.count() == 2, "what was left empty is not there"
    again = enter_figures(actor=team.user, municipality=place, entered=entered(2023, total="4000"), **SOURCE)
    assert again == series
    with pytest.raises(Refused, match="al cijfers van 2023"):
        enter_figures(actor=team.user, municipality=place, entered=entered(2023, total="1"), **SOURCE)
    with pytest.raises(Refused, match="andere eenheid"):
        enter_figures(
            actor=team.user,
            municipality=place,
            entered=entered(2024, total="1"),
            **{**SOURCE, "printed_unit": "kton"},
        )
    with pytest.raises(Refused, match="minstens één cijfer"):
        enter_figures(actor=team.user, municipality=place, entered=entered(2024), **SOURCE)
    series.refresh_from_db()
    change_figures(actor=team.user, series=series, revision=series.revision, entered=entered(total="5100"))
    assert list(series.figures.filter(year=2022).values_list("sector", "printed")) == [("total", "5100")]
    with pytest.raises(EditConflict):
        change_figures(actor=team.user, series=series, revision=1, entered=entered(total="1"))
    remove_figures(actor=team.user, series=series, year=2022)
    remove_figures(actor=team.user, series=series, year=2023)
    assert not EmissionSource.objects.filter(entered_for=place).exists()
    kind = EmissionSeries._meta.label_lower
    assert AuditEvent.objects.filter(object_type=kind).count() == 5


def test_others_and_published_figures_are_out_of_reach(team) -> None:
    other = team.cast.other.municipality
    with pytest.raises(NotAllowed):
        enter_figures(actor=team.user, municipality=other, entered=entered(total="1"), **SOURCE)
    published = make_series(make_source(), municipality=team.own.municipality)
    make_figure(published, 2022, "100")
    with pytest.raises(Refused, match="publicatie"):
        change_figures(actor=team.user, series=published, revision=0, entered=entered(total="1"))
    with pytest.raises(Refused, match="publicatie"):
        remove_figures(actor=team.user, series=published, year=2022)
    assert EmissionFigure.objects.get().printed == "100"


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(team, client: Client) -> None:
    place = team.own.municipality
    client.force_login(team.user, backend="governance.accounts.backend.Backend")
    url = f"/gemeenten/{place.code}/uitstoot/invullen/"
    form = {**SOURCE, "year": "2999", "built": "veel", "total": "-3", "revision": "0"}
    text = client.post(url, form).content.decode()
    assert "Dit jaar is er nog niet" in text
    assert "Vul een getal in" in text
    assert "Vul 0 of meer in" in text
    assert 'value="veel"' in text
    response = client.post(url, {**form, "year": "2022", "built": "1200,5", "total": ""}, follow=True)
    assert "De cijfers zijn bewaard" in response.content.decode()
    series = EmissionSeries.objects.get(municipality=place)
    change = f"{url}{series.pk}/2022/"
    conflict = client.post(change, {"status": "definitief", "built": "7", "revision": "0"})
    assert conflict.status_code == 409
    assert client.post(change, {"weg": "1"}).status_code == 302
    assert client.get(change).status_code == 404
    client.force_login(team.cast.person("partner").user, backend="governance.accounts.backend.Backend")
    assert client.get(url).status_code == 403
    assert "Cijfers invullen" not in client.get(f"/gemeenten/{place.code}/uitstoot/").content.decode()
