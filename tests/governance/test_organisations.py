"""Organisations over time: who keeps their facts and names, and what goes over when one goes on in another."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from governance.models import Membership, Organisation, Seat
from governance.models.meeting import Body
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.services import Refused
from governance.services.organisations import (
    add_organisation,
    change_organisation,
    hand_task_over,
    rehearse_handover,
    rename_organisation,
)
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from tests.access.cast import SINCE, Cast, Person, join, make_organisation, make_user

pytestmark = pytest.mark.django_db
FACTS = {"name_en": "Company", "website": "https://bedrijf.example", "about_nl": "Bouwt", "about_en": "Builds"}


@pytest.fixture
def cast() -> Cast:
    return Cast()


def own(person: Person) -> Organisation:
    assert person.own is not None
    return person.own


@pytest.mark.parametrize("role", ["member", "team", "ministry", "partner", "desk", "publisher"])
def test_a_lead_keeps_the_own_facts_and_nobody_elses(cast: Cast, role: str) -> None:
    lead, colleague = cast.person(role, leads=True), cast.person(role)
    kept = change_organisation(actor=lead.user, organisation=own(lead), fields=FACTS)
    assert kept.about_nl == "Bouwt"
    assert AuditEvent.objects.filter(object_id=str(kept.pk), event="changed").count() == 1
    for actor, organisation in ((colleague, own(colleague)), (lead, cast.coordinating), (lead, cast.other)):
        with pytest.raises(NotAllowed):
            change_organisation(actor=actor.user, organisation=organisation, fields=FACTS)
    with pytest.raises(NotAllowed):
        add_organisation(actor=lead.user, name="Nieuw", short_name="", group=Group.COMPANY)
    with pytest.raises(NotAllowed):
        hand_task_over(actor=lead.user, old=own(lead), new=cast.coordinating, on=today(), reason="x")


def test_wrong_facts_change_nothing_and_the_coordinator_keeps_all(cast: Cast) -> None:
    coordinator, company = cast.person("coordinator").user, make_organisation(name="Bedrijf")
    with pytest.raises(ValidationError):
        change_organisation(actor=coordinator, organisation=company, fields={**FACTS, "website": "geen adres"})
    assert change_organisation(actor=coordinator, organisation=company, fields=FACTS).name_en == "Company"
    with pytest.raises(ValidationError):
        add_organisation(actor=coordinator, name="Bedrijf", short_name="", group=Group.COMPANY)
    with pytest.raises(Refused):
        add_organisation(actor=coordinator, name="Nieuwstad", short_name="", group=Group.MUNICIPALITY)


def test_a_name_has_dates_and_the_old_one_stays(cast: Cast) -> None:
    lead = cast.person("partner", leads=True)
    company, user = own(lead), lead.user
    before, changed = company.name, today() - timedelta(days=10)
    for wrong in (
        {"valid_from": changed},  # since when the old one?
        {"valid_from": today() + timedelta(days=1), "old_since": SINCE},
        {"valid_from": SINCE, "old_since": changed},
        {"valid_from": changed, "old_since": SINCE, "name": before},
    ):
        with pytest.raises(Refused):
            rename_organisation(
                actor=user, organisation=company, **{"name": "Nieuwe naam", "short_name": "NN", **wrong}
            )
    rename_organisation(
        actor=user,
        organisation=company,
        name="Nieuwe naam",
        short_name="NN",
        valid_from=changed,
        old_since=SINCE,
    )
    company.refresh_from_db()
    assert company.name_on(changed) == "Nieuwe naam"
    assert company.name_on(changed - timedelta(days=1)) == before
    # From now on it is known since when the name is used.
    rename_organisation(actor=user, organisation=company, name="Derde", short_name="", valid_from=today())
    assert company.names.count() == 2
    with pytest.raises(Refused):
        rename_organisation(
            actor=cast.person("coordinator").user,
            organisation=cast.other,
            name="Andere stad",
            short_name="",
            valid_from=changed,
            old_since=SINCE,
        )


def test_people_and_running_work_go_over_and_the_past_stays(cast: Cast) -> None:
    coordinator = cast.person("coordinator").user
    old, new, person = make_organisation(name="Oud"), make_organisation(name="Nieuw"), make_user()
    join(person, old, Function.STAFF, is_lead=True)
    body = Body.objects.create(code="stuurgroep", label_nl="Stuurgroep", label_en="Steering group")
    Seat.objects.create(body=body, organisation=old, valid_from=SINCE)
    on = today() - timedelta(days=2)
    lines = rehearse_handover(actor=coordinator, old=old, new=new, on=on)
    assert {line.label: line.moved for line in lines} == {"mensen": 1, "zetels in overleggen": 1} or len(
        lines
    ) == 2
    assert Seat.objects.get().organisation == old
    hand_task_over(actor=coordinator, old=old, new=new, on=on, reason="Fusie")
    old.refresh_from_db()
    assert (old.successor, old.succeeded_on, old.valid_to) == (new, on, on - timedelta(days=1))
    assert Seat.objects.get().organisation == new
    assert Membership.objects.current(today()).get(user=person).organisation == new
    assert Membership.objects.current(on - timedelta(days=1)).get(user=person).organisation == old
    with pytest.raises(Refused):
        hand_task_over(actor=coordinator, old=old, new=new, on=on, reason="Nog eens")


@pytest.mark.parametrize("what", ["itself", "municipality", "coordinates", "to come", "no reason"])
def test_what_cannot_go_on_in_another_one(cast: Cast, what: str) -> None:
    coordinator = cast.person("coordinator").user
    old, new = make_organisation(name="Oud"), make_organisation(name="Nieuw")
    on, reason = today(), "Fusie"
    if what == "itself":
        new = old
    elif what == "municipality":
        new = cast.other
    elif what == "coordinates":
        old = cast.coordinating
    elif what == "to come":
        on += timedelta(days=1)
    else:
        reason = " "
    with pytest.raises(Refused):
        hand_task_over(actor=coordinator, old=old, new=new, on=on, reason=reason)
    assert not Organisation.objects.exclude(successor=None).exists()


def test_the_pages_for_a_lead_and_for_the_coordinator(cast: Cast, client: Client) -> None:
    lead = cast.person("partner", leads=True)
    company = own(lead)
    base = f"/sturing/organisaties/{company.public_id}"
    client.force_login(cast.person("partner").user)
    assert client.get(f"{base}/bewerken/").status_code == 403
    assert "bewerken" not in client.get(company.get_absolute_url()).content.decode()
    client.force_login(lead.user)
    assert "bewerken" in client.get(company.get_absolute_url()).content.decode()
    assert client.post(f"{base}/bewerken/", {**FACTS, "website": "https://x.example"}).status_code == 302
    wrong = client.post(f"{base}/bewerken/", {**FACTS, "website": "geen adres", "about_nl": "Blijft staan"})
    assert "Blijft staan" in wrong.content.decode()
    renamed = {"name": "Anders", "short_name": "", "valid_from": today().isoformat(), "old_since": "2020-01-01"}
    assert client.post(f"{base}/naam/", renamed).status_code == 302
    assert client.get("/sturing/organisaties/nieuw/").status_code == 403
    assert client.get(f"{base}/opgaan/").status_code == 403
    client.force_login(cast.person("coordinator").user)
    made = client.post("/sturing/organisaties/nieuw/", {"name": "Vers", "short_name": "", "group": "company"})
    fresh = Organisation.objects.get(name="Vers")
    assert made.url == f"/sturing/organisaties/{fresh.public_id}/mensen/"
    data = {"new": fresh.public_id, "on": today().isoformat(), "reason": "Fusie"}
    assert "Er is nog niets veranderd" in client.post(f"{base}/opgaan/", data).content.decode()
    assert Organisation.objects.get(pk=company.pk).successor is None
    assert client.post(f"{base}/opgaan/", {**data, "confirm": "1"}).status_code == 302
    text = client.get(Organisation.objects.get(pk=company.pk).get_absolute_url()).content.decode()
    assert "Vers" in text
