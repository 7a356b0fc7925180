"""Pages of the review for the city, the other parties and the coordinator, and what they add to 'my work'."""

import re

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contracts.models import AnnualReview, ReviewRound
from contracts.registrations.review import parts_to_fill_in, reviews_to_hand_in, rounds_that_moved, rounds_to_run
from contracts.services.review.answers import Answer
from contracts.services.review.links import link_actor, link_for
from contracts.services.review.reviews import save_conclusion, submit_review
from contracts.services.review.rounds import close_round
from nss_portal.core import jobs
from nss_portal.core.models import OutgoingMail
from tests.access.cast import Cast, Person, join, make_organisation, make_user
from tests.contracts.reviewing import YEAR, Contract, hand_in, in_days, make_contract, opened, system

pytestmark = pytest.mark.django_db

ROUNDS = "/klimaatcontracten/herijkingen/"
ROUND = f"{ROUNDS}{YEAR}/"


def base(contract: Contract) -> str:
    return f"/klimaatcontracten/{contract.record.public_id}/herijking/{YEAR}/"


def closed() -> None:
    close_round(year=YEAR, actor=system())
    jobs.run_all_here("contracts.close_round")


@pytest.fixture
def coordinator() -> Person:
    return Cast().person("coordinator")


def test_the_city_sees_who_is_where_and_hands_in(client: Client) -> None:
    contract = make_contract(parties=3, actions=6)
    opened()
    client.force_login(contract.team())
    html = client.get(base(contract)).content.decode()
    assert "Partij 2" in html
    assert "Ons deel invullen" in html
    hand_in(contract.part(0), contract.team())
    page = client.get(f"{base(contract)}indienen/")
    assert "Partij 1" in page.content.decode()
    form = {"conclusion": "Het net zit vol.", "version": "0"}
    refused = client.post(f"{base(contract)}indienen/", form)
    assert refused.status_code == 422
    assert "Het net zit vol." in refused.content.decode()
    assert AnnualReview.objects.get().state == "open"
    answer = client.post(f"{base(contract)}indienen/", {**form, "accept_open": "on"})
    assert answer["Location"] == base(contract)
    assert "Herijking weer openen" in client.get(base(contract)).content.decode()
    twice = client.post(f"{base(contract)}indienen/", {**form, "accept_open": "on", "conclusion": "Nog iets"})
    assert twice.status_code == 409
    assert "Nog iets" in twice.content.decode()
    client.post(f"{base(contract)}heropenen/")
    assert AnnualReview.objects.get().state == "open"


def test_a_conclusion_that_a_colleague_overtook_shows_both(client: Client) -> None:
    contract = make_contract(parties=1)
    opened()
    team = contract.team()
    hand_in(contract.part(0), team)
    client.force_login(team)
    save_conclusion(review=contract.review(), conclusion="Van mijn collega", revision=0, actor=contract.team())
    page = client.post(f"{base(contract)}indienen/", {"conclusion": "Van mij", "version": "0"})
    html = page.content.decode()
    assert page.status_code == 409
    assert "Van mijn collega" in html
    assert "Van mij<" in html
    assert page.context["form"]["version"].value() == "1"
    assert contract.review().state == "open"
    too_long = client.post(f"{base(contract)}indienen/bewaren/", {"conclusion": "x" * 4001, "version": "1"})
    assert too_long.status_code == 422
    saved = client.post(f"{base(contract)}indienen/bewaren/", {"conclusion": "Samen", "version": "1"})
    assert saved.json()["version"] == 2


def test_what_is_of_another_city_is_not_there(client: Client) -> None:
    contract, other = make_contract(), make_contract()
    opened()
    client.force_login(other.team())
    part = contract.part(1)
    for path in (
        "",
        "indienen/",
        f"deel/{part.public_id}/",
        f"deel/{part.public_id}/1/",
        f"deel/{part.public_id}/partij/",
    ):
        assert client.get(base(contract) + path).status_code == 404, path
    for path in ("indienen/", f"deel/{part.public_id}/controleren/", f"deel/{part.public_id}/herinneren/"):
        assert client.post(base(contract) + path, {"conclusion": "", "version": "0"}).status_code == 404, path
    wrong = base(contract).replace(str(YEAR), "1999")
    client.force_login(contract.team())
    assert client.get(wrong).status_code == 404
    assert client.get(f"{base(contract)}deel/{other.part(0).public_id}/").status_code == 404


def test_another_party_sees_its_own_part_and_no_drafts_of_others(client: Client) -> None:
    organisation = make_organisation()
    contract = make_contract(parties=3, actions=6, organisation=organisation)
    opened()
    user = make_user()
    join(user, organisation)
    client.force_login(user)
    html = client.get(base(contract)).content.decode()
    assert "Ons deel invullen" in html
    assert "Herijking indienen" not in html
    assert client.get(f"{base(contract)}deel/{contract.part(1).public_id}/").status_code == 200
    other = contract.part(2)
    assert client.get(f"{base(contract)}deel/{other.public_id}/").status_code == 404
    hand_in(other, link_actor(other))
    assert client.get(f"{base(contract)}deel/{other.public_id}/").status_code == 200
    assert client.get(f"{base(contract)}indienen/").status_code == 403


def test_a_closed_review_of_a_published_contract_is_public(client: Client) -> None:
    contract = make_contract(sharing="published", parties=2, actions=4)
    opened()
    part = contract.part(1)
    hand_in(part, link_actor(part), [Answer("blocked", obstacle="Het net zit vol.")])
    assert client.get(base(contract)).status_code == 404
    closed()
    html = client.get(base(contract)).content.decode()
    assert "Het net zit vol." in html
    assert "niet ingevuld" in html
    assert client.get(base(make_contract())).status_code == 404


def test_the_city_reminds_a_party_and_replaces_its_link(client: Client) -> None:
    contract = make_contract(parties=2, actions=4)
    opened()
    client.force_login(contract.team())
    part = contract.part(1)
    path = f"{base(contract)}deel/{part.public_id}/"
    html = client.get(f"{path}partij/").content.decode()
    assert part.party.contact_email in html
    assert link_for(part) in html
    client.post(f"{path}herinneren/")
    client.post(f"{path}link/")
    part.refresh_from_db()
    assert link_for(part) not in html
    newest = OutgoingMail.objects.order_by("-pk")[0]
    assert link_for(part) in newest.text
    assert OutgoingMail.objects.count() == 2


def test_the_coordinator_opens_a_round_after_a_look(client: Client, coordinator: Person) -> None:
    make_contract(parties=2)
    client.force_login(coordinator.user)
    form = {"year": str(YEAR), "due_on": in_days(30).isoformat()}
    look = client.post(ROUNDS, form)
    assert look.status_code == 200
    assert not ReviewRound.objects.exists()
    assert client.post(ROUNDS, {**form, "confirm": "1"})["Location"] == ROUND
    assert "wordt klaargezet" in client.get(ROUND).content.decode()
    jobs.run_all_here("contracts.open_round")
    assert client.get(ROUND).status_code == 200
    for sent in (form, {**form, "confirm": "1"}):
        twice = client.post(ROUNDS, sent)
        assert twice.status_code == 422, "refused before it is asked for sure"
        assert "bestaat al" in twice.content.decode()
    for wrong in ({"year": "vorig"}, {"due_on": "2020-01-01"}, {"year": "2099"}, {"due_on": ""}):
        for sure in ({}, {"confirm": "1"}):
            assert client.post(ROUNDS, {**form, "year": "2024", **wrong, **sure}).status_code == 422


def test_the_board_shows_how_far_everybody_is_and_who_needs_help(client: Client, coordinator: Person) -> None:
    begun = make_contract(title="Begonnen contract", parties=2, actions=4)
    make_contract(title="Stil contract", parties=2, emails=False)
    make_contract(title="Geheim contract", sharing="draft")
    opened()
    begun.team()
    part = begun.part(1)
    hand_in(part, link_actor(part), [Answer("blocked", obstacle="Niet voor de coördinator")])
    client.force_login(coordinator.user)
    html = client.get(ROUND).content.decode()
    assert "Begonnen contract" in html
    assert "Geheim contract" not in html
    assert "Niet voor de coördinator" not in html
    helped = client.get(f"{ROUND}?hulp=1&weergave=tabel").content.decode()
    assert "Stil contract" in helped
    assert "Begonnen contract" not in helped
    assert "Partij 1" in client.get(f"{ROUND}zonder-adres/").content.decode()
    assert client.get(base(begun)).status_code == 404, "its answers are the city's until they are handed in"
    assert client.get(f"{ROUNDS}1999/").status_code == 404


def test_the_coordinator_moves_the_last_day_and_closes(client: Client, coordinator: Person) -> None:
    make_contract()
    opened()
    client.force_login(coordinator.user)
    client.post(f"{ROUND}datum/", {"due_on": in_days(90).isoformat()})
    client.post(f"{ROUND}datum/", {"due_on": "gisteren"})
    client.post(f"{ROUND}datum/", {"due_on": in_days(-3).isoformat()})
    assert ReviewRound.objects.get().due_on == in_days(90)
    assert "niet terug te draaien" in client.get(f"{ROUND}sluiten/").content.decode()
    assert client.post(f"{ROUND}sluiten/")["Location"] == ROUND
    assert client.post(f"{ROUND}sluiten/").status_code == 409
    jobs.run_all_here("contracts.close_round")
    html = client.get(ROUND).content.decode()
    assert reverse("contracts:reflection", args=[YEAR]) in html
    assert re.sub(r"<[^>]+>", "", html).count("Niet ingediend 1") == 1
    assert "Gesloten op" in html


@pytest.mark.parametrize("role", ["member", "team", "ministry", "partner", "publisher", "steering"])
def test_rounds_are_for_coordinators_alone(client: Client, role: str) -> None:
    contract = make_contract()
    opened()
    client.force_login(Cast().person(role).user)
    for path in (ROUNDS, ROUND, f"{ROUND}sluiten/", f"{ROUND}zonder-adres/"):
        assert client.get(path).status_code == 404
    assert client.post(f"{ROUND}sluiten/").status_code == 404
    assert client.post(f"{ROUND}datum/", {"due_on": in_days(5)}).status_code == 404
    assert client.post(f"{base(contract)}deel/{contract.part(1).public_id}/link/").status_code == 404


def test_my_work_asks_for_the_part_then_for_the_review(coordinator: Person) -> None:
    contract = make_contract(parties=2, actions=2, commitments=0)
    current = opened()
    team = contract.team()
    (item,) = parts_to_fill_in(team)
    assert (item.done, item.progress, item.minutes, item.due) == (False, (0, 1), 2, current.due_on)
    assert not list(reviews_to_hand_in(team))
    hand_in(contract.part(0), team)
    (item,) = parts_to_fill_in(team)
    assert item.done
    (item,) = reviews_to_hand_in(team)
    assert (item.done, item.progress) == (False, (1, 2))
    submit_review(review=contract.review(), conclusion="", revision=0, actor=team, accept_open=True)
    (item,) = reviews_to_hand_in(team)
    assert item.done
    assert not list(parts_to_fill_in(coordinator.user))
    (item,) = rounds_to_run(coordinator.user)
    assert item.progress == (1, 1)
    assert not list(rounds_to_run(team))


def test_the_news_tells_of_a_round_that_opened_and_of_its_reflection() -> None:
    contract = make_contract()
    start = timezone.now()
    opened()
    team = contract.team()
    assert [item.url for item in rounds_that_moved(team, start)] == ["/klimaatcontracten/"]
    assert not list(rounds_that_moved(None, start))
    closed()
    assert [item.url for item in rounds_that_moved(None, start)] == [reverse("contracts:reflection", args=[YEAR])]


@pytest.mark.parametrize(
    ("name", "queries"),
    [("review", 12), ("board", 10), ("table", 10), ("rounds", 6), ("part", 8), ("effort", 9), ("party", 9)],
)
def test_a_page_costs_the_same_whatever_its_rows(
    client: Client, coordinator: Person, django_assert_max_num_queries: object, name: str, queries: int
) -> None:
    small = make_contract(parties=2, actions=2)
    large = make_contract(parties=6, actions=12, commitments=6)
    opened()
    counts = []
    for contract in (small, large):
        client.force_login(coordinator.user if name in ("board", "table", "rounds") else contract.team())
        part = contract.part(0)
        path = {
            "review": base(contract),
            "board": ROUND,
            "table": f"{ROUND}?weergave=tabel",
            "rounds": ROUNDS,
            "part": f"{base(contract)}deel/{part.public_id}/",
            "effort": f"{base(contract)}deel/{part.public_id}/1/",
            "party": f"{base(contract)}deel/{contract.part(1).public_id}/partij/",
        }[name]
        client.get(path)
        with django_assert_max_num_queries(15) as captured:  # type: ignore[operator]
            assert client.get(path).status_code == 200
        counts.append(len(captured))
    assert counts == [queries, queries]


def test_tokens_are_of_no_use_elsewhere() -> None:
    contract = make_contract()
    opened()
    token = link_for(contract.part(1)).rstrip("/").rsplit("/", 1)[1]
    with pytest.raises(signing.BadSignature):
        signing.Signer(sep="~").unsign(token)
