"""Pages of assessments: the register, the result, the forms, and answering by link."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from governance.models import AnswerSheet, Assessment, AssessmentPoint
from governance.services.assessments import holding
from governance.services.assessments.links import current_token
from governance.services.assessments.reference import load_instruments
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, make_user
from tests.governance.making_assessments import answer, answered, ask, make_assessment

pytestmark = pytest.mark.django_db
BASE = "/sturing/zelfbeoordeling/"
LIST_QUERIES = 7
RESULT_QUERIES = 11
LATER = (today() + timedelta(days=7)).isoformat()


@pytest.fixture
def person() -> Person:
    return Cast().person("coordinator")


@pytest.fixture
def coordinator(client: Client, person: Person) -> Client:
    client.force_login(person.user)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_asks_the_same_for_one_and_for_many(
    coordinator: Client, person: Person, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _each in range(number):
        made = answered(person.own, [3] * 5)
    with django_assert_num_queries(LIST_QUERIES):
        text = page(coordinator, BASE)
    assert text.count("3,0") == number
    with django_assert_num_queries(RESULT_QUERIES):
        text = page(coordinator, made.get_absolute_url())
    assert ("Door de jaren" in text) == (number > 1)


def test_an_indicator_of_one_statement_is_one_row(coordinator: Client, person: Person) -> None:
    made = answered(person.own, [3] * 5)
    text = page(coordinator, made.get_absolute_url())
    statements = [list(one.statements.all()) for one in made.instrument.indicators.all()]
    assert any(len(found) == 1 for found in statements)
    several = sum(len(found) for found in statements if len(found) > 1)
    assert text.count('<tr><th scope="row" class="small">') == several
    assert text.count('<tr><th scope="row"><strong>') == len(statements)
    for [only] in (found for found in statements if len(found) == 1):
        assert escape(only.text) in text


def test_a_result_tells_figures_from_five_up_and_to_those_who_may(person: Person) -> None:
    made = answered(person.own, [1, 2, 3, 4, 5], sharing="published")
    text = page(Client(), made.get_absolute_url())
    assert "5 van de 5 mensen hebben geantwoord" in text
    assert "Zegt 3" in text
    few = answered(person.own, [1, 1, 1, 1], sharing="published")
    text = page(Client(), few.get_absolute_url())
    assert "Minder dan vijf mensen" in text
    assert "Zegt 1" not in text
    assert "1,0" not in text
    page(Client(), answered(person.own, [1] * 5).get_absolute_url(), 404)


def test_before_the_closing_no_page_tells_anything_but_how_many(coordinator: Client, person: Person) -> None:
    made = make_assessment(person.own, "open")
    for one in ask(made, 7):
        answer(one, {1: 5, 2: 2}, "Zegt dit")
    text = page(coordinator, made.get_absolute_url())
    assert "7 van 7" in text
    assert "Zegt dit" not in text
    report = coordinator.get(f"/rapporten/?rapport=assessment|{made.public_id}").content.decode()
    assert str(made) not in report
    assert "Zegt dit" not in page(coordinator, BASE)


def test_from_the_form_to_the_result(coordinator: Client, person: Person) -> None:
    load_instruments()
    assert "Nog geen zelfbeoordeling" in page(coordinator, BASE)
    values = {"subject": "nss|", "organisation": person.own.pk, "closes_on": LATER, "note": "Graag"}
    sent = coordinator.post(f"{BASE}nieuw/", values)
    assert coordinator.post(f"{BASE}nieuw/", values).url == sent.url
    made = Assessment.objects.get()
    assert sent.url == f"{made.get_absolute_url()}uitnodigen/"
    bad = coordinator.post(sent.url, {"addresses": "a@b.example\nonzin", "language": "nl"})
    assert "onzin" in bad.context["form"].errors["addresses"][0]
    assert "a@b.example" in bad.content.decode()
    lines = "\n".join(f"Naam <p{n}@b.example>" for n in range(6))
    coordinator.post(sent.url, {"addresses": lines, "language": "nl"})
    gone = made.participants.first()
    coordinator.post(f"{sent.url}{gone.pk}/weg/")
    assert made.participants.count() == 5
    coordinator.post(f"{made.get_absolute_url()}bewerken/", {"closes_on": LATER, "note": "Anders", "version": 1})
    conflict = coordinator.post(
        f"{made.get_absolute_url()}bewerken/", {"closes_on": LATER, "note": "Ik", "version": 1}
    )
    assert conflict.status_code == 409
    assert "Ik" in conflict.content.decode()
    for part in ("openen/", "sluiten/"):
        page(coordinator, f"{made.get_absolute_url()}{part}")
        coordinator.post(f"{made.get_absolute_url()}{part}")
    made.refresh_from_db()
    assert (made.state, made.note) == ("closed", "Anders")
    for part in ("openen/", "sluiten/", "intrekken/", "weggooien/"):
        page(coordinator, f"{made.get_absolute_url()}{part}", 404)
    for part in ("bewerken/", "uitnodigen/"):
        page(coordinator, f"{made.get_absolute_url()}{part}", 403)


def test_after_the_closing(coordinator: Client, person: Person) -> None:
    made = answered(person.own, [3] * 5)
    address = made.get_absolute_url()
    coordinator.post(f"{address}delen/", {"sharing": "published"})
    coordinator.post(f"{address}gesprek/", {"talked_on": today().isoformat(), "n7": "Drie bronnen", "version": 1})
    late = coordinator.post(f"{address}gesprek/", {"n7": "Van mij", "version": 1})
    assert late.status_code == 409
    assert "Van mij" in late.content.decode()
    shown = [(row["mine"], row["theirs"]) for row in late.context["conflict"]]
    assert ("Van mij", "Drie bronnen") in shown, "both texts beside each other"
    nothing = coordinator.post(f"{address}gesprek/", {"version": 2})
    assert (nothing.status_code, "outcome" in nothing.context["form"].errors) == (422, True)
    owner = person.cast.person("ministry")
    point = {"what": "Eén bron", "owner": owner.own.pk, "due_on": "2020-01-01"}
    assert "due_on" in coordinator.post(f"{address}punten/nieuw/", point).context["form"].errors
    coordinator.post(f"{address}punten/nieuw/", {**point, "due_on": LATER})
    kept = AssessmentPoint.objects.get()
    ministry, stranger = Client(), Client()
    ministry.force_login(owner.user)
    stranger.force_login(person.cast.person("team").user)
    done = reverse("governance:assessment_point_done", args=[kept.pk])
    page(stranger, done, 403)
    ministry.post(
        reverse("governance:assessment_point_later", args=[kept.pk]), {"due_on": LATER, "reason": "Ziek"}
    )
    ministry.post(done, {"came_of_it": "CBS levert"})
    text = page(stranger, address)
    for words in ("Drie bronnen", "Eén bron", "CBS levert"):
        assert words in text
    Assessment.objects.filter(pk=made.pk).update(sharing="participants")
    page(stranger, done, 404)


def test_answering_by_link(person: Person, client: Client) -> None:
    made = make_assessment(person.own, "open")
    one = ask(made, 6)[0]
    link = f"{BASE}link/{current_token(one)}/"
    answer_to = client.get(link)
    assert (answer_to.status_code, answer_to["Referrer-Policy"]) == (200, "strict-origin")
    assert "saved_at" in client.post(f"{link}bewaren/", {"s1": "3"}).json()
    assert client.post(f"{link}bewaren/", {"s1": "6"}).status_code == 422
    assert client.get(f"{link}klaar/").url == link
    wrong = client.post(link, {"s1": "6", "s2": "4", "comment": "Blijft staan"})
    assert list(wrong.context["form"].errors) == ["s1"]
    assert "Blijft staan" in wrong.content.decode()
    assert 'value="4" aria-invalid' in wrong.content.decode() or "checked" in wrong.content.decode()
    assert AnswerSheet.objects.get().scores == {"1": 3}
    assert "minstens één score" in client.post(link, {"s1": "0"}).content.decode()
    assert client.post(link, {"s1": "4", "s2": "0"}).url == f"{link}klaar/"
    assert "uw antwoorden tellen mee" in page(client, f"{link}klaar/")
    assert "Uw antwoorden zijn verstuurd" in page(client, link)
    client.post(link, {"s1": "5"})
    assert (AnswerSheet.objects.get().scores, AnswerSheet.objects.get().is_sent) == ({"1": 5}, True)
    page(client, f"{BASE}link/onzin/", 404)


def test_somebody_else_s_link_and_a_link_too_late(person: Person, client: Client, coordinator: Client) -> None:
    made = make_assessment(person.own, "open")
    one = ask(made, 6)[0]
    link = f"{BASE}link/{current_token(one)}/"
    refused = coordinator.post(link, {"s1": "1"})
    assert refused.status_code == 403
    assert one.email not in refused.content.decode()
    holding.close_assessment(actor=person.user, assessment=made)
    late = Client().post(link, {"s1": "4", "comment": "Nog een idee"})
    assert late.status_code == 410
    for words in ("kwam na het sluiten", "Nog een idee", "Alle overheden"):
        assert words in late.content.decode()
    assert Client().post(f"{link}bewaren/", {"s1": "4"}).status_code == 409
    assert not AnswerSheet.objects.exists()


def test_with_an_account_it_stands_in_my_work(person: Person, client: Client) -> None:
    made = make_assessment(person.own, "open")
    user, other = make_user("ik@voorbeeld.example"), make_user()
    holding.invite(actor=person.user, assessment=made, addresses=["Ik@voorbeeld.example"])
    client.force_login(user)
    join = f"{made.get_absolute_url()}meedoen/"
    assert join in page(client, "/")
    link = client.get(join).url
    assert client.post(link, {"s1": "4"}).status_code == 302
    assert join not in page(client, "/")
    assert client.get(join).url == link
    client.force_login(other)
    page(client, join, 404)


def test_who_may_not_gets_no_button_and_no_page(person: Person) -> None:
    made = answered(person.own, [3] * 5, sharing="network")
    steering, ministry = Client(), Client()
    steering.force_login(person.cast.person("steering").user)
    ministry.force_login(person.cast.person("ministry").user)
    for client in (steering, ministry):
        assert "Resultaat delen" not in page(client, made.get_absolute_url())
        for part in ("delen/", "gesprek/", "punten/nieuw/"):
            page(client, f"{made.get_absolute_url()}{part}", 403)
    page(steering, f"{BASE}nieuw/", 403)
    assert "nog niets te beoordelen" in page(ministry, f"{BASE}nieuw/")


def test_filters_hold_in_the_address(coordinator: Client, person: Person) -> None:
    found = answered(person.own, [3] * 5, subject_kind="programme", subject_key="bbbbbb", subject_label="Warmte")
    make_assessment(person.own, "open", closes_on=today() + timedelta(days=800))
    for query in ("q=warm", "soort=programme", "stand=closed", f"jaar={found.closes_on.year}"):
        rows = coordinator.get(f"{BASE}?{query}").context["rows"]
        assert [row["assessment"] for row in rows] == [found], query
    assert "Geen zelfbeoordeling past" in page(coordinator, f"{BASE}?q=nergens")
