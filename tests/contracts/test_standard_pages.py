"""Pages of the approach: who sees what, and as many queries at three rows as at one."""

import json

import pytest
from django.test import Client

from contracts.models import StandardComment, StandardVersion
from contracts.services.standard.reference import first_text, load_approach
from tests.access.cast import Cast
from tests.bench.measure import queries_of
from tests.contracts.make_standard import make_change, make_dutch, make_measure, make_standard_version

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_what_is_in_force_and_no_more(client: Client) -> None:
    assert "Er is nog geen versie van kracht" in client.get("/aanpak/").content.decode()
    version = make_standard_version()
    make_standard_version("proposed", 2)
    team = Cast().person("team")
    StandardComment.objects.create(
        version=version, kind="section", code="geld", text="Geheim", organisation=team.own, author_label="x"
    )
    make_change(version, team.own, title="Geheim voorstel")
    for path in (
        "/aanpak/",
        "/aanpak/versies/",
        "/aanpak/maatregelen/",
        "/aanpak/maatregelen/zone/",
        "/en/aanpak/",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Geheim" not in answer.content.decode()
    for path in ("/aanpak/versies/2/", "/aanpak/versies/2/standaardaanpak.json", "/aanpak/maatregelen/geen/"):
        assert client.get(path).status_code == 404
    for path in ("/aanpak/voorstellen/", "/aanpak/beginnen/", "/aanpak/versies/1/deel/onderdeel/geld/"):
        assert client.get(path).status_code == 302
    assert (
        json.loads(client.get("/aanpak/versies/1/standaardaanpak.json").content)["sections"][0]["code"] == "opgave"
    )
    assert client.get("/aanpak/versies/1/standaardaanpak.xlsx").content[:2] == b"PK"
    assert client.get("/aanpak/maatregelen/maatregelen.xlsx?sector=mobility").content[:2] == b"PK"


def test_filters_of_the_library(client: Client) -> None:
    version = make_standard_version("draft")
    make_measure(version, "duur", title_nl="Duur", cost=9, sector="built", steps=["learn"], people_from=90_000)
    StandardVersion.objects.update(state="published")
    for query, found in (("sector=built", "Duur"), ("kosten=hoog", "Duur"), ("kosten=midden", "Nul-emissiezone")):
        text = client.get(f"/aanpak/maatregelen/?{query}").content.decode()
        assert ("1 maatregel" in text, found in text) == (True, True)
    assert "1 maatregel" in client.get("/aanpak/maatregelen/?inwoners=1000&q=zone").content.decode()


def test_as_many_queries_at_three_rows_as_at_one(client: Client) -> None:
    cast = Cast()
    coordinator = cast.person("coordinator")
    make_standard_version()
    version = make_standard_version("proposed", 2)
    make_change(version, cast.other)
    client.force_login(coordinator.user)
    change = make_change(version, cast.other)
    pages = {
        "/aanpak/": 14,
        "/aanpak/maatregelen/": 8,
        "/aanpak/versies/": 5,
        "/aanpak/versies/2/wijzigingen/": 10,
        "/aanpak/voorstellen/": 11,
        "/aanpak/versies/2/doorlopen/uitkomst/": 7,
        change.get_absolute_url(): 13,
    }
    first = {path: queries_of(client, path) for path in pages}
    for number in range(2):
        make_change(version, cast.other)
        make_measure(version, f"nog-{number}")
        StandardComment.objects.create(
            version=version,
            kind="section",
            code="opgave",
            change=change,
            text=f"Goed {number}",
            organisation=cast.other,
            author_label="x",
        )
    assert {path: queries_of(client, path) for path in pages} == first
    assert first == pages


def test_the_text_that_comes_with_the_portal(client: Client) -> None:
    make_dutch()
    load_approach()
    assert load_approach() == ["standard approach: versions are there already"]
    version = StandardVersion.objects.get()
    table = first_text()
    assert version.state == "draft"
    for measure in version.measures.all():
        measure.full_clean()
        # A figure has a source, and an estimate says that it is one.
        assert measure.source_nl
        assert measure.source_en
        assert measure.is_estimate == ("illustratief" in measure.source_nl)
    assert all(row[name] for row in table["sections"] for name in ("guidance_en", "model_en", "title_en"))
