"""Writing rows of a table of a draft, one or thousands: all of them or none, in the same few queries.

A row is written where it lives: a party, a promise, an action, money, an indicator, a figure, or the table itself.
Each row that was changed or added has its own event in the log.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from contracts.models import Commitment, ContractVersion, Indicator, Party, TableRow
from contracts.services.draft import PERSONAL, free_code, lock_open, promising_for, rename_in_rows
from contracts.services.emission_rows import write_emissions
from contracts.services.errors import Refused
from contracts.services.row_changes import RowChange, at, gone
from contracts.tables.holding import MODELS, PUBLISHED
from contracts.tables.indicator_rows import COLUMNS, check_years, fields_of
from contracts.tables.limits import most_rows, too_many
from contracts.tables.template import Table
from contracts.tables.values import Value, to_json
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, allowed, require
from nss_portal.core.editing import EditConflict, readable
from nss_portal.core.models.audit import Event

Cells = Mapping[str, Value | None]
ROWS_AT_ONCE = 500
MOST_PLACES = 32_767
# A post without these keeps what a new one has.
NOT_EMPTY = frozenset({"payer", "kind"})


@dataclass
class Written:
    """Rows on their way to the database, each with where it came from and what is new in it."""

    made: list[tuple[RowChange, Any]] = field(default_factory=list)
    changed: list[tuple[RowChange, Any, Mapping[str, list[Any]]]] = field(default_factory=list)


@transaction.atomic
def write_rows(*, version: ContractVersion, actor: Actor, table: Table, changes: Sequence[RowChange]) -> list[str]:
    """Add rows to a table of a draft and change others; gives their idents, in the order of `changes`.

    Raises NotAllowed; Refused where a row is gone or more do not fit; EditConflict where a colleague saved one in
    the meantime; ValidationError, which names the address of the row if it has one. Then nothing is written.
    """
    fresh = lock_open(version)
    _require_table(actor, fresh, table, changes)
    for change in changes:
        with at(change):
            _check_required(table, change.cells, is_new=not change.ident)
    if table.holds == "emissions":
        return write_emissions(fresh, actor, table, changes)
    if table.holds == "rows":
        return _write_own(fresh, actor, table, changes)
    return _write_records(fresh, actor, table, changes)


def _require_table(actor: Actor, version: ContractVersion, table: Table, changes: Sequence[RowChange]) -> None:
    """Check that somebody may write these rows: of the contract, or promises of the own organisation."""
    if table.holds != "commitments":
        require(actor, "contract", "change", version.contract)
        return
    mine = {party.name for party in promising_for(actor, version)}
    names = set(version.parties.values_list("name", flat=True))
    for change in changes:
        party = change.cells.get("party")
        if "party" in change.cells and party not in names:
            with at(change):
                raise ValidationError({"party": _("Choose a party of this version.")})
        if party in names and party not in mine:
            raise NotAllowed(_("You can change the commitments of your own organisation only."))
    idents = [change.ident for change in changes if change.ident]
    kept = Commitment.objects.filter(version=version, pk__in=idents)
    others = kept.exclude(pk__in=allowed(actor, "commitment", "change").order_by().values("pk")).first()
    if others is not None:
        require(actor, "commitment", "change", others)


def _check_required(table: Table, cells: Cells, *, is_new: bool) -> None:
    missing = {
        column.key: _("Fill this in: %(column)s.") % {"column": column.title}
        for column in table.typed
        if column.is_required and (column.key in cells or is_new) and cells.get(column.key) is None
    }
    if missing:
        raise ValidationError(missing)


def _write_records(
    version: ContractVersion, actor: Actor, table: Table, changes: Sequence[RowChange]
) -> list[str]:
    """Write rows that are records of their own kind."""
    model: Any = {**MODELS, "indicators": Indicator}[table.holds]
    owner: dict[str, Any] = {"contract": version.contract} if model is Indicator else {"version": version}
    rows = model._default_manager.filter(**owner)
    names = [each.name for each in model._meta.get_fields() if each.is_relation and each.many_to_one]
    idents = [change.ident for change in changes if change.ident]
    held = {str(row.pk): row for row in rows.filter(pk__in=idents).select_related(*names)} if idents else {}
    values_of = _reader(version, table, changes)
    new_row = _maker(model, rows, owner, table, sum(not change.ident for change in changes))
    written, renamed, idents = Written(), {}, []
    found: list[Any] = []
    for change in changes:
        row = held.get(change.ident) if change.ident else None
        if change.ident and row is None:
            raise gone()
        with at(change):
            values = values_of(row, change.cells)
            if row is None:
                row = new_row(change.code, values)
                _clean(row, names)
                written.made.append((change, row))
            elif different := {
                name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value
            }:
                if row.revision != change.revision:
                    raise EditConflict(row)
                if isinstance(row, Party):
                    _check_leading(row, values)
                    if "name" in different:
                        renamed[row.name] = values["name"]
                _put(row, values)
                _clean(row, names)
                written.changed.append((change, row, different))
        found.append(row)
    _store(model, written)
    for before, after in renamed.items():
        rename_in_rows(version, before, after)
    _log(actor, written)
    return [str(row.pk) for row in found]


def _clean(row: Any, references: Collection[str]) -> None:
    """Check a row's fields; what is said of an indicator's fields goes to the columns of its table."""
    try:
        row.clean_fields(exclude=references)
    except ValidationError as error:
        if not isinstance(row, Indicator):
            raise
        texts = {COLUMNS.get(name, name): said for name, said in error.message_dict.items()}
        raise ValidationError(texts) from error


def _check_leading(party: Party, values: Mapping[str, Any]) -> None:
    if party.is_leading and values.get("group", party.group) != party.group:
        raise ValidationError({"group": _("A municipality stays the one whose contract this is.")})


def _put(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1


def _reader(
    version: ContractVersion, table: Table, changes: Sequence[RowChange]
) -> Callable[[Any, Cells], dict[str, Any]]:
    """Give what turns the cells of a row into values of its fields."""
    if table.holds == "indicators":
        return _indicator_values
    kinds = {
        column.key: column.kind
        for column in table.typed
        if any(change.cells.get(column.key) is not None for change in changes)
    }
    related: dict[str, Mapping[str, Any]] = {
        "party": {each.name: each for each in version.parties.all()} if "party" in kinds.values() else {},
        "action": {each.code: each for each in version.actions.all()} if "action" in kinds.values() else {},
    }

    def values_of(_row: Any, cells: Cells) -> dict[str, Any]:
        return {
            column.key: _field_value(column.kind, cells[column.key], related)
            for column in table.typed
            if column.key in cells and not (column.key in NOT_EMPTY and cells[column.key] is None)
        }

    return values_of


def _field_value(kind: str, value: Any, related: Mapping[str, Mapping[str, Any]]) -> Any:
    if kind in related:
        if value and value not in related[kind]:
            raise ValidationError(_("'%(name)s' is not in this version any more.") % {"name": value})
        return related[kind][value] if value else None
    return "" if value is None and kind in {"text", "long", "choice", "sector"} else value


def _indicator_values(row: Any, cells: Cells) -> dict[str, Any]:
    values = fields_of(row, cells)
    check_years(row, values)
    return values


def _maker(
    model: Any, rows: Any, owner: Mapping[str, Any], table: Table, wanted: int
) -> Callable[[str, Mapping[str, Any]], Any]:
    """Give what makes a new row, with its place and a code of its own."""
    if not wanted:
        return lambda _code, _values: None
    names = {each.name for each in model._meta.get_fields()}
    count = rows.count()
    if count + wanted > most_rows(table):
        raise Refused(too_many(table, count, wanted))
    taken = set(rows.values_list("code", flat=True)) if "code" in names else set()
    order = rows.aggregate(last=Max("order"))["last"] if "order" in names else None
    place = iter(range(0 if order is None else order + 1, MOST_PLACES))

    def make(code: str, values: Mapping[str, Any]) -> Any:
        row = model(**owner, **values)
        if "code" in names:
            row.code = code if code and code not in taken else free_code(taken, row.title)
            taken.add(row.code)
        if "order" in names:
            row.order = next(place)
        return row

    return make


def _store(model: Any, written: Written) -> None:
    """Write the rows; where the database refuses, find out which one it is and why."""
    made = [row for _change, row in written.made]
    changed = [row for _change, row, _different in written.changed]
    names = sorted({name for _change, _row, different in written.changed for name in different})
    try:
        with transaction.atomic():
            model._default_manager.bulk_create(made, batch_size=ROWS_AT_ONCE)
            if len(changed) == 1:
                changed[0].save(update_fields=[*names, "revision"])
            elif changed:
                # Much faster than bulk_update; the rows are locked with their version, so none is made anew.
                model._default_manager.bulk_create(
                    changed,
                    update_conflicts=True,
                    unique_fields=["pk"],
                    update_fields=[*names, "revision"],
                    batch_size=ROWS_AT_ONCE,
                )
    except IntegrityError as error:
        both = [*written.made, *((change, row) for change, row, _different in written.changed)]
        for change, row in both:
            row.pk = row.pk if change.ident else None
            with at(change):
                row.validate_constraints()
        raise ValidationError(_("Two of these rows are the same. Keep one of them.")) from error


def _log(actor: Actor, written: Written) -> None:
    audit.record_many(actor=actor, event=Event.CREATED, rows=[(row, {}) for _change, row in written.made])
    audit.record_many(
        actor=actor,
        event=Event.CHANGED,
        rows=[(row, _said(different)) for _change, row, different in written.changed],
    )


def _said(different: Mapping[str, list[Any]]) -> dict[str, object]:
    """Give what changed as the log holds it: of people only that it did."""
    return {**readable(different), **{name: True for name in different if name in PERSONAL}}


def _write_own(version: ContractVersion, actor: Actor, table: Table, changes: Sequence[RowChange]) -> list[str]:
    """Write rows that live in the table itself."""
    rows = TableRow.objects.filter(version=version, table=table.record)
    idents = [change.ident for change in changes if change.ident]
    held = {str(row.pk): row for row in rows.filter(pk__in=idents).select_related("table")} if idents else {}
    wanted = len(changes) - len(idents)
    taken = set(rows.values_list("code", flat=True)) if wanted else set()
    if wanted and len(taken) + wanted > most_rows(table):
        raise Refused(too_many(table, len(taken), wanted))
    last = (rows.aggregate(last=Max("order"))["last"] or 0) if wanted else 0
    written, found = Written(), []
    for change in changes:
        if change.ident and change.ident not in held:
            raise gone()
        row = held.get(change.ident) or TableRow(version=version, table=table.record, cells={}, order=last + 1)
        cells = _own_cells(row, change)
        different = {
            key: [row.cells.get(key), cells.get(key)]
            for key in change.cells
            if row.cells.get(key) != cells.get(key)
        }
        if not change.ident:
            last = row.order
            row.code = _free(taken, change.code)
            taken.add(row.code)
            row.cells = cells
            written.made.append((change, row))
        elif cells != row.cells:
            if row.revision != change.revision:
                raise EditConflict(row)
            _put(row, {"cells": cells})
            written.changed.append((change, row, different))
        with at(change):
            row.clean_fields(exclude=["version", "table"])
        found.append(row)
    _store_own(actor, written)
    return [str(row.pk) for row in found]


def _own_cells(row: TableRow, change: RowChange) -> dict[str, Any]:
    said = {key: to_json(value) for key, value in change.cells.items()}
    cells = {key: value for key, value in {**row.cells, **said}.items() if value is not None}
    if change.published:
        cells[PUBLISHED] = {key: to_json(value) for key, value in change.published.items()}
    return cells


def _store_own(actor: Actor, written: Written) -> None:
    TableRow.objects.bulk_create([row for _change, row in written.made], batch_size=ROWS_AT_ONCE)
    TableRow.objects.bulk_update(
        [row for _change, row, _different in written.changed], ["cells", "revision"], batch_size=ROWS_AT_ONCE
    )
    made: list[tuple[Model, Mapping[str, object]]] = [
        (row, {key: [None, row.cells.get(key)] for key in change.cells if row.cells.get(key) is not None})
        for change, row in written.made
    ]
    audit.record_many(actor=actor, event=Event.CREATED, rows=made)
    changed: list[tuple[Model, Mapping[str, object]]] = [
        (row, different) for _change, row, different in written.changed
    ]
    audit.record_many(actor=actor, event=Event.CHANGED, rows=changed)


def _free(taken: set[str], code: str) -> str:
    if code and code not in taken:
        return code
    number = len(taken) + 1
    while f"r{number}" in taken:
        number += 1
    return f"r{number}"
