"""The second factor: asked for by role, set up in one go, kept, and used."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from governance.accounts.mfa import cipher
from governance.accounts.second_factor import is_missing_for
from governance.models import User
from governance.models.membership import Function
from governance.services.people import make_account
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.models.audit import Event
from tests.access.cast import PLACES, Cast, join, make_city

pytestmark = pytest.mark.django_db
PASSWORD = "een zin die alleen ik ken"
SETUP = "/account/tweede-stap/instellen/"


@pytest.fixture(autouse=True)
def _asked_for(settings) -> None:
    """As outside demo mode."""
    settings.NSS_SECOND_FACTOR = True
    cache.clear()


@pytest.fixture
def signatory() -> User:
    user = make_account(email="wethouder@voorbeeld.example", name="Wethouder", password=PASSWORD)
    join(user, make_city(), Function.SIGNATORY)
    return user


def first_step(client: Client, user: User):
    return client.post("/account/inloggen/", {"login": user.email, "password": PASSWORD})


def code_for(secret: str, offset: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + offset))


def set_up(client: Client) -> str:
    """Set up an app; gives its secret."""
    secret = client.get(SETUP).context["form"].secret
    answer = client.post(SETUP, {"code": code_for(secret)})
    assert answer["Location"] == "/account/tweede-stap/herstelcodes/", (
        answer.context and answer.context["form"].errors
    )
    return secret


@pytest.mark.parametrize("leads", [False, True])
@pytest.mark.parametrize("role", list(PLACES))
def test_who_can_change_the_work_of_others_needs_one(role: str, leads: bool) -> None:
    person = Cast().person(role, leads=leads)
    plain = {"member", "team", "partner"}
    assert is_missing_for(person.user) == (role not in plain or person.leads)


def test_staff_of_the_admin_needs_one(client: Client) -> None:
    admin = User.objects.create_superuser("beheer@voorbeeld.example", PASSWORD, name="Beheer")
    client.force_login(admin)
    assert client.get("/beheer/")["Location"] == SETUP


def test_in_demo_mode_nobody_needs_one(settings, signatory: User) -> None:
    settings.NSS_SECOND_FACTOR = False
    assert not is_missing_for(signatory)


def test_every_page_leads_to_the_set_up_until_it_is_done(client: Client, signatory: User) -> None:
    first_step(client, signatory)
    for url in ("/", "/sturing/", "/account/", "/en/sturing/", "/account/tweede-stap/"):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].removeprefix("/en")) == (302, SETUP), url
    assert client.post("/account/gegevens/", {"name": "x", "language": "nl"}).status_code == 302
    signatory.refresh_from_db()
    assert signatory.name == "Wethouder"
    assert client.get(SETUP).status_code == 200, "right after logging in, without the password once more"
    assert client.post("/account/uitloggen/").status_code == 302


def test_set_up_gives_recovery_codes_and_tells_the_owner(
    client: Client, signatory: User, django_capture_on_commit_callbacks
) -> None:
    first_step(client, signatory)
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(client)
    codes = client.get("/account/tweede-stap/herstelcodes/").context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/account/").status_code == 200
    assert AuditEvent.objects.filter(changes={"security": "totp_activated"}, actor_id=signatory.pk).exists()
    assert "tweede stap" in OutgoingMail.objects.latest("pk").subject.lower()
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in str(stored)
    assert cipher().decrypt(stored.encode()).decode() == secret


def test_a_wrong_code_sets_nothing_up(client: Client, signatory: User) -> None:
    first_step(client, signatory)
    client.get(SETUP)
    answer = client.post(SETUP, {"code": "000000"})
    assert "Deze code klopt niet" in answer.content.decode()
    assert is_missing_for(signatory)


def test_login_then_asks_for_the_code(client: Client, signatory: User) -> None:
    first_step(client, signatory)
    secret = set_up(client)
    cache.clear()  # a code is good once
    other = Client()
    assert first_step(other, signatory)["Location"] == "/account/tweede-stap/code/"
    assert other.get("/account/").status_code == 302, "the first step alone opens nothing"
    wrong = other.post("/account/tweede-stap/code/", {"code": "123"})
    assert "Deze code klopt niet" in wrong.content.decode()
    assert other.post("/account/tweede-stap/code/", {"code": code_for(secret)})["Location"] == "/"
    assert other.get("/account/").status_code == 200
    assert AuditEvent.objects.filter(event=Event.LOGIN).latest("pk").changes == {"second_factor": True}


def test_a_recovery_code_works_once(client: Client, signatory: User) -> None:
    first_step(client, signatory)
    set_up(client)
    code = client.get("/account/tweede-stap/herstelcodes/").context["unused_codes"][0]
    for expected in (302, 422):
        other = Client()
        first_step(other, signatory)
        assert other.post("/account/tweede-stap/code/", {"code": code}).status_code == expected


def test_who_needs_it_cannot_switch_it_off(client: Client, signatory: User) -> None:
    first_step(client, signatory)
    set_up(client)
    client.post("/account/bevestigen/", {"password": PASSWORD})
    page = client.get("/account/tweede-stap/uitzetten/")
    assert "Bij je rol hoort een tweede stap" in page.content.decode()
    client.post("/account/tweede-stap/uitzetten/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_who_needs_it_is_not_offered_to_switch_it_off_but_told_what_to_do(client: Client, signatory: User) -> None:
    first_step(client, signatory)
    set_up(client)
    page = client.get("/account/tweede-stap/").content.decode()
    assert "/account/tweede-stap/uitzetten/" not in page
    assert "vraag het coördinatieteam de oude app los te koppelen" in page


def test_a_wrong_code_on_setting_up_says_what_helps(client: Client, signatory: User) -> None:
    first_step(client, signatory)
    page = client.post(SETUP, {"code": "000000"}).content.decode()
    assert "Laat je telefoon dan zelf de tijd instellen" in page
    assert "gebruik een herstelcode" not in page, "there are none yet"


def test_who_does_not_need_it_may_have_it_and_switch_it_off(client: Client) -> None:
    user = make_account(email="iemand@voorbeeld.example", name="Iemand", password=PASSWORD)
    first_step(client, user)
    assert client.get("/account/").status_code == 200
    secret = set_up(client)
    assert "/account/tweede-stap/uitzetten/" in client.get("/account/tweede-stap/").content.decode()
    client.post("/account/uitloggen/")
    cache.clear()
    first_step(client, user)
    client.post("/account/tweede-stap/code/", {"code": code_for(secret)})
    assert client.get("/account/tweede-stap/uitzetten/").status_code == 302, "first prove that it is you"
    client.post("/account/bevestigen/", {"password": PASSWORD})
    client.post("/account/tweede-stap/uitzetten/")
    assert not Authenticator.objects.exists()


def test_new_codes_replace_the_old(client: Client, signatory: User) -> None:
    first_step(client, signatory)
    set_up(client)
    old = client.get("/account/tweede-stap/herstelcodes/").context["unused_codes"]
    client.post("/account/bevestigen/", {"password": PASSWORD})
    client.post("/account/tweede-stap/herstelcodes/maken/")
    new = client.get("/account/tweede-stap/herstelcodes/").context["unused_codes"]
    assert not set(old) & set(new)
    download = client.get("/account/tweede-stap/herstelcodes/bestand/")
    assert download.content.decode().split() == new


def test_secrets_survive_a_new_secret_key(settings) -> None:
    written = cipher().encrypt(b"geheim")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "een nieuwe sleutel" * 4
    assert cipher().decrypt(written) == b"geheim"
