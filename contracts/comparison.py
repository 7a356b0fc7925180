"""Two versions of a contract beside each other: texts word by word, numbers with their difference, rows by code.

Pure: it compares what two snapshots say (`contracts.canonical`), whatever parts a snapshot has.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from contracts.snapshot_words import (
    HIDDEN,
    Row,
    as_number,
    field_label,
    in_order,
    is_rows,
    number_words,
    pairs,
    part_label,
    row_key,
    row_title,
    value_words,
)
from nss_portal.core.formats import format_number, format_percent
from nss_portal.core.worddiff import Piece, compared

ORDER = ("contract", "version", "parties", "commitments", "actions", "investments")
# The number of a version differs by its nature.
SELF_EVIDENT = {"version": frozenset({"number"})}
# Longer texts stand above each other on the page, shorter ones in one line.
LONG = 80


@dataclass(frozen=True)
class FieldChange:
    """One field that differs; `before` and `after` in words, '' where there is none."""

    label: str
    before: str
    after: str
    difference: str = ""

    @property
    def is_number(self) -> bool:
        """Say whether both are numbers of which the difference says something."""
        return bool(self.difference)

    @cached_property
    def pieces(self) -> list[Piece]:
        """Give the texts word by word."""
        return compared(self.before, self.after)

    @property
    def has_nothing_the_same(self) -> bool:
        """Say whether one took the place of the other as a whole: a choice, a year, a name."""
        return not any(piece.kind == "same" and piece.text.strip() for piece in self.pieces)

    @property
    def is_long(self) -> bool:
        """Say whether the texts need room of their own."""
        return max(len(self.before), len(self.after)) > LONG


@dataclass(frozen=True)
class RowChange:
    """One row that is new, gone or changed: `kind` is 'added', 'removed' or 'changed'."""

    kind: str
    title: str
    fields: Sequence[FieldChange]

    @property
    def is_whole(self) -> bool:
        """Say whether the row as a whole came or went."""
        return self.kind != "changed"

    @property
    def said(self) -> str:
        """Give all that a row says which came or went, in one line."""
        return " · ".join(f"{field.label}: {field.after or field.before}" for field in self.fields)


@dataclass(frozen=True)
class PartChange:
    """One part of two snapshots: fields of its own, or rows; `same` counts the rows that did not change."""

    key: str
    label: str
    fields: Sequence[FieldChange] = ()
    rows: Sequence[RowChange] = ()
    same: int = 0
    total: FieldChange | None = None

    @property
    def is_same(self) -> bool:
        """Say whether nothing differs."""
        return not self.fields and not self.rows

    def of(self, kind: str) -> int:
        """Count the rows of a kind."""
        return sum(row.kind == kind for row in self.rows)

    @property
    def added(self) -> int:
        """Count the rows that are new."""
        return self.of("added")

    @property
    def removed(self) -> int:
        """Count the rows that are gone."""
        return self.of("removed")

    @property
    def changed(self) -> int:
        """Count the rows that changed."""
        return self.of("changed")


def compare(old: Row, new: Row) -> list[PartChange]:
    """Compare two snapshots part by part, those that are the same included."""
    keys = [key for key in dict.fromkeys((*ORDER, *old, *new)) if key in old or key in new]
    return [_part(key, old.get(key), new.get(key)) for key in keys if key not in HIDDEN]


def _part(key: str, old: Any, new: Any) -> PartChange:
    label = part_label(key)
    if all(is_rows(side) for side in (old, new) if side is not None):
        return _rows(key, old or [], new or [])
    if all(isinstance(side, Mapping) for side in (old, new) if side is not None):
        before, after = old or {}, new or {}
        return PartChange(key, label, fields=_fields(before, after, SELF_EVIDENT.get(key, frozenset())))
    return PartChange(key, label, fields=[] if old == new else [_field(key, old, new)])


def _rows(key: str, old: Sequence[Row], new: Sequence[Row]) -> PartChange:
    before, after = _by_key(old), _by_key(new)
    changes, same = [], 0
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        if was == now:
            same += 1
            continue
        kind = "added" if was is None else "removed" if now is None else "changed"
        title = row_title(now or was or {})
        fields = _fields(was or {}, now or {}, frozenset()) if kind == "changed" else _whole(was, now, title)
        changes.append(RowChange(kind, title, fields))
    return PartChange(key, part_label(key), rows=changes, same=same, total=_total(old, new))


def _by_key(rows: Sequence[Row]) -> dict[str, Row]:
    """Give rows by that which they are known by; the second of the same name gets a number."""
    found: dict[str, Row] = {}
    seen: Counter[str] = Counter()
    for row in rows:
        name = row_key(row) or " ".join(str(row.get(key)) for key in ("payer", "year", "source_locator"))
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} {seen[name]}"] = row
    return found


def _whole(was: Row | None, now: Row | None, title: str) -> list[FieldChange]:
    """Give what a row that is new or gone says; what is empty or not stated says nothing."""
    row = now or was or {}
    keys = [key for key in _shown(row) if key not in ("code", "illustrative") and not key.endswith("_en")]
    said = [
        (key, _posts(row[key]) if key == "investments" else value_words(key, row[key]))
        for key in keys
        if row[key] not in (None, "", False, [])
    ]
    return [
        FieldChange(field_label(key), "" if was is None else words, words if was is None else "")
        for key, words in said
        if words and words != title
    ]


def _shown(*rows: Row) -> list[str]:
    whole = {key: None for row in rows for key in row}
    return [key for key in in_order(whole) if key not in HIDDEN]


def _fields(old: Row, new: Row, left_out: frozenset[str]) -> list[FieldChange]:
    keys = [key for key in _shown(old, new) if key not in left_out and old.get(key) != new.get(key)]
    found = []
    for key in keys:
        if key == "investments":
            found += _money(old.get(key) or [], new.get(key) or [])
        else:
            found.append(_field(key, old.get(key), new.get(key)))
    return [field for field in found if field.before != field.after]


def _field(key: str, old: object, new: object) -> FieldChange:
    before, after = as_number(key, old), as_number(key, new)
    if before is not None and after is not None:
        return _numbers(field_label(key), before, after)
    return FieldChange(field_label(key), value_words(key, old), value_words(key, new))


def _numbers(label: str, before: Decimal, after: Decimal) -> FieldChange:
    """Put two numbers beside each other with what lies between them, also in percents where that can be said."""
    decimals = [-int(one.normalize().as_tuple().exponent) for one in (before, after)]
    difference = format_number(after - before, max(0, *decimals), signed=True)
    if before:
        share = (after - before) / abs(before) * 100
        places = 0 if abs(share) >= 10 else 1
        difference += f" ({'+' if share > 0 else ''}{format_percent(share, places)})"
    return FieldChange(label, number_words(before), number_words(after), difference)


def _money(old: Sequence[Row], new: Sequence[Row]) -> list[FieldChange]:
    """Compare the money of an action: its sum, and who pays it."""
    before, after = _sum(old, "amount_meur"), _sum(new, "amount_meur")
    found = []
    if before != after:
        found.append(_numbers(field_label("amount_meur"), before, after))
    payers = [_posts(old), _posts(new)]
    if payers[0] != payers[1]:
        found.append(FieldChange(field_label("investments"), *payers))
    return found


def _posts(rows: Sequence[Row]) -> str:
    """Write who pays how much, a line each, with what else is said of it."""
    return "\n".join(_post(row) for row in rows)


def _post(row: Row) -> str:
    rest = pairs(row, ("amount_meur", "payer", "illustrative", "source_locator"))
    said = [value_words("payer", row.get("payer")), value_words("amount_meur", row.get("amount_meur"))]
    return "; ".join([": ".join(filter(None, said)), *(f"{label}: {words}" for label, words in rest)])


def _sum(rows: Iterable[Row], key: str) -> Decimal:
    return sum((as_number(key, row.get(key)) or Decimal(0) for row in rows), Decimal(0))


def _total(old: Sequence[Row], new: Sequence[Row]) -> FieldChange | None:
    """Compare what the effects of all rows add up to, or the amounts where there are no effects."""
    for key in ("effect_kt", "amount_meur"):
        if any(key in row for row in (*old, *new)):
            before, after = _sum(old, key), _sum(new, key)
            return _numbers(field_label(key), before, after) if before != after else None
    return None
