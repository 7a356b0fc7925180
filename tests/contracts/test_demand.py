"""Joint demand: what adds up, who may answer, and who reads the answer."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contracts.models import Action, DemandOffer, Investment, Measure, OfferAnswer
from contracts.selectors.demand import demands, unnamed
from contracts.services.demand import answer_offer, save_offer
from contracts.services.reference import load_reference
from contracts.services.template_reference import load_templates
from governance.models import Organisation
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent, OutgoingMail
from nss_portal.core.registry import work_items
from tests.access.cast import Cast, Person
from tests.contracts.make import fix, make_action, make_contract, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """People, with the kinds of measures that the portal knows."""
    load_reference()
    load_templates()
    return Cast()


def a_contract_that_wants(city: Organisation, *, sharing: str = "published", kt: int = 10) -> Action:
    contract = make_contract(city, sharing=sharing)
    version = make_version(contract)
    action = make_action(version, "Warmtenet", measure="warmte-infrastructuur", effect_kt=Decimal(kt))
    for kind, amount in (("capital", 60), ("operation", 2)):
        Investment.objects.create(version=version, action=action, kind=kind, amount_meur=Decimal(amount))
    fix(version, "published" if sharing == "published" else "adopted")
    return action


def company(cast: Cast) -> Person:
    person = cast.person("partner")
    Organisation.objects.filter(pk=person.own.pk).update(group="company")
    return person


def test_like_actions_of_contracts_that_one_sees_add_up(cast: Cast, client: Client) -> None:
    partner, team = company(cast), cast.person("team")
    a_contract_that_wants(cast.other)
    a_contract_that_wants(cast.advised, kt=5)
    a_contract_that_wants(cast.mandating, sharing="network", kt=100)
    (seen,) = demands(partner.user)
    assert (seen.actions, seen.cities, seen.kt) == (2, 2, 15)
    assert seen.money == {"capital": 120, "operation": 4}
    assert demands(team.user)[0].kt == 115, "the network sees what is shared with it"
    assert unnamed(partner.user) == 2
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/klimaatcontracten/vraagbundeling/").content.decode()
        counts.append(len(asked))
        a_contract_that_wants(cast.person("member").own)
    assert counts[0] == counts[1] <= 15
    assert "Warmtenetten aanleggen" in page
    assert client.get("/klimaatcontracten/vraagbundeling/?veld=mobility").status_code == 200
    assert client.get("/klimaatcontracten/vraagbundeling/onzin/").status_code == 404


def test_who_answers_and_who_reads_it(cast: Cast, client: Client) -> None:
    partner, coordinator = company(cast), cast.person("coordinator")
    team = cast.person("team", leads=True)
    a_contract_that_wants(team.own)
    measure = Measure.objects.get(code="warmte-infrastructuur")
    offer = {"measure": measure, "organisation": partner.own, "contact": "verkoop@bedrijf.example"}
    with pytest.raises(NotAllowed):
        save_offer(actor=team.user, text="Goedkope leningen", **offer)
    held = save_offer(actor=partner.user, text="Goedkope leningen", **offer)
    with pytest.raises(EditConflict):
        save_offer(actor=partner.user, text="Duurdere leningen", revision=0, **offer)
    seen = [DemandOffer.objects.visible_to(who.user).exists() for who in (partner, team, coordinator)]
    assert seen == [True, True, False]
    assert not DemandOffer.objects.visible_to(cast.person("member").user).exists(), "a city without such an action"
    assert not AuditEvent.objects.filter(changes__icontains="leningen").exists()
    url = "/klimaatcontracten/vraagbundeling/warmte-infrastructuur/"
    assert "Goedkope leningen" not in client.get(url).content.decode()
    client.force_login(team.user)
    page = client.get(url).content.decode()
    assert "Goedkope leningen" in page
    assert "Aanbod van" not in page
    assert client.get(f"{url}{partner.own.pk}/").status_code == 403
    client.force_login(partner.user)
    late = client.post(
        f"{url}{partner.own.pk}/", {"text": "Later", "contact": "x", "status": "talking", "revision": 0}
    )
    assert late.status_code == 409
    assert "Goedkope leningen" in late.content.decode()
    form = {"text": "Nu samen", "contact": "x", "status": "withdrawn", "revision": held.revision}
    assert client.post(f"{url}{partner.own.pk}/", form).status_code == 302
    assert not DemandOffer.objects.visible_to(team.user).exists(), "what is withdrawn is the company's own"


def titles_of(person: Person) -> list[str]:
    """Give the titles in somebody's 'my work' that are about offers."""
    return [
        str(item.title)
        for source in work_items
        for item in source(person.user)
        if "aanbod" in str(item.title).lower()
    ]


def test_cities_hear_of_an_offer_once_and_answer_it(cast: Cast, client: Client) -> None:
    partner, lead, other = company(cast), cast.person("team", leads=True), cast.person("team")
    a_contract_that_wants(lead.own)
    measure = Measure.objects.get(code="warmte-infrastructuur")
    words = {"measure": measure, "organisation": partner.own, "contact": "verkoop@bedrijf.example"}
    offer = save_offer(actor=partner.user, text="Goedkope leningen", **words)
    jobs.run_all_here()
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [lead.user.email], (
        "once, to who leads the work"
    )
    assert "leningen" not in OutgoingMail.objects.get().text
    assert (len(titles_of(lead)), titles_of(other), titles_of(partner)) == (1, [], [])
    address = f"/klimaatcontracten/vraagbundeling/{measure.code}/aanbod/{offer.public_id}/"
    client.force_login(other.user)
    assert client.get(address).status_code == 404, "a city that does not ask for this does not see it"
    client.force_login(partner.user)
    assert client.get(address).status_code == 403
    client.force_login(lead.user)
    form = {"organisation": lead.own.pk, "interested": "yes", "contact": "", "text": "Graag!", "revision": 0}
    unclear = client.post(address, form)
    assert unclear.status_code == 422
    assert "Graag!" in unclear.content.decode(), "what was typed stays"
    assert client.post(address, {**form, "contact": "Team warmte, 14 0570"}).status_code == 302
    assert titles_of(lead) == []
    mail = OutgoingMail.objects.exclude(recipient=lead.user.email).get()
    assert mail.recipient == partner.user.email
    assert "14 0570" in mail.text
    assert not AuditEvent.objects.filter(changes__icontains="Graag").exists()
    late = client.post(address, {**form, "interested": "no", "revision": 0})
    assert late.status_code == 409
    with pytest.raises(NotAllowed):
        answer_offer(actor=other.user, offer=offer, organisation=other.own, is_interested=False)
    client.force_login(partner.user)
    page = client.get(f"/klimaatcontracten/vraagbundeling/{measure.code}/").content.decode()
    assert "14 0570" in page
    assert OfferAnswer.objects.visible_to(other.user).count() == 0
    save_offer(actor=partner.user, text="Weg", status="withdrawn", revision=offer.revision, **words)
    with pytest.raises(NotAllowed):
        answer_offer(actor=lead.user, offer=offer, organisation=lead.own, is_interested=False)


def test_a_kind_of_measure_that_many_want_comes_in_pages(cast: Cast, client: Client) -> None:
    contract = a_contract_that_wants(cast.other).version.contract
    counts = []
    for more in (1, 60):
        version = make_version(contract, number=more + 1)
        Action.objects.bulk_create(
            Action(
                version=version, code=f"x{n}", title=f"Net {n}", sector="energy", measure="warmte-infrastructuur"
            )
            for n in range(more)
        )
        contract.versions.filter(state="published").update(state="superseded")
        fix(version, "published")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/klimaatcontracten/vraagbundeling/warmte-infrastructuur/").content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10
    assert page.count("Net ") == 50
    second = client.get("/klimaatcontracten/vraagbundeling/warmte-infrastructuur/?page=2").content.decode()
    assert second.count("Net ") == 10
