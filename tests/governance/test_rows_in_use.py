"""Every row of the matrix about governance, for every role in every variant, by what people really use.

The walker (`tests/access`) asks the rules; this asks pages and services, which have to follow them. What is done
is taken back after each person.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from governance.models import (
    AnswerSheet,
    Assessment,
    Contribution,
    Meeting,
    Membership,
    Organisation,
    Participant,
    ResultSharing,
    VariantPeriod,
    VariantProposal,
)
from governance.models.contribution import ContributionSharing
from governance.models.membership import LEADING_FUNCTIONS, ContactSharing, Function
from governance.models.organisation import Group
from governance.services.assessments import following, holding
from governance.services.assessments.counting import summarised
from governance.services.assessments.links import current_token
from governance.services.contributions import giving
from governance.services.contributions.giving import Given
from governance.services.design.proposals import adopt_variant, propose_taking_back, propose_variant, take_back
from governance.services.invitations import invite
from governance.services.meetings import holding as meetings
from governance.services.memberships import change_membership
from nss_portal.core.access import NotAllowed, resources
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from tests.access.cast import PLACES, VARIANTS, Cast, Person, join, make_organisation, make_user, make_variant
from tests.access.matrix import ROLES, Sample, load_factories, load_matrix
from tests.access.test_matrix import acts_on, seen_by
from tests.governance.making_assessments import ask, make_assessment

pytestmark = pytest.mark.django_db
MATRIX = load_matrix()
FACTORIES = load_factories()
GOVERNANCE = {
    "governance",
    "governance_variant",
    "meeting",
    "contribution",
    "assessment",
    "audit_log",
    "account",
    "contact_person",
    "transition_team",
}
Use = Callable[[Person, Client, Model], bool]
USES: dict[tuple[str, str], Use] = {}


def use_of(resource: str, action: str) -> Callable[[Use], Use]:
    """Register how a row is used: gives whether the person got it done, or saw it."""

    def add(use: Use) -> Use:
        USES[resource, action] = use
        return use

    return add


def opens(client: Client, address: str) -> str:
    """Give the page, '' where it is refused; what may not be seen is not there."""
    response = client.get(address)
    assert response.status_code in (200, 404), f"{address}: {response.status_code}"
    return response.content.decode() if response.status_code == 200 else ""


@use_of("governance", "view")
def sees_organisation(person: Person, client: Client, record: Organisation) -> bool:
    return bool(opens(client, record.get_absolute_url()))


@use_of("transition_team", "view_contacts")
def sees_contact(person: Person, client: Client, record: Membership) -> bool:
    name, organisation = f"Contact nummer {record.pk}.", record.organisation
    if name in opens(client, organisation.get_absolute_url()):
        return True
    # Who leads a city keeps its team, also those whom the team keeps to itself.
    keeps = bool(person.own) and organisation.group == Group.MUNICIPALITY
    return keeps and name in opens(client, reverse("governance:people", args=[organisation.public_id]))


@use_of("transition_team", "manage")
def changes_team_member(person: Person, client: Client, record: Membership) -> bool:
    if record.organisation.group != Group.MUNICIPALITY:
        raise NotAllowed("only cities have a transition team")
    Membership.objects.filter(pk=record.pk).update(function=Function.TEAM)
    return changes_contact(person, client, record)


@use_of("contact_person", "manage")
def changes_contact(person: Person, client: Client, record: Membership) -> bool:
    changed = change_membership(
        actor=person.user, membership=record, position="Directeur", sharing=ContactSharing.OWN, is_lead=False
    )
    return changed.position == "Directeur"


@use_of("meeting", "view")
def sees_meeting(person: Person, client: Client, record: Meeting) -> bool:
    return bool(opens(client, record.get_absolute_url()))


@use_of("meeting", "change")
def runs_meeting(person: Person, client: Client, record: Meeting) -> bool:
    if record.state == "planned":
        meetings.keep_item(actor=person.user, meeting=record, values={"title": "Signalen"})
    else:
        meetings.publish_decisions(actor=person.user, meeting=record, publish=not record.is_published)
    return True


@use_of("contribution", "view")
def sees_contribution(person: Person, client: Client, record: Contribution) -> bool:
    address = reverse("governance:contribution", args=[record.organisation.public_id])
    return f"Voor doel {record.pk}." in opens(client, f"{address}?jaar={record.year}")


@use_of("contribution", "confirm")
def confirms_contribution(person: Person, client: Client, record: Contribution) -> bool:
    with transaction.atomic():
        Contribution.objects.filter(organisation=record.organisation_id).exclude(pk=record.pk).delete()
        Contribution.objects.filter(pk=record.pk).update(year=today().year - 1)
        giving.confirm(
            actor=person.user,
            organisation=record.organisation,
            year=today().year - 1,
            figures=Given(None, 12),
            reason="Anders",
        )
        giving.share(
            actor=person.user,
            contribution=Contribution.objects.get(pk=record.pk),
            sharing=ContributionSharing.NETWORK,
        )
        transaction.set_rollback(True)
    return True


@use_of("assessment", "manage")
def holds_assessment(person: Person, client: Client, record: Assessment) -> bool:
    if record.state == "closed":
        following.share_result(actor=person.user, assessment=record, sharing=ResultSharing.NETWORK)
    else:
        values = {"note": "Graag", "closes_on": today() + timedelta(days=3)}
        holding.change_assessment(actor=person.user, assessment=record, version=record.version, values=values)
    return True


@use_of("assessment", "view_result")
def sees_assessment(person: Person, client: Client, record: Assessment) -> bool:
    return bool(opens(client, record.get_absolute_url()))


@use_of("account", "invite")
def invites(person: Person, client: Client, record: Organisation) -> bool:
    return bool(invite(actor=person.user, email=f"nieuw{record.pk}@voorbeeld.example", organisation=record).pk)


@use_of("audit_log", "view")
def sees_event(person: Person, client: Client, record: AuditEvent) -> bool:
    response = client.get(reverse("governance:log"))
    assert response.status_code in (200, 302, 403)
    return bool(re.search(rf"\b{re.escape(record.actor_label)}\b", response.content.decode()))


def people(role: str, variant: str) -> Iterator[Person]:
    """Give a person in a role, and one who leads where the role can; what they do is taken back."""
    can_lead = role != "visitor" and PLACES[role][1] in LEADING_FUNCTIONS
    # In the other variants only who leads: they have every right that the others have.
    both = (False, True) if variant == "national-lead" else (True,)
    for leads in both if can_lead else (False,):
        with transaction.atomic():
            yield Cast(variant).person(role, leads=leads)
            transaction.set_rollback(True)


def marked(samples: Iterable[Sample]) -> list[Sample]:
    """Give records something by which a page that shows them is known, before any page is asked for."""
    found = list(samples)
    for record in (sample.record for sample in found):
        if isinstance(record, Contribution):
            Contribution.objects.filter(pk=record.pk).update(purpose=f"Voor doel {record.pk}.")
        if isinstance(record, Assessment) and record.state == "closed":
            result = summarised([], holding.asked_by(record.instrument), invited=0)
            Assessment.objects.filter(pk=record.pk).update(result=result)
        if isinstance(record, Membership):
            type(record.user).objects.filter(pk=record.user_id).update(name=f"Contact nummer {record.pk}.")
    return found


def client_of(person: Person) -> Client:
    client = Client()
    if person.own:
        client.force_login(person.user)
    return client


def done(use: Use, person: Person, client: Client, record: Model) -> bool:
    """Use a row; what is not allowed is refused."""
    try:
        with transaction.atomic():
            return use(person, client, record)
    except PermissionDenied:
        return False


def expected(sample: Sample, resource: str, action: str, person: Person) -> bool:
    """What the matrix says; whoever may change something sees it too."""
    if action == resources()[resource].view:
        return seen_by(sample, resource, person.role, person.leads)
    is_city = getattr(getattr(sample.record, "organisation", None), "group", "") == Group.MUNICIPALITY
    if (resource, action) == ("transition_team", "manage") and not is_city:
        return False  # only cities have a transition team
    return acts_on(sample, resource, action, person.role, person.leads)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("resource", "action"), USES)
def test_a_row_is_what_pages_and_services_do(resource: str, action: str, variant: str) -> None:
    found = {True: 0, False: 0}
    for role in ROLES:
        for person in people(role, variant):
            client = client_of(person)
            for sample in marked(FACTORIES[resource](person)):
                wanted = expected(sample, resource, action, person)
                got = done(USES[resource, action], person, client, sample.record)
                assert got == wanted, f"{resource}.{action} for {role}, leads {person.leads}: {sample.label}"
                found[wanted] += 1
    assert found[True], "nobody was allowed"
    assert found[False] or "no" not in MATRIX[resource, action].values(), "nobody was refused"


@pytest.mark.parametrize("variant", VARIANTS)
def test_who_proposes_a_variant_and_who_decides(variant: str) -> None:
    for role in ROLES:
        for person in people(role, variant):
            cell = MATRIX["governance_variant", "change"][role]
            other = make_organisation(Group.INDEPENDENT)
            join(make_user(), other, Function.COORDINATION)
            wanted = {
                "variant": make_variant("another"),
                "coordinating_organisation": other,
                "valid_from": today() + timedelta(days=30),
                "reason": "Breder gedragen",
            }
            client = client_of(person)
            page = client.get(reverse("governance:variant_propose"))
            form = {**wanted, "variant": wanted["variant"].pk, "coordinating_organisation": other.pk}
            sent = client.post(reverse("governance:variant_propose"), form)
            assert (page.status_code == 200) == (cell == "propose"), role
            proposal = VariantProposal.objects.first()
            assert (proposal is not None) == (cell == "propose"), f"{role}: {sent.status_code}"
            proposal = proposal or propose_variant(actor=person.cast.person("coordinator").user, **wanted)
            if cell == "decide":
                adopt_variant(actor=person.user, proposal=proposal)
            else:
                with pytest.raises(PermissionDenied):
                    adopt_variant(actor=person.user, proposal=proposal)
            assert VariantPeriod.objects.filter(variant__code="another").exists() == (cell == "decide")


@pytest.mark.parametrize("variant", VARIANTS)
def test_who_proposes_to_take_a_change_back_and_who_decides(variant: str) -> None:
    for role in ROLES:
        for person in people(role, variant):
            cell = MATRIX["governance_variant", "change"][role]
            coordinator = person.cast.person("coordinator").user
            other = make_organisation(Group.INDEPENDENT)
            join(make_user(), other, Function.COORDINATION)
            change = propose_variant(
                actor=coordinator,
                variant=make_variant("another"),
                coordinating_organisation=other,
                valid_from=today() + timedelta(days=30),
                reason="Breder gedragen",
            )
            adopt_variant(actor=person.cast.person("steering").user, proposal=change)
            address = reverse("governance:variant_proposal", args=[change.public_id])
            client = client_of(person)
            assert ('value="take_back"' in client.get(address).content.decode()) == (cell == "propose"), role
            client.post(address, {"step": "take_back", "reason": "Te vroeg"})
            back = VariantProposal.objects.filter(takes_back=change).first()
            assert (back is not None) == (cell == "propose"), role
            back = back or propose_taking_back(actor=coordinator, proposal=change, reason="Te vroeg")
            if cell == "decide":
                take_back(actor=person.user, proposal=back)
            else:
                with pytest.raises(PermissionDenied):
                    take_back(actor=person.user, proposal=back)
            assert VariantPeriod.objects.filter(variant__code="another").exists() == (cell != "decide"), role


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_link_is_the_right_to_answer(variant: str) -> None:
    for role in ROLES:
        for person in people(role, variant):
            client = client_of(person)
            mine, theirs = ask(make_assessment(person.cast.other, "open"), 2)
            Participant.objects.filter(pk=mine.pk).update(user=person.user.pk)
            link, other, none = (
                reverse("governance:assessment_link", args=[token])
                for token in (current_token(mine), current_token(theirs), "x" * 43)
            )
            assert client.post(link, {"s1": "4"}).status_code == 302, role
            assert AnswerSheet.objects.get().scores == {"1": 4}, role
            assert client.post(none, {"s1": "1"}).status_code == 404, role
            # Whoever has no account is known by the link alone; somebody who is logged in is somebody else.
            assert client.post(other, {"s1": "2"}).status_code == (403 if person.own else 302), role
            assert AnswerSheet.objects.count() == (1 if person.own else 2), role


def test_every_row_about_governance_is_used() -> None:
    """Rows of resources that live in governance; the two with tests of their own are named."""
    own = {("governance_variant", "change"), ("assessment", "answer")}
    assert {key for key in MATRIX if key[0] in GOVERNANCE} == set(USES) | own
