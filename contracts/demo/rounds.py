"""Annual reviews of the demonstration: closed rounds and one that is open and half-way, in bulk.

What stands there afterwards is what the services of the review leave behind; the answers are made up and say so.
On the scale `small` there is one closed round, `national` has five, for every contract; drafts of lessons and
bottlenecks come of the published contracts only. A second run leaves rounds alone, except that `national` adds to
the open one the contracts that a smaller run did not have; a closed one never changes.
"""

import random
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from contracts.demo import aftermath
from contracts.demo.answers import Answers
from contracts.demo.days import Days
from contracts.demo.taking_part import fill, plan_of
from contracts.models import AnnualReview, ClimateContract, PartyReview, ReviewRound
from contracts.models.contract import ClimateContractQuerySet
from contracts.models.review import RoundState
from contracts.services.review import prefill
from contracts.services.review.figures import Snapshot
from contracts.services.review.reports import ask_for_reports
from governance.models import User
from nss_portal.core import audit
from nss_portal.core.ids import ALPHABET, SHORTEST
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

CLOSED_ROUNDS = {"small": 1, "national": 5}
# Contracts held in memory at a time.
BATCH = 100
NONCE_LENGTH = 16


@transaction.atomic
def load_rounds(scale: str, seed: int) -> list[str]:
    """Load the rounds that are not there yet; gives lines for the console."""
    made_up = ReviewRound.objects.filter(is_illustrative=True)
    newest = made_up.order_by("-year").values_list("year", flat=True).first()
    if newest is not None and scale == "small":
        return ["demo: annual reviews are there already"]
    last = newest or today().year - 1
    loader, written = Loader(scale, seed), 0
    for years_ago in range(CLOSED_ROUNDS[scale], -1, -1):
        written += loader.load(last - years_ago, years_ago)
    return [f"demo: annual reviews {written}, in {made_up.count()} rounds"]


class Loader:
    """Loads rounds one after another, so that each finds the answers of the one before."""

    def __init__(self, scale: str, seed: int) -> None:
        self.scale, self.seed = scale, seed
        self.answers = Answers()
        self.system = User.objects.system()
        self.given = {
            *AnnualReview.objects.values_list("public_id", flat=True),
            *PartyReview.objects.values_list("public_id", flat=True),
        }

    def load(self, year: int, years_ago: int) -> int:
        """Load one round, or the contracts that it lacks; gives how many reviews were written."""
        current = ReviewRound.objects.filter(year=year).first()
        days = Days.of(years_ago)
        is_new = current is None
        if current is None:
            current = self._begin(year, days)
        elif years_ago or not current.is_illustrative or current.state != RoundState.OPEN:
            return 0
        else:
            days = Days(current.opened_at, current.due_on, None)
        missing = self._contracts().exclude(reviews__round=current).order_by("pk")
        keys = list(missing.values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            self._batch(current, days, keys[start : start + BATCH])
        if days.closed_at is not None:
            aftermath.close_round(current, days.closed_at)
        if is_new:
            aftermath.round_steps(current, self.system)
        if years_ago == 1:
            aftermath.ask_about_blocked(current)
            ask_for_reports(current, actor=self.system)
        if is_new and days.closed_at is None and self.scale == "small":
            aftermath.send_invitations(current)
        return len(keys)

    def _contracts(self) -> ClimateContractQuerySet:
        """Give the running contracts of the demonstration: the made-up ones and the published ones."""
        running = ClimateContract.objects.running(today())
        return running.filter(Q(is_illustrative=True) | Q(publication__isnull=False))

    def _begin(self, year: int, days: Days) -> ReviewRound:
        current = ReviewRound.objects.create(
            year=year,
            due_on=days.due_on,
            state=RoundState.OPEN,
            opened_by=self.system,
            is_illustrative=True,
        )
        current.opened_at = days.opened_at  # auto_now_add has written the present moment
        current.save(update_fields=["opened_at"])
        audit.record(actor=self.system, event=Event.CREATED, obj=current, reason="load_demo")
        return current

    def _batch(self, current: ReviewRound, days: Days, keys: Sequence[int]) -> None:
        sources = enumerate(prefill.read(keys, current.year))
        filled = [self._filled_in(current, days, source, number) for number, source in sources]
        prefill.write(filled)
        published = [one for one in filled if not one.review.contract.is_illustrative]
        aftermath.make_drafts(published, self.answers.themes)
        if days.closed_at is not None:
            aftermath.close_reviews(filled)
        aftermath.review_steps(filled, days.closed_at, self.system)

    def _filled_in(
        self, current: ReviewRound, days: Days, source: prefill.Source, number: int
    ) -> prefill.FilledIn:
        one = prefill.filled_in(current, source)
        dice = random.Random(f"{self.seed}-{current.year}-{source.contract.public_id}")  # noqa: S311 - demo data
        one.review.prefilled["figures"] = known_in(source.figures, current.year)
        one.review.public_id = self._identifier(dice)
        for part in one.parts:
            part.public_id = self._identifier(dice)
            part.link_nonce = "".join(dice.choices(ALPHABET, k=NONCE_LENGTH))
        plan = plan_of(one, number, dice) if days.closed_at is None else None
        fill(one, plan, days, self.answers, dice)
        return one

    def _identifier(self, dice: random.Random) -> str:
        """Draw a public identifier that was not given yet."""
        while (drawn := "".join(dice.choices(ALPHABET, k=SHORTEST))) in self.given:
            pass
        self.given.add(drawn)
        return drawn


def known_in(figures: Snapshot, year: int) -> Snapshot:
    """Give a contract's figures without the measurements that were made after a year."""
    path = [point for point in figures["path"] if point[0] <= year]
    if not path or not figures["latest"]:
        return figures
    return {**figures, "path": path, "latest": {**figures["latest"], "year": path[-1][0], "kt": path[-1][1]}}
