"""Forgetting a person: names become a pseudonym, addresses go, what an organisation did stays.

Every step can be done again: a second run finds nothing left to do. The name itself goes last, with the log, in
the transaction that the caller ends with; a run that breaks off in between still knows whom to look for.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from nss_portal.core.privacy.personal import Person, Personal, all_personal, as_text

BATCH = 500
# The log knows former names, so it comes last.
LAST = "core.AuditEvent"


@dataclass
class Forgotten:
    """How many rows of which kind were rewritten, left out, or had to stay ('app.Model' to number)."""

    rewritten: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    stayed: dict[str, int] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """Give it as JSON."""
        return {"rewritten": self.rewritten, "removed": self.removed, "stayed": self.stayed}


@contextmanager
def forgetting() -> Iterator[None]:
    """Open the door that the database keeps for this alone, until the transaction ends.

    The log and closed reviews refuse every change. In a transaction that says so they let names and addresses be
    rewritten, and nothing else (`core_log_forgets`, `contracts_forgets`).
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('nss.forgetting', 'on', true)")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('nss.forgetting', '', true)")


def forget(
    person: Person, *, pseudonym: str, address: str, guard: Callable[[], None], last: Callable[[Forgotten], None]
) -> Forgotten:
    """Forget somebody in all that apps registered.

    `pseudonym` takes the place of names, `address` that of addresses. `guard` is called first in each
    transaction, `last` in the final one, which also rewrites the log.
    """
    swap = _Swap(person, pseudonym, address)
    found = Forgotten()
    everything = sorted(all_personal(), key=lambda one: (one.model == LAST, not one.goes))
    for personal in everything:
        if personal.model == LAST:
            continue
        with forgetting():
            guard()
            _forget_in(personal, person, swap, found)
    with forgetting():
        guard()
        for personal in everything:
            if personal.model == LAST:
                _forget_in(personal, person, swap, found)
        last(found)
    return found


def _forget_in(personal: Personal, person: Person, swap: "_Swap", found: Forgotten) -> None:
    if personal.goes:
        rows = personal.rows().filter(personal.of(person))
        if number := rows.count():
            rows.delete()
            found.removed[personal.model] = number
        return
    if personal.drops is not None:
        rows = personal.rows().filter(personal.of(person)).filter(personal.drops())
        dropped = personal.rows().filter(pk__in=list(rows.values_list("pk", flat=True)))
        if number := dropped.count():
            dropped.delete()
            found.removed[personal.model] = number
    theirs = set(personal.rows().filter(personal.of(person)).values_list("pk", flat=True))
    keys = theirs | set(_mentioning(personal, person))
    done = stayed = 0
    for row in _in_batches(personal, sorted(keys)):
        changed = _changes(personal, person, row, swap, is_theirs=row.pk in theirs)
        if not changed:
            continue
        if _write(personal, row.pk, changed):
            done += 1
        else:
            stayed += 1  # what was adopted or signed: the database lets it change for nobody
    if done:
        found.rewritten[personal.model] = done
    if stayed:
        found.stayed[personal.model] = stayed


def _in_batches(personal: Personal, keys: list[Any]) -> Iterator[Any]:
    """Give the rows with just the columns that matter."""
    columns = {*personal.texts, *personal.names, *personal.addresses}
    columns |= {f"{name}_id" for name in personal.accounts}
    for start in range(0, len(keys), BATCH):
        yield from personal.rows().filter(pk__in=keys[start : start + BATCH]).only("pk", *columns)


def _mentioning(personal: Personal, person: Person) -> list[Any]:
    """Give the keys of rows whose words hold an address, or, where the portal wrote them, a name."""
    columns = personal.texts
    if not columns:
        return []
    rows = personal.rows().annotate(**{f"said_{name}": as_text(name) for name in columns})
    wanted = Q(pk__in=[])
    for name in columns:
        names = person.names if name in personal.logs and not person.has_namesake else ()
        for text in (*person.addresses, *names):
            wanted |= Q(**{f"said_{name}__icontains": text})
    return list(rows.filter(wanted).values_list("pk", flat=True))


def _changes(personal: Personal, person: Person, row: Any, swap: "_Swap", *, is_theirs: bool) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name in personal.names:
        if getattr(row, name) and _names_them(personal, person, row, name, is_theirs):
            changed[name] = swap.pseudonym
    for name in personal.addresses:
        if (getattr(row, name) or "").lower() in person.addresses:
            changed[name] = swap.address
    for name in personal.texts:
        may_name = is_theirs or (name in personal.logs and not person.has_namesake)
        is_emptied = is_theirs and name in personal.blank
        changed[name] = "" if is_emptied else swap.in_any(getattr(row, name), names=may_name)
    return {name: value for name, value in changed.items() if value != getattr(row, name)}


def _write(personal: Personal, key: Any, changed: dict[str, Any]) -> bool:
    """Rewrite a row; column by column where the database lets not all of them change. Says whether all went."""
    try:
        with transaction.atomic():
            personal.rows().filter(pk=key).update(**changed)
    except IntegrityError:
        if len(changed) == 1:
            return False
        went = [_write(personal, key, {name: value}) for name, value in changed.items()]
        return all(went)
    return True


def _names_them(personal: Personal, person: Person, row: Any, column: str, is_theirs: bool) -> bool:
    """Say whether the name in a column of a row is this person's."""
    account = column.removesuffix("_label")
    if account in personal.accounts:
        return person.user is not None and getattr(row, f"{account}_id") == person.user.pk
    if person.user is None:
        return is_theirs  # known by address alone: the name beside it is theirs
    return is_theirs and (getattr(row, column) in person.names or column in _beside(personal, person, row))


def _beside(personal: Personal, person: Person, row: Any) -> tuple[str, ...]:
    """Give the columns with the name that goes with an address of the person."""
    held = {(getattr(row, name) or "").lower() for name in personal.addresses}
    return personal.names if held & set(person.addresses) else ()


class _Swap:
    """Puts a pseudonym in the place of names, and another address in that of addresses, in texts and in JSON."""

    def __init__(self, person: Person, pseudonym: str, address: str) -> None:
        self.pseudonym, self.address = pseudonym, address
        self._addresses = _pattern(person.addresses)
        self._names = _pattern(person.names)

    def in_any(self, value: Any, *, names: bool) -> Any:
        """Give a text, or a JSON value with all texts in it, without the person."""
        if isinstance(value, str):
            text = self._addresses.sub(self.address, value) if self._addresses else value
            return self._names.sub(self.pseudonym, text) if names and self._names else text
        if isinstance(value, list):
            return [self.in_any(one, names=names) for one in value]
        if isinstance(value, dict):
            return {key: self.in_any(one, names=names) for key, one in value.items()}
        return value


def _pattern(texts: tuple[str, ...]) -> re.Pattern[str] | None:
    """Find any of some texts as whole words, in capitals or not."""
    if not texts:
        return None
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
