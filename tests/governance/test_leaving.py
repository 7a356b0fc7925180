"""Somebody leaves: things go to colleagues, access ends the day after, the last lead cannot just go."""

from datetime import timedelta

import pytest
from django.test import Client

from cities.models import ContactTheme, Signal, Theme
from contracts.models import ClimateContract, ContractStandard, ContractVersion, Party
from governance.models import Membership, Organisation, User
from governance.models.membership import Function
from governance.selectors import standing_for
from governance.services import Refused
from governance.services.leaving import colleagues_of, hand_over, left_behind
from nss_portal.core import files
from nss_portal.core.access import NotAllowed
from nss_portal.core.files.access import may_open
from nss_portal.core.handing import held_by
from nss_portal.core.models import AuditEvent, StoredFile
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_city, make_user
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Organisation:
    Cast()
    return make_city(name="Gemeente Delft")


@pytest.fixture
def lead(city: Organisation) -> User:
    user = make_user(name="Leider team")
    join(user, city, Function.TEAM, is_lead=True)
    return user


@pytest.fixture
def colleague(city: Organisation) -> User:
    user = make_user(name="Lid team")
    join(user, city, Function.TEAM)
    return user


def address(user: User, city: Organisation, function: str = "team") -> str:
    membership = Membership.objects.get(user=user, organisation=city, function=function)
    return f"/sturing/organisaties/{city.public_id}/mensen/{membership.pk}/overdragen/"


def fill(user: User, city: Organisation) -> Party:
    """Let somebody hold a theme, a draft and the contact of a contract."""
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    membership = Membership.objects.get(user=user, organisation=city, function=Function.TEAM)
    ContactTheme.objects.create(membership=membership, theme=theme)
    make_bottleneck(city, created_by=user, title="Concept over geld")
    standard = ContractStandard.objects.create(code="s", label_nl="s", label_en="s")
    contract = ClimateContract.objects.create(title="Klimaatcontract Delft", standard=standard)
    version = ContractVersion.objects.create(contract=contract, number=1, target_year=2030)
    return Party.objects.create(
        version=version, organisation=city, name="Delft", group="municipality", contact_email=user.email
    )


def test_everything_goes_to_the_colleagues_that_were_chosen(
    city: Organisation, lead: User, colleague: User
) -> None:
    party = fill(lead, city)
    kinds = [held.key for held in held_by(lead, city)]
    assert kinds == ["lead", "contact_themes", "bottleneck_drafts", "contract_contact"]
    remains = hand_over(
        actor=lead,
        user=lead,
        organisation=city,
        successors=dict.fromkeys(kinds, colleague),
        last_day=today(),
    )
    assert remains == []
    party.refresh_from_db()
    assert party.contact_email == colleague.email
    assert [held.key for held in held_by(colleague, city)] == kinds
    assert standing_for(lead, today() + timedelta(days=1)).organisations == frozenset()
    assert standing_for(colleague).lead_of == {city.pk}
    assert AuditEvent.objects.filter(object_type="governance.user", on_behalf_of_id=str(city.pk)).exists()
    assert AuditEvent.objects.filter(
        object_type="governance.membership", changes={"is_lead": [True, False]}
    ).exists()


def test_access_ends_the_day_after_the_last(city: Organisation, lead: User, colleague: User) -> None:
    hand_over(
        actor=colleague, user=colleague, organisation=city, successors={}, last_day=today() + timedelta(days=3)
    )
    assert city.pk in standing_for(colleague, today() + timedelta(days=3)).organisations
    assert city.pk not in standing_for(colleague, today() + timedelta(days=4)).organisations


def test_the_last_lead_cannot_leave_without_a_successor(
    client: Client, city: Organisation, lead: User, colleague: User
) -> None:
    with pytest.raises(Refused, match="laatste"):
        hand_over(actor=lead, user=lead, organisation=city, successors={}, last_day=today())
    client.force_login(lead)
    answer = client.post(address(lead, city), {"lead": "", "last_day": today().isoformat()})
    assert "laatste" in answer.content.decode()
    assert Membership.objects.get(user=lead).valid_to is None
    answer = client.post(address(lead, city), {"lead": str(colleague.pk), "last_day": today().isoformat()})
    assert answer.status_code == 302
    assert Membership.objects.get(user=lead).valid_to == today()
    assert Membership.objects.get(user=colleague).is_lead


def test_what_remains_is_shown_to_the_lead_who_gives_it_on(
    client: Client, city: Organisation, lead: User, colleague: User
) -> None:
    fill(colleague, city)
    hand_over(actor=colleague, user=colleague, organisation=city, successors={}, last_day=today())
    Membership.objects.filter(user=colleague).update(valid_to=today() - timedelta(days=1))
    lead = User.objects.get(pk=lead.pk)
    [(membership, held)] = left_behind(lead, lambda *found: found)
    assert membership.user == colleague
    assert {kind.key for kind in held} == {"contact_themes", "bottleneck_drafts", "contract_contact"}
    client.force_login(lead)
    assert "Draag over wat Lid team achterliet" in client.get("/").content.decode()
    client.post(address(colleague, city), {kind.key: str(lead.pk) for kind in held})
    assert list(left_behind(User.objects.get(pk=lead.pk), lambda *found: found)) == []


def test_who_signs_is_said_by_a_lead(city: Organisation, lead: User, colleague: User) -> None:
    signatory = make_user(name="Wethouder")
    join(signatory, city, Function.SIGNATORY)
    with pytest.raises(Refused, match="leider"):
        hand_over(actor=signatory, user=signatory, organisation=city, successors={"signature": colleague})
    hand_over(
        actor=lead,
        user=signatory,
        organisation=city,
        successors={"signature": colleague},
    )
    assert Membership.objects.filter(user=colleague, function=Function.SIGNATORY).exists()
    assert Membership.objects.get(user=signatory).valid_to == today()


def test_others_hand_nothing_over(client: Client, city: Organisation, lead: User, colleague: User) -> None:
    stranger = make_user()
    join(stranger, make_city(), Function.TEAM, is_lead=True)
    for actor in (stranger, colleague):
        with pytest.raises(NotAllowed):
            hand_over(actor=actor, user=lead, organisation=city, successors={"lead": colleague})
        client.force_login(actor)
        assert client.get(address(lead, city)).status_code == 404
    assert stranger not in colleagues_of(lead, city)
    with pytest.raises(Refused):
        hand_over(actor=lead, user=lead, organisation=city, successors={"lead": stranger})
    client.force_login(colleague)
    assert client.get(address(colleague, city)).status_code == 200


def test_who_has_gone_does_not_come_back_to_hand_over(
    client: Client, city: Organisation, lead: User, colleague: User
) -> None:
    Membership.objects.filter(user=colleague).update(valid_to=today() - timedelta(days=1))
    client.force_login(colleague)
    assert client.get(address(colleague, city)).status_code == 404


def test_signals_and_files_go_along(city: Organisation, lead: User, colleague: User) -> None:
    elsewhere = make_city(name="Gemeente Zwolle")
    join(lead, elsewhere, Function.TEAM)
    mine = {"organisation": city, "created_by": lead}
    draft = Signal.objects.create(title="Concept over het net", **mine)
    called = Signal.objects.create(title="Per post", contact_reach=f"bel {lead.email.upper()}", organisation=city)
    phoned = Signal.objects.create(title="Per telefoon", contact_reach="015 123 45 67", **mine)
    Signal.objects.create(title="Van een ander", contact_reach="ander@delft.example", **mine)
    closed = {"state": "closed", "sent_on": today(), "answer_by": today(), "outcome": "Klaar."}
    Signal.objects.create(title="Voorbij", contact_reach=lead.email, organisation=city, **closed)
    stored = [
        files.keep(content=b"tekst", name=f"{name}.txt", owner=owner, actor=lead)
        for name, owner in (("delft", draft), ("zwolle", make_bottleneck(elsewhere)), ("los", None))
    ]
    found = {held.key: sorted(held.titles) for held in held_by(lead, city)}
    assert found["signal_contact"] == ["Per post", "Per telefoon"]
    assert found["signal_drafts"] == ["Concept over het net", "Per telefoon", "Van een ander"]
    assert found["files"] == ["delft.txt", "los.txt"]
    keys = ["signal_contact", "signal_drafts", "files"]
    remains = hand_over(actor=lead, user=lead, organisation=city, successors=dict.fromkeys(keys, colleague))
    assert [held.key for held in remains] == ["lead"]
    assert Signal.objects.get(pk=called.pk).contact_reach == colleague.email
    assert Signal.objects.get(pk=phoned.pk).contact_reach == colleague.email
    assert Signal.objects.get(pk=draft.pk).created_by == colleague
    fresh = [StoredFile.objects.get(pk=one.pk) for one in stored]
    assert [(one.keeper, one.uploaded_by) for one in fresh] == [(colleague, lead), (None, lead), (colleague, lead)]
    assert may_open(colleague, fresh[2])
    assert not may_open(lead, fresh[2])
    assert [held.titles for held in held_by(lead, elsewhere) if held.key == "files"] == [["zwolle.txt"]]
    assert AuditEvent.objects.filter(object_type="cities.signal", changes__has_key="contact_person").count() == 2
