"""Opening a round: prefill, broken off and taken up again, and the command."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contracts.models import AnnualReview, ContractVersion, Effort, PartyReview, ReviewRound
from contracts.models.review import RoundState
from contracts.services.review import prefill as prefill_module
from contracts.services.review.answers import Answer
from contracts.services.review.closing import close_reviews, finish
from contracts.services.review.errors import ReviewRefused
from contracts.services.review.links import link_actor
from contracts.services.review.rounds import close_round, move_due_date, open_round
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import OutgoingMail, Transition
from tests.access.cast import Cast
from tests.contracts.make import fix
from tests.contracts.reviewing import (
    YEAR,
    hand_in,
    in_days,
    make_contract,
    make_promises,
    opened,
    system,
)

pytestmark = pytest.mark.django_db


def test_a_coordinator_opens_a_round_and_every_running_contract_gets_a_review() -> None:
    first, second = make_contract(parties=3, actions=4, commitments=2), make_contract()
    coordinator = Cast().person("coordinator").user
    current = open_round(year=YEAR, due_on=in_days(30), actor=coordinator)
    assert current.state == RoundState.OPENING
    assert not AnnualReview.objects.exists()
    jobs.run_all_here("contracts.open_round")
    current.refresh_from_db()
    assert current.state == RoundState.OPEN
    assert {review.contract for review in AnnualReview.objects.all()} == {first.record, second.record}
    review = first.review()
    assert review.parts.count() == 3
    assert Effort.objects.filter(part__review=review).count() == 6
    assert Effort.objects.filter(part=first.part(0), action=first.actions[0]).exists(), (
        "nobody's action is the city's"
    )
    assert Transition.objects.filter(object_type="contracts.reviewround", target="open").exists()


@pytest.mark.parametrize("role", ["member", "team", "ministry", "partner", "publisher", "steering"])
def test_nobody_else_opens_a_round(role: str) -> None:
    make_contract()
    with pytest.raises(NotAllowed):
        open_round(year=YEAR, due_on=in_days(30), actor=Cast().person(role).user)
    assert not ReviewRound.objects.exists()


def test_a_round_is_refused_for_the_past_the_future_and_twice() -> None:
    make_contract()
    for year, days in ((YEAR, -1), (in_days(0).year + 1, 30), (1999, 30)):
        with pytest.raises(ReviewRefused):
            open_round(year=year, due_on=in_days(days), actor=system())
    open_round(year=YEAR, due_on=in_days(0), actor=system())
    with pytest.raises(ReviewRefused, match=str(YEAR)):
        open_round(year=YEAR, due_on=in_days(30), actor=system())
    assert ReviewRound.objects.count() == 1
    assert jobs.Job.objects.filter(kind="contracts.open_round").count() == 1


def test_a_round_without_running_contracts_is_refused() -> None:
    contract = make_contract()
    contract.record.ended_on = in_days(-1)
    contract.record.save()
    with pytest.raises(ReviewRefused):
        open_round(year=YEAR, due_on=in_days(30), actor=system())


def test_what_is_broken_off_is_taken_up_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    contracts = [make_contract() for _ in range(5)]
    current = open_round(year=YEAR, due_on=in_days(30), actor=system())
    real, calls = prefill_module.write, []

    def dies_at_the_third(*args: object) -> None:
        calls.append(1)
        real(*args)  # type: ignore[arg-type]
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(prefill_module, "write", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        prefill_module.prefill(current, guard=lambda: None, progress=lambda done, total: None)
    assert AnnualReview.objects.count() == 2, "the third contract's transaction was undone as a whole"
    assert Effort.objects.values("part__review").distinct().count() == 2
    monkeypatch.setattr(prefill_module, "write", real)
    seen: list[tuple[int, int]] = []
    assert prefill_module.prefill(current, guard=lambda: None, progress=lambda *x: seen.append(x)) == 3
    assert seen == [(3, 5), (4, 5), (5, 5)]
    assert prefill_module.prefill(current, guard=lambda: None, progress=lambda done, total: None) == 0
    assert AnnualReview.objects.count() == len(contracts)
    assert PartyReview.objects.count() == 10
    assert Effort.objects.count() == 15


def test_two_workers_at_one_contract_write_it_once() -> None:
    contract = make_contract()
    current = opened()
    arguments = next(iter(prefill_module.read([contract.record.pk], YEAR)))
    assert prefill_module._write_once(current, arguments, guard=lambda: None) == 0
    assert AnnualReview.objects.count() == 1


def test_figures_and_last_years_answers_are_filled_in_across_versions() -> None:
    contract = make_contract(actions=2)
    opened(YEAR - 1)
    part = contract.part(0, YEAR - 1)
    answers = [Answer(status="behind", reason="Vergunning.", expected_kt=Decimal("62.5"))]
    hand_in(part, link_actor(part), answers)
    assert contract.version.contract_id
    ContractVersion.objects.filter(pk=contract.version.pk).update(state="superseded")
    second = ContractVersion.objects.create(contract=contract.record, number=2, base_year=2018)
    make_promises(second, contract.city, 2, 2, 1)
    fix(second)
    opened(YEAR)
    effort = Effort.objects.get(part__review=contract.review(), action__code="actie-0")
    assert effort.action.version == second
    assert (effort.previous_status, effort.previous_kt, effort.previous_year) == (
        "behind",
        Decimal("62.5"),
        YEAR - 1,
    )
    assert effort.expected_kt == Decimal("62.5")
    assert effort.planned_kt == 100
    assert effort.status == ""
    other = Effort.objects.get(part__review=contract.review(), action__code="actie-1")
    assert (other.previous_status, other.previous_year) == ("", None), "it was not handed in"
    assert other.expected_kt == 100
    figures = contract.review().prefilled["figures"]
    assert figures["latest"]["year"] == 2023
    assert Decimal(figures["latest"]["kt"]) == 1600
    assert figures["latest"]["source"].startswith("Bron")
    assert Decimal(figures["forecast"]["kt"]) == 500
    answers_before = contract.review().prefilled["previous"]["answers"]
    assert answers_before["action:actie-0"]["reason"] == "Vergunning."


def test_opening_costs_few_queries_a_contract(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        make_contract(parties=4, actions=5)
    current = open_round(year=YEAR, due_on=in_days(30), actor=system())
    with django_assert_max_num_queries(2 + 9 + 3 * 5):
        prefill_module.prefill(current, guard=lambda: None, progress=lambda done, total: None)


def test_the_due_date_moves_while_the_round_is_open() -> None:
    make_contract()
    current = opened()
    cast = Cast()
    coordinator = cast.person("coordinator").user
    moved = move_due_date(round=current, due_on=in_days(90), actor=coordinator)
    assert moved.due_on == in_days(90)
    with pytest.raises(ReviewRefused):
        move_due_date(round=current, due_on=in_days(-1), actor=coordinator)
    with pytest.raises(NotAllowed):
        move_due_date(round=current, due_on=in_days(80), actor=cast.person("team").user)


def command(*arguments: str) -> dict[str, str]:
    out = StringIO()
    call_command("review_round", *arguments, stdout=out)
    return dict(line.split(" ") for line in out.getvalue().splitlines())


def test_the_command_opens_says_how_far_it_is_and_closes_without_a_worker() -> None:
    contract = make_contract()
    make_contract()
    due = in_days(20).isoformat()
    figures = command("open", str(YEAR), "--due", due)
    assert figures["contracts"] == figures["reviews"] == "2"
    assert (figures["submitted"], figures["state"], figures["due"]) == ("0", "open", due)
    assert not OutgoingMail.objects.exists(), "mails are the worker's"
    part = contract.part(1)
    hand_in(part, link_actor(part))
    assert command("status", str(YEAR))["parts-submitted"] == "1"
    closed = command("close", str(YEAR))
    assert (closed["state"], closed["closed"], closed["reviews"]) == ("closed", "2", "2")


@pytest.mark.parametrize(
    "arguments",
    [
        ("open", "2025", "--due", "2020-01-01"),
        ("open", "2099", "--due", "2100-01-01"),
        ("open", "2025"),
        ("open", "2025", "--due", "morgen"),
        ("open", "vorig", "--due", "2100-01-01"),
        ("status", "2025"),
        ("close", "2025"),
        ("close", "2025", "--due", "2100-01-01"),
        ("wat", "2025"),
    ],
)
def test_bad_input_to_the_command_says_so_and_changes_nothing(arguments: tuple[str, ...]) -> None:
    make_contract()
    with pytest.raises((CommandError, SystemExit)) as caught:
        call_command("review_round", *arguments, stdout=StringIO(), stderr=StringIO())
    if isinstance(caught.value, CommandError) and str(caught.value) and arguments[0] in ("status", "close"):
        assert "2025" in str(caught.value) or "--due" in str(caught.value)
    assert getattr(caught.value, "returncode", 2) in (1, 2)
    assert not ReviewRound.objects.exists()
    assert not jobs.Job.objects.exists()


def test_closing_is_for_an_open_round_and_a_coordinator() -> None:
    make_contract()
    cast = Cast()
    with pytest.raises(ReviewRefused):
        close_round(year=YEAR, actor=cast.person("coordinator").user)
    current = opened()
    with pytest.raises(NotAllowed):
        close_round(year=YEAR, actor=cast.person("ministry").user)
    close_round(year=YEAR, actor=cast.person("coordinator").user)
    current.refresh_from_db()
    assert current.state == RoundState.CLOSING
    with pytest.raises(ReviewRefused):
        close_round(year=YEAR, actor=cast.person("coordinator").user)


def test_closing_that_is_broken_off_goes_on_with_the_rest() -> None:
    for _ in range(3):
        make_contract()
    current = opened()
    close_round(year=YEAR, actor=system())
    calls: list[int] = []

    def guard() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    current.refresh_from_db()
    with pytest.raises(KeyboardInterrupt):
        close_reviews(current, actor=system(), guard=guard, progress=lambda done, total: None)
    assert AnnualReview.objects.filter(state="closed").count() == 1
    assert close_reviews(current, actor=system(), guard=lambda: None, progress=lambda done, total: None) == 2
    assert finish(current, actor=system()).state == RoundState.CLOSED
    before = ReviewRound.objects.get().reflection
    assert finish(current, actor=system()).reflection == before
    assert Transition.objects.filter(object_type="contracts.annualreview", target="closed").count() == 3
