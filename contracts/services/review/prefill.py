"""Prefill a round: per running contract a review, a part per party, an effort per promise.

Each contract is written in a transaction of its own and skipped when it is there, so the work can be broken off at
any point and taken up again. The round opens only when all of them are there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Prefetch

from contracts.models import (
    Action,
    AnnualReview,
    ClimateContract,
    Commitment,
    ContractVersion,
    Effort,
    Party,
    PartyReview,
    ReviewRound,
)
from contracts.models.review import PartState, ReviewState
from contracts.models.version import IN_FORCE_STATES
from contracts.services.review.figures import Snapshot, snapshots
from contracts.services.review.links import new_nonce
from governance.models.organisation import Group
from nss_portal.core.time import today

# Contracts read at a time: memory stays small, and the queries per contract few.
BATCH = 20
ROWS = 2000
TRIES = 3
Guard = Callable[[], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Previous:
    """What was handed in for a contract in the round before: the year, and an answer per promise."""

    year: int | None = None
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """What a review starts from: the contract, its version in force, its figures and last round's answers."""

    contract: ClimateContract
    version: ContractVersion
    figures: Snapshot
    previous: Previous


@dataclass(frozen=True)
class FilledIn:
    """A review with its parts and efforts, not written yet."""

    review: AnnualReview
    parts: list[PartyReview]
    efforts: list[Effort]


def key_of(promise: Action | Commitment) -> str:
    """Give the name of a promise across versions: 'action:' or 'commitment:' and its code."""
    return f"{'action' if isinstance(promise, Action) else 'commitment'}:{promise.code}"


def prefill(round: ReviewRound, *, guard: Guard, progress: Progress) -> int:
    """Write the reviews that the round still lacks; gives how many were written now.

    `guard` is called first in every transaction and raises when the job was taken over; `progress` gets
    (contracts done, contracts in all).
    """
    running = list(ClimateContract.objects.running(today()).order_by("pk").values_list("pk", flat=True))
    there = set(AnnualReview.objects.filter(round=round).values_list("contract", flat=True))
    missing = [pk for pk in running if pk not in there]
    total = len(there.union(running))
    written = 0
    for batch in _batches(missing):
        for source in read(batch, round.year):
            written += _write_once(round, source, guard)
            progress(len(there) + written, total)
    return written


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def read(keys: Sequence[int], year: int) -> Iterator[Source]:
    """Give contracts (primary keys) with what their review of a year starts from; nine queries a batch."""
    in_force = (
        ContractVersion.objects.filter(state__in=IN_FORCE_STATES)
        .select_related("contract")
        .prefetch_related(
            Prefetch("parties", queryset=Party.objects.order_by("order", "pk")),
            Prefetch("actions", queryset=Action.objects.order_by("order", "pk")),
            Prefetch("commitments", queryset=Commitment.objects.order_by("order", "pk")),
        )
    )
    versions = {version.contract_id: version for version in in_force.filter(contract__in=keys)}
    figures = snapshots(versions.values())
    previous = _previous(keys, year)
    for key in keys:
        if key in versions:
            version = versions[key]
            yield Source(version.contract, version, figures[key], previous.get(key, Previous()))


def _previous(keys: Sequence[int], year: int) -> dict[int, Previous]:
    """Give, per contract, what was handed in in its latest earlier round."""
    earlier = AnnualReview.objects.filter(contract__in=keys, round__year__lt=year)
    # Names and numbers only: outcomes and reflections of all earlier rounds are megabytes.
    newest = earlier.order_by("contract", "-round__year").distinct("contract")
    latest = {contract: (pk, held) for contract, pk, held in newest.values_list("contract", "pk", "round__year")}
    answers: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    efforts = Effort.objects.filter(
        part__review__in=[pk for pk, _held in latest.values()], part__state=PartState.SUBMITTED
    ).exclude(status="")
    for effort in efforts.select_related("action", "commitment", "part"):
        promise = effort.action or effort.commitment
        if promise is not None:
            answers[effort.part.review_id][key_of(promise)] = _answer(effort)
    return {key: Previous(held, answers[pk]) for key, (pk, held) in latest.items()}


def _answer(effort: Effort) -> dict[str, Any]:
    return {
        "status": effort.status,
        "kt": None if effort.expected_kt is None else str(effort.expected_kt),
        "reason": effort.reason,
        "obstacle": effort.obstacle,
    }


def _write_once(round: ReviewRound, source: Source, guard: Guard) -> int:
    """Write one contract's review unless it is there; gives 1 when it was written."""
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                guard()
                write([filled_in(round, source)])
            return 1
        except IntegrityError:
            if AnnualReview.objects.filter(round=round, contract=source.contract).exists():
                return 0
            if attempt == TRIES - 1:  # not a public identifier drawn twice, then
                raise
    return 0


def write(filled: Sequence[FilledIn]) -> None:
    """Write reviews with their parts and efforts; call it in a transaction."""
    AnnualReview.objects.bulk_create([one.review for one in filled])
    PartyReview.objects.bulk_create([part for one in filled for part in one.parts], batch_size=ROWS)
    Effort.objects.bulk_create([effort for one in filled for effort in one.efforts], batch_size=ROWS)


def filled_in(round: ReviewRound, source: Source) -> FilledIn:
    """Make, without writing it, the review of one contract: a part per party, an effort per promise."""
    version, previous = source.version, source.previous
    review = AnnualReview(
        round=round,
        contract=source.contract,
        version=version,
        state=ReviewState.OPEN,
        prefilled={"figures": source.figures, "previous": {"year": previous.year, "answers": previous.answers}},
    )
    parties = list(version.parties.all())
    by_party = {party.pk: PartyReview(review=review, party=party, link_nonce=new_nonce()) for party in parties}
    leading = _leading(parties)
    efforts: list[Effort] = []
    for action in version.actions.all():
        part = by_party.get(action.responsible_id or 0) or (by_party[leading.pk] if leading else None)
        if part is not None:
            efforts.append(_effort(part, action, previous))
    for commitment in version.commitments.all():
        efforts.append(_effort(by_party[commitment.party_id], commitment, previous))
    for number, effort in enumerate(efforts, start=1):
        effort.order = number
    return FilledIn(review, list(by_party.values()), efforts)


def _leading(parties: Sequence[Party]) -> Party | None:
    """Give the party that answers for what nobody else does: the first owner, else the first municipality."""
    for party in parties:
        if party.is_leading:
            return party
    for party in parties:
        if party.group == Group.MUNICIPALITY:
            return party
    return parties[0] if parties else None


def _effort(part: PartyReview, promise: Action | Commitment, previous: Previous) -> Effort:
    said = previous.answers.get(key_of(promise), {})
    planned = promise.effect_kt if isinstance(promise, Action) else None
    before = Decimal(said["kt"]) if said.get("kt") is not None else None
    return Effort(
        part=part,
        action=promise if isinstance(promise, Action) else None,
        commitment=promise if isinstance(promise, Commitment) else None,
        planned_kt=planned,
        previous_status=said.get("status", ""),
        previous_kt=before,
        previous_year=previous.year if said else None,
        expected_kt=before if before is not None else planned,
    )
