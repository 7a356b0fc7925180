"""A second factor that somebody lost is taken off by the coordination team or by whoever has the machine."""

import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from governance.models import Membership, User
from governance.models.membership import Function
from governance.services import Refused
from governance.services.people import make_account
from governance.services.second_factor import may_remove_second_factor, remove_second_factor
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.models.audit import Event
from tests.access.cast import PLACES, Cast, Person, join

pytestmark = pytest.mark.django_db
PASSWORD = "een zin die alleen ik ken"
SECRET = generate_totp_secret()
REASON = "Gebeld op het nummer van het stadhuis"


@pytest.fixture(autouse=True)
def _asked_for(settings) -> Iterator[None]:
    """As outside demo mode."""
    settings.NSS_SECOND_FACTOR = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return Cast()


def with_second_factor(user: User) -> User:
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


@pytest.fixture
def coordinator(cast: Cast) -> Person:
    person = cast.person("coordinator")
    with_second_factor(person.user)
    person.user.set_password(PASSWORD)
    person.user.save()
    return person


@pytest.fixture
def lost(cast: Cast) -> Membership:
    """Somebody who signs for a city and has lost the phone."""
    user = make_account(email="wethouder@voorbeeld.example", name="Wethouder", password=PASSWORD)
    return join(with_second_factor(user), cast.other, Function.SIGNATORY)


def url_of(membership: Membership) -> str:
    return f"/sturing/organisaties/{membership.organisation.public_id}/mensen/{membership.pk}/tweede-stap/"


def people_url(membership: Membership) -> str:
    return f"/sturing/organisaties/{membership.organisation.public_id}/mensen/"


def entered(client: Client, user: User) -> Client:
    """Log in with password and code, as a coordinator does, so that nothing is asked again for ten minutes."""
    client.force_login(user)
    assert client.post("/account/bevestigen/", {"password": PASSWORD}).status_code == 302
    return client


def test_it_goes_with_its_codes_and_sessions_and_the_person_is_told(coordinator: Person, lost: Membership) -> None:
    elsewhere = Client()
    elsewhere.post("/account/inloggen/", {"login": lost.user.email, "password": PASSWORD})
    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    elsewhere.post("/account/tweede-stap/code/", {"code": code})
    assert elsewhere.get("/account/").status_code == 200
    assert UserSession.objects.filter(user=lost.user).exists()
    remove_second_factor(actor=coordinator.user, user=lost.user, reason=f" {REASON} ")
    assert not Authenticator.objects.filter(user=lost.user).exists()
    assert elsewhere.get("/account/").status_code == 302, "logged out everywhere"
    event = AuditEvent.objects.latest("pk")
    assert (event.event, event.actor_id, event.reason) == (Event.CHANGED, coordinator.user.pk, REASON)
    assert (event.object_id, event.changes) == (str(lost.user.pk), {"security": "second_factor_removed"})
    mail = OutgoingMail.objects.get(recipient=lost.user.email)
    assert "het coördinatieteam de tweede stap van je login gehaald" in " ".join(mail.text.split())
    assert Authenticator.objects.filter(user=coordinator.user).count() == 2


def test_after_that_a_new_one_is_set_up(client: Client, coordinator: Person, lost: Membership) -> None:
    remove_second_factor(actor=coordinator.user, user=lost.user, reason=REASON)
    client.post("/account/inloggen/", {"login": lost.user.email, "password": PASSWORD})
    assert client.get("/")["Location"] == "/account/tweede-stap/instellen/"


@pytest.mark.parametrize("role", [role for role in PLACES if role != "coordinator"])
def test_no_other_role_may(cast: Cast, lost: Membership, role: str) -> None:
    person = cast.person(role, leads=True)
    with_second_factor(person.user)
    with pytest.raises(NotAllowed):
        remove_second_factor(actor=person.user, user=lost.user, reason=REASON)
    assert Authenticator.objects.filter(user=lost.user).exists()


def test_a_coordinator_without_one_may_not(cast: Cast, lost: Membership) -> None:
    person = cast.person("coordinator")
    assert not may_remove_second_factor(person.user)
    with pytest.raises(NotAllowed):
        remove_second_factor(actor=person.user, user=lost.user, reason=REASON)


def test_what_is_refused(coordinator: Person, lost: Membership) -> None:
    plain = make_account(email="iemand@voorbeeld.example", name="Iemand")
    staff = with_second_factor(make_account(email="beheer@voorbeeld.example", name="Beheer"))
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    staff.refresh_from_db()
    cases = {
        (coordinator.user, REASON): "Vraag iemand anders",
        (plain, REASON): "geen tweede stap",
        (staff, REASON): "technisch",
        (lost.user, "  "): "hoe je weet",
    }
    for (user, reason), words in cases.items():
        with pytest.raises(Refused, match=words):
            remove_second_factor(actor=coordinator.user, user=user, reason=reason)
    assert Authenticator.objects.filter(user__in=[coordinator.user, staff, lost.user]).count() == 6
    assert not OutgoingMail.objects.exists()


def test_the_coordinator_does_it_from_the_people_of_an_organisation(
    client: Client, coordinator: Person, lost: Membership
) -> None:
    entered(client, coordinator.user)
    assert url_of(lost) in client.get(people_url(lost)).content.decode()
    page = client.get(url_of(lost)).content.decode()
    assert "bel terug op een nummer dat je kent" in page
    empty = client.post(url_of(lost), {"reason": ""})
    assert empty.status_code == 422
    assert Authenticator.objects.filter(user=lost.user).exists()
    answer = client.post(url_of(lost), {"reason": REASON}, follow=True).content.decode()
    assert "De tweede stap van Wethouder is eraf" in answer
    assert "Tweede stap kwijt?" not in answer
    again = client.post(url_of(lost), {"reason": REASON}).content.decode()
    assert "geen tweede stap" in again
    assert REASON in again, "nothing typed is lost"


def test_the_coordinator_proves_first_who_it_is(client: Client, coordinator: Person, lost: Membership) -> None:
    client.force_login(coordinator.user)
    answer = client.post(url_of(lost), {"reason": REASON})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/bevestigen/")
    assert Authenticator.objects.filter(user=lost.user).exists()


def test_a_lead_sees_no_way_to_it_and_is_told_why(client: Client, cast: Cast, lost: Membership) -> None:
    lead = make_account(email="trekker@voorbeeld.example", name="Trekker", password=PASSWORD)
    join(with_second_factor(lead), cast.other, Function.TEAM, is_lead=True)
    entered(client, lead)
    assert "Tweede stap kwijt?" not in client.get(people_url(lost)).content.decode()
    answer = client.post(url_of(lost), {"reason": REASON})
    assert answer.status_code == 403
    assert "Alleen het coördinatieteam" in answer.content.decode()


def test_to_others_the_page_is_not_there(client: Client, cast: Cast, lost: Membership) -> None:
    stranger = cast.person("partner")
    client.force_login(stranger.user)
    assert client.get(url_of(lost)).status_code == 404
    assert Client().get(url_of(lost)).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries(
    client: Client, coordinator: Person, cast: Cast, number: int, django_assert_num_queries
) -> None:
    for each in range(number):
        join(with_second_factor(make_account(email=f"{each}@voorbeeld.example", name=f"Lid {each}")), cast.other)
    entered(client, coordinator.user)
    url = f"/sturing/organisaties/{cast.other.public_id}/mensen/"
    client.get(url)
    with django_assert_num_queries(12):
        assert client.get(url).content.decode().count("Tweede stap kwijt?") == number


def test_the_command_does_it_from_the_machine(lost: Membership, capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.filter(pk=lost.user.pk).update(is_staff=True)
    call_command("remove_second_factor", "Wethouder@voorbeeld.example", "--reason", REASON)
    assert "wethouder@voorbeeld.example" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    event = AuditEvent.objects.latest("pk")
    assert (event.actor_id, event.reason) == (User.objects.system().pk, REASON)
    assert "het technisch beheer" in OutgoingMail.objects.get().text


@pytest.mark.parametrize(
    ("address", "reason", "words"),
    [
        ("niemand@voorbeeld.example", REASON, "no account"),
        ("systeem@portaal.invalid", REASON, "no account"),
        ("wethouder@voorbeeld.example", " ", "hoe je weet"),
    ],
)
def test_bad_input_ends_with_2_and_changes_nothing(
    lost: Membership, address: str, reason: str, words: str
) -> None:
    User.objects.system()
    with pytest.raises(CommandError, match=words) as refused:
        call_command("remove_second_factor", address, "--reason", reason)
    assert refused.value.returncode == 2
    assert Authenticator.objects.filter(user=lost.user).count() == 2
