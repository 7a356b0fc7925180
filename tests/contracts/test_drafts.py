"""Working on a draft: who may, what is refused, and two people at once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from contracts.models import ContractVersion, FigureNote
from contracts.services import draft as services
from contracts.services.contract import create_contract, explain_figures, making_for
from contracts.services.errors import Refused
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from tests.access.cast import Cast, Person, make_city
from tests.contracts.make import make_commitment, make_contract, make_party, make_standard, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Person:
    return Cast().person("team")


@pytest.fixture
def draft(member: Person) -> ContractVersion:
    return make_version(make_contract(member.own))


def test_a_municipality_makes_a_contract(member: Person) -> None:
    contract = create_contract(
        actor=member.user,
        municipalities=[member.own.municipality],
        title="Klimaatcontract",
        standard=make_standard(),
        target_year=2040,
    )

    version = contract.versions.get()
    assert (version.state, version.target_year, contract.sharing) == ("draft", 2040, "draft")
    party = version.parties.get()
    assert (party.organisation, party.is_leading) == (member.own, True)
    assert AuditEvent.objects.get(event="created").on_behalf_of_id == str(member.own.pk)


@pytest.mark.parametrize("role", ["coordinator", "ministry", "partner", "steering"])
def test_nobody_makes_a_contract_for_another(role: str) -> None:
    cast = Cast()
    person = cast.person(role)
    make = {"title": "Van een ander", "standard": make_standard(), "target_year": 2030}

    with pytest.raises(NotAllowed), transaction.atomic():
        create_contract(actor=person.user, municipalities=[cast.other.municipality], **make)


def test_a_joint_contract_is_made_by_who_may_act_for_all(member: Person) -> None:
    make = {"title": "Samen", "standard": make_standard(), "target_year": 2030}
    cities = [member.own.municipality, make_city().municipality]
    with pytest.raises(NotAllowed), transaction.atomic():
        create_contract(actor=member.user, municipalities=cities, **make)
    with pytest.raises(Refused), transaction.atomic():
        create_contract(actor=member.user, municipalities=[], **make)
    assert making_for(member.user) == {member.own.pk}
    assert making_for(member.cast.person("visitor").user) == frozenset()


@pytest.mark.parametrize("year", [2029, 2051])
def test_a_target_year_lies_between_2030_and_2050(member: Person, year: int) -> None:
    city = [member.own.municipality]
    with pytest.raises(ValidationError, match="2030 en 2050"), transaction.atomic():
        create_contract(
            actor=member.user, municipalities=city, title="Te laat", standard=make_standard(), target_year=year
        )


def test_parties_actions_and_commitments_are_added_and_changed(member: Person, draft: ContractVersion) -> None:
    party = services.save_party(version=draft, actor=member.user, name="Warmtebedrijf", group="company")
    action = services.save_action(
        version=draft,
        actor=member.user,
        title="Warmtenet aanleggen",
        sector="energy",
        effect_kt=Decimal("12.5"),
        responsible=party,
        amount_meur=Decimal("60.4"),
    )
    twin = services.save_action(version=draft, actor=member.user, title="Warmtenet aanleggen", sector="energy")
    promise = services.save_commitment(version=draft, actor=member.user, party=party, title="Open boeken")

    assert (action.code, twin.code, promise.code) == (
        "warmtenet-aanleggen",
        "warmtenet-aanleggen-2",
        "open-boeken",
    )
    assert action.investments.get().amount_meur == Decimal("60.4")
    assert twin.effect_kt is None, "not known is not zero"
    assert not twin.investments.exists()

    changed = services.save_action(
        version=draft,
        actor=member.user,
        action=action,
        revision=action.revision,
        title="Warmtenet aanleggen",
        sector="energy",
        effect_kt=Decimal(14),
    )
    assert (changed.effect_kt, changed.revision, changed.code) == (14, 1, action.code)
    assert not changed.investments.exists(), "an amount that is emptied goes"
    event = AuditEvent.objects.filter(event="changed", object_type="contracts.action").get()
    assert event.changes["effect_kt"] == ["12.500", "14"]


def test_money_divided_over_posts_is_left_alone(member: Person, draft: ContractVersion) -> None:
    action = draft.actions.get()
    for year in (2026, 2027):
        action.investments.create(version=draft, amount_meur=5, year=year)

    services.save_action(
        version=draft, actor=member.user, action=action, title="Anders", sector="energy", amount_meur=Decimal(99)
    )

    assert [post.amount_meur for post in action.investments.all()] == [5, 5]


def test_a_colleague_was_first(member: Person, draft: ContractVersion) -> None:
    action = draft.actions.get()
    values = {"sector": "mobility", "effect_kt": action.effect_kt, "responsible": action.responsible}
    services.save_action(version=draft, actor=member.user, action=action, title="Van de collega", **values)

    with pytest.raises(EditConflict) as conflict, transaction.atomic():
        services.save_action(version=draft, actor=member.user, action=action, title="Van mij", **values)

    assert conflict.value.record.title == "Van de collega"
    assert draft.actions.get().title == "Van de collega"


def test_the_same_form_sent_twice_is_saved_once(member: Person, draft: ContractVersion) -> None:
    values = {"target_year": 2035, "base_year": 2018, "summary": "Kort"}
    services.change_version(version=draft, actor=member.user, revision=0, **values)
    twice = services.change_version(version=draft, actor=member.user, revision=0, **values)

    assert twice.revision == 1
    assert AuditEvent.objects.filter(event="changed").count() == 1
    draft.contract.refresh_from_db()
    assert draft.contract.target_year == 2035, "the contract follows its first draft"


def test_numbers_below_zero_are_refused(member: Person, draft: ContractVersion) -> None:
    with pytest.raises(ValidationError, match="0 of meer"), transaction.atomic():
        services.save_action(
            version=draft, actor=member.user, title="Meer uitstoot", sector="energy", effect_kt=Decimal(-1)
        )
    with pytest.raises(ValidationError, match="0 of meer"), transaction.atomic():
        services.save_action(
            version=draft, actor=member.user, title="Gratis geld", sector="energy", amount_meur=Decimal(-1)
        )


def test_what_hangs_on_a_party_is_named_before_it_goes(member: Person, draft: ContractVersion) -> None:
    leading = draft.parties.get()
    partner = make_party(draft)
    make_commitment(partner)
    draft.actions.update(responsible=partner)

    with pytest.raises(Refused, match="kan er niet uit"), transaction.atomic():
        services.remove_party(party=leading, actor=member.user)
    with pytest.raises(Refused, match="verantwoordelijk"), transaction.atomic():
        services.remove_party(party=partner, actor=member.user)
    services.remove_action(action=draft.actions.get(), actor=member.user)
    services.remove_party(party=partner, actor=member.user)

    assert [party.pk for party in draft.parties.all()] == [leading.pk]
    assert draft.commitments.count() == 1, "the promises of the party went with it"


def test_a_party_of_another_version_is_refused(member: Person, draft: ContractVersion) -> None:
    stranger = make_party(make_version(make_contract(make_city())))
    with pytest.raises(Refused, match="deze versie"), transaction.atomic():
        services.save_action(version=draft, actor=member.user, title="x", sector="energy", responsible=stranger)
    with pytest.raises(Refused, match="deze versie"), transaction.atomic():
        services.save_commitment(version=draft, actor=member.user, party=stranger, title="x")


def test_an_adopted_version_is_closed(member: Person) -> None:
    version = make_version(make_contract(member.own), "adopted")
    tries = (
        lambda: services.save_party(version=version, actor=member.user, name="x", group="company"),
        lambda: services.save_action(version=version, actor=member.user, title="x", sector="energy"),
        lambda: services.remove_commitment(commitment=version.commitments.get(), actor=member.user),
        lambda: services.change_version(
            version=version, actor=member.user, revision=0, target_year=2040, base_year=None, summary=""
        ),
    )
    for attempt in tries:
        with pytest.raises(Refused, match="vastgesteld"), transaction.atomic():
            attempt()


def test_how_to_reach_a_party_stays_open_and_out_of_the_log(member: Person) -> None:
    version = make_version(make_contract(member.own), "adopted")
    address = "iemand@gemeente.example"

    party = services.change_contact(
        party=version.parties.get(),
        actor=member.user,
        revision=0,
        contact_position="adviseur",
        contact_email=address,
    )

    assert party.contact_email == address
    assert address not in str(AuditEvent.objects.get(object_type="contracts.party").changes)


def test_strangers_change_nothing(member: Person, draft: ContractVersion) -> None:
    stranger = member.cast.person("team").user
    tries = (
        lambda: services.save_party(version=draft, actor=stranger, name="x", group="company"),
        lambda: services.save_action(version=draft, actor=stranger, title="x", sector="energy"),
        lambda: services.save_commitment(version=draft, actor=stranger, party=draft.parties.get(), title="x"),
        lambda: services.remove_party(party=draft.parties.get(), actor=stranger),
        lambda: services.remove_action(action=draft.actions.get(), actor=stranger),
        lambda: services.remove_commitment(commitment=draft.commitments.get(), actor=stranger),
        lambda: services.change_contact(
            party=draft.parties.get(), actor=stranger, revision=0, contact_position="", contact_email=""
        ),
        lambda: services.change_version(
            version=draft, actor=stranger, revision=0, target_year=2040, base_year=None, summary=""
        ),
    )
    for attempt in tries:
        with pytest.raises(NotAllowed), transaction.atomic():
            attempt()


def test_a_party_writes_its_own_promises_from_internal_review_on() -> None:
    cast = Cast()
    partner, city = cast.person("partner"), cast.other
    version = make_version(make_contract(city))
    ours = make_party(version, partner.own)

    with pytest.raises(NotAllowed), transaction.atomic():
        services.save_commitment(version=version, actor=partner.user, party=ours, title="Te vroeg")
    ContractVersion.objects.filter(pk=version.pk).update(state="internal_review")
    version.refresh_from_db()
    promise = services.save_commitment(
        version=version, actor=partner.user, party=ours, title="Wij leveren warmte", due_on=date(2028, 1, 1)
    )
    theirs = version.parties.get(is_leading=True)
    with pytest.raises(NotAllowed), transaction.atomic():
        services.save_commitment(version=version, actor=partner.user, party=theirs, title="Jullie betalen")
    services.remove_commitment(commitment=promise, actor=partner.user)
    assert not ours.commitments.exists()


def test_the_team_explains_a_difference(member: Person) -> None:
    contract = make_contract(member.own)
    write = {"contract": contract, "finding": "sum|x", "revision": 0}

    note = explain_figures(actor=member.user, text=" Een typefout. ", **write)
    assert note is not None
    assert (note.text, note.written_by_label) == ("Een typefout.", str(member.user))
    with pytest.raises(EditConflict), transaction.atomic():
        explain_figures(actor=member.user, text="Iets anders", **write)
    with pytest.raises(NotAllowed), transaction.atomic():
        explain_figures(actor=member.cast.person("coordinator").user, text="Van ons", **write)
    explain_figures(actor=member.user, text="", contract=contract, finding="sum|x", revision=1)
    assert not FigureNote.objects.exists()
