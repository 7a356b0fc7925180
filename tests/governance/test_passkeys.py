"""Passkeys: made, named, removed; as the way in, as the second step, and to prove that it is still you."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from governance.accounts.second_factor import is_missing_for
from governance.models import User
from governance.models.membership import Function
from governance.services.people import make_account
from governance.services.second_factor import remove_second_factor
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.models.audit import Event
from tests.access.cast import join, make_city
from tests.governance.passkey import Passkey

pytestmark = pytest.mark.django_db
PASSWORD = "een zin die alleen ik ken"
ADD = "/account/tweede-stap/passkeys/nieuw/"
LIST = "/account/tweede-stap/passkeys/"
LOGIN = "/account/inloggen/passkey/"
STEP = "/account/tweede-stap/code/"
CODES = "/account/tweede-stap/herstelcodes/"


@pytest.fixture(autouse=True)
def _asked_for(settings) -> Iterator[None]:
    """As outside demo mode."""
    settings.NSS_SECOND_FACTOR = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def signatory() -> User:
    user = make_account(email="wethouder@voorbeeld.example", name="Wethouder", password=PASSWORD)
    join(user, make_city(), Function.SIGNATORY)
    return user


def first_step(client: Client, user: User):
    return client.post("/account/inloggen/", {"login": user.email, "password": PASSWORD})


def add(client: Client, name: str = "mijn telefoon") -> Passkey:
    passkey = Passkey()
    page = client.get(ADD)
    answer = client.post(ADD, {"name": name, "credential": passkey.make(page.context["options"])})
    assert answer.status_code == 302, answer.context["form"].errors
    return passkey


def log_in(client: Client, passkey: Passkey, **data: str):
    options = client.get(LOGIN).json()["options"]
    return client.post(LOGIN, {"credential": passkey.sign(options), **data})


@pytest.fixture
def passkey(signatory: User) -> Passkey:
    client = Client()
    first_step(client, signatory)
    return add(client)


def row() -> Authenticator:
    return Authenticator.objects.get(type="webauthn")


def test_who_needs_a_second_step_may_set_up_a_passkey(
    client: Client, signatory: User, django_capture_on_commit_callbacks
) -> None:
    first_step(client, signatory)
    set_up = client.get(client.get("/")["Location"]).content.decode()
    assert f'href="{ADD}"' in set_up
    page = client.get(ADD)
    assert page.context["options"]["publicKey"]["authenticatorSelection"]["residentKey"] == "required"
    assert page.context["options"]["publicKey"]["authenticatorSelection"]["userVerification"] == "required"
    assert page.context["form"].initial["name"] == "onbekend apparaat"
    assert "Passkeys werken met JavaScript" in page.content.decode()
    made = client.post(ADD, {"name": "", "credential": Passkey().make(page.context["options"])})
    assert made["Location"] == CODES, "with recovery codes"
    assert len(client.get(CODES).context["unused_codes"]) == 10
    assert not is_missing_for(signatory)
    assert client.get("/account/").status_code == 200
    events = AuditEvent.objects.filter(actor_id=signatory.pk, changes={"security": "webauthn_added"})
    assert events.count() == 1
    assert "Er is een passkey aan je account toegevoegd." in OutgoingMail.objects.values_list("subject", flat=True)
    assert "onbekend apparaat" in client.get(LIST).content.decode()


def test_logging_in_with_it_alone(client: Client, signatory: User, passkey: Passkey) -> None:
    assert 'data-passkey="get"' in client.get("/account/inloggen/").content.decode()
    assert log_in(client, passkey, next="/account/sessies/")["Location"] == "/account/sessies/"
    assert client.get("/account/").status_code == 200
    assert AuditEvent.objects.filter(event=Event.LOGIN).latest("pk").changes == {"second_factor": True}
    other = Client()
    assert log_in(other, passkey, next="https://ander.example/")["Location"] == "/"


def test_as_the_second_step(client: Client, signatory: User, passkey: Passkey) -> None:
    assert first_step(client, signatory)["Location"] == STEP
    page = client.get(STEP)
    assert "Gebruik je passkey. Niet bij de hand? Typ dan een van je herstelcodes." in page.content.decode()
    wrong = client.post(STEP, {"credential": Passkey().sign(page.context["js_data"]["request_options"])})
    assert "Deze passkey is niet herkend." in wrong.content.decode()
    assert client.get("/account/").status_code == 302
    assert (
        client.post(STEP, {"credential": passkey.sign(wrong.context["js_data"]["request_options"])})["Location"]
        == "/"
    )
    assert client.get("/account/").status_code == 200


def test_a_recovery_code_does_when_the_device_is_not_there(
    client: Client, signatory: User, passkey: Passkey
) -> None:
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    first_step(client, signatory)
    assert client.post(STEP, {"code": code})["Location"] == "/"


def test_what_is_no_proof(client: Client, signatory: User, passkey: Passkey) -> None:
    options = client.get(LOGIN).json()["options"]
    answer = passkey.sign(options)
    assert log_in(client, passkey).status_code == 302
    client.post("/account/uitloggen/")
    assert client.post(LOGIN, {"credential": answer}, follow=True).redirect_chain[-1][0] == "/account/inloggen/", (
        "once"
    )
    passkey.looks = False
    page = client.get("/account/inloggen/")
    assert log_in(client, passkey)["Location"] == "/account/inloggen/", "without finger, face or PIN"
    elsewhere = Passkey(host="portaal.nagemaakt.example")
    elsewhere.key, elsewhere.id, elsewhere.handle = passkey.key, passkey.id, passkey.handle
    assert log_in(client, elsewhere)["Location"] == "/account/inloggen/", "made for a copied site"
    page = client.get("/account/inloggen/")
    assert "Deze passkey is niet herkend." in page.content.decode()
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("nonsense", ["", "x", "null", "5", "[]", "{}", '{"id": 1}', '{"response": []}'])
def test_nonsense_is_answered_in_words(client: Client, signatory: User, passkey: Passkey, nonsense: str) -> None:
    client.get(LOGIN)
    page = client.post(LOGIN, {"credential": nonsense}, follow=True).content.decode()
    assert "Deze passkey is niet herkend." in page
    first_step(client, signatory)
    client.get(STEP)
    assert "Deze passkey is niet herkend." in client.post(STEP, {"credential": nonsense}).content.decode()
    inside = Client()
    log_in(inside, passkey)
    inside.post("/account/bevestigen/", {"password": PASSWORD})
    inside.get(ADD)
    page = inside.post(ADD, {"name": "laptop", "credential": nonsense})
    assert "De passkey is niet gemaakt." in page.content.decode()
    assert page.context["form"]["name"].value() == "laptop"
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_a_closed_account_stays_closed(client: Client, signatory: User, passkey: Passkey) -> None:
    User.objects.filter(pk=signatory.pk).update(is_active=False)
    assert log_in(client, passkey)["Location"] == "/account/afgesloten/"
    assert client.get("/account/").status_code == 302


def test_it_proves_that_it_is_still_you_and_gets_another_name(
    client: Client, signatory: User, passkey: Passkey
) -> None:
    log_in(client, passkey)
    url = f"{LIST}{row().pk}/naam/"
    prove = client.get(url)["Location"]
    assert prove == f"/account/bevestigen/?next={quote(url, safe='')}"
    assert "Liever met je passkey" in client.get(prove).content.decode()
    page = client.get(f"{LIST}bevestigen/?next={url}")
    wrong = client.post(f"{LIST}bevestigen/?next={url}", {"credential": "{}"})
    assert wrong["Location"] == f"{LIST}bevestigen/?next={url}"
    page = client.get(wrong["Location"])
    assert "Deze passkey is niet herkend." in page.content.decode()
    proof = passkey.sign(page.context["js_data"]["request_options"])
    assert client.post(f"{LIST}bevestigen/", {"credential": proof, "next": url})["Location"] == url
    client.post(url, {"name": "sleutel van het werk"})
    assert "sleutel van het werk" in client.get(LIST).content.decode()
    assert AuditEvent.objects.filter(changes={"security": "passkey_renamed"}).exists()


def test_the_last_one_stays_where_the_role_asks_for_it(client: Client, signatory: User, passkey: Passkey) -> None:
    log_in(client, passkey)
    client.post("/account/bevestigen/", {"password": PASSWORD})
    url = f"{LIST}{row().pk}/verwijderen/"
    assert "Bij je rol hoort een tweede stap, en dit is je laatste" in client.get(url).content.decode()
    assert client.post(url).status_code == 409
    assert row()
    TOTP.activate(signatory, generate_totp_secret())
    assert "/account/tweede-stap/uitzetten/" in client.get("/account/tweede-stap/").content.decode()
    assert client.post(url)["Location"] == LIST
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert AuditEvent.objects.filter(changes={"security": "webauthn_removed"}).exists()
    assert "Er is een passkey van je account verwijderd." in OutgoingMail.objects.values_list("subject", flat=True)


def test_the_app_may_go_when_there_is_a_passkey(client: Client, signatory: User, passkey: Passkey) -> None:
    TOTP.activate(signatory, generate_totp_secret())
    log_in(client, passkey)
    client.post("/account/bevestigen/", {"password": PASSWORD})
    client.post("/account/tweede-stap/uitzetten/")
    assert not Authenticator.objects.filter(type="totp").exists()
    assert not is_missing_for(signatory)


def test_those_of_others_are_not_there(client: Client, signatory: User, passkey: Passkey) -> None:
    other = make_account(email="iemand@voorbeeld.example", name="Iemand", password=PASSWORD)
    first_step(client, other)
    client.post("/account/bevestigen/", {"password": PASSWORD})
    for what in ("naam", "verwijderen"):
        assert client.get(f"{LIST}{row().pk}/{what}/").status_code == 404
        assert client.post(f"{LIST}{row().pk}/{what}/", {"name": "van mij"}).status_code == 404
    assert "mijn telefoon" not in client.get(LIST).content.decode()


def test_lost_ones_are_taken_off_with_the_rest(signatory: User, passkey: Passkey) -> None:
    remove_second_factor(actor=User.objects.system(), user=signatory, reason="Gebeld op het stadhuis")
    assert not Authenticator.objects.filter(user=signatory).exists()
    assert log_in(Client(), passkey)["Location"] == "/account/inloggen/"


def test_at_an_address_of_digits_the_page_says_what_to_do(client: Client, signatory: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    for host in ("127.0.0.1:8000", "[::1]:8000"):
        inside = Client(headers={"host": host})
        assert "Gebruik je passkey" not in inside.get("/account/inloggen/").content.decode()
        first_step(inside, signatory)
        page = inside.get(ADD).content.decode()
        assert "Een passkey hoort bij een naam" in page
        assert "data-passkey-button" not in page


def test_in_the_demonstration_nobody_is_shut_out_by_the_passkey_of_another(
    client: Client, signatory: User, passkey: Passkey
) -> None:
    User.objects.filter(pk=signatory.pk).update(is_demo=True)
    assert first_step(client, signatory)["Location"] == "/"


def test_options_fit_an_attribute(client: Client, signatory: User) -> None:
    User.objects.filter(pk=signatory.pk).update(name='"><script>alert(1)</script>')
    first_step(client, signatory)
    page = client.get(ADD).content.decode()
    assert "<script>alert" not in page
    assert json.loads(json.dumps(client.get(ADD).context["options"], default=dict))["publicKey"]["challenge"]
