"""Two people edit one record: the second one hears of it, and no text is lost."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


class EditConflict(Exception):
    """A colleague saved in the meantime; `record` is as it is now."""

    def __init__(self, record: Model) -> None:
        super().__init__(str(record))
        self.record = record


def locked(record: M) -> M:
    """Read a record again under a lock, for the rest of the transaction."""
    fresh: M = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    return fresh


def apply_changes(record: Model, version: int, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Put new values on a locked record and give what changed, as [before, after]; saves nothing.

    Raises EditConflict when the record is no longer at `version`, unless it already holds these very values (the
    same form sent twice).
    """
    changes = {
        name: [getattr(record, name), value] for name, value in fields.items() if getattr(record, name) != value
    }
    if changes and getattr(record, "version") != version:  # noqa: B009 - Model itself has no version
        raise EditConflict(record)
    for name, (_before, after) in changes.items():
        setattr(record, name, after)
    return changes


def readable(changes: Mapping[str, list[Any]]) -> dict[str, object]:
    """Give changes as the audit log can hold them."""
    plain = (str, int, float, bool, type(None))
    return {
        name: [value if isinstance(value, plain) else str(value) for value in pair]
        for name, pair in changes.items()
    }
