"""Which bottlenecks are suggested beside a text."""

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from cities.models import Bottleneck, BottleneckWord
from cities.selectors_bottlenecks import similar_bottlenecks, with_words
from tests.access.cast import Cast, Person, make_city
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db

QUERIES = 5


@pytest.fixture
def person() -> Person:
    return Cast().person("team")


def described(title: str, description: str = "", **fields: object) -> Bottleneck:
    return make_bottleneck(make_city(), "network", title=title, description=description, **fields)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("installateur", "Geen installateurs te vinden"),
        ("wachtende aansluitingen", "Aansluiting laat op zich wachten"),
        ("congestie", "Netcongestie in de hele regio"),
        ("netcongestie", "Congestie op het elektriciteitsnet"),
        ("warmtenetten", "Vollooprisico van het warmtenet"),
        ("CONGESTIE?!", "netcongestie"),
        ("net", "Netcongestie in de hele regio"),
        ("net", "Het warmtenet is te duur"),
        ("daken", "Zonnedaken en congestie"),
        ("gas", "Aardgasvrij: van het aardgas af"),
    ],
)
def test_stems_and_parts_of_compound_words_find_each_other(person: Person, typed: str, title: str) -> None:
    found = described(title)
    described("Bewoners haken af")
    assert similar_bottlenecks(person.user, typed) == [found]


def test_short_parts_count_only_in_compounds(person: Person) -> None:
    net = described("Het net is vol")
    described("Congestie")
    assert net in similar_bottlenecks(person.user, "netcongestie")
    described("De gastheer zoekt een ver eiland")
    described("Erg goed")
    assert similar_bottlenecks(person.user, "vergunning") == []
    assert similar_bottlenecks(person.user, "bergen") == []


def test_the_most_alike_comes_first_and_the_title_weighs_most(person: Person) -> None:
    in_text = described("Iets anders", "De vergunning voor geothermie duurt vier jaar.")
    in_title = described("Vergunning voor geothermie duurt lang")
    half = described("Vergunning voor een windmolen op zee")
    assert similar_bottlenecks(person.user, "vergunning geothermie")[:2] == [in_title, in_text]
    assert half in similar_bottlenecks(person.user, "vergunning geothermie")
    assert similar_bottlenecks(person.user, "vergunning geothermie", limit=1) == [in_title]


def test_a_rare_word_weighs_more_than_one_that_all_have(person: Person) -> None:
    for number in range(40):
        described(f"Gemeente mist ambtenaren voor {number}")
    rare = described("Deelauto")
    described("Gemeente wacht")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cities_bottleneck")
    assert similar_bottlenecks(person.user, "gemeente deelauto", limit=1) == [rare]


def test_only_what_one_may_see_is_suggested(person: Person) -> None:
    cast = person.cast
    make_bottleneck(cast.other, title="Netcongestie")
    make_bottleneck(person.own, title="Netcongestie", state="withdrawn")
    assert similar_bottlenecks(person.user, "netcongestie") == []
    shared = make_bottleneck(cast.other, "network", title="Netcongestie")
    published = make_bottleneck(cast.other, "published", title="Netcongestie")
    own = make_bottleneck(person.own, title="Netcongestie")
    assert set(similar_bottlenecks(person.user, "netcongestie")) == {shared, published, own}
    assert set(similar_bottlenecks(person.user, "netcongestie", exclude=own)) == {shared, published}
    assert similar_bottlenecks(None, "netcongestie") == [published]
    assert similar_bottlenecks(cast.person("partner").user, "netcongestie") == [published]


@pytest.mark.parametrize(
    "typed", ["", "  ", "de een het", "'", "a & | ! <-> :* \\ '' x", "\x00", "x" * 100_000, "🙂"]
)
def test_any_text_may_be_typed(person: Person, typed: str) -> None:
    described("Netcongestie")
    assert similar_bottlenecks(person.user, typed) == []
    list(with_words(Bottleneck.objects.all(), typed))


def test_number_of_queries(person: Person, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    described("Netcongestie")
    assert person.user.standing
    with django_assert_num_queries(QUERIES):
        assert len(similar_bottlenecks(person.user, "netcongestie")) == 1
    for _more in range(2):
        described("Netcongestie")
    with django_assert_num_queries(QUERIES):
        assert len([str(found.organisation) for found in similar_bottlenecks(person.user, "netcongestie")]) == 3


def test_words_are_noted_however_they_come(person: Person) -> None:
    one = described("Warmtepomp")
    Bottleneck.objects.bulk_create([Bottleneck(organisation=person.own, title="Zonnepanelen op 't dak")])
    one.title = "Deelfiets"
    one.save()
    assert {"warmtepomp", "deelfiet", "zonnepanel", "dak"} <= set(
        BottleneckWord.objects.values_list("lexeme", flat=True)
    )


def test_words_of_a_search_all_occur_as_stem_beginning_or_name() -> None:
    city = make_city(name="Gemeente Delft")
    found = make_bottleneck(city, "published", title="Lening te kort", description="Voor renovaties.")
    make_bottleneck(make_city(), "published", title="Lening te duur")
    for typed in ("leningen delft", "renov", "renovatie van de lening", "delft"):
        assert list(with_words(Bottleneck.objects.all(), typed)) == [found], typed
    assert not with_words(Bottleneck.objects.all(), "lening bestaatniet")
