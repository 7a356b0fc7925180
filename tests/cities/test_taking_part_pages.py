"""The public form, the asker's link, the decision and the change of a level, as pages."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from cities.models import InvolvementRequest, Municipality
from cities.services import requests as services
from nss_portal.core.mail import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, make_city

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Beleid",
    "position": "adviseur klimaat",
    "email": "beleid@delft.example",
    "motivation": "Wij willen leren van de missiesteden.",
    "website": "",
}


@pytest.fixture(autouse=True)
def _no_count_from_other_tests() -> None:
    cache.clear()


@pytest.fixture
def town() -> Municipality:
    return make_city("other", name="Delft").municipality


def test_the_whole_way_from_form_to_map(client: Client, town: Municipality) -> None:
    response = client.post("/gemeenten/meedoen/", {**FORM, "municipality": town.code}, follow=True)
    assert "beleid@delft.example" in response.content.decode()
    request = InvolvementRequest.objects.get()
    found = re.search(r"/gemeenten/meedoen/\S+/", OutgoingMail.objects.get().text)
    assert found
    link = found.group()
    client.get(link)
    request.refresh_from_db()
    assert request.verified_at is None, "opening the link alone changes nothing"
    client.post(link)
    request.refresh_from_db()
    assert request.verified_at is not None

    desk = Client()
    desk.force_login(Cast().person("coordinator").user)
    assert town.common_name in desk.get("/gemeenten/aanmeldingen/").content.decode()
    page = f"/gemeenten/aanmeldingen/{request.public_id}/"
    assert "Wij willen leren" in desk.get(page).content.decode()
    desk.post(page, {"step": "confirm", "reason": "Past bij het netwerk"})
    assert "Past bij het netwerk" in client.get(town.get_absolute_url()).content.decode()
    assert town.common_name in client.get("/gemeenten/?niveau=interested").content.decode()


def test_the_address_of_a_municipality_fills_it_in(client: Client, town: Municipality) -> None:
    client.post(f"/gemeenten/{town.code}/meedoen/", FORM)
    assert InvolvementRequest.objects.get().municipality == town
    assert client.get("/gemeenten/GM9999/meedoen/").status_code == 404


def test_a_city_that_takes_part_gets_no_form(client: Client) -> None:
    city = make_city("mission").municipality
    text = client.get(f"{city.get_absolute_url()}meedoen/").content.decode()
    assert "doet al mee" in text
    assert "<textarea" not in text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("municipality", "GM9999", "Kies een gemeente uit de lijst."),
        ("municipality", "", ""),
        ("email", "geen adres", "e-mailadres"),
        ("email", "a@b.example\nBcc: c@d.example", "e-mailadres"),
        ("motivation", "x" * 1_000_000, "5000"),
        ("name", "x" * 121, "120"),
        ("website", "https://spam.example", "robots"),
        ("motivation", "", ""),
        ("name", "nul\x00", ""),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(
    client: Client, town: Municipality, field: str, value: str, says: str
) -> None:
    response = client.post("/gemeenten/meedoen/", {**FORM, "municipality": town.code, field: value})
    text = response.content.decode()
    assert response.status_code == 422
    assert 'id="error-summary"' in text
    assert says in text
    assert list(response.context["form"].errors) == [field]
    assert InvolvementRequest.objects.count() == 0
    kept = FORM["motivation"] if field != "motivation" else FORM["name"]
    assert kept in text


def test_sent_twice_it_is_one_request(client: Client, town: Municipality) -> None:
    for _time in range(2):
        assert client.post("/gemeenten/meedoen/", {**FORM, "municipality": town.code}).status_code == 302
    assert InvolvementRequest.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_who_sends_too_often_waits_and_keeps_the_text(client: Client, town: Municipality) -> None:
    for _time in range(20):
        client.post("/gemeenten/meedoen/", {"name": "x"})
    response = client.post("/gemeenten/meedoen/", {**FORM, "municipality": town.code})
    assert response.status_code == 429
    assert FORM["motivation"] in response.content.decode()
    assert InvolvementRequest.objects.count() == 0


def test_the_receipt_is_for_who_sent_something(client: Client) -> None:
    assert client.get("/gemeenten/meedoen/ontvangen/").status_code == 302


def test_a_link_that_does_not_work_says_so(client: Client) -> None:
    response = client.get("/gemeenten/meedoen/onzin:x:y/")
    assert response.status_code == 404
    assert "/gemeenten/meedoen/" in response.content.decode()


def test_the_asker_takes_the_request_back(client: Client, town: Municipality) -> None:
    client.post("/gemeenten/meedoen/", {**FORM, "municipality": town.code})
    link = f"/gemeenten/meedoen/{services.link_token(InvolvementRequest.objects.get())}/"
    assert "ingetrokken" in client.post(link, {"withdraw": "yes"}, follow=True).content.decode()
    client.post(link)
    assert InvolvementRequest.objects.get().verified_at is None


def verified(town: Municipality) -> InvolvementRequest:
    request = services.ask_to_take_part(
        actor=None, municipality=town, **{k: FORM[k] for k in ("name", "email", "position", "motivation")}
    )
    return services.verify_address(actor=services.asker(request), request=request)


def test_a_second_decision_says_what_happened_and_keeps_the_text(client: Client, town: Municipality) -> None:
    request = verified(town)
    client.force_login(Cast().person("coordinator").user)
    page = f"/gemeenten/aanmeldingen/{request.public_id}/"
    client.post(page, {"step": "decline", "reason": "Eerst een raadsbesluit"})
    response = client.post(page, {"step": "confirm", "reason": "Mijn lange tekst"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Mijn lange tekst" in text
    assert "Eerst een raadsbesluit" in text
    assert not town.involvements.exists()


def test_a_decision_without_a_reason_is_asked_for(client: Client, town: Municipality) -> None:
    request = verified(town)
    client.force_login(Cast().person("coordinator").user)
    response = client.post(f"/gemeenten/aanmeldingen/{request.public_id}/", {"step": "confirm", "reason": " "})
    assert 'id="error-summary"' in response.content.decode()
    request.refresh_from_db()
    assert request.state == "received"


@pytest.mark.parametrize("role", ["member", "team", "ministry", "steering", "publisher"])
def test_the_queue_is_not_there_for_others(client: Client, town: Municipality, role: str) -> None:
    request = verified(town)
    client.force_login(Cast().person(role, leads=True).user)
    page = f"/gemeenten/aanmeldingen/{request.public_id}/"
    assert client.get("/gemeenten/aanmeldingen/").status_code == 404
    assert client.get(page).status_code == 404
    assert client.post(page, {"step": "confirm", "reason": "x"}).status_code == 404
    assert client.get(f"/gemeenten/{town.code}/betrokkenheid/").status_code == 404


def test_a_visitor_is_sent_to_the_login(client: Client, town: Municipality) -> None:
    for page in ("/gemeenten/aanmeldingen/", f"/gemeenten/{town.code}/betrokkenheid/"):
        response = client.get(page)
        assert response.status_code == 302
        assert "inlog" in response["Location"] or "login" in response["Location"]


def test_a_coordinator_changes_a_level(client: Client, town: Municipality) -> None:
    client.force_login(Cast().person("coordinator").user)
    page = f"/gemeenten/{town.code}/betrokkenheid/"
    assert client.get(page).status_code == 200
    bad = client.post(page, {"level": "other", "valid_from": "31-02-2026", "reason": "Tekst"})
    assert "Tekst" in bad.content.decode()
    assert list(bad.context["form"].errors) == ["valid_from"]
    same = client.post(page, {"level": "other", "valid_from": today().isoformat(), "reason": "Tekst"})
    assert list(same.context["form"].errors) == ["level"]
    done = client.post(page, {"level": "eoi", "valid_from": today().isoformat(), "reason": "Nieuwe oproep"})
    assert done.status_code == 302
    assert town.involvements.get().level == "eoi"


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_asks_the_same_number_of_queries(client: Client, number: int, django_assert_num_queries) -> None:
    client.force_login(Cast().person("coordinator").user)
    for count in range(number):
        verified(make_city("other", name=f"Stad {count}").municipality)
    client.get("/gemeenten/aanmeldingen/")
    with django_assert_num_queries(QUEUE_QUERIES):
        client.get("/gemeenten/aanmeldingen/")


QUEUE_QUERIES = 6
