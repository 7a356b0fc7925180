"""Two people edit one record: the second one hears of it, and no text is lost."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.access.querysets import AccessQuerySet

M = TypeVar("M", bound=Model)
# Records that a record is linked to, by the name of the field.
Links = Mapping[str, Iterable[Model]]


class EditConflict(Exception):
    """A colleague saved in the meantime; `record` is as it is now."""

    def __init__(self, record: Model) -> None:
        super().__init__(str(record))
        self.record = record


def locked(record: M) -> M:
    """Read a record again under a lock, for the rest of the transaction."""
    fresh: M = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    return fresh


def locked_among(among: QuerySet[M], record: M) -> M:
    """Read a record again under a lock, as one of these; raises NotAllowed when it is not, or no longer."""
    fresh = among.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if fresh is None:
        raise NotAllowed(_("This was taken away in the meantime. Look at the page again."))
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


def with_unseen(actor: Actor, record: Model, wanted: Links) -> dict[str, list[Model]]:
    """Give the wanted links with those that the actor cannot see, and so did not take away.

    One query for each field of which not everybody sees all.
    """
    whole: dict[str, list[Model]] = {}
    for name, chosen in wanted.items():
        linked = getattr(record, name)
        everything = linked.model._default_manager.all()
        unseen: Iterable[Model] = ()
        if isinstance(everything, AccessQuerySet):
            unseen = linked.exclude(pk__in=everything.visible_to(actor).order_by().values("pk"))
        whole[name] = list({one.pk: one for one in (*chosen, *unseen)}.values())
    return whole


def changed_links(record: Model, version: int, wanted: Links) -> dict[str, list[Any]]:
    """Give what changes in the links of a locked record, as [before, after] in words; writes nothing.

    Raises EditConflict when something does and the record is no longer at `version`. One query a field.
    """
    changes: dict[str, list[Any]] = {}
    for name, chosen in wanted.items():
        before, after = list(getattr(record, name).all()), list(chosen)
        if {one.pk for one in before} != {one.pk for one in after}:
            changes[name] = [", ".join(sorted(map(str, before))), ", ".join(sorted(map(str, after)))]
    if changes and getattr(record, "version") != version:  # noqa: B009 - Model itself has no version
        raise EditConflict(record)
    return changes


def set_links(record: Model, wanted: Links) -> None:
    """Link a record to just these."""
    for name, chosen in wanted.items():
        getattr(record, name).set(chosen)


def readable(changes: Mapping[str, list[Any]]) -> dict[str, object]:
    """Give changes as the audit log can hold them."""
    plain = (str, int, float, bool, type(None))
    return {
        name: [value if isinstance(value, plain) else str(value) for value in pair]
        for name, pair in changes.items()
    }
