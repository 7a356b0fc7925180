"""Inviting, withdrawing and accepting: the only way to an account."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Invitation, User
from governance.models.membership import Function
from governance.services import Refused
from governance.services.invitations import (
    accept_with_account,
    accept_with_new_account,
    find_invitation,
    functions_for,
    hash_of,
    invite,
    make_invitation,
    withdraw_invitation,
)
from nss_portal.core.access import NotAllowed, Role
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.models.audit import Event
from tests.access.cast import Cast, Person, join, make_city, make_organisation, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "een zin die alleen ik ken"


@pytest.fixture
def lead() -> Person:
    return Cast().person("team", leads=True)


def ask(lead: Person, email: str = "nieuw@voorbeeld.example", **fields: object) -> Invitation:
    wanted: dict[str, object] = {"function": Function.TEAM, "organisation": lead.own, **fields}
    return invite(actor=lead.user, email=email, **wanted)


def token_in_mail() -> str:
    text = OutgoingMail.objects.latest("pk").text
    found = re.search(r"/account/uitnodiging/([\w-]+)/", text)
    assert found, text
    return found[1]


def test_an_invitation_goes_by_mail_and_its_token_is_kept_nowhere(lead: Person) -> None:
    invitation = ask(lead, " Nieuw@Voorbeeld.example ")
    mail = OutgoingMail.objects.get()
    token = token_in_mail()
    assert mail.recipient == invitation.email == "nieuw@voorbeeld.example"
    assert str(lead.own) in mail.subject
    assert invitation.token_hash == hash_of(token) != token
    assert find_invitation(token) == invitation
    assert find_invitation("x" + token) is None
    event = AuditEvent.objects.get(event=Event.INVITED)
    assert token not in str(event.changes)
    assert event.on_behalf_of_id == str(lead.own.pk)


def test_the_mail_is_in_the_language_that_was_asked_for(lead: Person) -> None:
    ask(lead, language="en")
    mail = OutgoingMail.objects.get()
    assert "/en/account/uitnodiging/" in mail.text
    assert mail.subject.startswith("Invitation")


@pytest.mark.parametrize("role", ["member", "team", "ministry", "partner", "desk", "publisher"])
def test_a_lead_invites_for_the_own_organisation_only(role: str) -> None:
    lead = Cast().person(role, leads=True)
    invite(actor=lead.user, email="a@b.example", organisation=lead.own)
    with pytest.raises(NotAllowed):
        invite(actor=lead.user, email="a@b.example", organisation=make_organisation())


@pytest.mark.parametrize("role", ["member", "team", "advisor", "signatory", "ministry", "partner", "steering"])
def test_who_does_not_lead_invites_nobody(role: str) -> None:
    person = Cast().person(role)
    with pytest.raises(NotAllowed):
        invite(actor=person.user, email="a@b.example", organisation=person.own)
    assert not Invitation.objects.exists()


def test_a_coordinator_invites_for_every_organisation_and_function() -> None:
    coordinator = Cast().person("coordinator").user
    for organisation, function in (
        (make_city(), Function.TEAM),
        (make_organisation(), Function.STEERING),
        (make_organisation(), Function.COORDINATION),
    ):
        invite(actor=coordinator, email="a@b.example", organisation=organisation, function=function)


@pytest.mark.parametrize("function", [Function.STEERING, Function.COORDINATION, Function.ADVISOR])
def test_a_lead_hands_out_no_right_over_others(lead: Person, function: Function) -> None:
    with pytest.raises(Refused):
        ask(lead, function=function)
    assert function not in functions_for(lead.user, lead.own)


def test_a_transition_team_belongs_to_a_municipality() -> None:
    partner = Cast().person("partner", leads=True)
    assert functions_for(partner.user, partner.own) == [Function.STAFF, Function.SIGNATORY]
    with pytest.raises(Refused):
        ask(partner, function=Function.TEAM)


def test_a_signatory_does_not_lead(lead: Person) -> None:
    with pytest.raises(Refused):
        ask(lead, function=Function.SIGNATORY, is_lead=True)


def test_nobody_is_invited_twice_or_for_what_they_have(lead: Person) -> None:
    ask(lead)
    with pytest.raises(Refused):
        ask(lead)
    member = make_user("zit@er.example")
    join(member, lead.own, Function.TEAM)
    with pytest.raises(Refused):
        ask(lead, "zit@er.example")
    assert Invitation.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_an_expired_invitation_makes_way(lead: Person) -> None:
    old = ask(lead)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    new = ask(lead)
    old.refresh_from_db()
    assert (old.state, new.state) == (Invitation.State.WITHDRAWN, Invitation.State.OPEN)


def test_accepting_makes_account_membership_and_verified_address(lead: Person) -> None:
    invitation = ask(lead, is_lead=True, position="Programmamanager")
    user = accept_with_new_account(invitation=invitation, name=" Nieuw ", password=PASSWORD, language="en")
    assert (user.name, user.language, user.check_password(PASSWORD)) == ("Nieuw", "en", True)
    membership = user.memberships.get()
    assert (membership.organisation, membership.is_lead, membership.position) == (
        lead.own,
        True,
        "Programmamanager",
    )
    assert user.emailaddress_set.get().verified
    assert set(user.standing.roles) == {Role.TEAM}
    assert find_invitation(token_in_mail()).state == Invitation.State.ACCEPTED


def test_an_invitation_is_accepted_once(lead: Person) -> None:
    invitation = ask(lead)
    accept_with_new_account(invitation=invitation, name="Een", password=PASSWORD)
    with pytest.raises(Refused):
        accept_with_new_account(invitation=invitation, name="Twee", password=PASSWORD)
    with pytest.raises(Refused):
        withdraw_invitation(actor=lead.user, invitation=invitation)
    assert User.objects.filter(email=invitation.email).count() == 1


def test_an_existing_account_gets_a_membership_and_not_by_a_new_password(lead: Person) -> None:
    user = make_user("er.al@voorbeeld.example")
    invitation = ask(lead, user.email)
    with pytest.raises(Refused):
        accept_with_new_account(invitation=invitation, name="Iemand", password=PASSWORD)
    accept_with_account(actor=user, invitation=invitation)
    assert set(user.standing.roles) == {Role.TEAM}


def test_somebody_else_cannot_accept(lead: Person) -> None:
    with pytest.raises(Refused):
        accept_with_account(actor=make_user(), invitation=ask(lead))


def test_a_withdrawn_or_expired_invitation_opens_nothing(lead: Person) -> None:
    withdrawn, expired = ask(lead), ask(lead, "later@voorbeeld.example")
    withdraw_invitation(actor=lead.user, invitation=withdrawn)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    for invitation in (withdrawn, expired):
        with pytest.raises(Refused):
            accept_with_new_account(invitation=invitation, name="x", password=PASSWORD)
    assert AuditEvent.objects.filter(event=Event.WITHDRAWN).count() == 1


def test_only_who_may_invite_withdraws(lead: Person) -> None:
    invitation = ask(lead)
    stranger = Cast.person(lead.cast, "partner", leads=True)
    with pytest.raises(NotAllowed):
        withdraw_invitation(actor=stranger.user, invitation=invitation)
    assert list(Invitation.objects.visible_to(stranger.user)) == []
    assert list(Invitation.objects.visible_to(lead.user)) == [invitation]


def test_tokens_differ(lead: Person) -> None:
    made = {
        make_invitation(
            actor=lead.user, email=f"{n}@voorbeeld.example", organisation=lead.own, function=Function.STAFF
        )[1]
        for n in range(5)
    }
    assert len(made) == 5
    assert min(len(token) for token in made) >= 43
