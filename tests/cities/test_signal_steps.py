"""The pages on which signals are answered and followed up, and who may not open them."""

import pytest
from django.test import Client

from cities.models import NamingDuty, Signal, SignalFollowUp
from nss_portal.core.time import today
from tests.access.cast import Cast, Person
from tests.cities.signals import ask_for_room, at, browser, make_ministry, make_signal

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team", leads=True)


@pytest.fixture
def ministry(cast: Cast) -> Person:
    return cast.person("ministry", leads=True)


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
