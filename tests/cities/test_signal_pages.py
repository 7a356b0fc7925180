"""The pages of signals: register, record, form, answering, following up."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cities.models import NamingDuty, Signal, SignalFollowUp
from cities.services.signals.sending import lead_of
from governance.models import OrganisationName
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_city
from tests.cities.matrix import make_bottleneck
from tests.cities.signals import add_cosigner, ask_for_room, make_ministry, make_signal

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


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def at(signal: Signal, part: str = "") -> str:
    return f"/signalen/{signal.public_id}/{part}"


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


# What one may not


WRITERS = ("bewerken/", "versturen/", "weggooien/", "medeondertekenaars/", "intrekken/", "openbaar/")
ADDRESSEES = ("ontvangen/", "beantwoorden/", "doorverwijzen/", "aanvullen/")
SENDERS = ("reageren/", "afronden/", "heropenen/", "stappen/")


@pytest.mark.parametrize("role", ["advisor", "signatory", "desk", "publisher", "steering", "member"])
@pytest.mark.parametrize("part", [*WRITERS, *ADDRESSEES, *SENDERS, "eigenaar/", "meetekenen/"])
def test_who_only_reads_is_refused_with_a_reason(cast: Cast, team: Person, role: str, part: str) -> None:
    signal = make_signal(team.own, make_ministry(), state="answered")
    answer = browser(cast.person(role)).get(at(signal, part))
    assert answer.status_code == 403, part


@pytest.mark.parametrize("part", [*WRITERS, *ADDRESSEES, "reageren/"])
def test_a_coordinator_neither_writes_nor_answers_for_others(cast: Cast, team: Person, part: str) -> None:
    person = cast.person("coordinator")
    signal = make_signal(team.own, person.own)
    client = browser(person)
    assert client.get(at(signal, part)).status_code == 403, part
    assert client.post(at(signal, part), {"text": "x", "kind": "taken_up", "reason": "x"}).status_code == 403, part
    assert client.get(at(make_signal(team.own, state="draft"), part)).status_code == 404


@pytest.mark.parametrize("part", ADDRESSEES)
def test_a_sender_does_not_answer(team: Person, part: str) -> None:
    assert browser(team).get(at(make_signal(team.own, make_ministry()), part)).status_code == 403


@pytest.mark.parametrize("part", [*WRITERS, *ADDRESSEES, *SENDERS, "eigenaar/"])
def test_a_visitor_is_asked_to_log_in(client: Client, team: Person, part: str) -> None:
    answer = client.get(at(make_signal(team.own, make_ministry()), part))
    assert answer.status_code == 302
    assert "/account/inloggen/" in answer["Location"]


# Co-signing, answering, following up


def test_cosigning_from_the_question_to_taking_it_back(cast: Cast, team: Person) -> None:
    draft, other = make_signal(team.own, state="draft"), cast.person("team")
    client, colleague = browser(team), browser(other)
    assert colleague.get(at(draft)).status_code == 404
    assert client.get(at(draft, "medeondertekenaars/")).status_code == 200
    client.post(at(draft, "medeondertekenaars/"), {"cosigners": [other.own.pk]})
    assert colleague.get(at(draft)).context["first_action"][1] == at(draft, "meetekenen/")
    page = colleague.get(at(draft, "meetekenen/"))
    sign = {"version": page.context["form"]["version"].value(), "organisation": other.own.pk}
    Signal.objects.filter(pk=draft.pk).update(version=9)
    changed = colleague.post(at(draft, "meetekenen/"), sign)
    assert "De tekst is veranderd" in changed.content.decode()
    colleague.post(at(draft, "meetekenen/"), {**sign, "version": 9})
    assert draft.cosigners.get().state == "signed"
    assert colleague.get(at(draft, "meetekenen/")).status_code == 404
    taken_back = {"reason": "Toch niet", "organisation": other.own.pk}
    colleague.post(at(draft, "handtekening-intrekken/"), taken_back)
    assert draft.cosigners.get().state == "withdrawn"
    assert client.get(at(draft, "meetekenen/")).status_code == 403
    assert colleague.get(at(draft, "bewerken/")).status_code == 404


def test_answering_with_room_to_experiment(team: Person, ministry: Person) -> None:
    signal, client = make_signal(team.own, ministry.own), browser(ministry)
    ask_for_room(signal)
    client.post(at(signal, "ontvangen/"))
    assert client.get(at(signal, "ontvangen/")).status_code == 404
    page = client.post(
        at(signal, "beantwoorden/"), {"kind": "taken_up", "text": "Goed", "experiment": "conditions"}
    )
    assert list(page.context["form"].errors) == ["conditions"]
    data = {"kind": "taken_up", "text": "Goed", "experiment": "conditions", "conditions": "Elk jaar meten"}
    page = client.post(at(signal, "beantwoorden/"), data, follow=True)
    text = page.content.decode()
    assert "gegeven onder voorwaarden" in text
    assert "Elk jaar meten" in text
    again = client.post(at(signal, "beantwoorden/"), data)
    assert "intussen veranderd" in again.content.decode()
    assert client.get(at(signal, "beantwoorden/")).status_code == 404


def test_referring_on(team: Person, ministry: Person) -> None:
    signal, client, other = make_signal(team.own, ministry.own), browser(ministry), make_ministry("Ander")
    page = client.get(at(signal, "doorverwijzen/"))
    assert ministry.own.public_id not in page.content.decode().split("<form")[-1]
    refused = client.post(at(signal, "doorverwijzen/"), {"to": ministry.own.public_id, "reason": "x"})
    assert list(refused.context["form"].errors) == ["to"]
    done = client.post(at(signal, "doorverwijzen/"), {"to": other.public_id, "reason": "Wegen"}, follow=True)
    assert "Lag eerder bij" in done.content.decode()
    assert client.get(at(signal, "doorverwijzen/")).status_code == 403


def test_naming_an_owner(cast: Cast, team: Person, ministry: Person) -> None:
    NamingDuty.objects.create(organisation=ministry.own, valid_from=today(), days=21)
    signal = make_signal(team.own, ministry.own, task="name", no_owner=True)
    owner = make_ministry("Eigenaar")
    assert browser(team).get(at(signal, "eigenaar/")).status_code == 403
    for person in (ministry, cast.person("coordinator")):
        assert browser(person).get(at(signal, "eigenaar/")).status_code == 200
    assert browser(ministry).get(at(signal, "doorverwijzen/")).status_code == 404
    done = browser(ministry).post(at(signal, "eigenaar/"), {"to": owner.public_id, "reason": "Net"}, follow=True)
    assert "eigenaar aangewezen: Eigenaar" in done.content.decode()
    assert browser(cast.person("coordinator")).get(at(signal, "eigenaar/")).status_code == 404


def test_after_the_answer(team: Person, ministry: Person) -> None:
    signal = make_signal(team.own, ministry.own, state="answered")
    client, theirs = browser(team), browser(ministry)
    own = {"organisation": team.own.pk}
    bad = client.post(at(signal, "reageren/"), {**own, "text": "x"})
    assert list(bad.context["form"].errors) == ["verdict"]
    client.post(at(signal, "reageren/"), {**own, "verdict": "partly", "text": "Half"})
    step = {"what": "Werksessie", "owner": ministry.own.pk, "due_on": today().isoformat()}
    theirs.post(at(signal, "stappen/"), step)
    made = SignalFollowUp.objects.get()
    theirs.post(at(signal, f"stappen/{made.pk}/"), {"text": "Gehouden"})
    assert theirs.get(at(signal, f"stappen/{made.pk}/")).status_code == 404
    theirs.post(at(signal, "aanvullen/"), {"text": "Verslag volgt"})
    assert theirs.get(at(signal, "afronden/")).status_code == 403
    page = client.post(at(signal, "afronden/"), {"text": "De regel is aangepast"}, follow=True)
    for words in ("De regel is aangepast", "Half", "Gehouden", "Verslag volgt"):
        assert words in page.content.decode()
    client.post(at(signal, "heropenen/"), {"reason": "Toch niet"})
    signal.refresh_from_db()
    assert signal.state == "follow_up"


def test_a_step_of_another_signal_is_not_found(team: Person, ministry: Person) -> None:
    one, two = (make_signal(team.own, ministry.own, state="follow_up") for _one in range(2))
    step = SignalFollowUp.objects.create(signal=one, what="x", owner=ministry.own, due_on=today())
    assert browser(team).get(at(two, f"stappen/{step.pk}/")).status_code == 404


def test_withdrawing_and_publishing(team: Person) -> None:
    client, signal = browser(team), make_signal(team.own, make_ministry(), audience="network")
    assert client.get(at(signal, "openbaar/")).status_code == 200
    client.post(at(signal, "openbaar/"))
    assert Client().get(at(signal)).status_code == 200
    assert client.get(at(signal, "openbaar/")).status_code == 404
    assert list(client.post(at(signal, "intrekken/"), {}).context["form"].errors) == ["reason"]
    page = client.post(at(signal, "intrekken/"), {"reason": "Dubbel"}, follow=True)
    assert "Dubbel" in page.content.decode()
    assert client.get(at(signal, "intrekken/")).status_code == 404
