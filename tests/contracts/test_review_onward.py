"""What a review sets going: blocked actions, national policy and indicators; and its snapshot, which lasts."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.text import slugify

from cities.models import Bottleneck
from contracts.models import (
    Action,
    Blockade,
    EmissionFigure,
    Indicator,
    IndicatorValue,
    MeasureUse,
    NationalPolicy,
    StandardChange,
)
from contracts.registrations.review import blocked_to_ask
from contracts.services.review.answers import Answer, save_effort
from contracts.services.review.blockades import ask_whether_loose, say_how_it_stands
from contracts.services.review.errors import AnswerRefused
from contracts.services.review.links import link_actor
from contracts.services.review.parts import reopen_part
from contracts.services.review.policies import add_policy
from contracts.services.review.rounds import close_round
from contracts.services.review.to_standard import propose_out_of
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, make_city
from tests.contracts.make_standard import make_measure, make_standard_version
from tests.contracts.reviewing import YEAR, Contract, hand_in, make_contract, opened, system

pytestmark = pytest.mark.django_db

BLOCKED = Answer("blocked", obstacle="Het stroomnet is vol.", expected_kt=Decimal(40))


def page_of(contract: Contract, year: int = YEAR) -> str:
    return f"/klimaatcontracten/{contract.record.public_id}/herijking/{year}/"


def known(title: str = "Netcongestie in de binnenstad", **fields: Any) -> Bottleneck:
    values = {"organisation": make_city(), "state": "open", "sharing": "published", **fields}
    return Bottleneck.objects.create(title=title, **values)


def closed(year: int = YEAR) -> None:
    close_round(year=year, actor=system())
    jobs.run_all_here("contracts.close_round")


# What blocks an action


def test_a_known_bottleneck_is_chosen_and_no_draft_is_made_beside_it(client: Client) -> None:
    contract = make_contract(parties=2, actions=4)
    opened()
    there, secret = known(), known("Geheim", sharing="draft")
    part = contract.part(0)
    client.force_login(contract.team())
    path = f"{page_of(contract)}deel/{part.public_id}/1/"
    form = {"status": "blocked", "reason": "", "learned": "", "expected_kt": "40", "version": "0"}
    wrong = client.post(path, {**form, "obstacle": "", "bottleneck": secret.public_id})
    assert wrong.status_code == 422
    assert client.post(path, {**form, "obstacle": "", "bottleneck": there.public_id}).status_code == 302
    effort = part.efforts.order_by("order")[0]
    assert (effort.bottleneck, effort.obstacle) == (there, there.title)
    html = client.get(path).content.decode()
    assert f'value="{there.public_id}" checked' in html
    hand_in(
        part, system(), [Answer("blocked", obstacle=there.title, expected_kt=Decimal(40), bottleneck_id=there.pk)]
    )
    assert set(Bottleneck.objects.values_list("pk", flat=True)) == {there.pk, secret.pk}
    assert there.title in client.get(f"{page_of(contract)}deel/{part.public_id}/ontvangst/").content.decode()
    other = contract.part(1)
    effort, answer = other.efforts.all()[0], Answer("blocked", bottleneck_id=secret.pk)
    with pytest.raises(AnswerRefused):
        save_effort(effort=effort, answer=answer, revision=0, actor=link_actor(other))


def test_what_is_blocked_is_asked_about_until_it_is_loose(client: Client) -> None:
    contract = make_contract(parties=2, actions=4)
    opened()
    team = contract.team()
    part = contract.part(1)  # a party without an account: its city is asked
    hand_in(part, link_actor(part), [BLOCKED])
    blockade = Blockade.objects.get()
    OutgoingMail.objects.all().delete()
    assert ask_whether_loose(on=today(), guard=lambda: None) == 0
    later = today() + timedelta(days=60)
    for _time in range(3):
        ask_whether_loose(on=later, guard=lambda: None)
    (mail,) = OutgoingMail.objects.all()
    assert mail.recipient == team.email
    assert "geblokkeerd" in mail.subject
    (item,) = blocked_to_ask(team)
    client.force_login(team)
    html = client.get(item.url.partition("#")[0]).content.decode()
    assert BLOCKED.obstacle in html
    assert "1 geblokkeerde actie" in client.get(blockade.contract.get_absolute_url()).content.decode()
    client.post(f"{item.url.partition('#')[0]}{blockade.pk}/", {"answer": "blocked", "note": "Wacht op Liander"})
    assert not list(blocked_to_ask(team))
    assert "Wacht op Liander" in client.get(item.url).content.decode()
    client.post(f"{item.url.partition('#')[0]}{blockade.pk}/", {"answer": "loose", "note": ""})
    blockade.refresh_from_db()
    assert blockade.loose_at is not None
    assert "geblokkeerde actie" not in client.get(blockade.contract.get_absolute_url()).content.decode()
    assert ask_whether_loose(on=later + timedelta(days=365), guard=lambda: None) == 0
    twice = client.post(f"{item.url.partition('#')[0]}{blockade.pk}/", {"answer": "loose"}, follow=True)
    assert "al gemeld" in twice.content.decode()


def test_a_party_takes_it_back_and_next_year_says_it_is_loose() -> None:
    contract = make_contract(parties=2, actions=4)
    opened()
    part = contract.part(1)
    actor = link_actor(part)
    hand_in(part, actor, [BLOCKED])
    reopen_part(part=part, actor=actor)
    hand_in(part, actor, [Answer("on_course", expected_kt=Decimal(100))])
    assert Blockade.objects.get().loose_at is not None
    reopen_part(part=part, actor=actor)
    hand_in(part, actor, [BLOCKED])
    assert Blockade.objects.get().loose_at is None
    closed()
    opened(YEAR + 1)
    again = contract.part(1, YEAR + 1)
    hand_in(again, link_actor(again), [BLOCKED])
    old, new = Blockade.objects.order_by("pk")
    assert (old.loose_at is None, new.loose_at, new.began_at) == (False, None, old.began_at)


def test_only_city_and_party_say_how_it_stands(client: Client) -> None:
    contract, other = make_contract(parties=2, actions=4), make_contract()
    opened()
    hand_in(contract.part(1), link_actor(contract.part(1)), [BLOCKED])
    blockade = Blockade.objects.get()
    stranger = other.team()
    with pytest.raises(NotAllowed):
        say_how_it_stands(blockade=blockade, actor=stranger, is_loose=True, note="")
    path = f"/klimaatcontracten/{contract.record.public_id}/geblokkeerd/"
    client.force_login(stranger)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}{blockade.pk}/", {"answer": "loose"}).status_code == 404
    assert not list(blocked_to_ask(stranger))


def test_blocked_actions_cost_the_same_with_one_and_with_three(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for count in (1, 3):
        contract = make_contract(parties=1, actions=4, commitments=0)
        if count == 1:
            contracts = [contract]
        else:
            contracts.append(contract)
    opened()
    for count, contract in zip((1, 3), contracts, strict=True):
        team = contract.team()
        hand_in(contract.part(0), team, [BLOCKED] * count)
        client.force_login(team)
        with django_assert_max_num_queries(15) as asked:
            assert client.get(f"/klimaatcontracten/{contract.record.public_id}/geblokkeerd/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


# National policy


def policy(**fields: Any) -> NationalPolicy:
    values = {
        "title": "Warmtewet",
        "text": "Wat er verandert.",
        "url": "https://rijk.example/wet",
        "sector": "built",
    }
    return add_policy(actor=system(), offered_on=today(), **{**values, **fields})


def test_new_policy_is_offered_taken_over_and_put_aside(client: Client) -> None:
    contract = make_contract(parties=1, actions=2)
    opened()
    fits, other, all_of_us = (
        policy(measure="warmtenetten"),
        policy(title="Voor boeren", sector="agriculture"),
        policy(title="Voor iedereen", sector=""),
    )
    client.force_login(contract.team())
    html = client.get(page_of(contract)).content.decode()
    assert fits.title in html
    assert all_of_us.title in html
    assert other.title not in html
    client.post(f"{page_of(contract)}beleid/{fits.public_id}/", {"answer": "taken"})
    action = Action.objects.exclude(version=contract.version).get(title="Warmtewet")
    assert (action.measure, action.sector, action.effect_kt) == ("warmtenetten", "built", None)
    assert fits.url in action.description
    client.post(f"{page_of(contract)}beleid/{all_of_us.public_id}/", {"answer": "dismissed"})
    assert "Voor iedereen" not in client.get(page_of(contract)).content.decode()
    twice = client.post(f"{page_of(contract)}beleid/{fits.public_id}/", {"answer": "taken"}, follow=True)
    assert "niet meer aangeboden" in twice.content.decode()
    assert Action.objects.filter(title="Warmtewet").count() == 1
    client.force_login(make_contract().team())
    assert client.post(f"{page_of(contract)}beleid/{other.public_id}/", {"answer": "taken"}).status_code == 404


def test_the_coordinator_enters_policy_and_nobody_else(client: Client) -> None:
    cast = Cast()
    client.force_login(cast.person("coordinator").user)
    new = "/klimaatcontracten/herijkingen/beleid/nieuw/"
    form = {
        "title": "Warmtewet",
        "text": "Wat er verandert.",
        "url": "geen adres",
        "offered_on": today().isoformat(),
    }
    wrong = client.post(new, {**form, "version": "0"})
    assert wrong.status_code == 422
    assert "Wat er verandert." in wrong.content.decode()
    assert client.post(new, {**form, "url": "https://rijk.example/wet", "version": "0"}).status_code == 302
    made = NationalPolicy.objects.get()
    later = {**form, "url": "https://rijk.example/wet", "title": "Nieuwe naam"}
    assert client.post(made.get_absolute_url(), {**later, "version": "0"}).status_code == 302
    assert client.post(made.get_absolute_url(), {**later, "title": "Nog een", "version": "0"}).status_code == 422
    made.refresh_from_db()
    assert made.title == "Nieuwe naam"
    assert "Nieuwe naam" in client.get("/klimaatcontracten/herijkingen/beleid/").content.decode()
    for role in ("team", "ministry", "member"):
        client.force_login(cast.person(role).user)
        assert client.get(new).status_code == 404
        with pytest.raises(NotAllowed):
            add_policy(actor=cast.person(role).user, title="x", text="x", url="https://x.example")


# Indicators, and what stays as it was


def indicator(contract: Contract, title: str = "Woningen van het gas", **fields: Any) -> Indicator:
    values = {"unit": "woningen", "base_year": 2020, "base_value": 0, "target_year": 2030, "target_value": 1000}
    return Indicator.objects.create(
        contract=contract.record, code=slugify(title), title=title, source="telling", **{**values, **fields}
    )


def test_an_indicator_is_asked_for_where_its_value_is_not_known(client: Client) -> None:
    contract = make_contract(parties=1, actions=2)
    missing, there = indicator(contract), indicator(contract, "Laadpalen")
    IndicatorValue.objects.create(indicator=there, year=YEAR, value=500)
    opened()
    client.force_login(contract.team())
    html = client.get(page_of(contract)).content.decode()
    assert f"cijfer/{missing.public_id}/" in html
    assert f"cijfer/{there.public_id}/" not in html, "what the portal knows is not asked"
    path = f"{page_of(contract)}cijfer/{missing.public_id}/"
    wrong = client.post(path, {"value": "veel", "note": ""})
    assert wrong.status_code == 422
    assert "veel" in wrong.content.decode()
    assert client.post(path, {"value": "400,5", "note": ""})["Location"].endswith("#cijfers")
    assert missing.values.get(year=YEAR).value == Decimal("400.5")
    assert "cijfer/" not in client.get(page_of(contract)).content.decode()
    client.force_login(make_contract().team())
    assert client.post(path, {"value": "1"}).status_code == 404


def test_a_closed_review_stays_as_it_was_when_figures_change_later(client: Client) -> None:
    contract = make_contract(parties=1, actions=2, sharing="published")
    counted = indicator(contract)
    IndicatorValue.objects.create(indicator=counted, year=YEAR, value=123)
    current = opened()
    hand_in(contract.part(0), contract.team())
    closed()
    current.refresh_from_db()
    before = (contract.review().outcome, contract.review().prefilled, current.reflection)
    page = client.get(page_of(contract)).content.decode()
    assert "123" in page
    said = page.rpartition('class="lead">')[2].partition("</p>")[0]
    assert "500" in said
    EmissionFigure.objects.filter(series__contract=contract.record).update(value=1)
    IndicatorValue.objects.filter(indicator=counted).update(value=999)
    Indicator.objects.filter(pk=counted.pk).update(title="Andere naam", target_value=5)
    current.refresh_from_db()
    assert (contract.review().outcome, contract.review().prefilled, current.reflection) == before
    later = client.get(page_of(contract)).content.decode()
    assert "Andere naam" not in later
    assert "999" not in later
    assert said in later


# What a round says of the standard approach


def test_a_closed_round_proposes_what_contracts_expect_of_a_measure() -> None:
    Cast()  # somebody coordinates
    version = make_standard_version("draft")
    measure = make_measure(version, "isoleren", effect=Decimal(10), effect_low=Decimal(9))
    contracts = [make_contract(parties=1, actions=1, commitments=0, sharing="network") for _number in range(4)]
    for contract in contracts:
        MeasureUse.objects.create(
            contract=contract.record, measure_code=measure.code, action_code="actie-0", version=version
        )
    secret = make_contract(parties=1, actions=1, commitments=0, sharing="draft")
    MeasureUse.objects.create(
        contract=secret.record, measure_code=measure.code, action_code="actie-0", version=version
    )
    current = opened()
    for contract, kt in zip(contracts, (60, 60, 70, 90), strict=True):
        answer = Answer("behind", "Te weinig vaklieden.", expected_kt=Decimal(kt), learned="Begin met opleiden.")
        hand_in(contract.part(0), contract.team(), [answer])
    hand_in(secret.part(0), secret.team(), [Answer("stopped", "Geheim.", expected_kt=Decimal(0))])
    closed()
    (change,) = StandardChange.objects.filter(round=current)
    assert (change.code, change.state, Decimal(change.texts["effect"])) == (
        "isoleren",
        "open",
        measure.effect * Decimal("0.7"),
    )
    assert "280,0 kt" in change.reason
    assert len(change.evidence) == 4
    assert "Geheim" not in str(change.evidence)
    assert change.lessons.count() == 4
    assert propose_out_of(current) == [], "once"
    measure.refresh_from_db()
    assert measure.effect == Decimal(10), "people decide"
