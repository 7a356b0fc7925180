"""Nobody is locked out: the last lead, coordinator and member of the steering group, and changes of variant."""

from datetime import timedelta

import pytest
from django.test import Client

from governance.models import GovernanceVariant, Membership, Organisation, User, VariantPeriod
from governance.models.design import ProposalState, VariantProposal
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.services import Refused
from governance.services.design.proposals import adopt_variant, propose_variant
from governance.services.leaving import hand_over
from governance.services.memberships import change_membership, end_membership, finish_membership
from governance.services.variants import start_variant
from governance.variants import coordinating_organisation_id
from nss_portal.core.time import today
from tests.access.cast import VARIANTS, Cast, Person, join, make_organisation, make_user, make_variant

pytestmark = pytest.mark.django_db
SOON = timedelta(days=10)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def the_one(person: Person) -> Membership:
    return Membership.objects.get(user=person.user)


@pytest.fixture
def successor() -> Organisation:
    organisation = make_organisation(Group.INDEPENDENT, name="Stichting")
    join(make_user(name="Eerste"), organisation, Function.COORDINATION)
    return organisation


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_last_coordinator_stays_in_every_way_there_is(variant: str) -> None:
    cast = Cast(variant)
    last = cast.person("coordinator")
    held = the_one(last)
    leaving = join(make_user(), cast.coordinating, Function.COORDINATION)
    Membership.objects.filter(pk=leaving.pk).update(valid_to=today() + SOON)
    shut_out = make_user(is_active=False)
    join(shut_out, cast.coordinating, Function.COORDINATION)
    ways = (
        lambda: end_membership(actor=last.user, membership=held),
        lambda: finish_membership(actor=last.user, membership=held, at_once=True),
        lambda: hand_over(
            actor=last.user, user=last.user, organisation=cast.coordinating, successors={}, last_day=today() + SOON
        ),
    )
    for way in ways:
        with pytest.raises(Refused, match="laatste coördinator"):
            way()
    assert the_one(last).valid_to is None
    join(make_user(), cast.coordinating, Function.COORDINATION)
    end_membership(actor=last.user, membership=held)


def test_who_will_coordinate_from_a_day_that_was_decided_stays_too(cast: Cast, successor: Organisation) -> None:
    start_variant(
        actor=cast.person("steering").user,
        proposed_by=cast.person("coordinator").user,
        variant=make_variant("independent-lead"),
        coordinating_organisation=successor,
        valid_from=today() + SOON,
        reason="Breder gedragen",
    )
    with pytest.raises(Refused, match="laatste coördinator"):
        end_membership(actor=User.objects.system(), membership=successor.memberships.get())


def test_the_last_of_the_steering_group_stays(cast: Cast) -> None:
    coordinator = cast.person("coordinator").user
    first, second = cast.person("steering"), cast.person("steering")
    end_membership(actor=coordinator, membership=the_one(first))
    for way in (
        lambda: end_membership(actor=coordinator, membership=the_one(second), last_day=today() + SOON),
        lambda: hand_over(
            actor=second.user, user=second.user, organisation=second.own, successors={}, last_day=today()
        ),
    ):
        with pytest.raises(Refused, match="laatste lid van de stuurgroep"):
            way()
    assert the_one(second).valid_to is None


def test_a_lead_whose_account_is_closed_does_not_count_as_staying(cast: Cast) -> None:
    lead = cast.person("partner", leads=True)
    join(make_user(is_active=False), lead.own, is_lead=True)
    with pytest.raises(Refused, match="laatste"):
        change_membership(
            actor=lead.user, membership=the_one(lead), position="", sharing=the_one(lead).sharing, is_lead=False
        )


def test_the_page_refuses_the_last_coordinator_and_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    last = cast.person("coordinator")
    client.force_login(last.user)
    day = (today() + SOON).isoformat()
    base = f"/sturing/organisaties/{cast.coordinating.public_id}/mensen/{the_one(last).pk}"
    for path in ("beeindigen", "overdragen"):
        answer = client.post(f"{base}/{path}/", {"last_day": day}).content.decode()
        assert "laatste coördinator" in answer
        assert day in answer


def proposed(cast: Cast, organisation: Organisation, **fields: object) -> VariantProposal:
    wanted: dict[str, object] = {
        "actor": cast.person("coordinator").user,
        "variant": make_variant("independent-lead"),
        "coordinating_organisation": organisation,
        "valid_from": today() + SOON,
        "reason": "Breder gedragen",
        **fields,
    }
    return propose_variant(**wanted)


def test_nothing_is_proposed_that_cannot_be(cast: Cast, successor: Organisation) -> None:
    in_force = GovernanceVariant.objects.get(code=cast.variant)
    cast.person("coordinator")
    with pytest.raises(Refused, match="al van kracht"):
        proposed(cast, cast.coordinating, variant=in_force)
    with pytest.raises(Refused, match="voorbij"):
        proposed(cast, successor, valid_from=today() - timedelta(days=1))
    first = proposed(cast, successor)
    with pytest.raises(Refused, match="ligt al een voorstel"):
        proposed(cast, successor, variant=make_variant("cities-lead"))
    adopt_variant(actor=cast.person("steering").user, proposal=first)
    with pytest.raises(Refused, match="begint op"):
        proposed(cast, cast.coordinating, variant=make_variant("cities-lead"))
    assert VariantPeriod.objects.count() == 2


def test_a_proposal_whose_people_left_or_whose_day_passed_is_not_decided(
    client: Client, cast: Cast, successor: Organisation
) -> None:
    proposal = proposed(cast, successor)
    address = f"/sturing/varianten/voorstel/{proposal.public_id}/"
    client.force_login(cast.person("steering").user)
    assert "heeft nog niemand ingelogd" in client.get(address).content.decode()
    end_membership(actor=User.objects.system(), membership=successor.memberships.get())
    assert "Niemand van Stichting kan" in client.get(address).content.decode()
    answer = client.post(address, {"step": "decide", "reason": "Eens met de redenering"})
    assert answer.status_code == 422
    assert "Eens met de redenering" in answer.content.decode()
    join(make_user(), successor, Function.COORDINATION)
    VariantProposal.objects.filter(pk=proposal.pk).update(valid_from=today() - timedelta(days=1))
    answer = client.post(address, {"step": "decide", "reason": "Eens"})
    assert (answer.status_code, VariantPeriod.objects.count()) == (422, 1)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED
    assert coordinating_organisation_id(today() + SOON) == cast.coordinating.pk


def test_the_form_keeps_what_was_typed_when_it_is_refused(
    client: Client, cast: Cast, successor: Organisation
) -> None:
    client.force_login(cast.person("coordinator").user)
    yesterday = (today() - timedelta(days=1)).isoformat()
    values = {
        "variant": make_variant("independent-lead").pk,
        "coordinating_organisation": successor.pk,
        "valid_from": yesterday,
        "reason": "Breder gedragen",
    }
    answer = client.post("/sturing/varianten/voorstellen/", values)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert yesterday in page
    assert "Breder gedragen" in page
    assert not VariantProposal.objects.exists()
