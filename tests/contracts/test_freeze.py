"""What is adopted does not change: the database itself refuses it, whoever asks."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from contracts.models import Action, Commitment, ContractVersion, Investment, Party, VersionSnapshot
from contracts.models.version import VersionState
from tests.access.cast import make_city
from tests.contracts.make import fix, make_action, make_commitment, make_contract, make_party, make_version

pytestmark = pytest.mark.django_db

FROZEN = (VersionState.ADOPTED, VersionState.SIGNED, VersionState.PUBLISHED, VersionState.SUPERSEDED)


def make_frozen(state: str = "adopted") -> ContractVersion:
    """Make a version with one of everything, in a state in which nothing may change."""
    version = make_version(make_contract(make_city()))
    Investment.objects.create(version=version, action=version.actions.get(), amount_meur=Decimal("60.4"))
    return fix(version, state)


ATTEMPTS: dict[str, Callable[[ContractVersion], object]] = {
    "add a party": lambda v: Party.objects.create(version=v, name="Nieuw", group="company"),
    "change a party": lambda v: v.parties.update(name="Anders"),
    "take out a party": lambda v: v.parties.all()._raw_delete("default"),
    "add a commitment": lambda v: make_commitment(v.parties.get(), "Meer"),
    "change a commitment": lambda v: v.commitments.update(title="Minder"),
    "take out a commitment": lambda v: v.commitments.all().delete(),
    "add an action": lambda v: make_action(v, "Nog een"),
    "change an action": lambda v: v.actions.update(effect_kt=1),
    "take out an action": lambda v: v.actions.all().delete(),
    "add money": lambda v: Investment.objects.create(version=v, amount_meur=1),
    "change money": lambda v: v.investments.update(amount_meur=1),
    "take out money": lambda v: v.investments.all().delete(),
    "change its summary": lambda v: ContractVersion.objects.filter(pk=v.pk).update(summary="Anders"),
    "change its target year": lambda v: ContractVersion.objects.filter(pk=v.pk).update(target_year=2040),
    "change its hash": lambda v: ContractVersion.objects.filter(pk=v.pk).update(digest="0" * 64),
    "change the day of adoption": lambda v: ContractVersion.objects.filter(pk=v.pk).update(
        adopted_on="2020-01-01"
    ),
    "make it a draft again": lambda v: ContractVersion.objects.filter(pk=v.pk).update(state="draft"),
    "change its data": lambda v: VersionSnapshot.objects.filter(version=v).update(content="{}"),
    "throw its data away": lambda v: VersionSnapshot.objects.filter(version=v).delete(),
    "throw it away": lambda v: v.delete(),
    "throw the contract away": lambda v: v.contract.delete(),
}


@pytest.mark.parametrize("state", FROZEN)
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_adopted_version_refuses(attempt: str, state: str) -> None:
    version = make_frozen(state)
    before = (version.digest, version.actions.get().effect_kt, version.parties.get().name)

    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        ATTEMPTS[attempt](version)

    fresh = ContractVersion.objects.get(pk=version.pk)
    assert (fresh.digest, fresh.actions.get().effect_kt, fresh.parties.get().name) == before
    assert fresh.state == state


@pytest.mark.parametrize("state", ["draft", "internal_review"])
def test_a_draft_allows_all_of_it(state: str) -> None:
    version = make_version(make_contract(make_city()), state)

    make_action(version, "Nog een")
    version.actions.update(effect_kt=1)
    version.commitments.all().delete()
    version.delete()

    assert not Action.objects.exists()
    assert not Commitment.objects.exists()


def test_moving_a_row_between_versions_is_refused_from_either_side() -> None:
    frozen = make_frozen()
    draft = make_version(frozen.contract, number=2)
    draft.actions.update(code="een-andere", responsible=None)

    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        frozen.actions.update(version=draft)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        draft.actions.update(version=frozen)


def test_how_to_reach_a_party_may_change_at_any_time() -> None:
    version = make_frozen("signed")

    version.parties.update(contact_email="duurzaamheid@gemeente.example", contact_position="adviseur", revision=3)

    assert version.parties.get().contact_email == "duurzaamheid@gemeente.example"


def test_the_next_steps_of_an_adopted_version_are_open() -> None:
    version = make_frozen()

    ContractVersion.objects.filter(pk=version.pk).update(state="signed", signed_on="2025-11-01")
    ContractVersion.objects.filter(pk=version.pk).update(state="published", is_public=True)
    ContractVersion.objects.filter(pk=version.pk).update(state="superseded")

    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        ContractVersion.objects.filter(pk=version.pk).update(signed_on="2025-12-01")
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        ContractVersion.objects.filter(pk=version.pk).update(is_public=False)


def test_a_version_is_adopted_only_with_the_hash_of_its_data() -> None:
    version = make_version(make_contract(make_city()))
    VersionSnapshot.objects.create(version=version, content="{}")

    with pytest.raises(IntegrityError, match="hash that is not that of its data"), transaction.atomic():
        ContractVersion.objects.filter(pk=version.pk).update(state="adopted", digest="0" * 64)
    with pytest.raises(IntegrityError, match="hash that is not that of its data"), transaction.atomic():
        ContractVersion.objects.filter(pk=version.pk).update(state="adopted", digest="")


def test_a_promise_belongs_to_the_version_of_its_party() -> None:
    one = make_version(make_contract(make_city()))
    other = make_version(make_contract(make_city()))
    stranger = make_party(other, None)

    def lend_action() -> None:
        one.actions.update(responsible=stranger)
        connection.check_constraints()

    def lend_commitment() -> None:
        one.commitments.update(party=stranger)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="action_responsible_of_version"), transaction.atomic():
        lend_action()
    with pytest.raises(IntegrityError, match="commitment_party_of_version"), transaction.atomic():
        lend_commitment()


def test_one_version_is_in_force_and_one_is_a_draft() -> None:
    contract = make_frozen().contract
    make_version(contract, number=2)

    with pytest.raises(IntegrityError, match="version_one_draft"), transaction.atomic():
        ContractVersion.objects.create(contract=contract, number=3)
    with pytest.raises(IntegrityError, match="version_one_in_force"), transaction.atomic():
        fix(contract.versions.get(number=2))
