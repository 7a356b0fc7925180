"""What cities like this one did next: who resembles it, from which point, and what one may see of it."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cities.models import Municipality, Theme
from cities.selectors_roadmap import progress_of, roadmap_steps
from cities.selectors_similar import Next, alike, picks, what_they_did
from governance.models import Organisation
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city
from tests.activities.matrix import make_lesson
from tests.cities.matrix import make_bottleneck
from tests.cities.matrix_roadmap import make_roadmap, make_steps, tell

pytestmark = pytest.mark.django_db

SIMILAR_QUERIES = 12


def city(level: str, name: str, population: int, province: str = "PV27") -> Organisation:
    organisation = make_city(level, name=name)
    fields = {"population": population, "population_year": 2024, "province_code": province, "common_name": name}
    Municipality.objects.filter(organisation=organisation).update(**fields)
    return organisation


@pytest.fixture
def person() -> Person:
    person = Cast().person("team")
    Municipality.objects.filter(organisation=person.own).update(population=100_000, common_name="Onze stad")
    return person


def found_by(person: Person) -> list[Next]:
    mine = Municipality.objects.get(organisation=person.own)
    progress = progress_of(person.user, person.own.pk)
    return what_they_did(person.user, alike(person.user, mine.code)[1], progress, roadmap_steps())


def names(person: Person) -> list[str]:
    mine = Municipality.objects.get(organisation=person.own)
    return [like.city.name for like in alike(person.user, mine.code)[1]]


def test_size_level_province_and_shared_bottlenecks_decide(person: Person) -> None:
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    make_bottleneck(person.own, theme=theme, state="open")
    twin = city("mission", "Tweeling", 100_000)
    city("mission", "Verder weg", 100_000, "PV20")
    city("other", "Klein en overig", 12_000, "PV20")
    shared = city("mission", "Zelfde knelpunt", 100_000, "PV20")
    make_bottleneck(twin, "network", theme=theme)
    make_bottleneck(shared, "network", theme=theme)
    order = [name for name in names(person) if not name.startswith("Gemeente")]
    assert order == ["Tweeling", "Zelfde knelpunt", "Verder weg", "Klein en overig"]


def test_a_draft_of_another_city_gives_nothing_away(person: Person) -> None:
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    make_bottleneck(person.own, theme=theme, state="open")
    secret = city("mission", "Zwijgt", 100_000)
    make_bottleneck(secret, theme=theme)
    mine = Municipality.objects.get(organisation=person.own)
    like = next(like for like in alike(person.user, mine.code)[1] if like.city.name == "Zwijgt")
    assert (like.shared_themes, "bottlenecks" in like.parts) == ([], False)


def test_only_what_came_after_the_point_where_the_city_is_now(person: Person) -> None:
    one, two, three, four, *_rest = make_steps()
    mine = make_roadmap(person.own)
    tell(mine, one, "done")
    tell(mine, two, "under-way")
    twin = make_roadmap(city("mission", "Tweeling", 100_000), "network")
    tell(twin, one, "under-way", days_ago=400)
    tell(twin, two, "under-way", days_ago=300)
    tell(twin, three, "under-way", days_ago=200)
    tell(twin, one, "done", days_ago=150)
    tell(twin, four, "not-for-us", days_ago=100, note="De regio doet dit")
    (found,) = found_by(person)
    assert found.reached == today() - timedelta(days=300)
    assert [(change.block, change.after) for change in found.changes] == [
        (three, "under-way"),
        (one, "done"),
        (four, "not-for-us"),
    ]
    (pick,) = picks([found], progress_of(person.user, person.own.pk), roadmap_steps())
    assert (pick.block, pick.days) == (three, 100)


def test_a_city_that_is_not_as_far_has_no_next(person: Person) -> None:
    one, two, *_rest = make_steps()
    mine = make_roadmap(person.own)
    tell(mine, one, "done")
    tell(mine, two, "done")
    behind = make_roadmap(city("mission", "Achter", 100_000), "network")
    tell(behind, one, "done", days_ago=10)
    (found,) = found_by(person)
    assert (found.reached, found.changes, found.firsts) == (None, [], {})
    assert picks([found], None, roadmap_steps()) == []


def test_those_that_are_as_far_come_before_those_that_are_more_alike(person: Person) -> None:
    one, two, *_rest = make_steps()
    mine = make_roadmap(person.own)
    tell(mine, one, "done")
    tell(mine, two, "done")
    for number in range(5):
        tell(make_roadmap(city("mission", f"Achter {number}", 100_000), "network"), one, "done", days_ago=10)
    ahead = make_roadmap(city("mission", "Verder", 200_000, "PV20"), "network")
    for block in (one, two):
        tell(ahead, block, "done", days_ago=30)
    order = [found.like.city.name for found in found_by(person)]
    assert order == ["Verder", "Achter 0", "Achter 1", "Achter 2", "Achter 3"]


def test_who_keeps_no_roadmap_sees_how_others_began(person: Person) -> None:
    one, *_rest = make_steps()
    twin = make_roadmap(city("mission", "Tweeling", 100_000), "network")
    tell(twin, one, "under-way", days_ago=50)
    (found,) = found_by(person)
    assert found.reached == today() - timedelta(days=50)
    assert [change.block for change in found.changes] == [one]


def test_what_most_cities_like_it_did_comes_first(person: Person) -> None:
    one, two, three, *_rest = make_steps()
    for name, blocks in (("Een", (two, three)), ("Twee", (two,)), ("Drie", (one, two))):
        roadmap = make_roadmap(city("mission", name, 100_000), "network")
        for days, block in enumerate(blocks):
            tell(roadmap, block, "under-way", days_ago=100 - days)
    ranked = picks(found_by(person), None, roadmap_steps())
    assert [(pick.block, len(pick.cities)) for pick in ranked] == [(two, 3), (one, 1), (three, 1)]


def test_progress_that_is_not_shared_is_not_told(person: Person) -> None:
    one, *_rest = make_steps()
    tell(make_roadmap(city("mission", "Stil", 100_000)), one, "done")
    shared = make_roadmap(city("mission", "Deelt", 100_000), "network")
    tell(shared, one, "done")
    assert [found.like.city.name for found in found_by(person)] == ["Deelt"]
    mine = Municipality.objects.get(organisation=person.own)
    visitor = what_they_did(None, alike(None, mine.code)[1], None, roadmap_steps())
    assert visitor == [], "what is shared with the network is not for a visitor"


@pytest.fixture
def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def address(person: Person) -> str:
    return f"/routekaart/gemeente/{person.own.municipality.code}/vergelijkbaar/"


def test_the_page_says_who_why_what_and_what_they_learned(client_of: Client, person: Person) -> None:
    one, two, *_rest = make_steps()
    twin = city("mission", "Tweeling", 104_000)
    roadmap = make_roadmap(twin, "published")
    tell(roadmap, one, "under-way", days_ago=60)
    tell(roadmap, two, "under-way", days_ago=30, note="Met de corporaties")
    make_lesson(twin, "published", title="Begin bij de corporaties")
    make_lesson(twin, "draft", title="Geheim")
    text = client_of.get(address(person)).content.decode()
    for words in (
        "Tweeling",
        "ongeveer even groot: 104.000 inwoners",
        "doet op dezelfde manier mee: missiestad",
        "Blok 1.2",
        "Met de corporaties",
        "Begin bij de corporaties",
        "Aangeven hoe ver jullie zijn",
        "aantal inwoners (40%)",
    ):
        assert words in text, words
    assert "Geheim" not in text
    assert "Medewerker" not in text, "who of the city did it is not for others"


def test_the_empty_page_says_what_belongs_there_and_who_is_alike(client_of: Client, person: Person) -> None:
    make_steps()
    city("mission", "Lijkt erop", 100_000)
    text = client_of.get(address(person)).content.decode()
    assert "nog geen vergelijkbare gemeente waarvan de voortgang" in text
    assert "Lijkt erop" in text
    assert "Naar de routekaart" in text


def test_a_visitor_names_a_municipality(client: Client, person: Person) -> None:
    make_steps()
    code = person.own.municipality.code
    page = client.get("/routekaart/vergelijkbaar/")
    assert page.status_code == 200
    assert client.get("/routekaart/vergelijkbaar/?g=Onze+stad").url == address(person)
    assert client.get(f"/routekaart/vergelijkbaar/?g={code.lower()}").url == address(person)
    wrong = client.get("/routekaart/vergelijkbaar/?g=Nergenshuizen").content.decode()
    assert "Er is nu geen gemeente met deze naam of code" in wrong
    assert 'value="Nergenshuizen"' in wrong


def test_a_member_goes_to_the_own_city(client_of: Client, person: Person) -> None:
    assert client_of.get("/routekaart/vergelijkbaar/").url == address(person)


def test_number_of_queries(
    client_of: Client, person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, two, *_rest = make_steps()
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    make_bottleneck(person.own, theme=theme, state="open")
    tell(make_roadmap(person.own), one, "done")

    def more(name: str) -> None:
        organisation = city("mission", name, 100_000)
        roadmap = make_roadmap(organisation, "network")
        tell(roadmap, one, "done", days_ago=20)
        tell(roadmap, two, "done", days_ago=10)
        make_lesson(organisation, "published", theme=theme)
        make_bottleneck(organisation, "network", theme=theme)

    more("Een")
    with django_assert_num_queries(SIMILAR_QUERIES):
        client_of.get(address(person))
    more("Twee")
    more("Drie")
    with django_assert_num_queries(SIMILAR_QUERIES):
        client_of.get(address(person))
