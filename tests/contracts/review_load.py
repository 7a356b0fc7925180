"""As many contracts as the yearly review has, for benchmarks and proofs: called in a process of its own."""

import random
from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from contracts.models import AnnualReview, Effort, PartyReview, ReviewRound
from contracts.models.review import PartState
from contracts.services.review.rounds import close_round, open_round
from contracts.tasks import DAY_JOB, ask_for_review_day
from nss_portal.core.jobs.queue import send_messages
from nss_portal.core.models import Job, Report
from nss_portal.core.reports.services import request_report
from tests.access.cast import make_city
from tests.contracts.reviewing import YEAR, in_days, make_contract, system

SENTENCES = (
    "De aanleg loopt uit, omdat de netaansluiting later komt dan gepland.",
    "Het overleg met de bewoners kost meer tijd, maar het draagvlak is gegroeid.",
    "De subsidie kwam eerder dan gedacht, zodat er meer woningen zijn aangepast dan beloofd.",
    "Er is te weinig personeel om alle vergunningen op tijd te verlenen.",
)
LEVELS = ("mission", "eoi", "interested", "other")


def load(contracts: int, parties: int = 12, actions: int = 25, commitments: int = 12) -> None:
    """Make running contracts; their parties have addresses, their cities no accounts."""
    with transaction.atomic():
        for number in range(contracts):
            make_contract(
                parties=parties,
                actions=actions,
                commitments=commitments,
                city=make_city(LEVELS[number % 4], name=f"Gemeente {number:03}"),
                title=f"Klimaatcontract {number:03}",
                sharing="published",
                state_party=True,
            )


def begin(year: int = YEAR) -> None:
    """Open the round; the work is left to the worker."""
    open_round(year=year, due_on=in_days(60), actor=system())


def end(year: int = YEAR) -> None:
    """Close the round; the work is left to the worker."""
    close_round(year=year, actor=system())


def answer(share: float = 0.9, seed: int = 1) -> None:
    """Have most parts handed in, written in bulk: how people answer is tested elsewhere."""
    chance = random.Random(seed)
    parts = [part.pk for part in PartyReview.objects.filter(efforts__isnull=False).distinct()]
    given = [pk for pk in parts if chance.random() < share]
    efforts = list(Effort.objects.filter(part__in=given))
    for effort in efforts:
        _answer(effort, chance)
    Effort.objects.bulk_update(efforts, ["status", "reason", "obstacle", "learned", "expected_kt"], batch_size=500)
    PartyReview.objects.filter(pk__in=given).update(state=PartState.SUBMITTED, submitted_by_label="Partij")
    for review in AnnualReview.objects.all():
        review.conclusion = " ".join(chance.sample(SENTENCES, 3))
        review.save(update_fields=["conclusion"])


def _answer(effort: Effort, chance: random.Random) -> None:
    effort.status = chance.choice(["on_course", "on_course", "on_course", "behind", "blocked", "ahead", "stopped"])
    if effort.status == "blocked":
        effort.obstacle = chance.choice(SENTENCES)
    elif effort.status != "on_course":
        effort.reason = chance.choice(SENTENCES)
    if effort.status in ("behind", "stopped"):
        effort.learned = chance.choice(SENTENCES)
    if effort.planned_kt is not None:
        shares = {"on_course": 1, "behind": Decimal("0.7"), "blocked": Decimal("0.4"), "ahead": Decimal("1.2")}
        effort.expected_kt = effort.planned_kt * shares.get(effort.status, 0)


def report_again() -> None:
    """Ask for the reflection once more; the file is made anew, since none of the earlier ones is kept for it."""
    Report.objects.filter(kind="national-reflection").update(data_sha256="")
    request_report(kind="national-reflection", object_ref=str(YEAR), format="pdf", language="nl", actor=system())


def deliver_again() -> None:
    """Send every message about work and mail once more, also about what was done already."""
    send_messages(list(Job.objects.order_by("-pk").values_list("pk", "kind")[:400]))


def make_due(days: int) -> None:
    """Let the round have been opened two months ago and be due in so many days; today's work was not done yet."""
    opened = timezone.now() - timedelta(days=60)
    ReviewRound.objects.filter(year=YEAR).update(opened_at=opened, due_on=in_days(days))
    Job.objects.filter(kind=DAY_JOB).delete()


def ring(times: int) -> None:
    """Ask for what today asks for, as often as clocks would that know nothing of each other."""
    for _time in range(times):
        ask_for_review_day.delay()


def slow_down(seconds: float) -> None:
    """Let the database take so long over each review that is written or closed, so that a kill finds it busy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION test_slowly() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN PERFORM pg_sleep({float(seconds)}); RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER test_slowly_made BEFORE INSERT ON contracts_annualreview "
            "FOR EACH ROW EXECUTE FUNCTION test_slowly()"
        )
        cursor.execute(
            "CREATE TRIGGER test_slowly_closed BEFORE UPDATE OF state ON contracts_annualreview "
            "FOR EACH ROW EXECUTE FUNCTION test_slowly()"
        )
