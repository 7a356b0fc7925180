"""Breaking the glass: a coordinator's role for some hours, told to everybody, and without a key to drafts."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from cities.models import Bottleneck
from governance.models import EmergencyRole, Membership, User
from governance.models.membership import Function
from governance.selectors import coordinators
from governance.services import Refused
from governance.services.emergency import close_passed_roles, end_emergency_role, give_emergency_role
from governance.services.memberships import end_membership
from governance.tasks import ask_for_rights_day
from nss_portal.core.access import NotAllowed, Role, may
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.models.audit import Event
from tests.access.cast import PLACES, Cast, Person
from tests.cities.matrix import make_bottleneck
from tests.governance.passkey import Passkey

pytestmark = pytest.mark.django_db
REASON = "Het hele team is ziek"
PAGE = "/sturing/noodtoegang/"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def steering(cast: Cast) -> Person:
    return cast.person("steering")


@pytest.fixture
def somebody(cast: Cast) -> User:
    return cast.person("partner").user


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def given(steering: Person, user: User, **fields: object) -> EmergencyRole:
    return give_emergency_role(**{"actor": steering.user, "user": user, "reason": REASON, **fields})


def let_pass(role: EmergencyRole) -> None:
    """Let the hours of a role be over."""
    now = timezone.now()
    Membership.objects.filter(pk=role.membership_id).update(ended_at=now - timedelta(minutes=1))
    EmergencyRole.objects.filter(pk=role.pk).update(
        begins_at=now - timedelta(days=1), ends_at=now - timedelta(minutes=1)
    )


@pytest.mark.parametrize("variant", ["cities-lead", "national-lead", "independent-lead"])
def test_the_person_coordinates_until_it_ends_by_itself_and_opens_no_drafts(variant: str) -> None:
    cast = Cast(variant)
    steering, somebody = cast.person("steering"), cast.person("partner").user
    coordinator = cast.person("coordinator").user
    role = given(steering, somebody, hours=2)
    now = fresh(somebody)
    assert now.standing.has(Role.COORDINATOR)
    assert somebody in coordinators()
    assert may(now, "account", "invite", cast.other), "so somebody can invite a new coordinator"
    draft = make_bottleneck(cast.mandating, title="Concept van een stad")
    assert Bottleneck.objects.visible_to(fresh(coordinator)).filter(pk=draft.pk).exists() == may(
        fresh(coordinator), "bottleneck", "change", draft
    )
    assert now.standing.mandates == frozenset(), "a mandate was given to the team"
    assert not may(now, "bottleneck", "change", draft)
    assert not Bottleneck.objects.visible_to(now).filter(pk=draft.pk).exists()
    let_pass(role)
    assert not fresh(somebody).standing.has(Role.COORDINATOR)
    assert somebody not in coordinators()


def test_everybody_concerned_is_told_at_the_beginning_and_at_the_end(
    cast: Cast, steering: Person, somebody: User
) -> None:
    coordinator, other = cast.person("coordinator").user, cast.person("steering").user
    role = given(steering, somebody)
    told = set(OutgoingMail.objects.values_list("recipient", flat=True))
    assert told == {somebody.email, coordinator.email, steering.user.email, other.email}
    assert REASON in OutgoingMail.objects.first().text
    event = AuditEvent.objects.filter(object_type="governance.emergencyrole").latest("pk")
    assert (event.event, event.actor_id, event.reason) == (Event.GRANTED, steering.user.pk, REASON)
    let_pass(role)
    ask_for_rights_day()
    assert close_passed_roles() == 0, "once"
    assert OutgoingMail.objects.filter(subject__contains="voorbij").count() == 4
    assert AuditEvent.objects.filter(object_type="governance.emergencyrole", event=Event.REVOKED).count() == 1


def test_it_is_no_last_coordinator_and_ends_at_once_by_those_concerned(
    cast: Cast, steering: Person, somebody: User
) -> None:
    last = cast.person("coordinator")
    role = given(steering, somebody)
    with pytest.raises(Refused, match="laatste coördinator"):
        end_membership(actor=last.user, membership=Membership.objects.get(user=last.user))
    with pytest.raises(NotAllowed):
        end_emergency_role(actor=cast.person("team", leads=True).user, role=role)
    end_emergency_role(actor=fresh(somebody), role=role)
    assert not fresh(somebody).standing.has(Role.COORDINATOR)
    end_emergency_role(actor=last.user, role=role)
    assert EmergencyRole.objects.get().ended_by == somebody


@pytest.mark.parametrize("role", [role for role in PLACES if role != "steering"])
def test_only_the_steering_group_gives_it(cast: Cast, somebody: User, role: str) -> None:
    with pytest.raises(NotAllowed):
        give_emergency_role(actor=cast.person(role, leads=True).user, user=somebody, reason=REASON)


def test_what_is_refused(cast: Cast, steering: Person, somebody: User) -> None:
    coordinator = cast.person("coordinator").user
    for fields, words in (
        ({"reason": "  "}, "waarom"),
        ({"hours": 25}, "24"),
        ({"hours": 0}, "24"),
        ({"user": steering.user}, "zichzelf"),
        ({"user": coordinator}, "coördineert al"),
        ({"user": User.objects.create_user("dicht@voorbeeld.example", name="D", is_active=False)}, "gesloten"),
    ):
        with pytest.raises(Refused, match=words):
            given(steering, fields.get("user", somebody), **{k: v for k, v in fields.items() if k != "user"})
    given(steering, somebody)
    with pytest.raises(Refused, match="heeft de rol al"):
        given(steering, cast.person("desk").user)
    assert EmergencyRole.objects.count() == 1


def test_it_asks_a_second_step_of_both(
    client: Client, cast: Cast, steering: Person, somebody: User, settings
) -> None:
    settings.NSS_SECOND_FACTOR = True
    with pytest.raises(Refused, match="geen tweede stap"):
        given(steering, somebody)
    for user in (steering.user, somebody):
        TOTP.activate(user, generate_totp_secret())
    client.force_login(steering.user)
    values = {"email": somebody.email, "hours": 4, "reason": REASON, "code": "000000"}
    answer = client.post(PAGE, values)
    assert answer.status_code == 422
    assert REASON in answer.content.decode()
    assert not EmergencyRole.objects.exists()


def test_a_passkey_confirms_it_as_well(client: Client, steering: Person, somebody: User, settings) -> None:
    settings.NSS_SECOND_FACTOR = True
    TOTP.activate(somebody, generate_totp_secret())
    client.force_login(steering.user)
    passkey, add = Passkey(), "/account/tweede-stap/passkeys/nieuw/"
    options = client.get(add).context["options"]
    client.post(add, {"name": "sleutel", "credential": passkey.make(options)})
    values = {"email": somebody.email, "hours": 4, "reason": REASON}
    wrong = client.post(PAGE, {**values, "credential": Passkey().sign(client.get(PAGE).context["challenge"])})
    assert "Deze passkey is niet herkend." in wrong.content.decode()
    proof = passkey.sign(wrong.context["challenge"])
    assert client.post(PAGE, {**values, "credential": proof}).status_code == 302
    assert EmergencyRole.objects.get().user == somebody


def test_the_page_gives_it_shows_it_and_ends_it(
    client: Client, cast: Cast, steering: Person, somebody: User
) -> None:
    client.force_login(steering.user)
    unknown = client.post(PAGE, {"email": "niemand@voorbeeld.example", "hours": 4, "reason": REASON})
    assert "geen account" in unknown.content.decode()
    assert REASON in unknown.content.decode(), "nothing typed is lost"
    values = {"email": somebody.email.upper(), "hours": 4, "reason": REASON}
    assert f"{somebody} coördineert tot" in client.post(PAGE, values, follow=True).content.decode()
    coordinator = cast.person("coordinator").user
    client.force_login(coordinator)
    assert "coördineert in een noodgeval" in client.get("/").content.decode()
    page = client.get(PAGE).content.decode()
    assert REASON in page
    assert "Iemand laten coördineren" not in page
    end = f"{PAGE}{EmergencyRole.objects.get().public_id}/beeindigen/"
    client.force_login(cast.person("team").user)
    assert (client.get(PAGE).status_code, client.post(end).status_code) == (404, 404)
    client.force_login(somebody)
    assert client.get(PAGE).status_code == 200
    assert client.post(end).status_code == 302
    assert not EmergencyRole.objects.running().exists()


def test_the_command_does_it_from_the_machine(somebody: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("break_glass", somebody.email.upper(), "--reason", REASON, "--hours", "3")
    assert f"{somebody.email} coordinates until" in capsys.readouterr().out
    assert fresh(somebody).standing.has(Role.COORDINATOR)
    assert EmergencyRole.objects.get().given_by is None
    for address, words in (("niemand@voorbeeld.example", "no account"), (somebody.email, "coördineert al")):
        with pytest.raises(CommandError, match=words) as refused:
            call_command("break_glass", address, "--reason", REASON)
        assert refused.value.returncode == 2


def test_a_role_for_some_hours_does_not_stand_in_the_way_of_a_real_one(
    cast: Cast, steering: Person, somebody: User
) -> None:
    from governance.services.memberships import start_membership

    given(steering, somebody)
    start_membership(
        actor=User.objects.system(),
        user=somebody,
        organisation=cast.coordinating,
        function=Function.COORDINATION,
    )
    assert fresh(somebody).standing.mandates == {cast.mandating.pk}
