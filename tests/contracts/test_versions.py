"""The life of a version: from draft to published, and the next one."""

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from cities.models.bottleneck import Sharing
from contracts.models import ClimateContract, ContractVersion, Investment
from contracts.models.version import VersionState
from contracts.services import version as services
from contracts.services.errors import Refused
from contracts.services.taking_over import fix_versions
from governance.models import User
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused, history
from tests.access.cast import Cast, Person, make_city
from tests.contracts.make import make_contract, make_party, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Person:
    return Cast().person("team", leads=True)


def draft_of(person: Person, state: str = "draft") -> ContractVersion:
    return make_version(make_contract(person.own), state)


def test_from_draft_to_published(lead: Person) -> None:
    version = draft_of(lead)

    services.submit(version=version, actor=lead.user)
    digest = services.adopt(version=version, actor=lead.user)
    services.record_signed(version=version, actor=lead.user, signed_on=today(), reason="Op papier getekend")
    services.publish(version=version, actor=lead.user)

    version.refresh_from_db()
    contract = version.contract
    contract.refresh_from_db()
    assert (version.state, version.adopted_on, version.signed_on) == ("published", today(), today())
    assert (version.is_public, version.published_on, contract.sharing) == (True, today(), "published")
    assert contract.started_on == today()
    assert version.digest == digest == hashlib.sha256(version.snapshot.content.encode()).hexdigest()
    assert [row.target for row in history(version)] == ["internal_review", "adopted", "signed", "published"]
    events = AuditEvent.objects.filter(object_type="contracts.contractversion", event="state")
    assert events.count() == 4
    assert AuditEvent.objects.filter(object_id=str(contract.pk), event="published").count() == 1


def test_the_snapshot_says_all_that_the_version_says(lead: Person) -> None:
    version = draft_of(lead, "internal_review")
    Investment.objects.create(version=version, action=version.actions.get(), amount_meur=Decimal("60.400"))
    version.parties.update(contact_email="iemand@gemeente.example")

    services.adopt(version=version, actor=lead.user, adopted_on=date(2026, 3, 1))

    data = json.loads(version.snapshot.content)
    assert data["version"]["number"] == 1
    assert data["contract"]["municipalities"] == [lead.own.municipality.code]
    assert [action["effect_kt"] for action in data["actions"]] == ["49"]
    assert data["actions"][0]["investments"][0]["amount_meur"] == "60.4"
    assert data["actions"][0]["responsible"] == lead.own.name
    assert "gemeente.example" not in version.snapshot.content, "addresses of people are no part of a contract"


@pytest.mark.parametrize(("role", "leads"), [("team", False), ("coordinator", False), ("ministry", False)])
def test_only_a_lead_of_the_city_adopts(role: str, leads: bool) -> None:
    cast = Cast()
    person = cast.person(role, leads=leads)
    city = person.own if role == "team" else cast.other
    version = make_version(make_contract(city), "internal_review")

    with pytest.raises(NotAllowed), transaction.atomic():
        services.adopt(version=version, actor=person.user)

    version.refresh_from_db()
    assert version.state == VersionState.INTERNAL_REVIEW
    assert not version.digest


def test_only_a_lead_signs_and_publishes() -> None:
    member = Cast().person("team")
    adopted = make_version(make_contract(member.own), "adopted")
    signed = make_version(make_contract(member.own), "signed")

    with pytest.raises(NotAllowed), transaction.atomic():
        services.record_signed(version=adopted, actor=member.user, signed_on=today())
    with pytest.raises(NotAllowed), transaction.atomic():
        services.publish(version=signed, actor=member.user)

    signed.refresh_from_db()
    assert not signed.is_public


def test_a_mandate_lets_the_coordinator_hand_in_but_not_adopt() -> None:
    cast = Cast()
    coordinator = cast.person("coordinator")
    version = make_version(make_contract(cast.mandating))

    services.submit(version=version, actor=coordinator.user)
    with pytest.raises(NotAllowed), transaction.atomic():
        services.adopt(version=version, actor=coordinator.user)


def test_an_empty_draft_is_not_handed_in(lead: Person) -> None:
    version = ContractVersion.objects.create(contract=make_contract(lead.own), number=1)

    with pytest.raises(TransitionRefused, match=r"partij.*actie"), transaction.atomic():
        services.submit(version=version, actor=lead.user)


def test_steps_go_in_order(lead: Person) -> None:
    draft, adopted = draft_of(lead), draft_of(lead, "adopted")

    with pytest.raises(TransitionRefused), transaction.atomic():
        services.adopt(version=draft, actor=lead.user)
    with pytest.raises(TransitionRefused), transaction.atomic():
        services.publish(version=adopted, actor=lead.user)
    with pytest.raises(TransitionRefused), transaction.atomic():
        services.submit(version=adopted, actor=lead.user)

    draft.refresh_from_db()
    adopted.refresh_from_db()
    assert (draft.digest, adopted.is_public) == ("", False), "a refused step leaves nothing behind"


def test_dates_that_cannot_be(lead: Person) -> None:
    version, adopted = draft_of(lead, "internal_review"), draft_of(lead, "adopted")
    tomorrow = today() + timedelta(days=1)

    with pytest.raises(Refused, match="toekomst"), transaction.atomic():
        services.adopt(version=version, actor=lead.user, adopted_on=tomorrow)
    with pytest.raises(Refused, match="toekomst"), transaction.atomic():
        services.record_signed(version=adopted, actor=lead.user, signed_on=tomorrow)
    with pytest.raises(Refused, match="vóór de dag van vaststelling"), transaction.atomic():
        services.record_signed(version=adopted, actor=lead.user, signed_on=date(2020, 1, 1))


def test_sending_back_asks_for_a_reason(lead: Person) -> None:
    version = draft_of(lead, "internal_review")

    with pytest.raises(TransitionRefused, match="reden"), transaction.atomic():
        services.send_back(version=version, actor=lead.user, reason=" ")
    services.send_back(version=version, actor=lead.user, reason="De haven ontbreekt.")

    assert version.state == VersionState.DRAFT
    assert history(version).get().reason == "De haven ontbreekt."


def test_the_next_version_is_a_copy_and_takes_the_place_of_the_last(lead: Person) -> None:
    first = draft_of(lead)
    partner = make_party(first)
    first.actions.update(responsible=partner, code="warmtenet")
    Investment.objects.create(version=first, action=first.actions.get(), amount_meur=12)
    Investment.objects.create(version=first, amount_meur=3)
    services.submit(version=first, actor=lead.user)
    services.adopt(version=first, actor=lead.user)
    contract = first.contract

    second = services.new_version(contract=contract, actor=lead.user)

    assert (second.number, second.state) == (2, VersionState.DRAFT)
    assert second.actions.get().code == "warmtenet"
    assert second.actions.get().responsible == second.parties.get(name=partner.name)
    assert second.commitments.get().party == second.parties.get(is_leading=True)
    assert sorted(second.investments.values_list("amount_meur", flat=True)) == [3, 12]
    assert second.investments.get(amount_meur=12).action == second.actions.get()
    assert first.actions.count() == 1, "the first keeps its own"

    second.actions.update(effect_kt=60)
    services.submit(version=second, actor=lead.user)
    services.adopt(version=second, actor=lead.user)

    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "adopted")
    assert history(first).last().actor_label == str(User.objects.system())
    assert first.digest != second.digest


def test_no_second_draft_and_none_out_of_nothing(lead: Person) -> None:
    adopted, empty = draft_of(lead, "adopted"), make_contract(lead.own)
    services.new_version(contract=adopted.contract, actor=lead.user)

    with pytest.raises(Refused, match="al een concept"), transaction.atomic():
        services.new_version(contract=adopted.contract, actor=lead.user)
    with pytest.raises(Refused, match="nog geen versie"), transaction.atomic():
        services.new_version(contract=empty, actor=lead.user)
    with pytest.raises(NotAllowed), transaction.atomic():
        services.new_version(contract=adopted.contract, actor=stranger_to(lead))


def stranger_to(lead: Person) -> User:
    return lead.cast.person("team", leads=True).user


def test_a_city_shares_what_is_adopted(lead: Person) -> None:
    adopted, draft = draft_of(lead, "adopted"), draft_of(lead)
    stranger = lead.cast.person("team").user

    services.share(contract=adopted.contract, actor=lead.user, sharing=Sharing.NETWORK)
    assert ClimateContract.objects.visible_to(stranger).filter(pk=adopted.contract_id).exists()
    services.share(contract=adopted.contract, actor=lead.user, sharing=Sharing.DRAFT)
    assert not ClimateContract.objects.visible_to(stranger).filter(pk=adopted.contract_id).exists()

    with pytest.raises(Refused, match="concept"), transaction.atomic():
        services.share(contract=draft.contract, actor=lead.user, sharing=Sharing.NETWORK)
    with pytest.raises(Refused, match="openbaar"), transaction.atomic():
        services.share(contract=adopted.contract, actor=lead.user, sharing=Sharing.PUBLISHED)
    with pytest.raises(NotAllowed), transaction.atomic():
        services.share(contract=adopted.contract, actor=stranger, sharing=Sharing.NETWORK)


def test_what_is_public_is_not_taken_back_in_silence(lead: Person) -> None:
    contract = make_contract(lead.own, sharing="published")
    make_version(contract, "published")

    with pytest.raises(Refused, match="openbaar"), transaction.atomic():
        services.share(contract=contract, actor=lead.user, sharing=Sharing.DRAFT)


def test_a_draft_is_thrown_away_and_with_the_only_one_its_contract(lead: Person) -> None:
    only = draft_of(lead)
    services.discard_draft(version=only, actor=lead.user)
    assert not ClimateContract.objects.filter(pk=only.contract_id).exists()

    adopted = draft_of(lead, "adopted")
    second = services.new_version(contract=adopted.contract, actor=lead.user)
    with pytest.raises(NotAllowed), transaction.atomic():
        services.discard_draft(version=second, actor=stranger_to(lead))
    services.discard_draft(version=second, actor=lead.user)
    assert list(adopted.contract.versions.all()) == [adopted]
    with pytest.raises(Refused, match="concept"), transaction.atomic():
        services.discard_draft(version=adopted, actor=lead.user)


def test_versions_are_seen_by_whom_the_matrix_lets_see_them() -> None:
    cast = Cast()
    contract = make_contract(cast.other, sharing="published")
    first = make_version(contract, "published")
    draft = make_version(contract, number=2)
    seen = ContractVersion.objects.visible_to
    own = cast.person("team")
    people = {"visitor": 1, "partner": 1, "coordinator": 1, "ministry": 1, "member": 1}

    assert {role: seen(cast.person(role).user).count() for role in people} == people
    assert set(seen(cast.person("visitor").user)) == {first}

    mine = make_version(make_contract(own.own))
    assert set(seen(own.user)) == {first, mine}, "the draft of another city stays unseen"
    partner = cast.person("partner")
    make_party(draft, partner.own)
    assert set(seen(partner.user)) == {first, draft}, "a party of a shared contract sees the draft that names it"


def test_versions_adopted_elsewhere_are_fixed_by_the_portal_alone() -> None:
    versions = [make_version(make_contract(make_city())) for _number in range(3)]
    keys = [version.pk for version in versions]

    with pytest.raises(NotAllowed), transaction.atomic():
        fix_versions(versions=keys, actor=Cast().person("coordinator").user, state=VersionState.PUBLISHED)
    with pytest.raises(ValueError, match="no state"), transaction.atomic():
        fix_versions(versions=keys, actor=User.objects.system(), state=VersionState.DRAFT)
    fixed = fix_versions(versions=keys, actor=User.objects.system(), state=VersionState.PUBLISHED)
    again = fix_versions(versions=keys, actor=User.objects.system(), state=VersionState.PUBLISHED)

    assert (fixed, again) == (3, 0)
    held = ContractVersion.objects.filter(pk__in=keys)
    assert {(v.state, v.is_public, v.adopted_on, len(v.digest)) for v in held} == {("published", True, None, 64)}
