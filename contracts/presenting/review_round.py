"""The board of a round for the coordinator: which contract is where, and who needs help."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from cities.models.bottleneck import Sharing
from contracts.models import AnnualReview, PartyReview, ReviewRound
from contracts.models.review import PartState, ReviewState, RoundState
from contracts.presenting.review import Mark
from contracts.services.review.letters import parts_of
from contracts.services.review.people import without_recipients
from nss_portal.core.time import today

# From so many days before the due date a contract in which nobody began needs help.
WORRY_DAYS = 21
# And from so many days before one in which less than half of the parties are done.
BEHIND_DAYS = 14
COLUMNS = ("asked", "busy", "ready", "submitted")
CLOSED_COLUMNS = ("missed", "submitted")


@dataclass(frozen=True)
class BoardRow:
    """One contract in a round."""

    review: AnnualReview
    parts: int
    done: int
    begun: int
    silent: int
    saved_at: datetime | None
    round: ReviewRound

    @property
    def column(self) -> str:
        """Where the contract stands: nobody began, under way, all parties done, handed in or too late for it."""
        if self.review.submitted_at is not None and self.review.state != ReviewState.OPEN:
            return "submitted"
        if self.review.state == ReviewState.CLOSED:
            return "missed"
        if self.parts and self.done == self.parts:
            return "ready"
        return "busy" if self.done or self.begun else "asked"

    @property
    def mark(self) -> Mark:
        return {
            "missed": Mark(_("not handed in"), "attention"),
            "asked": Mark(_("nobody has begun"), "neutral"),
            "busy": Mark(_("under way"), "info"),
            "ready": Mark(_("all parties are done"), "good"),
            "submitted": Mark(_("handed in"), "good"),
        }[self.column]

    @property
    def worries(self) -> list[str]:
        """Why this contract needs help, in words; none when it does not."""
        if self.review.state != ReviewState.OPEN or self.round.state != RoundState.OPEN:
            return []
        found = []
        if self.silent:
            found.append(_("parties without an address: %(count)d") % {"count": self.silent})
        if self.column == "asked" and self._is_near(WORRY_DAYS):
            found.append(_("nobody has begun"))
        if self.column == "busy" and self.done * 2 < self.parts and self._is_near(BEHIND_DAYS):
            found.append(_("less than half of the parties are done"))
        if self.column == "ready":
            found.append(_("only the city's handing in is left"))
        return found

    def _is_near(self, days: int) -> bool:
        return today() >= self.round.due_on - timedelta(days=days)


def columns(round: ReviewRound, rows: Sequence[BoardRow]) -> list[dict[str, object]]:
    """Give the board's columns with their contracts; once the round is closed, who handed in and who did not."""
    labels = {
        "asked": _("Nobody has begun"),
        "busy": _("Under way"),
        "ready": _("All parties are done"),
        "submitted": _("Handed in"),
        "missed": _("Not handed in"),
    }
    shown = CLOSED_COLUMNS if round.state == RoundState.CLOSED else COLUMNS
    return [
        {"label": labels[key], "rows": found, "count": len(found)}
        for key in shown
        for found in [[row for row in rows if row.column == key]]
    ]


def board_rows(round: ReviewRound) -> tuple[list[BoardRow], int]:
    """Give a round's contracts as the coordinator sees them, and how many reviews their cities do not share.

    How far a shared contract's review is follows from the right to manage the round; its answers do not. Four
    queries, whatever the number of contracts.
    """
    shared = AnnualReview.objects.filter(round=round).exclude(contract__sharing=Sharing.DRAFT)
    hidden = AnnualReview.objects.filter(round=round, contract__sharing=Sharing.DRAFT).count()
    asked = PartyReview.objects.filter(review__in=shared, efforts__isnull=False)
    counts: dict[int, dict[str, Any]] = {
        row["review"]: dict(row)
        for row in asked.values("review").annotate(
            parts=Count("pk", distinct=True),
            done=Count("pk", filter=Q(state=PartState.SUBMITTED), distinct=True),
            begun=Count("pk", filter=Q(state=PartState.STARTED), distinct=True),
            saved_at=Max("efforts__updated_at"),
        )
    }
    silent = _silent(round)
    rows = []
    for review in (
        shared.select_related("contract").defer("prefilled", "outcome").order_by("contract__title", "pk")
    ):
        review.round = round
        row = counts.get(review.pk, {})
        rows.append(
            BoardRow(
                review=review,
                parts=row.get("parts", 0),
                done=row.get("done", 0),
                begun=row.get("begun", 0),
                saved_at=row.get("saved_at"),
                silent=silent[review.pk],
                round=round,
            )
        )
    return rows, hidden


def _silent(round: ReviewRound) -> Counter[int]:
    """Count, per review, the open parts about which nobody can be written to; one query."""
    if round.state != RoundState.OPEN:
        return Counter()
    open_parts = parts_of(round).exclude(state=PartState.SUBMITTED)
    return Counter(without_recipients(open_parts).order_by().values_list("review_id", flat=True))
