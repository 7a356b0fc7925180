"""The page behind the link of an invitation: every way it can go."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from governance.models import Invitation, User
from governance.models.membership import Function
from governance.services.invitations import make_invitation, withdraw_invitation
from governance.services.people import make_account
from tests.access.cast import Cast, Person

pytestmark = pytest.mark.django_db
PASSWORD = "een zin die alleen ik ken"
GOOD = {"name": "Nieuw", "password": PASSWORD, "password_again": PASSWORD}


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def lead() -> Person:
    return Cast().person("team", leads=True)


def make_link(lead: Person, email: str = "nieuw@voorbeeld.example") -> tuple[Invitation, str]:
    invitation, token = make_invitation(
        actor=lead.user, email=email, organisation=lead.own, function=Function.TEAM, name="Nieuw"
    )
    return invitation, f"/account/uitnodiging/{token}/"


def test_somebody_new_chooses_name_and_password_and_is_in(client: Client, lead: Person) -> None:
    _invitation, url = make_link(lead)
    page = client.get(url)
    assert page.context["form"]["name"].value() == "Nieuw", "what is known is filled in"
    assert "nieuw@voorbeeld.example" in page.content.decode()
    answer = client.post(url, GOOD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/account/").context["memberships"][0].membership.organisation == lead.own


def test_looking_changes_nothing(client: Client, lead: Person) -> None:
    invitation, url = make_link(lead)
    for _time in range(3):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.OPEN
    assert not User.objects.filter(email=invitation.email).exists()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": ""}, "name", "ontbreekt"),
        ({"password": "kort", "password_again": "kort"}, "password", "12 tekens"),
        ({"password": "nieuw@voorbeeld", "password_again": "nieuw@voorbeeld"}, "password", "lijkt"),
        ({"password_again": "iets heel anders dan dat"}, "password_again", "verschillen"),
    ],
)
def test_what_is_not_right_is_said_at_the_field_and_the_name_is_kept(
    client: Client, lead: Person, change: dict[str, str], field: str, words: str
) -> None:
    invitation, url = make_link(lead)
    answer = client.post(url, {**GOOD, **change})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    if field != "name":
        assert 'value="Nieuw"' in answer.content.decode()
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.OPEN


def test_a_link_that_is_none(client: Client) -> None:
    answer = client.get("/account/uitnodiging/nooit-gemaakt/")
    assert answer.status_code == 404
    assert "Kopieer de hele link" in answer.content.decode()


def test_a_link_that_was_used_withdrawn_or_expired_says_so(client: Client, lead: Person) -> None:
    invitation, used = make_link(lead)
    Client().post(used, GOOD)
    withdrawn_one, withdrawn = make_link(lead, "b@voorbeeld.example")
    withdraw_invitation(actor=lead.user, invitation=withdrawn_one)
    expired_one, expired = make_link(lead, "c@voorbeeld.example")
    Invitation.objects.filter(pk=expired_one.pk).update(expires_at=timezone.now() - timedelta(days=1))
    for url, words in ((used, "is gebruikt"), (withdrawn, "is ingetrokken"), (expired, "is verlopen")):
        for answer in (client.get(url), client.post(url, GOOD)):
            assert answer.status_code == 410
            assert words in answer.content.decode()
    assert User.objects.filter(email__in=["b@voorbeeld.example", "c@voorbeeld.example"]).count() == 0
    assert invitation.email == "nieuw@voorbeeld.example"


def test_who_has_an_account_logs_in_and_confirms(client: Client, lead: Person) -> None:
    user = make_account(email="er.al@voorbeeld.example", name="Er al", password=PASSWORD)
    _invitation, url = make_link(lead, user.email)
    page = client.get(url)
    assert f"/account/inloggen/?next={url}" in page.content.decode()
    client.post(url, GOOD)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not user.memberships.exists(), "the link alone does not act for an existing account"
    answer = client.post("/account/inloggen/", {"login": user.email, "password": PASSWORD, "next": url})
    assert answer["Location"] == url
    assert not user.memberships.exists(), "coming back by GET changes nothing"
    assert client.post(url)["Location"] == "/account/"
    assert user.memberships.get().organisation == lead.own


def test_who_is_logged_in_as_somebody_else_is_told_and_can_go_on(client: Client, lead: Person) -> None:
    other = make_account(email="ander@voorbeeld.example", name="Ander", password=PASSWORD)
    client.force_login(other)
    invitation, url = make_link(lead)
    page = client.get(url)
    assert page.status_code == 409
    assert other.email in page.content.decode()
    assert invitation.email in page.content.decode()
    assert client.post(url, GOOD).status_code == 409
    assert not other.memberships.exists()
    assert client.post("/account/uitloggen/", {"next": url})["Location"] == url
    assert client.get(url).status_code == 200


def test_two_who_press_at_once_make_one_account(client: Client, lead: Person) -> None:
    _invitation, url = make_link(lead)
    again = Client()
    assert again.get(url).status_code == 200
    client.post(url, GOOD)
    assert again.post(url, {**GOOD, "name": "Tweede"}).status_code == 410
    assert User.objects.filter(email="nieuw@voorbeeld.example").get().name == "Nieuw"


def test_the_page_speaks_english_too(client: Client, lead: Person) -> None:
    _invitation, url = make_link(lead)
    assert "Make my account" in client.get(f"/en{url}").content.decode()
    client.post(f"/en{url}", GOOD)
    assert User.objects.get(email="nieuw@voorbeeld.example").language == "en"
