"""What went faster elsewhere: who is offered what, taking it over, and dismissing it."""

from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import Action, ContractVersion, Tip
from contracts.services.review.answers import Answer
from contracts.services.review.errors import ReviewRefused
from contracts.services.review.links import link_actor
from contracts.services.review.rounds import close_round
from contracts.services.review.tips import dismiss_tip, take_over_tip, tips_for
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent
from tests.access.cast import Cast
from tests.contracts.reviewing import YEAR, Contract, hand_in, make_contract, opened, system

pytestmark = pytest.mark.django_db
FASTER = Answer("ahead", reason="De levering kwam eerder.", learned="Bestel samen.", expected_kt=Decimal(130))


def ahead(often: int = 1) -> list[Contract]:
    """So many contracts of which a party was ahead last year with its action (mobility), and one that follows."""
    first = [make_contract(parties=2, actions=2, commitments=0, title=f"Voorop {n}") for n in range(often)]
    second = make_contract(parties=2, actions=2, commitments=0, title="Klimaatcontract Volgt")
    opened(YEAR - 1)
    for contract in first:
        part = contract.part(1, YEAR - 1)
        hand_in(part, link_actor(part), [FASTER])
    close_round(year=YEAR - 1, actor=system())
    jobs.run_all_here("contracts.close_round")
    opened()
    return [*first, second]


@pytest.fixture
def two() -> tuple[Contract, Contract]:
    """A contract that was ahead, and one with an action in the same field."""
    first, second = ahead()
    return first, second


def base(contract: Contract) -> str:
    return f"/klimaatcontracten/{contract.record.public_id}/herijking/{YEAR}/"


def test_what_went_faster_is_offered_where_the_field_is_the_same(two: tuple[Contract, Contract]) -> None:
    first, second = two
    (effort,) = tips_for(second.review(), second.team())
    assert (effort.action, effort.part.review.contract) == (first.actions[1], first.record)
    assert not tips_for(first.review(), first.team()), "one's own is no news"
    elsewhere = make_contract(parties=2, actions=1, commitments=0)
    assert not Action.objects.filter(version=elsewhere.version, sector="mobility").exists()
    review = second.review()
    review.version = elsewhere.version
    assert not tips_for(review, second.team()), "no action in that field"


@pytest.mark.parametrize(("sector", "tips"), [("built", 1), ("housing", 1), ("services", 1), ("energy", 0)])
def test_homes_and_offices_are_one_field(sector: str, tips: int) -> None:
    first, second = (make_contract(parties=1, actions=1, commitments=0) for _each in range(2))
    opened(YEAR - 1)
    hand_in(first.part(0, YEAR - 1), first.team(), [FASTER])
    close_round(year=YEAR - 1, actor=system())
    jobs.run_all_here("contracts.close_round")
    opened()
    review = second.review()
    review.version = ContractVersion.objects.create(contract=second.record, number=2)
    Action.objects.create(version=review.version, code="x", title="x", sector=sector)
    assert tips_for(review, second.team()).count() == tips


def test_a_contract_that_one_may_not_see_gives_no_tips(two: tuple[Contract, Contract]) -> None:
    first, second = two
    first.record.sharing = "draft"
    first.record.save()
    assert not tips_for(second.review(), second.team())
    with pytest.raises(ReviewRefused):
        take_over_tip(
            review=second.review(), effort_id=first.part(1, YEAR - 1).efforts.get().pk, actor=second.team()
        )


def test_a_tip_becomes_a_draft_action_once(two: tuple[Contract, Contract]) -> None:
    first, second = two
    team = second.team()
    effort = tips_for(second.review(), team)[0]
    action = take_over_tip(review=second.review(), effort_id=effort.pk, actor=team)
    assert (action.title, action.sector, action.effect_kt) == (first.actions[1].title, "mobility", None)
    assert (action.version.number, action.version.state) == (2, "draft")
    assert action.version.actions.count() == 3, "the draft starts from the version in force"
    tip = Tip.objects.get()
    assert (tip.answer, tip.action, tip.contract) == ("taken", action, second.record)
    assert AuditEvent.objects.filter(object_type="contracts.tip", object_id=str(tip.pk)).count() == 1
    with pytest.raises(ReviewRefused, match="niet meer"):
        take_over_tip(review=second.review(), effort_id=effort.pk, actor=team)
    assert second.record.versions.count() == 2


def test_a_tip_that_was_dismissed_does_not_come_back(two: tuple[Contract, Contract]) -> None:
    _first, second = two
    team = second.team()
    effort = tips_for(second.review(), team)[0]
    dismiss_tip(review=second.review(), effort_id=effort.pk, actor=team)
    assert not tips_for(second.review(), team)
    assert second.record.versions.count() == 1
    with pytest.raises(ReviewRefused):
        dismiss_tip(review=second.review(), effort_id=effort.pk, actor=team)


@pytest.mark.parametrize("role", ["visitor", "member", "team", "ministry", "partner", "coordinator"])
def test_only_the_contracts_own_city_answers(two: tuple[Contract, Contract], role: str) -> None:
    _first, second = two
    actor = Cast().person(role).user
    effort = tips_for(second.review(), second.team())[0]
    for answer in (take_over_tip, dismiss_tip):
        with pytest.raises(NotAllowed):
            answer(review=second.review(), effort_id=effort.pk, actor=actor)
    assert not Tip.objects.exists()


def test_the_page_offers_tips_to_the_team_and_takes_its_answer(
    client: Client, two: tuple[Contract, Contract]
) -> None:
    _first, second = two
    client.force_login(second.team())
    html = client.get(base(second)).content.decode()
    assert "Wat elders sneller gaat" in html
    assert "Bestel samen." in html
    effort = tips_for(second.review(), second.team())[0]
    answer = client.post(f"{base(second)}elders/{effort.pk}/", {"answer": "taken"}, follow=True)
    assert "conceptversie 2" in answer.content.decode()
    assert "Wat elders sneller gaat" not in answer.content.decode()
    again = client.post(f"{base(second)}elders/{effort.pk}/", {"answer": "dismissed"}, follow=True)
    assert "Deze tip is er niet meer" in again.content.decode()
    assert client.get(f"{base(second)}elders/{effort.pk}/").status_code == 405


@pytest.mark.parametrize("often", [1, 3])
def test_the_page_costs_the_same_with_one_tip_and_with_three(
    client: Client,
    often: int,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    second = ahead(often)[-1]
    client.force_login(second.team())
    html = client.get(base(second)).content.decode()
    assert html.count("Overnemen als conceptactie") == often
    with django_assert_num_queries(12):
        client.get(base(second))


def test_another_city_finds_nothing_there(client: Client, two: tuple[Contract, Contract]) -> None:
    first, second = two
    client.force_login(first.team())
    effort = tips_for(second.review(), second.team())[0]
    assert client.get(base(second)).status_code == 404
    assert client.post(f"{base(second)}elders/{effort.pk}/", {"answer": "taken"}).status_code == 404
    assert not Tip.objects.exists()
