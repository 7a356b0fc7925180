"""The pages of signals: register, record, form."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cities.models import Signal
from cities.services.signals.sending import lead_of
from governance.models import OrganisationName
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city
from tests.cities.matrix import make_bottleneck
from tests.cities.signals import add_cosigner, ask_for_room, at, browser, make_ministry, make_signal

pytestmark = pytest.mark.django_db

LIST_QUERIES = 5
LIST_QUERIES_TEAM = 8
RECORD_QUERIES = 6
TIMES_QUERIES = 2


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team", leads=True)


@pytest.fixture
def ministry(cast: Cast) -> Person:
    return cast.person("ministry", leads=True)


def form(**more: object) -> dict[str, object]:
    values = {"title": "Voorrang", "question": "Maak het mogelijk", "audience": "published", "lead": ""}
    return {**values, "contact_function": "adviseur", "contact_reach": "a@b.example", **more}


def shown(rows: list[dict[str, object]]) -> list[Signal]:
    return [Signal.objects.get(pk=row["pk"]) for row in rows]


# The register


def test_a_visitor_sees_what_is_public_and_nothing_else(client: Client, team: Person) -> None:
    ministry = make_ministry()
    public = make_signal(team.own, ministry)
    network = make_signal(team.own, ministry, audience="network")
    draft = make_signal(team.own, state="draft")
    assert shown(client.get("/signalen/").context["rows"]) == [public]
    assert client.get(at(public)).status_code == 200
    for hidden in (network, draft):
        assert client.get(at(hidden)).status_code == 404
    assert len(browser(team).get("/signalen/").context["rows"]) == 3


def test_filters_hold_in_the_address(client: Client, team: Person) -> None:
    old = make_ministry("Ministerie van Oud")
    found = make_signal(team.own, old, title="Warmtenet", days_ago=40, no_owner=True)
    ask_for_room(found)
    add_cosigner(found, make_city(name="Gemeente Delft"), "signed")
    make_signal(make_city(), make_ministry(), state="answered", title="Iets anders")
    queries = ("q=warmte", "q=delft", f"aan={old.public_id}", "stand=te-laat", "stand=open", "stand=sent")
    for query in (*queries, "soort=ruimte", "soort=zonder-eigenaar", "q=warmte&stand=sent"):
        rows = client.get(f"/signalen/?{query}").context["rows"]
        assert shown(rows) == [found], query
    assert "Geen signaal past" in client.get("/signalen/?q=bestaatniet").content.decode()
    assert client.get("/signalen/?aan=onzin&stand=x&sort=y&page=z").status_code == 200


def test_the_filter_on_a_ministry_finds_what_went_to_its_predecessor(client: Client, team: Person) -> None:
    new = make_ministry("Ministerie van Nieuw")
    old = make_ministry("Ministerie van Oud", successor=new, succeeded_on=today() - timedelta(days=5))
    signal = make_signal(team.own, old, days_ago=20)
    (row,) = client.get(f"/signalen/?aan={new.public_id}").context["rows"]
    assert (row["pk"], row["lead"], row["lead_before"]) == (
        signal.pk,
        "Ministerie van Nieuw",
        "Ministerie van Oud",
    )


def test_an_empty_register_says_what_belongs_there(client: Client, team: Person) -> None:
    assert "Er is nog geen signaal verstuurd" in client.get("/signalen/").content.decode()
    assert "Het eerste signaal schrijven" in browser(team).get("/signalen/").content.decode()
    assert client.get("/signalen/reactietijden/").status_code == 200


def test_number_of_queries(
    client: Client, team: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    insider = browser(team)
    insider.get("/signalen/")
    for number in (1, 3):
        while Signal.objects.count() < number:
            signal = make_signal(team.own, make_ministry(), make_ministry(), state="answered", days_ago=20)
            add_cosigner(signal, make_city(), "signed")
        with django_assert_num_queries(LIST_QUERIES):
            client.get("/signalen/")
        with django_assert_num_queries(LIST_QUERIES_TEAM):
            insider.get("/signalen/")
        with django_assert_num_queries(RECORD_QUERIES):
            client.get(at(signal))
        with django_assert_num_queries(TIMES_QUERIES):
            client.get("/signalen/reactietijden/")


def test_the_register_is_taken_along(client: Client, team: Person) -> None:
    make_signal(team.own, make_ministry("Ministerie van Net"), title="=Net")
    make_signal(team.own, make_ministry(), audience="network")
    content = client.get("/signalen/signalen.csv?stand=sent").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ["'=Net"]
    assert "Ministerie van Net" in rows[1]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/signalen/signalen.xlsx").content))
    assert book.sheetnames == ["Signalen", "Reactietijden"]
    assert book["Signalen"].max_row == 2


def test_the_board_is_for_coordination_and_steering(cast: Cast, team: Person) -> None:
    late = make_signal(team.own, make_ministry(), days_ago=50, title="Te laat")
    make_signal(team.own, make_ministry(), state="closed", title="Klaar")
    for role in ("coordinator", "steering"):
        columns = browser(cast.person(role)).get("/signalen/bord/").context["columns"]
        assert shown(columns[0]["rows"]) == [late]
        assert [row["title"] for row in columns[-1]["rows"]] == ["Klaar"]
    assert browser(team).get("/signalen/bord/").status_code == 403


def test_response_times_are_shown_as_table_and_chart(client: Client, team: Person) -> None:
    signal = make_signal(team.own, make_ministry("Ministerie van Net"), state="answered", days_ago=20)
    signal.addressees.update(answered_on=signal.sent_on + timedelta(days=8))
    page = client.get("/signalen/reactietijden/")
    (row,) = page.context["rows"]
    assert (row["name"], row["median"], row["answered"]) == ("Ministerie van Net", "8", 1)
    assert "<svg" in page.content.decode()


# The record


def test_an_old_signal_has_the_name_of_its_day_beside_the_present_one(client: Client, team: Person) -> None:
    ministry = make_ministry("Ministerie van Nu")
    first, last = today() - timedelta(days=90), today() - timedelta(days=30)
    OrganisationName.objects.create(
        organisation=ministry, name="Ministerie van Toen", valid_from=first, valid_to=last
    )
    old, new = make_signal(team.own, ministry, days_ago=60), make_signal(team.own, ministry, days_ago=10)
    text = client.get(at(old)).content.decode()
    assert "Ministerie van Toen (nu: Ministerie van Nu)" in text
    assert "Ministerie van Toen" not in client.get(at(new)).content.decode()


def test_bottlenecks_that_one_may_not_see_are_not_named(client: Client, team: Person) -> None:
    hidden = make_bottleneck(team.own, "network", title="Alleen netwerk")
    signal = make_signal(team.own, make_ministry(), bottleneck=hidden)
    text = client.get(at(signal)).content.decode()
    assert "Alleen netwerk" not in text
    assert "alleen met het netwerk" in text
    assert "Alleen netwerk" in browser(team).get(at(signal)).content.decode()


def test_how_to_reach_the_contact_is_for_who_takes_part(client: Client, team: Person, ministry: Person) -> None:
    signal = make_signal(team.own, ministry.own)
    for person in (team, ministry):
        assert "klimaat@stad.example" in browser(person).get(at(signal)).content.decode()
    assert "klimaat@stad.example" not in client.get(at(signal)).content.decode()


@pytest.mark.parametrize(
    ("state", "role", "offered"),
    [
        ("draft", "team", "bewerken/"),
        ("sent", "team", ""),
        ("sent", "ministry", "beantwoorden/"),
        ("answered", "team", "reageren/"),
        ("answered", "ministry", ""),
        ("sent", "coordinator", ""),
        ("sent", "steering", ""),
    ],
)
def test_the_strong_button_is_what_is_asked(
    cast: Cast, team: Person, ministry: Person, state: str, role: str, offered: str
) -> None:
    signal = make_signal(team.own, ministry.own, state=state)
    person = {"team": team, "ministry": ministry}.get(role) or cast.person(role)
    action = browser(person).get(at(signal)).context["first_action"]
    assert (action[1] if action else "") == (at(signal, offered) if offered else "")


def test_the_public_record_names_no_people(client: Client, team: Person, ministry: Person) -> None:
    signal = make_signal(team.own, ministry.own)
    browser(ministry).post(at(signal, "beantwoorden/"), {"kind": "taken_up", "text": "We doen dit"})
    assert str(ministry.user) in browser(team).get(at(signal)).content.decode()
    text = client.get(at(signal)).content.decode()
    assert "We doen dit" in text
    assert str(ministry.user) not in text


# Writing


def test_from_a_bottleneck_to_a_signal_that_is_sent(team: Person, ministry: Person) -> None:
    client, bottleneck = browser(team), make_bottleneck(team.own, "network", title="Net vol")
    page = client.get(f"/signalen/nieuw/?knelpunt={bottleneck.public_id}")
    assert "Net vol" in page.content.decode()
    day = (today() + timedelta(days=40)).isoformat()
    data = form(organisation=team.own.pk, bottlenecks=[bottleneck.public_id], answer_by=day, send="yes")
    answer = client.post("/signalen/nieuw/", {**data, "lead": ministry.own.public_id})
    signal = Signal.objects.get()
    assert answer["Location"] == at(signal, "versturen/")
    page = client.get(answer["Location"])
    assert page.context["problems"] == []
    client.post(at(signal, "versturen/"), {"version": signal.version})
    signal.refresh_from_db()
    assert (signal.state, lead_of(signal).organisation) == ("sent", ministry.own)
    assert signal.sent_on == today()
    assert client.get(at(signal, "versturen/")).status_code == 404


def test_without_a_bottleneck_it_is_said_and_nothing_is_lost(team: Person, ministry: Person) -> None:
    client = browser(team)
    day = (today() + timedelta(days=40)).isoformat()
    data = form(organisation=team.own.pk, answer_by=day, lead=ministry.own.public_id, send="yes")
    page = client.post("/signalen/nieuw/", data, follow=True)
    signal = Signal.objects.get()
    assert "Kies ten minste één knelpunt" in page.content.decode()
    refused = client.post(at(signal, "versturen/"), {"version": signal.version})
    assert (refused.status_code, refused.context["problems"] != []) == (409, True)
    signal.refresh_from_db()
    assert (signal.state, signal.question) == ("draft", "Maak het mogelijk")


def test_bottlenecks_are_looked_for_and_what_was_typed_stays(team: Person) -> None:
    client = browser(team)
    make_bottleneck(team.cast.other, "network", title="Warmtenet ligt stil")
    make_bottleneck(team.cast.other, title="Warmtenet geheim")
    page = client.post("/signalen/nieuw/", form(organisation=team.own.pk, find="warmtenet", search="yes"))
    text = page.content.decode()
    assert "Warmtenet ligt stil" in text
    assert "geheim" not in text
    signal = Signal.objects.get()
    assert signal.question == "Maak het mogelijk"
    unnamed = client.post(
        "/signalen/nieuw/", form(title="", find="warmtenet", search="yes", organisation=team.own.pk)
    )
    assert "Warmtenet ligt stil" in unnamed.content.decode()
    assert "Maak het mogelijk" in unnamed.content.decode()
    assert unnamed.context["form"].errors == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 161),
        ("question", "x" * 1_000_000),
        ("answer_by", "gisteren"),
        ("lead", "onzin"),
        ("others", "onzin"),
        ("bottlenecks", "onzin"),
        ("audience", "iedereen"),
        ("room_from", "2027-13-01"),
        ("room_cities", "onzin"),
    ],
)
def test_bad_input_is_named_and_kept(team: Person, field: str, value: str) -> None:
    draft = make_signal(team.own, state="draft")
    page = browser(team).post(at(draft, "bewerken/"), form(**{"background": "Veel werk", field: value}))
    assert list(page.context["form"].errors) == [field]
    assert "Veel werk" in page.content.decode()
    assert 'id="error-summary"' in page.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Voorrang op het net"


def test_both_texts_stand_side_by_side_after_a_colleague_was_first(team: Person) -> None:
    client, draft = browser(team), make_signal(team.own, state="draft")
    mine = form(version=draft.version, question="Mijn tekst")
    client.post(at(draft, "bewerken/"), form(version=draft.version, question="Tekst van de collega"))
    page = client.post(at(draft, "bewerken/"), mine)
    text = page.content.decode()
    assert page.status_code == 409
    assert "Mijn tekst" in text
    assert "Tekst van de collega" in text
    version = page.context["form"]["version"].value()
    client.post(at(draft, "bewerken/"), {**mine, "version": version})
    draft.refresh_from_db()
    assert draft.question == "Mijn tekst"


def test_typing_saves_by_itself(team: Person) -> None:
    client, draft = browser(team), make_signal(team.own, state="draft")
    answer = client.post(at(draft, "bewaren/"), form(version=draft.version, question="Half"))
    assert answer.json()["version"] == draft.version + 1
    late = client.post(at(draft, "bewaren/"), form(version=draft.version, question="Te laat"))
    assert (late.status_code, "message" in late.json()) == (409, True)
    assert client.post(at(draft, "bewaren/"), form(title="")).status_code == 422
    draft.refresh_from_db()
    assert draft.question == "Half"


def test_a_draft_is_thrown_away_after_asking(team: Person) -> None:
    client, draft = browser(team), make_signal(team.own, state="draft")
    sent = make_signal(team.own, make_ministry())
    assert client.get(at(draft, "weggooien/")).status_code == 200
    client.post(at(draft, "weggooien/"))
    assert list(Signal.objects.all()) == [sent]
    assert client.get(at(sent, "weggooien/")).status_code == 404
