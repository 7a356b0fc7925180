"""The reviews of the demonstration: what they show, that they repeat, and that the same seed gives the same."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from activities.models import Lesson
from cities.models import Bottleneck, Municipality
from contracts.demo.national import load_national
from contracts.demo.rounds import load_rounds
from contracts.models import AnnualReview, Effort, PartyReview, ReviewRound
from contracts.models.review import PartState, ReviewState, RoundState
from contracts.presenting.review_round import board_rows
from contracts.registrations.review import parts_to_fill_in
from contracts.services.reference import load_reference
from contracts.services.review.answers import is_complete, same_as_last_year
from contracts.services.review.links import token_for
from contracts.services.review.outcome import outcome_of
from contracts.services.review.reflection import reflection_of
from contracts.services.review.reminders import due_offset
from governance.services.demo import demo_account
from nss_portal.core.models import Job, OutgoingMail, Report, Transition
from nss_portal.core.time import today
from tests.contracts.places import make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(settings) -> tuple[ReviewRound, ReviewRound]:  # type: ignore[no-untyped-def]
    """A fresh demonstration; gives the closed round and the open one."""
    settings.NSS_DEMO = True
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    closed, opened = ReviewRound.objects.order_by("year")
    return closed, opened


def test_a_fresh_demonstration_shows_the_review_as_it_is_lived(small: tuple[ReviewRound, ReviewRound]) -> None:
    closed, opened = small
    assert (closed.state, opened.state) == (RoundState.CLOSED, RoundState.OPEN)
    assert closed.year == opened.year - 1 == today().year - 2
    assert closed.is_illustrative
    assert opened.is_illustrative
    assert closed.closed_at is not None
    assert closed.opened_at.date() < closed.due_on < closed.closed_at.date() < opened.opened_at.date()
    assert opened.due_on == today() + timedelta(days=18)
    assert due_offset(opened, today()) is None, "no burst of reminders on the first day"
    rows, hidden = board_rows(opened)
    assert Counter(row.column for row in rows) == {"busy": 2, "asked": 1, "submitted": 1}
    assert hidden == 0
    assert any(row.worries for row in rows), "the coordinator sees where help is needed"

    team = demo_account(role="team", organisation=Municipality.objects.get(code="GM0363").organisation)
    (item,) = parts_to_fill_in(team)
    assert item.progress == (1, 2)
    part = PartyReview.objects.get(review__round=opened, party__organisation__municipality__code="GM0363")
    first = part.efforts.order_by("order")[0]
    assert same_as_last_year(effort=first, revision=first.revision, actor=team).status == "on_course"
    for role in ("ministry", "partner"):
        assert any(not one.done for one in parts_to_fill_in(demo_account(role=role, organisation=None)))


def test_the_closed_round_is_what_the_services_would_have_left(
    small: tuple[ReviewRound, ReviewRound], client: Client
) -> None:
    closed, _opened = small
    reviews = AnnualReview.objects.filter(round=closed)
    assert {review.state for review in reviews} == {ReviewState.CLOSED}
    for review in reviews:
        assert review.outcome == outcome_of(review)
        steps = Transition.objects.filter(object_type="contracts.annualreview", object_id=str(review.pk))
        assert list(steps.values_list("target", flat=True))[-1:] == ["closed"]
        assert steps.count() == 1 + (review.submitted_at is not None)
    assert closed.reflection == reflection_of(closed)
    without = {row["contract"]: row["why"] for row in closed.reflection["no_gap"]}
    assert without == {"Klimaatcontract Groningen": "percent"}, "the other publications give or imply a forecast"
    handed_in = Effort.objects.filter(part__state=PartState.SUBMITTED).select_related("part")
    assert all(is_complete(effort) for effort in handed_in)
    setbacks = handed_in.filter(status__in=["behind", "stopped"]).exclude(learned="")
    blocked = handed_in.filter(status="blocked")
    given = set(handed_in.filter(part__review__round=closed).values_list("status", flat=True))
    assert given == {"on_course", "behind", "blocked", "ahead", "stopped"}
    assert not setbacks.filter(lesson=None).exists()
    assert not blocked.filter(bottleneck=None).exists()
    for model in (Lesson, Bottleneck):
        drafts = model.objects.filter(key__startswith="review-effort-")
        assert set(drafts.values_list("state", "is_illustrative")) == {("draft", True)}
    made = Report.objects.filter(kind="national-reflection")
    assert set(made.values_list("kind", "object_ref", "language")) == {
        ("national-reflection", str(closed.year), "nl"),
        ("national-reflection", str(closed.year), "en"),
    }
    page = client.get(f"/rapporten/nationale-reflectie/{closed.year}/")
    assert page.status_code == 200
    assert "De antwoorden in deze ronde zijn bedacht voor de demonstratie." in page.content.decode()


def test_a_party_without_account_finds_its_link_in_a_mail(
    small: tuple[ReviewRound, ReviewRound], client: Client
) -> None:
    _closed, opened = small
    part = PartyReview.objects.filter(
        review__round=opened, state=PartState.ASKED, party__organisation=None, efforts__isnull=False
    ).first()
    assert part is not None
    mail = OutgoingMail.objects.get(recipient=part.party.contact_email, key__startswith="review-invitation:")
    assert token_for(part) in mail.text
    link = next(line for line in mail.text.split() if token_for(part) in line)
    assert client.get(link[link.index("/", 8) :]).status_code == 200


def test_a_second_run_changes_nothing(small: tuple[ReviewRound, ReviewRound]) -> None:
    _closed, opened = small
    effort = Effort.objects.filter(part__review__round=opened, status="").first()
    assert effort is not None
    Effort.objects.filter(pk=effort.pk).update(reason="van een mens")
    before = _everything()
    assert load_rounds("small", 1) == ["demo: annual reviews are there already"]
    assert load_rounds("national", 1)[0].startswith("demo: annual reviews ")
    again = _everything()
    assert {key: again[key] for key in before} == before, "what was there stays as it was"


def test_the_national_scale_has_five_closed_rounds_of_every_contract() -> None:
    for code, name in {"GM0363": "Amsterdam", "GM0014": "Groningen", "GM0344": "Utrecht"}.items():
        make_place(code, name)
    load_reference()
    load_national("national", 3)
    assert load_rounds("national", 3) == ["demo: annual reviews 18, in 6 rounds"]
    assert AnnualReview.objects.filter(round__state=RoundState.CLOSED, state=ReviewState.CLOSED).count() == 15
    assert Effort.objects.count() == 6 * 3 * 26
    assert not PartyReview.objects.filter(efforts=None).exists(), "everybody is asked something"
    assert Effort.objects.exclude(previous_status="").exists()
    assert load_rounds("national", 3) == ["demo: annual reviews 0, in 6 rounds"]
    newest = ReviewRound.objects.filter(state=RoundState.CLOSED).first()
    assert newest is not None
    assert newest.reflection["contracts"] == 3
    assert not Job.objects.filter(kind="core.send_mail").exists(), "thousands of mails would help nobody"


def test_the_same_seed_gives_the_same_reviews() -> None:
    make_place("GM0344", "Utrecht")
    load_reference()
    load_national("national", 5)
    first = _drawn(5)
    assert len(first) == 6 * 26
    assert _drawn(5) == first
    assert _drawn(6) != first


def _drawn(seed: int) -> list[tuple[object, ...]]:
    """Load the rounds, give what was drawn, and undo it."""
    with transaction.atomic():
        load_rounds("national", seed)
        efforts = Effort.objects.order_by("part__review__round__year", "order")
        fields = ("part__public_id", "part__link_nonce", "part__state", "status", "expected_kt", "reason")
        found = list(efforts.values_list(*fields))
        transaction.set_rollback(True)
    return found


def _everything() -> dict[tuple[str, int], dict[str, object]]:
    models = (ReviewRound, AnnualReview, PartyReview, Effort)
    return {(model.__name__, row["id"]): row for model in models for row in model.objects.values()}


def test_a_larger_run_goes_on_where_a_smaller_one_stopped(small: tuple[ReviewRound, ReviewRound]) -> None:
    # One more contract tells as much as those of all municipalities.
    Municipality.objects.filter(contracts=None).update(valid_to=today() - timedelta(days=1))
    make_place("GM9001", "Groot Dorp")
    before = AnnualReview.objects.count()
    load_national("national", 1)
    load_rounds("national", 1)
    assert ReviewRound.objects.filter(state=RoundState.CLOSED).count() == 5
    opened = ReviewRound.objects.get(state=RoundState.OPEN)
    assert opened == small[1]
    village = AnnualReview.objects.filter(contract__municipalities__code="GM9001")
    assert village.filter(round=opened).count() == 1
    assert AnnualReview.objects.count() > before + 1
    closed = AnnualReview.objects.filter(round=small[0], contract__municipalities__code="GM9001")
    assert not closed.exists(), "a closed round never changes"
