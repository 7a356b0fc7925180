"""How long each kind of record is kept, and what becomes of it then: said by each app, carried out by the clock.

Terms are defaults. What a selection list of the owner's archive says goes before them: `NSS_KEEP_DAYS` sets it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Count, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nss_portal.core import audit, jobs
from nss_portal.core.access import Actor
from nss_portal.core.models import RetentionHold
from nss_portal.core.models.audit import Event
from nss_portal.core.registry import Text, lowest_first, retention_rules

BATCH = 200
JOB = "core.retention"


class Outcome(Enum):
    """What becomes of a record whose term is over."""

    DELETED = gettext_lazy("is thrown away")
    BLOTTED = gettext_lazy("stays, without the personal details")
    ARCHIVED = gettext_lazy("goes to the archive and stays here")


@dataclass(frozen=True)
class Kept:
    """One kind of record. `days` is the term (None: as long as the portal is there), counted from `since`.

    `due(before)` gives the rows that are older than a moment, `let_go(rows)` deals with some of them (a list of
    primary keys) and gives how many; without it they are deleted. Without `due` something else carries it out, as
    `why` tells. `is_set` says that the term follows from a rule, and is no default for the owner's archive to set.
    """

    key: str
    label: Text
    since: Text
    why: Text
    days: int | None
    happens: Outcome = Outcome.DELETED
    due: Callable[[datetime], Any] | None = None
    let_go: Callable[[list[Any]], int] | None = None
    is_set: bool = False
    order: int = 50

    @property
    def term(self) -> int | None:
        """The term in days that holds here: that of the settings, else the default."""
        return settings.NSS_KEEP_DAYS.get(self.key, self.days)

    def rows(self, now: datetime) -> Any:
        """Give the rows whose term is over at a moment; None where nothing is carried out here."""
        if self.due is None or self.term is None:
            return None
        return self.due(now - timedelta(days=self.term))


def all_kept() -> list[Kept]:
    """Give what the apps say, in the order of the table."""
    found = [kept for source in lowest_first(retention_rules) for kept in source()]
    return sorted(found, key=lambda kept: kept.order)


def in_words(days: int | None) -> str:
    """Say a term as people do: '2 years', '3 months', '7 days'."""
    if days is None:
        return _("as long as the portal is there")
    for size, one in ((365, "year"), (30, "month")):
        if days >= size and days % size == 0:
            n = days // size
            return (
                ngettext("%d year", "%d years", n) % n
                if one == "year"
                else ngettext("%d month", "%d months", n) % n
            )
    return ngettext("%d day", "%d days", days) % days


def holds() -> dict[str, RetentionHold]:
    """Give the holds that stand, by kind. One query."""
    return {hold.kind: hold for hold in RetentionHold.objects.filter(ended_at__isnull=True)}


def is_on_hold(key: str) -> bool:
    """Say whether a kind of record is on hold."""
    return RetentionHold.objects.filter(kind=key, ended_at__isnull=True).exists()


def counted(now: datetime) -> dict[str, int]:
    """Give how many records of each kind are past their term at a moment. One query, a UNION."""
    parts: list[QuerySet[Any, Any]] = []
    for kept in all_kept():
        rows = kept.rows(now)
        if rows is not None:
            named = rows.order_by().annotate(kept_kind=Value(kept.key, output_field=CharField()))
            parts.append(
                named.values("kept_kind").annotate(n=Count("pk", distinct=True)).values_list("kept_kind", "n")
            )
    if not parts:
        return {}
    return dict(parts[0].union(*parts[1:], all=True)) if len(parts) > 1 else dict(parts[0])


@jobs.handler(JOB)
def let_go(job: jobs.RunningJob) -> dict[str, object]:
    """Let everything go whose term is over, a batch a transaction; goes on where it was left. Logs what went."""
    now = timezone.now()
    held, done = holds(), dict[str, int]()
    rules = [kept for kept in all_kept() if kept.rows(now) is not None and kept.key not in held]
    for number, kept in enumerate(rules):
        job.progress(number, len(rules), str(kept.label))
        count = _let_go(job, kept, now)
        if count:
            done[kept.key] = count
    with transaction.atomic():
        job.checkpoint()
        if done:
            audit.record(actor=job.actor, event=Event.DELETED, obj=job.job, changes={"retention": done})
    return {"gone": done, "held": sorted(held)}


def _let_go(job: jobs.RunningJob, kept: Kept, now: datetime) -> int:
    count, last = 0, None
    while True:
        with transaction.atomic():
            job.checkpoint()
            rows = kept.rows(now).order_by("pk")
            keys = list(
                (rows.filter(pk__gt=last) if last is not None else rows).values_list("pk", flat=True)[:BATCH]
            )
            if not keys:
                return count
            count += kept.let_go(keys) if kept.let_go else _delete(rows.model, keys)
            last = keys[-1]


def _delete(model: Any, keys: list[Any]) -> int:
    model._base_manager.filter(pk__in=keys).delete()
    return len(keys)


@transaction.atomic
def hold(*, actor: Actor, kind: str, reason: str) -> RetentionHold:
    """Keep a kind of record for the time being. Whether the actor may is the caller's to check.

    Raises LookupError for a kind that there is not; a hold that stands is given back.
    """
    if kind not in {kept.key for kept in all_kept()}:
        raise LookupError(kind)
    made, is_new = RetentionHold.objects.get_or_create(
        kind=kind, ended_at=None, defaults={"reason": reason.strip(), "by_label": str(actor)[:200]}
    )
    if is_new:
        audit.record(actor=actor, event=Event.CREATED, obj=made, reason=reason.strip())
    return made


@transaction.atomic
def end_hold(*, actor: Actor, kind: str) -> None:
    """Let a kind of record go its way again. Whether the actor may is the caller's to check."""
    for found in RetentionHold.objects.select_for_update().filter(kind=kind, ended_at__isnull=True):
        found.ended_at, found.ended_by_label = timezone.now(), str(actor)[:200]
        found.save(update_fields=["ended_at", "ended_by_label"])
        audit.record(actor=actor, event=Event.WITHDRAWN, obj=found)


def table() -> list[Mapping[str, str]]:
    """Give the table for everybody to read: kind, term, from when, what happens, why, and whose term it is."""
    return [
        {
            "label": str(kept.label),
            "term": in_words(kept.term),
            "since": str(kept.since),
            "happens": str(kept.happens.value),
            "why": str(kept.why),
            "set_by": _("rule of the portal") if kept.is_set else _("default; to be set by the owner's archive"),
        }
        for kept in all_kept()
    ]
