"""Logging in and out, attempts, a new password, sessions."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from governance.accounts.devices import describe
from governance.models import User
from governance.services.people import change_own_details, make_account
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.models.audit import Event
from tests.access.cast import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "een zin die alleen ik ken"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Attempts are counted in the shared cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def user() -> User:
    return make_account(email="iemand@voorbeeld.example", name="Iemand", password=PASSWORD)


def log_in(client: Client, password: str = PASSWORD, email: str = "iemand@voorbeeld.example", **extra: object):
    return client.post("/account/inloggen/", {"login": email, "password": password}, **extra)


def test_login_by_mail_address_in_any_case(client: Client, user: User) -> None:
    answer = log_in(client, email="Iemand@Voorbeeld.Example")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200


def test_login_is_in_the_audit_log_and_the_last_visit_is_the_login_before(client: Client, user: User) -> None:
    log_in(client)
    user.refresh_from_db()
    first = user.last_login
    assert (user.last_visit, first is not None) == (None, True)
    client.post("/account/uitloggen/")
    log_in(client)
    user.refresh_from_db()
    assert user.last_visit == first
    events = AuditEvent.objects.filter(event=Event.LOGIN)
    assert [event.actor_id for event in events] == [user.pk, user.pk]
    assert events[0].changes == {"second_factor": False}
    assert events[0].origin == "127.0.0.1"


def test_login_goes_on_to_the_page_that_was_asked_for_and_nowhere_else(client: Client, user: User) -> None:
    answer = client.post(
        "/account/inloggen/", {"login": user.email, "password": PASSWORD, "next": "/account/sessies/"}
    )
    assert answer["Location"] == "/account/sessies/"
    client.post("/account/uitloggen/")
    answer = client.post(
        "/account/inloggen/", {"login": user.email, "password": PASSWORD, "next": "https://elders.example/"}
    )
    assert answer["Location"] == "/"


def test_the_first_page_is_in_the_person_s_language(client: Client, user: User) -> None:
    change_own_details(actor=user, name="Somebody", language="en")
    assert log_in(client)["Location"] == "/en/"


@pytest.mark.parametrize(
    ("email", "password"), [("iemand@voorbeeld.example", "fout"), ("niemand@voorbeeld.example", PASSWORD)]
)
def test_a_wrong_login_says_the_same_whoever_it_is(client: Client, user: User, email: str, password: str) -> None:
    answer = log_in(client, password, email)
    assert answer.status_code == 422
    assert answer.content.decode().count("Dit e-mailadres en wachtwoord horen niet bij elkaar") == 1, "said once"
    assert email in answer.content.decode(), "the address is kept"
    assert password not in answer.content.decode()


def test_a_closed_account_does_not_come_in(client: Client, user: User) -> None:
    User.objects.update(is_active=False)
    answer = log_in(client, follow=True)
    assert not answer.context["user"].is_authenticated
    assert client.get("/account/").status_code == 302


def test_attempts_on_one_account_are_counted_over_all_processes(user: User) -> None:
    for _attempt in range(5):
        log_in(Client(REMOTE_ADDR="10.0.0.1"), "fout")
    answer = log_in(Client(REMOTE_ADDR="10.9.9.9"), PASSWORD)
    assert answer.status_code == 422
    assert "te veel pogingen" in answer.content.decode()
    cache.clear()
    assert log_in(Client(), PASSWORD).status_code == 302


def test_attempts_from_one_place_are_counted(client: Client) -> None:
    answers = [log_in(client, "fout", f"persoon{n}@voorbeeld.example").status_code for n in range(31)]
    assert answers[0] == 422
    assert answers[30] == 429


def test_logging_out_asks_first_and_takes_a_post(client: Client, user: User) -> None:
    log_in(client)
    assert client.get("/account/uitloggen/").status_code == 200
    assert client.get("/account/").status_code == 200
    assert client.post("/account/uitloggen/")["Location"] == "/"
    assert client.get("/account/").status_code == 302


def link_in_mail() -> str:
    found = re.search(r"https?://[^/]+(/account/wachtwoord/nieuw/\S+)", OutgoingMail.objects.latest("pk").text)
    assert found
    return found[1]


def test_a_new_password_by_a_link_that_works_once(client: Client, user: User) -> None:
    answer = client.post("/account/wachtwoord/nieuw/", {"email": user.email}, follow=True)
    assert answer.status_code == 200
    mail = OutgoingMail.objects.get()
    assert mail.recipient == user.email
    link = link_in_mail()
    page = client.get(link, follow=True)
    new = "een heel andere zin van mij"
    url = page.redirect_chain[-1][0]
    weak = client.post(url, {"password1": "kort", "password2": "kort"})
    assert weak.context["form"].errors["password1"]
    client.post(url, {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert "Deze link werkt niet meer" in Client().get(link, follow=True).content.decode()
    assert AuditEvent.objects.filter(changes={"security": "password_reset"}).exists()
    assert OutgoingMail.objects.count() == 2, "the owner hears of it"


def test_the_link_does_not_follow_the_host_that_somebody_claims(client: Client, user: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/account/wachtwoord/nieuw/", {"email": user.email}, HTTP_HOST="elders.example")
    assert "elders.example" not in OutgoingMail.objects.get().text
    assert settings.NSS_BASE_URL in OutgoingMail.objects.get().text


def test_an_unknown_address_gets_no_mail_and_the_same_answer(client: Client, user: User) -> None:
    known = client.post("/account/wachtwoord/nieuw/", {"email": user.email}, follow=True)
    unknown = client.post("/account/wachtwoord/nieuw/", {"email": "niemand@voorbeeld.example"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert OutgoingMail.objects.count() == 1


def test_changing_the_password_asks_for_the_present_one_and_logs_out_elsewhere(client: Client, user: User) -> None:
    log_in(client)
    elsewhere = Client()
    log_in(elsewhere)
    new = "een heel andere zin van mij"
    wrong = client.post("/account/wachtwoord/", {"oldpassword": "fout", "password1": new, "password2": new})
    assert wrong.context["form"].errors["oldpassword"]
    right = client.post("/account/wachtwoord/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert right["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


def test_an_account_without_a_password_chooses_one(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/account/wachtwoord/", follow=True).status_code == 200


def test_sessions_are_seen_and_ended(client: Client, user: User) -> None:
    log_in(client)
    elsewhere = Client(headers={"user-agent": FIREFOX})
    log_in(elsewhere)
    rows = client.get("/account/sessies/").context["sessions"]
    assert [(row.device, row.is_current) for row in rows] == [
        ("onbekend apparaat", True),
        ("Firefox, Linux", False),
    ]
    client.post(f"/account/sessies/{rows[1].pk}/")
    assert elsewhere.get("/account/").status_code == 302
    assert len(client.get("/account/sessies/").context["sessions"]) == 1


def test_all_other_sessions_end_together(client: Client, user: User) -> None:
    log_in(client)
    others = [Client(), Client()]
    for other in others:
        log_in(other)
    client.post("/account/sessies/andere/")
    assert [other.get("/account/").status_code for other in others] == [302, 302]
    assert client.get("/account/").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(client: Client, user: User) -> None:
    log_in(client)
    other = make_account(email="ander@voorbeeld.example", name="Ander", password=PASSWORD)
    stranger = Client()
    log_in(stranger, email=other.email)
    theirs = stranger.get("/account/sessies/").context["sessions"][0].pk
    assert client.post(f"/account/sessies/{theirs}/").status_code == 404
    assert stranger.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", "Safari, iPhone"),
        ("curl/8", "onbekend apparaat"),
    ],
)
def test_devices_have_names_for_people(line: str, words: str) -> None:
    assert describe(line) == words


def test_changing_nothing_leaves_no_event(user: User) -> None:
    before = AuditEvent.objects.count()
    change_own_details(actor=user, name="Iemand", language="nl")
    assert AuditEvent.objects.count() == before
    change_own_details(actor=user, name="Iemand Anders", language="nl")
    assert AuditEvent.objects.get(event=Event.CHANGED).changes == {"name": ["Iemand", "Iemand Anders"]}


def test_a_language_that_the_portal_does_not_speak_is_refused(user: User) -> None:
    with pytest.raises(ValueError, match="fr"):
        change_own_details(actor=user, name="Iemand", language="fr")


def test_details_are_changed_on_the_page(client: Client, user: User) -> None:
    log_in(client)
    answer = client.post("/account/gegevens/", {"name": "", "language": "nl"})
    assert answer.context["form"].errors["name"]
    client.post("/account/gegevens/", {"name": "Nieuwe Naam", "language": "en"})
    user.refresh_from_db()
    assert (user.name, user.language) == ("Nieuwe Naam", "en")
    assert user.date_joined < timezone.now()
