"""Pages of the design: who sees what, in how many queries, and what becomes of wrong input."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from governance.models import Budget, DesignPosition, DesignQuestion, Organisation, VariantProposal
from governance.models.landscape import AskedAction
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.services.design.proposals import adopt_variant, propose_variant
from governance.services.reference import load_reference
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_organisation, make_user, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return Cast()


def as_role(client: Client, cast: Cast, role: str, *, leads: bool = False) -> Client:
    client.force_login(cast.person(role, leads=leads).user)
    return client


@pytest.mark.parametrize(
    ("address", "dutch", "english"),
    [
        ("sturing/keuzes/", "Uitwisselen", "Exchange"),
        ("sturing/andere-landen/", "Oostenrijk", "Austria"),
        ("sturing/aansluiting/", "Stedelijke Agenda", "Urban Agenda"),
        ("sturing/ministeries/", "Eén loket per ministerie", "One desk per ministry"),
    ],
)
def test_everybody_reads_them_in_both_languages(client: Client, address: str, dutch: str, english: str) -> None:
    load_reference()
    assert dutch in client.get(f"/{address}").content.decode()
    answer = client.get(f"/en/{address}").content.decode()
    assert english in answer
    assert dutch not in answer


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_one_amount_as_for_three(
    client: Client, cast: Cast, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        ministry = Organisation.objects.create(name=f"Ministerie {number}", group=Group.MINISTRY)
        Budget.objects.create(organisation=ministry, title="Deal", year=2026, amount_meur=Decimal(1), source="x")
    client.get("/sturing/ministeries/")
    with django_assert_num_queries(5):
        assert client.get("/sturing/ministeries/").status_code == 200


def test_from_a_proposal_to_the_decision_with_wrong_input_in_between(client: Client, cast: Cast) -> None:
    question = DesignQuestion.objects.create(number=4, start_nl="Een", start_en="One", end_nl="Twee", end_en="Two")
    assert client.get("/sturing/keuzes/4/voorstellen/").status_code == 302  # a visitor logs in
    assert as_role(client, cast, "steering").get("/sturing/keuzes/4/voorstellen/").status_code == 403
    as_role(client, cast, "team")
    data = {"text_nl": "Naar twee", "place": "9", "valid_from": "2020-01-01", "reason": "Omdat"}
    answer = client.post("/sturing/keuzes/4/voorstellen/", data)
    assert answer.status_code == 422
    assert "Naar twee" in answer.content.decode()
    data |= {"place": "4", "valid_from": (today() + timedelta(days=3)).isoformat()}
    answer = client.post("/sturing/keuzes/4/voorstellen/", data)
    position = DesignPosition.objects.get(question=question)
    assert answer.url == f"/sturing/keuzes/voorstel/{position.public_id}/"
    assert "Voorstel intrekken" in client.get(answer.url).content.decode()
    as_role(client, cast, "steering")
    refused = client.post(answer.url, {"step": "decline", "reason": ""})
    assert "waarom" in refused.content.decode()
    assert client.post(answer.url, {"step": "decide", "reason": "Eens"}).status_code == 302
    client.logout()
    page = client.get(answer.url).content.decode()
    assert "Overgenomen." in page
    assert "Beslissen" not in page
    assert client.post(answer.url, {"step": "decide"}).status_code in (302, 403)


def test_a_variant_is_proposed_from_its_page(client: Client, cast: Cast) -> None:
    assert "Variant voorstellen" not in client.get("/sturing/varianten/").content.decode()
    as_role(client, cast, "ministry")
    assert "Variant voorstellen" in client.get("/sturing/varianten/").content.decode()
    data = {
        "variant": cast.period.variant_id if hasattr(cast, "period") else "",
        "coordinating_organisation": cast.coordinating.pk,
        "valid_from": "2020-01-01",
        "reason": "Tijd voor iets anders",
    }
    answer = client.post("/sturing/varianten/voorstellen/", data)
    assert answer.status_code == 422
    assert "Tijd voor iets anders" in answer.content.decode()
    assert VariantProposal.objects.count() == 0


def test_who_names_no_organisation_at_an_asked_action_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    action = AskedAction.objects.create(number=1, label_nl="Loket", label_en="Desk")
    lead = cast.person("ministry", leads=True)
    client.force_login(lead.user)
    address = "/sturing/ministeries/acties/1/"
    assert client.get(address).context["form"].initial["organisation"] == lead.own.pk
    answer = client.post(address, {"state": action.state, "organisation": "", "note": "Wij zoeken dit uit"})
    assert (answer.status_code, "organisation" in answer.context["form"].errors) == (422, True)
    assert "Wij zoeken dit uit" in answer.content.decode(), "nothing typed is lost"
    action.refresh_from_db()
    assert action.note == ""


def test_a_decided_change_is_taken_back_from_its_page(
    client: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    successor = make_organisation(Group.INDEPENDENT)
    join(make_user(), successor, Function.COORDINATION)
    change = propose_variant(
        actor=cast.person("team").user,
        variant=make_variant("independent-lead"),
        coordinating_organisation=successor,
        valid_from=today() + timedelta(days=20),
        reason="Breder gedragen",
    )
    adopt_variant(actor=cast.person("steering").user, proposal=change)
    address = f"/sturing/varianten/voorstel/{change.public_id}/"
    assert address in client.get("/sturing/varianten/").content.decode(), "the growth path leads to the decision"
    assert "Terugdraaien voorstellen" not in client.get(address).content.decode()
    as_role(client, cast, "ministry")
    assert "Terugdraaien voorstellen" in client.get(address).content.decode()
    empty = client.post(address, {"step": "take_back", "reason": ""})
    assert (empty.status_code, VariantProposal.objects.count()) == (422, 1)
    sent = client.post(address, {"step": "take_back", "reason": "Te vroeg"})
    back = VariantProposal.objects.get(takes_back=change)
    assert sent.url == f"/sturing/varianten/voorstel/{back.public_id}/"
    again = client.post(address, {"step": "take_back", "reason": "Nog eens"})
    assert "ligt al een voorstel" in again.content.decode()
    as_role(client, cast, "steering")
    assert "begint niet op" in client.get(sent.url).content.decode()
    nobody = client.post(sent.url, {"step": "decide", "reason": "Eens"}).content.decode()
    assert ("coördinatieteam" in nobody, "Eens" in nobody) == (True, True), "somebody has to go on coordinating"
    cast.person("coordinator")
    assert client.post(sent.url, {"step": "decide", "reason": "Eens"}).status_code == 302
    with django_assert_num_queries(4):
        after = client.get(address).content.decode()
    assert "Deze verandering komt er niet" in after
    assert sent.url in after
