"""What belongs to one record goes over to its successor: which kinds of record, how, and what stays and why.

Each app says it of its own models (`registry.merger_handlers`); a test holds that against all foreign keys.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model, Q

from nss_portal.core.registry import Text, lowest_first, merger_handlers


@dataclass(frozen=True)
class Handover:
    """From which record to which (of the same model), as of which day; `actor` carries it out."""

    old: Any
    new: Any
    on: date
    actor: Any

    @property
    def last_day(self) -> date:
        """The last day of what ends."""
        return self.on - timedelta(days=1)


@dataclass(frozen=True)
class Carried:
    """One kind of record that points to what ends: `model` ('app.Model') by its foreign key `field`.

    Rows that meet `only` (or what it gives for this handover) point to the successor from then on; where the
    successor has the same row already, the old one stays. `moves` does it another way and gives the number of
    rows; with `stays` (the reason) and neither, all rows are left on purpose. Without a `label` nobody is told:
    the bookkeeping of the merger itself.
    """

    model: str
    field: str
    label: Text
    only: Q | Callable[[Handover], Q] | None = None
    moves: Callable[[Handover], int] | None = None
    stays: Text = ""


@dataclass(frozen=True)
class Line:
    """What became of one kind of record: how many went over, how many stayed, and why."""

    label: str
    moved: int
    stayed: int
    reason: str


def all_carried() -> list[Carried]:
    """Give what the apps say they carry over, lowest floor first."""
    return [carried for source in lowest_first(merger_handlers) for carried in source()]


def carry_over(pairs: Mapping[type[Model], Handover], *, only: type[Model] | None = None) -> Iterator[Line]:
    """Carry everything over that points to the old record of a pair; belongs inside a transaction.

    With `only` nothing is moved that points to records of another model: an organisation without a municipality.
    """
    for carried in all_carried():
        model: Any = apps.get_model(carried.model)
        target = model._meta.get_field(carried.field).related_model
        if only is not None and target is not only:
            continue
        if carried.moves is not None:
            handover = pairs.get(target) or next(iter(pairs.values()))
            moved = carried.moves(handover)
            rows = model._base_manager.filter(**{carried.field: handover.old}) if target in pairs else None
            stayed = rows.count() if rows is not None and carried.stays else 0
        elif target in pairs:
            moved, stayed = _point_over(model, carried, pairs[target])
        else:
            continue
        if carried.label and (moved or stayed):
            yield Line(str(carried.label), moved, stayed, str(carried.stays) if stayed else "")


def _point_over(model: Any, carried: Carried, handover: Handover) -> tuple[int, int]:
    rows = model._base_manager.filter(**{carried.field: handover.old})
    if carried.only is None and carried.stays:
        return 0, rows.count()
    # Evaluated first: a condition over another table does not go into an UPDATE.
    only = carried.only(handover) if callable(carried.only) else carried.only
    chosen = rows if only is None else rows.filter(only)
    keys = list(chosen.values_list("pk", flat=True))
    moved = _point(model, carried.field, keys, handover.new)
    return moved, rows.count()


def _point(model: Any, field: str, keys: list[Any], new: Model) -> int:
    """Point rows to the successor: all at once, or one by one where some are there already."""
    try:
        with transaction.atomic():
            return int(model._base_manager.filter(pk__in=keys).update(**{field: new}))
    except IntegrityError:
        if len(keys) <= 1:
            return 0
        half = len(keys) // 2
        return _point(model, field, keys[:half], new) + _point(model, field, keys[half:], new)
