"""Records that a record is linked to, several of a kind: what changes in them, for the log."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model


def changed_links(record: Model, wanted: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Give what changes in the links of a record (by name), as [before, after] in words. One query a name."""
    changes = {}
    for name, after in wanted.items():
        before = list(getattr(record, name).all())
        if {one.pk for one in before} != {one.pk for one in after}:
            changes[name] = [", ".join(map(str, before)), ", ".join(map(str, after))]
    return changes


def set_links(record: Model, wanted: Mapping[str, Sequence[Any]]) -> None:
    """Link a record to just these."""
    for name, after in wanted.items():
        getattr(record, name).set(after)
