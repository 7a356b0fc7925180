"""The pages of the roadmap: the steps, a step, a city's roadmap and its form."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cities.models import CityRoadmap, Progress, RoadmapStep, Theme
from cities.registrations import roadmap as registrations
from tests.access.cast import Cast, Person, make_city
from tests.activities.matrix import make_lesson
from tests.cities.matrix import make_bottleneck
from tests.cities.matrix_roadmap import make_roadmap, make_steps, tell

pytestmark = pytest.mark.django_db

INDEX_QUERIES = 3
STEP_QUERIES = 11
CITY_QUERIES = 6


@pytest.fixture
def person() -> Person:
    return Cast().person("team")


@pytest.fixture
def team(client: Client, person: Person) -> Client:
    client.force_login(person.user)
    return client


def address(person: Person, part: str = "") -> str:
    return f"/routekaart/gemeente/{person.own.municipality.code}/{part}"


def filled(response: object, **values: object) -> dict[str, object]:
    """What the form shows, with other values on top: as a browser sends it."""
    form = response.context["form"]  # type: ignore[attr-defined]
    data = {name: form[name].value() for name in form.fields}
    return {**{name: "" if value is None else value for name, value in data.items()}, **values}


def test_a_visitor_reads_the_steps(client: Client) -> None:
    make_steps()
    text = client.get("/routekaart/").content.decode()
    assert "Stap 1" in text
    assert "3 bouwstenen" in text
    step = client.get("/routekaart/stap1/").content.decode()
    for words in (
        "Begin hier",
        "Doe dit",
        "Het college",
        "Blok 1.3",
        "Aan zet: Het team",
        "Volgende stap: Stap 2",
    ):
        assert words in step, words
    assert "bijwerken" not in step.lower()
    for wrong in ("/routekaart/stap9/", "/routekaart/gemeente/GM9999/"):
        assert client.get(wrong).status_code == 404


def test_a_step_gathers_what_others_have_on_it(client: Client) -> None:
    block = make_steps()[0]
    city = make_city()
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    make_bottleneck(city, "published", step=block.step, theme=theme, title="Te duur")
    make_bottleneck(city, "network", step=block.step, theme=theme, title="Alleen voor het netwerk")
    make_lesson(city, "published", theme=theme, title="Zo werd het goedkoper")
    tell(make_roadmap(city, "published"), block, "done")
    tell(make_roadmap(make_city(), "network"), block, "done")
    text = client.get("/routekaart/stap1/").content.decode()
    for words in (
        "Te duur",
        "Alle open knelpunten",
        "Zo werd het goedkoper",
        "over waar de meeste",
        "1 heeft het gedaan",
    ):
        assert words.lower() in text.lower(), words
    assert "Alleen voor het netwerk" not in text


def test_the_own_city_sees_its_next_building_block(team: Client, person: Person) -> None:
    first, second, *_rest = make_steps()
    begin = team.get("/routekaart/").content.decode()
    assert "ongeveer tien minuten" in begin
    tell(make_roadmap(person.own), first, "done")
    text = team.get("/routekaart/").content.decode()
    assert "1 van 6" in text
    assert f'/routekaart/stap1/#{second.code}">Blok 1.2' in text


def test_one_form_says_how_far_the_city_is(team: Client, person: Person) -> None:
    make_steps()
    page = team.get(address(person, "bijwerken/"))
    values = filled(page, **{"s-stap1-blok1": "done", "n-stap1-blok1": "In maart", "sharing": "network"})
    saved = team.post(address(person, "bijwerken/"), values, follow=True)
    text = saved.content.decode()
    assert "zo ver zijn jullie" in text
    assert "In maart" in text
    assert [str(entry) for entry in Progress.objects.all()] == ["Blok 1.1: klaar"]
    assert CityRoadmap.objects.get().sharing == "network"


def test_one_step_leaves_the_others_as_they_are(team: Client, person: Person) -> None:
    *_rest, last = make_steps()
    tell(make_roadmap(person.own), last, "done")
    page = team.get(address(person, "bijwerken/stap1/"))
    assert "s-stap2-blok1" not in page.context["form"].fields
    team.post(address(person, "bijwerken/stap1/"), filled(page, **{"s-stap1-blok1": "under-way"}))
    assert {str(entry) for entry in Progress.objects.all()} == {"Blok 1.1: loopt", "Blok 2.3: klaar"}
    assert team.get(address(person, "bijwerken/stap9/")).status_code == 404


def test_filling_in_saves_by_itself(team: Client, person: Person) -> None:
    make_steps()
    page = team.get(address(person, "bijwerken/"))
    values = filled(page, **{"s-stap1-blok1": "done"})
    answer = team.post(address(person, "bewaren/"), values)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    late = team.post(address(person, "bewaren/"), {**values, "s-stap1-blok1": "under-way"})
    assert (late.status_code, "message" in late.json()) == (409, True)
    bad = team.post(address(person, "bewaren/"), {**values, "version": 1, "s-stap1-blok2": "not-for-us"})
    assert bad.status_code == 422
    assert "Blok 1.2" in bad.json()["message"]


def test_both_stand_side_by_side_after_a_colleague_was_first(team: Client, person: Person) -> None:
    make_steps()
    page = team.get(address(person, "bijwerken/"))
    team.post(address(person, "bijwerken/"), filled(page, **{"s-stap1-blok1": "done"}))
    mine = filled(page, **{"s-stap1-blok1": "under-way", "n-stap1-blok1": "Mijn tekst"})
    response = team.post(address(person, "bijwerken/"), mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Mijn tekst" in text
    assert "klaar" in text
    assert Progress.objects.get().status == "done"
    again = filled(response)
    assert again["n-stap1-blok1"] == "Mijn tekst"
    team.post(address(person, "bijwerken/"), again)
    assert (Progress.objects.get().status, Progress.objects.get().note) == ("under-way", "Mijn tekst")


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("s-stap1-blok1", "not-for-us", "n-stap1-blok1"),
        ("s-stap1-blok1", "onzin", "s-stap1-blok1"),
        ("n-stap1-blok1", "x" * 501, "n-stap1-blok1"),
        ("on", "2999-01-01", "on"),
        ("on", "gisteren", "on"),
        ("sharing", "niemand", "sharing"),
        ("version", "x", "version"),
    ],
)
def test_bad_input_is_named_and_kept(team: Client, person: Person, field: str, value: str, named: str) -> None:
    make_steps()
    page = team.get(address(person, "bijwerken/"))
    values = filled(page, **{"n-stap1-blok2": "Blijft staan", "s-stap1-blok2": "under-way", field: value})
    response = team.post(address(person, "bijwerken/"), values)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [named]
    text = response.content.decode()
    assert 'id="error-summary"' in text
    assert "Blijft staan" in text
    assert not Progress.objects.exists()


def test_others_read_what_is_shared_and_change_nothing(client: Client) -> None:
    cast = Cast()
    make_steps()
    shared, hidden = cast.other.municipality.code, cast.mandating.municipality.code
    make_roadmap(cast.other, "network")
    make_roadmap(cast.mandating)
    for role in ("team", "ministry", "coordinator"):
        client.force_login(cast.person(role).user)
        assert client.get(f"/routekaart/gemeente/{shared}/").status_code == 200
        assert client.get(f"/routekaart/gemeente/{shared}/bijwerken/").status_code == 403
        assert client.post(f"/routekaart/gemeente/{shared}/bewaren/").status_code == 403
        assert client.post(f"/routekaart/gemeente/{shared}/klopt-nog/").status_code == 403
        for part in ("", "bijwerken/"):
            assert client.get(f"/routekaart/gemeente/{hidden}/{part}").status_code == 404
    client.force_login(cast.person("partner").user)
    assert client.get(f"/routekaart/gemeente/{shared}/").status_code == 404
    assert Client().get(f"/routekaart/gemeente/{shared}/").status_code == 404


def test_a_city_without_a_roadmap_is_asked_to_begin(team: Client, person: Person) -> None:
    make_steps()
    text = team.get(address(person)).content.decode()
    assert "Jullie hebben nog niet aangegeven hoe ver jullie zijn" in text


def test_coordinators_change_texts_on_the_page(client: Client) -> None:
    cast = Cast()
    block = make_steps()[0]
    client.force_login(cast.person("coordinator").user)
    page = client.get(f"/routekaart/bouwstenen/{block.code}/")
    values = {**filled(page), "title_nl": "Nieuwe naam", "is_current": "on"}
    client.post(f"/routekaart/bouwstenen/{block.code}/", values)
    assert "Nieuwe naam" in client.get("/routekaart/stap1/").content.decode()
    late = client.post(f"/routekaart/bouwstenen/{block.code}/", {**values, "title_nl": "Te laat"})
    assert late.status_code == 409
    assert "Te laat" in late.content.decode()
    assert "title_nl" in client.get(f"/routekaart/bouwstenen/{block.code}/").content.decode()
    step = client.get("/routekaart/stap1/teksten/")
    client.post("/routekaart/stap1/teksten/", {**filled(step), "lead_nl": "Andere eerste zin"})
    assert RoadmapStep.objects.get(step__code="stap1").lead == "Andere eerste zin"
    new = {**values, "title_nl": "Erbij", "title_en": "More", "version": ""}
    client.post("/routekaart/stap1/bouwsteen/", new)
    twice = client.post("/routekaart/stap1/bouwsteen/", new)
    assert list(twice.context["form"].errors) == ["title_en"]
    client.force_login(cast.person("team").user)
    for part in (f"bouwstenen/{block.code}/", "stap1/teksten/", "stap1/bouwsteen/"):
        assert client.get(f"/routekaart/{part}").status_code == 403


def test_my_work_asks_twice_a_year(person: Person) -> None:
    roadmap = make_roadmap(person.own)
    assert list(registrations.roadmaps_to_look_at(person.user)) == []
    CityRoadmap.objects.update(changed_at=timezone.now() - timedelta(days=200))
    (item,) = registrations.roadmaps_to_look_at(person.user)
    assert (item.url, item.minutes) == (roadmap.get_absolute_url(), 5)
    assert list(registrations.roadmaps_to_look_at(person.cast.person("coordinator").user)) == []


def test_still_right_from_the_page(team: Client, person: Person) -> None:
    make_steps()
    make_roadmap(person.own)
    CityRoadmap.objects.update(changed_at=timezone.now() - timedelta(days=200))
    text = team.post(address(person, "klopt-nog/"), follow=True).content.decode()
    assert "klopt nog" in text
    assert list(registrations.roadmaps_to_look_at(person.user)) == []


def test_news_and_the_page_of_the_municipality(client: Client, person: Person) -> None:
    cast = person.cast
    first, second, *_rest = make_steps()
    roadmap = make_roadmap(cast.other, "network")
    tell(roadmap, first, "done")
    tell(roadmap, second, "under-way")
    since = timezone.now() - timedelta(days=1)
    (item,) = registrations.steps_that_cities_took(person.user, since)
    assert (item.subject, item.text) == (str(cast.other), "bracht 2 bouwstenen van de routekaart verder")
    assert list(registrations.steps_that_cities_took(cast.person("partner").user, since)) == []
    (section,) = registrations.roadmap_of(person.user, cast.other.municipality)
    counted = section.context["roadmap"]
    assert (counted.done, counted.busy, counted.total) == (1, 1, 6)
    assert list(registrations.roadmap_of(None, cast.other.municipality)) == []


def test_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    blocks = make_steps()
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")

    def more() -> str:
        city = make_city()
        roadmap = make_roadmap(city, "published")
        for block in blocks:
            tell(roadmap, block, "done")
        make_bottleneck(city, "published", step=blocks[0].step, theme=theme)
        make_lesson(city, "published", theme=theme)
        return f"/routekaart/gemeente/{city.municipality.code}/"

    city = more()
    pages = {"/routekaart/": INDEX_QUERIES, "/routekaart/stap1/": STEP_QUERIES, city: CITY_QUERIES}
    for _round in range(2):
        for page, number in pages.items():
            with django_assert_num_queries(number):
                client.get(page)
        more()
        more()
