"""Memberships begin, change and end; somebody always stays in charge."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from governance.models import Membership
from governance.models.membership import ContactSharing, Function
from governance.models.organisation import Group
from governance.selectors import manageable_by, memberships_with_roles, people_at
from governance.services import Refused
from governance.services.mandates import give_mandate, withdraw_mandate
from governance.services.memberships import change_membership, end_membership, start_membership
from nss_portal.core.access import NotAllowed, Role
from nss_portal.core.models import AuditEvent
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, join, make_city, make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def lead(cast: Cast) -> Person:
    return cast.person("partner", leads=True)


def last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk")[0]


def test_a_membership_gives_its_role_from_its_first_day(cast: Cast) -> None:
    user, organisation = make_user(), make_organisation(Group.MINISTRY)
    start_membership(actor=user, user=user, organisation=organisation, function=Function.STAFF)
    assert set(user.standing.roles) == {Role.MINISTRY}
    assert last_event().event == Event.GRANTED
    assert last_event().on_behalf_of_id == str(organisation.pk)


def test_starting_what_is_there_changes_nothing_but_may_add_the_lead(cast: Cast) -> None:
    user, organisation = make_user(), make_organisation()
    first = start_membership(actor=user, user=user, organisation=organisation, function=Function.STAFF)
    before = AuditEvent.objects.count()
    assert start_membership(actor=user, user=user, organisation=organisation, function=Function.STAFF) == first
    assert AuditEvent.objects.count() == before
    start_membership(actor=user, user=user, organisation=organisation, function=Function.STAFF, is_lead=True)
    assert user.standing.lead_of == {organisation.pk}


def test_a_lead_changes_a_colleague(lead: Person) -> None:
    colleague = join(make_user(), lead.own)
    change_membership(
        actor=lead.user, membership=colleague, position="Adviseur", sharing=ContactSharing.OWN, is_lead=True
    )
    colleague.refresh_from_db()
    assert (colleague.position, colleague.sharing, colleague.is_lead) == ("Adviseur", "own", True)
    assert last_event().changes["position"] == ["", "Adviseur"]


@pytest.mark.parametrize("role", ["member", "team", "signatory", "ministry", "steering", "advisor"])
def test_nobody_changes_a_membership_elsewhere(cast: Cast, lead: Person, role: str) -> None:
    colleague = join(make_user(), lead.own)
    stranger = cast.person(role, leads=True)
    with pytest.raises(NotAllowed):
        change_membership(
            actor=stranger.user, membership=colleague, position="x", sharing=ContactSharing.OWN, is_lead=False
        )
    with pytest.raises(NotAllowed):
        end_membership(actor=stranger.user, membership=colleague)
    colleague.refresh_from_db()
    assert (colleague.position, colleague.valid_to) == ("", None)


def test_who_does_not_lead_manages_nobody(cast: Cast) -> None:
    member = cast.person("partner")
    colleague = join(make_user(), member.own)
    with pytest.raises(NotAllowed):
        end_membership(actor=member.user, membership=colleague)


def test_a_city_team_is_managed_by_its_leads_and_by_coordination_with_a_mandate_only(cast: Cast) -> None:
    coordinator = cast.person("coordinator").user
    without, mandated = make_city(), cast.mandating
    for city in (without, mandated):
        join(make_user(), city, Function.TEAM, is_lead=True)
    theirs = join(make_user(), without, Function.TEAM)
    ours = join(make_user(), mandated, Function.TEAM)
    with pytest.raises(NotAllowed):
        end_membership(actor=coordinator, membership=theirs)
    end_membership(actor=coordinator, membership=ours)
    staff = join(make_user(), without, Function.STAFF)
    assert list(manageable_by(coordinator, without)) == [staff]
    assert ours in manageable_by(coordinator, mandated)


def test_rights_last_through_the_last_day(lead: Person) -> None:
    colleague = join(make_user(), lead.own)
    end_membership(actor=lead.user, membership=colleague)
    held = [row.membership for row in memberships_with_roles(colleague.user)]
    assert held == [colleague]
    assert not memberships_with_roles(colleague.user, today() + timedelta(days=1))
    assert last_event().event == Event.REVOKED


def test_rights_end_at_once_where_that_is_asked(lead: Person) -> None:
    colleague = join(make_user(), lead.own)
    end_membership(actor=lead.user, membership=colleague, at_once=True)
    assert set(colleague.user.standing.roles) == {Role.VISITOR}


def test_a_membership_that_began_today_can_end_today(lead: Person) -> None:
    user = make_user()
    fresh = start_membership(actor=lead.user, user=user, organisation=lead.own, function=Function.STAFF)
    assert end_membership(actor=lead.user, membership=fresh, at_once=True).valid_to == today()


def test_a_membership_does_not_end_in_the_past_or_twice(lead: Person) -> None:
    colleague = join(make_user(), lead.own)
    with pytest.raises(Refused):
        end_membership(actor=lead.user, membership=colleague, last_day=today() - timedelta(days=1))
    end_membership(actor=lead.user, membership=colleague, at_once=True)
    with pytest.raises(Refused):
        end_membership(actor=lead.user, membership=colleague)


def test_the_last_lead_stays(lead: Person) -> None:
    own = Membership.objects.get(user=lead.user)
    with pytest.raises(Refused, match=str(lead.user)):
        end_membership(actor=lead.user, membership=own)
    with pytest.raises(Refused):
        change_membership(
            actor=lead.user, membership=own, position="", sharing=ContactSharing.NETWORK, is_lead=False
        )
    join(make_user(), lead.own, is_lead=True)
    end_membership(actor=lead.user, membership=own)


def test_a_lead_who_leaves_soon_does_not_count_as_staying(lead: Person) -> None:
    leaving = join(make_user(), lead.own, is_lead=True)
    end_membership(actor=lead.user, membership=leaving, last_day=today() + timedelta(days=30))
    with pytest.raises(Refused):
        end_membership(actor=lead.user, membership=Membership.objects.get(user=lead.user))


def test_coordination_lets_the_only_person_of_an_organisation_go(cast: Cast, lead: Person) -> None:
    coordinator = cast.person("coordinator").user
    own = Membership.objects.get(user=lead.user)
    colleague = join(make_user(), lead.own)
    with pytest.raises(Refused):
        end_membership(actor=coordinator, membership=own)
    end_membership(actor=coordinator, membership=colleague, at_once=True)
    end_membership(actor=coordinator, membership=own, at_once=True)


def test_the_last_coordinator_stays(cast: Cast) -> None:
    first, second = cast.person("coordinator"), cast.person("coordinator")
    end_membership(actor=second.user, membership=Membership.objects.get(user=first.user))
    with pytest.raises(Refused):
        end_membership(actor=second.user, membership=Membership.objects.get(user=second.user))


def test_the_database_refuses_a_lead_who_is_no_staff_and_a_second_membership(cast: Cast) -> None:
    membership = join(make_user(), make_organisation(), Function.SIGNATORY)
    membership.is_lead = True
    with pytest.raises(ValidationError):
        membership.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        membership.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        join(membership.user, membership.organisation, Function.SIGNATORY)


def test_a_lead_gives_and_withdraws_a_mandate(cast: Cast) -> None:
    lead, coordinator = cast.person("team", leads=True), cast.person("coordinator")
    mandate = give_mandate(actor=lead.user, organisation=lead.own, valid_to=today(), reason="Vakantie")
    again = give_mandate(actor=lead.user, organisation=lead.own, valid_to=today(), reason=" Vakantie")
    assert again == mandate, "the same twice is once, so that taking it back takes all of it back"
    assert lead.own.pk in coordinator.user.standing.mandates
    withdraw_mandate(actor=lead.user, mandate=mandate)
    assert lead.own.pk not in cast.person("coordinator").user.standing.mandates
    assert AuditEvent.objects.filter(object_type="governance.mandate", on_behalf_of_id=lead.own.pk).count() == 2


def test_a_mandate_is_the_lead_s_to_give(cast: Cast) -> None:
    member, coordinator = cast.person("team"), cast.person("coordinator")
    for actor in (member.user, coordinator.user):
        with pytest.raises(NotAllowed):
            give_mandate(actor=actor, organisation=member.own, valid_to=today(), reason="Vakantie")
    with pytest.raises(NotAllowed):
        withdraw_mandate(actor=coordinator.user, mandate=cast.mandating.mandates.get())


@pytest.mark.parametrize(("days", "reason"), [(-1, "Vakantie"), (367, "Vakantie"), (1, "  ")])
def test_a_mandate_has_a_day_within_a_year_and_a_reason(cast: Cast, days: int, reason: str) -> None:
    lead = cast.person("team", leads=True)
    with pytest.raises(Refused):
        give_mandate(
            actor=lead.user, organisation=lead.own, valid_to=today() + timedelta(days=days), reason=reason
        )


def test_who_is_written_to_at_an_organisation() -> None:
    city, partner, empty = make_city("interested"), make_organisation(Group.COMPANY), make_city()
    staff, team, lead, signatory = (make_user() for _number in range(4))
    join(staff, city)
    join(signatory, city, Function.SIGNATORY)
    join(staff, partner)
    join(make_user(is_active=False), partner, is_lead=True)
    asked = [city.pk, partner.pk, empty.pk]
    assert people_at(asked) == {city.pk: [staff], partner.pk: [staff], empty.pk: []}
    assert people_at(asked, teams_alone=True) == {city.pk: [], partner.pk: [staff], empty.pk: []}
    join(team, city, Function.TEAM)
    assert people_at([city.pk]) == people_at([city.pk], teams_alone=True) == {city.pk: [team]}
    join(lead, city, Function.TEAM, is_lead=True)
    assert people_at([city.pk])[city.pk] == [lead]
