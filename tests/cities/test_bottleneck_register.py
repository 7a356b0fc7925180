"""The register with its filters, orders and download, and the page of transversal themes."""

import csv
import io

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cities.models import Bottleneck, BottleneckJoin, SupportTool, TransitionStep
from cities.selectors_bottleneck_themes import transversal_themes
from cities.services import demo
from cities.services.bottleneck_groups import merge_bottlenecks, recount
from cities.services.demo_bottlenecks import load_demo as complete_demo
from cities.services.reference import load_reference
from governance.models import Organisation
from nss_portal.core import registry
from nss_portal.core.access import Actor
from nss_portal.core.registry import Section
from tests.access.cast import Cast, Person, make_city
from tests.cities.matrix import make_bottleneck, make_theme

pytestmark = pytest.mark.django_db

LIST_QUERIES = 4
RECORD_QUERIES = 13
THEME_QUERIES = 4


def joined(bottleneck: Bottleneck, *cities: Organisation, sharing: str = "network") -> Bottleneck:
    for city in cities:
        BottleneckJoin.objects.create(bottleneck=bottleneck, organisation=city, severity="small", sharing=sharing)
    recount([bottleneck.pk])
    return bottleneck


def step(code: str = "action", order: int = 1) -> TransitionStep:
    return TransitionStep.objects.create(code=code, order=order, label_nl=f"Stap {code}", label_en=code)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def found(client: Client, query: str) -> list[Bottleneck]:
    rows = client.get(f"/knelpunten/?{query}").context["rows"]
    there = Bottleneck.objects.in_bulk([row["url"].split("/")[-2] for row in rows], field_name="public_id")
    return [there[row["url"].split("/")[-2]] for row in rows]


def test_each_filter_keeps_what_it_says(client: Client) -> None:
    city = make_city("mission", name="Gemeente Delft")
    city.municipality.province, city.municipality.province_code = "Zuid-Holland", "PV28"
    city.municipality.save()
    fits = {"theme": make_theme("finance"), "step": step(), "severity": "blocking", "state": "solved"}
    wanted = make_bottleneck(city, "published", **fits)
    make_bottleneck(make_city("interested"), "published")
    for query in (
        "thema=finance",
        "stap=action",
        "ernst=blocking",
        "stand=solved",
        "gemeente=Delft",
        f"gemeente={city.municipality.code}",
        "provincie=PV28",
        "provincie=PV28&gemeente=delft",
        "niveau=mission",
        "thema=finance&ernst=blocking&niveau=mission&q=netaansluitingen",
    ):
        assert found(client, query) == [wanted], query
    assert len(found(client, "ernst=onzin&stap=weg&niveau=hoog")) == 2
    assert found(client, "thema=finance&stand=open") == []


def test_a_city_that_joined_is_found_by_its_name_as_far_as_it_lets_one_know() -> None:
    cast = Cast()
    joiner = make_city(name="Gemeente Delft")
    bottleneck = joined(make_bottleneck(cast.other, "published"), joiner)
    assert found(client_of(cast.person("team")), "gemeente=delft") == [bottleneck]
    assert found(Client(), "gemeente=delft") == []


def test_most_cities_behind_it_comes_first_as_far_as_one_may_know() -> None:
    cast = Cast()
    few = joined(make_bottleneck(cast.other, "published", severity="blocking"), make_city(), sharing="published")
    many = joined(make_bottleneck(cast.other, "published", severity="small"), make_city(), make_city())
    team = client_of(cast.person("team"))
    assert found(team, "") == [many, few]
    assert found(team, "sort=steden") == [few, many]
    assert found(team, "sort=-ernst") == [few, many]
    assert found(team, "sort=onzin") == [many, few]
    assert found(Client(), "") == [few, many]
    rows = Client().get("/knelpunten/").context["rows"]
    assert [row["behind"] for row in rows] == [2, 1]


def test_the_owner_knows_who_stands_behind_its_own() -> None:
    cast = Cast()
    member = cast.person("member")
    joined(make_bottleneck(member.own, "published"), make_city())
    rows = client_of(member).get("/knelpunten/").context["rows"]
    assert [row["behind"] for row in rows] == [2]


def test_the_download_holds_the_selection(client: Client) -> None:
    make_bottleneck(make_city(), "published", title="=1+1", theme=make_theme("finance"), severity="blocking")
    make_bottleneck(make_city(), "published", title="Iets anders")
    make_bottleneck(make_city(), "network", title="Niet voor iedereen")
    answer = client.get("/knelpunten/knelpunten.csv?thema=finance")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][1] == "'=1+1"
    assert "blokkerend" in rows[1]
    assert b"Niet voor iedereen" not in client.get("/knelpunten/knelpunten.csv").content
    book = openpyxl.load_workbook(io.BytesIO(client.get("/knelpunten/knelpunten.xlsx?thema=finance").content))
    assert [row[0] for row in book.active.iter_rows(values_only=True)][-1] == rows[-1][0]


def test_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cast = Cast()
    tool = SupportTool.objects.create(code="x", kind="nzc", label_nl="Hulp", label_en="Help", source="bron")
    first = make_bottleneck(cast.other, "published", step=step())

    def more(number: int) -> None:
        for _one in range(number):
            other = make_bottleneck(make_city(), "published", step=first.step)
            merge_bottlenecks(
                actor=cast.person("coordinator").user,
                into=first,
                bottlenecks=[make_bottleneck(make_city(), "published")],
                reason="x",
            )
            joined(first, make_city(), sharing="published")
            other.covered_by.add(tool)
            first.helped_by.add(make_city())

    for number in (1, 2):
        more(number)
        with django_assert_num_queries(LIST_QUERIES):
            client.get("/knelpunten/")
        with django_assert_num_queries(RECORD_QUERIES):
            client.get(f"/knelpunten/{first.public_id}/")
        with django_assert_num_queries(THEME_QUERIES):
            client.get("/knelpunten/themas/")


def test_a_city_counts_once_for_a_theme_and_hidden_ones_do_not() -> None:
    cast = Cast()
    theme, other = make_theme("finance"), make_theme("mobility")
    one, two = step("action", 1), step("learn", 2)
    city = make_city()
    joined(make_bottleneck(city, "published", theme=theme, step=one), cast.other)
    make_bottleneck(city, "published", theme=theme, step=two)
    into = make_bottleneck(make_city(), "network", theme=theme)
    merge_bottlenecks(
        actor=cast.person("coordinator").user,
        into=into,
        bottlenecks=[make_bottleneck(cast.advised, "network", theme=other)],
        reason="x",
    )
    make_bottleneck(city, "published", theme=other, state="solved")
    make_bottleneck(make_city(), theme=other)

    def counted(actor: Actor) -> dict[str, tuple[int, int, dict[object, int]]]:
        return {
            row.theme.code: (row.cities, row.bottlenecks, dict(row.cities_per_step))
            for row in transversal_themes(actor).rows
        }

    assert counted(cast.person("ministry").user) == {
        "finance": (4, 3, {one.pk: 2, two.pk: 1, None: 2}),
        "mobility": (0, 0, {}),
    }
    assert counted(None) == {"finance": (1, 2, {one.pk: 1, two.pk: 1}), "mobility": (0, 0, {})}


def test_the_page_of_themes_and_its_downloads(client: Client) -> None:
    assert "Nog geen thema heeft een knelpunt" in client.get("/knelpunten/themas/").content.decode()
    make_bottleneck(make_city(), "published", theme=make_theme("finance"), step=step())
    text = client.get("/knelpunten/themas/").content.decode()
    assert "/knelpunten/?stand=open&amp;thema=finance&amp;stap=action" in text
    answer = client.get("/knelpunten/themas/themas.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [["Thema", "Alle stappen", "Stap action"], ["Thema finance", "1", "1"]]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/knelpunten/themas/themas.xlsx").content))
    assert [sheet.cell(2, 2).value for sheet in book] == [1, 1]
    assert client.get("/knelpunten/themas/themas.exe").status_code == 404


def test_other_parts_say_what_came_of_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.bottleneck_sections, "_functions", {})
    bottleneck = make_bottleneck(make_city(name="Gemeente Delft"), "published")

    @registry.bottleneck_sections.register
    def came_of_it(actor: Actor, about: Bottleneck) -> Section:
        context = {"bottlenecks": [about], "name": "Delft", "code": "GM0503"}
        return Section("signalen", "Wat ervan kwam", "cities/includes/bottlenecks_of.html", context)

    assert "Wat ervan kwam" in client.get(f"/knelpunten/{bottleneck.public_id}/").content.decode()


def test_demo_data_is_complete_marked_and_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    load_reference()
    for load in registry.lowest_first(registry.demo_loaders):
        if load.__module__ in {"cities.services.demo", "cities.services.demo_bottlenecks"}:
            load("small", 1)
    made = Bottleneck.objects.filter(is_illustrative=True)
    assert not made.filter(severity="").exists()
    assert made.filter(state="merged").exists()
    assert made.filter(cities_behind__gt=2).exists()
    assert made.filter(covered_by__isnull=False).exists()
    joins = BottleneckJoin.objects.count()
    assert joins == BottleneckJoin.objects.filter(is_illustrative=True).count() > 10
    complete_demo("small", 1)
    assert BottleneckJoin.objects.count() == joins
    first = set(BottleneckJoin.objects.values_list("pk", flat=True))
    made_by_review = {"key": "review-effort-1", "is_illustrative": True}
    make_bottleneck(Bottleneck.objects.earliest("pk").organisation, **made_by_review)
    monkeypatch.setitem(demo.BOTTLENECKS, "national", 300)
    demo.load_demo("national", 1)
    complete_demo("national", 1)
    assert BottleneckJoin.objects.filter(bottleneck__key="demo:60", pk__in=first).count() == 0
    assert BottleneckJoin.objects.exclude(pk__in=first).count() > joins
    joins = BottleneckJoin.objects.count()
    assert complete_demo("national", 1) == ["demo: cities behind bottlenecks are there already"]
    assert BottleneckJoin.objects.count() == joins
