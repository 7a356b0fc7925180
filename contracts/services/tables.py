"""Writing the tables and texts of a draft: one row at a time, each with the revision that it was opened with.

A row is written where it lives: a party, a promise, an action, money, a figure, or the table itself.
A save on an older revision raises EditConflict and writes nothing.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from zlib import crc32

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contracts.canonical import emission_source_code
from contracts.models import (
    Action,
    Commitment,
    ContractVersion,
    EmissionFigure,
    EmissionSeries,
    EmissionSource,
    Investment,
    Party,
    SectionText,
    TableRow,
    TemplateSection,
)
from contracts.models.action import Sector
from contracts.models.emission import FigureKind
from contracts.services import draft
from contracts.services.draft import lock_open, may_promise_for, promising_for, rename_in_rows, save_part
from contracts.services.errors import Refused
from contracts.services.indicator_rows import remove_indicator, save_indicator
from contracts.tables.holding import PUBLISHED, SCOPES, Row, emission_rows
from contracts.tables.template import Table
from contracts.tables.values import Value, to_json
from contracts.tables.vocab import label_of
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may, require
from nss_portal.core.editing import EditConflict
from nss_portal.core.exports.sheets import CONTROL
from nss_portal.core.models.audit import Event

MOST_ROWS = 2000  # in a table
LONGEST_TEXT = 20_000
Cells = Mapping[str, Value | None]


@transaction.atomic
def save_row(
    *,
    version: ContractVersion,
    actor: Actor,
    table: Table,
    cells: Cells,
    ident: str = "",
    revision: int = 0,
    code: str = "",
    published: Mapping[str, Decimal] | None = None,
) -> str:
    """Add a row to a table of a draft, or change one; gives its ident.

    Only the columns in `cells` are written. `code` names a new row, as a file has it; `published` is what a file
    says in columns that the portal works out. Raises NotAllowed, Refused, EditConflict, ValidationError.
    """
    fresh = lock_open(version)
    _require_table(actor, fresh, table, cells)
    _check_required(table, cells, is_new=not ident)
    if table.holds == "emissions":
        return _save_emission(fresh, actor, table, cells, ident, revision)
    if table.holds == "indicators":
        return save_indicator(version=fresh, actor=actor, cells=cells, ident=ident, revision=revision, code=code)
    if table.holds == "rows":
        return _save_own(fresh, actor, table, cells, ident, revision, code, published or {})
    return _save_record(fresh, actor, table, cells, ident, revision, code)


def may_write_table(actor: Actor, version: ContractVersion, table: Table) -> bool:
    """Say whether somebody may write in a table: whoever may change the contract, and parties their promises."""
    if not version.is_open:
        return False
    if table.holds == "commitments":
        return bool(promising_for(actor, version))
    return may(actor, "contract", "change", version.contract)


def _require_table(actor: Actor, version: ContractVersion, table: Table, cells: Cells) -> None:
    if table.holds != "commitments":
        require(actor, "contract", "change", version.contract)
        return
    party = version.parties.filter(name=cells.get("party") or "").first()
    if party is None and "party" in cells:
        raise ValidationError({"party": _("Choose a party of this version.")})
    if party is not None and not may_promise_for(actor, party, version):
        raise NotAllowed(_("You can change the commitments of your own organisation only."))


def _check_required(table: Table, cells: Cells, *, is_new: bool) -> None:
    missing = {
        column.key: _("Fill this in: %(column)s.") % {"column": column.title}
        for column in table.typed
        if column.is_required and (column.key in cells or is_new) and cells.get(column.key) is None
    }
    if missing:
        raise ValidationError(missing)


def _references(version: ContractVersion, table: Table, cells: Cells) -> dict[str, Any]:
    """Give the values of cells as the record's fields take them."""
    values: dict[str, Any] = {}
    for column in table.typed:
        if column.key not in cells:
            continue
        value = cells[column.key]
        if column.kind == "party":
            values[column.key] = version.parties.get(name=value) if value else None
        elif column.kind == "action":
            values[column.key] = version.actions.get(code=value) if value else None
        elif value is None and column.kind in {"text", "long", "choice", "sector"}:
            values[column.key] = ""
        else:
            values[column.key] = value
    return values


def _save_record(
    version: ContractVersion, actor: Actor, table: Table, cells: Cells, ident: str, revision: int, code: str
) -> str:
    values = _references(version, table, cells)
    if table.holds == "investments":
        return _save_money(version, actor, values, ident, revision)
    model: Any = {"parties": Party, "commitments": Commitment, "actions": Action}[table.holds]
    row = model.objects.filter(version=version, pk=ident).first() if ident else None
    if ident and row is None:
        raise Refused(_("This row is not there any more. A colleague took it out."))
    if isinstance(row, Commitment):
        require(actor, "commitment", "change", row)
    if isinstance(row, Party) and row.is_leading and values.get("group", row.group) != row.group:
        raise ValidationError({"group": _("A municipality stays the one whose contract this is.")})
    before = row.name if isinstance(row, Party) else ""
    saved = save_part(model, version, actor, row, revision, values)
    if before and saved.name != before:
        rename_in_rows(version, before, saved.name)
    if code and not ident and saved.code != code and not model.objects.filter(version=version, code=code).exists():
        saved.code = code
        saved.full_clean()
        saved.save(update_fields=["code"])
    return str(saved.pk)


def _save_money(version: ContractVersion, actor: Actor, values: dict[str, Any], ident: str, revision: int) -> str:
    values = {name: value for name, value in values.items() if not (name in {"payer", "kind"} and value == "")}
    if not ident:
        post = Investment(version=version, **values)
        post.full_clean()
        post.save()
        audit.record(actor=actor, event=Event.CREATED, obj=post)
        return str(post.pk)
    kept = Investment.objects.filter(version=version, pk=ident).first()
    if kept is None:
        raise Refused(_("This row is not there any more. A colleague took it out."))
    changes = draft.apply(kept, values, revision)
    if changes:
        audit.record(actor=actor, event=Event.CHANGED, obj=kept, changes=changes)
    return str(kept.pk)


def _save_own(
    version: ContractVersion,
    actor: Actor,
    table: Table,
    cells: Cells,
    ident: str,
    revision: int,
    code: str,
    published: Mapping[str, Decimal],
) -> str:
    said = {key: to_json(value) for key, value in cells.items()}
    rows = TableRow.objects.filter(version=version, table=table.record)
    if ident:
        row = rows.filter(pk=ident).first()
        if row is None:
            raise Refused(_("This row is not there any more. A colleague took it out."))
    else:
        row = TableRow(version=version, table=table.record, cells={}, code=_new_code(rows, code))
        row.order = (rows.order_by("-order").values_list("order", flat=True).first() or 0) + 1
    wanted = {key: value for key, value in {**row.cells, **said}.items() if value is not None}
    if published:
        wanted[PUBLISHED] = {key: to_json(value) for key, value in published.items()}
    if ident and row.revision != revision and wanted != row.cells:
        raise EditConflict(row)
    if ident and wanted == row.cells:
        return ident
    changes = {key: [row.cells.get(key), wanted.get(key)] for key in said if row.cells.get(key) != wanted.get(key)}
    row.cells, row.revision = wanted, row.revision + (1 if ident else 0)
    row.full_clean()
    row.save()
    audit.record(actor=actor, event=Event.CHANGED if ident else Event.CREATED, obj=row, changes=changes)
    return str(row.pk)


def _new_code(rows: Any, code: str) -> str:
    """Give the code of a new row: as its file has it, or the next number."""
    taken = set(rows.values_list("code", flat=True))
    if len(taken) >= MOST_ROWS:
        raise Refused(_("There are %(number)s rows already; more do not fit.") % {"number": MOST_ROWS})
    return _free(taken, code)


def _free(taken: set[str], code: str) -> str:
    if code and code not in taken:
        return code
    number = len(taken) + 1
    while f"r{number}" in taken:
        number += 1
    return f"r{number}"


class NewRow(NamedTuple):
    """A row to be added, see `save_row`; `address` is where it stands in a file."""

    cells: Cells
    code: str
    published: Mapping[str, Decimal]
    address: str


@transaction.atomic
def add_rows(*, version: ContractVersion, actor: Actor, table: Table, rows: Sequence[NewRow]) -> int:
    """Add many rows to a table that holds its own; gives how many. One event in the log holds them all.

    Raises NotAllowed, Refused, and ValidationError that names the address of the row.
    """
    fresh = lock_open(version)
    require(actor, "contract", "change", fresh.contract)
    there = TableRow.objects.filter(version=fresh, table=table.record)
    taken = set(there.values_list("code", flat=True))
    if len(taken) + len(rows) > MOST_ROWS:
        text = _("%(number)s rows are too many: with those that are there at most %(most)s fit.")
        raise Refused(text % {"number": len(rows), "most": MOST_ROWS})
    order = there.order_by("-order").values_list("order", flat=True).first() or 0
    made = []
    for place, new in enumerate(rows, start=order + 1):
        row = TableRow(version=fresh, table=table.record, order=place, cells=_said(new.cells, new.published))
        row.code = _free(taken, new.code)
        taken.add(row.code)
        try:
            _check_required(table, new.cells, is_new=True)
            row.clean_fields(exclude=["version", "table"])
        except ValidationError as error:
            raise ValidationError([f"{new.address}: {text}" for text in error.messages]) from error
        made.append(row)
    TableRow.objects.bulk_create(made, batch_size=500)
    changes: dict[str, object] = {"table": table.code, "rows_added": {row.code: row.cells for row in made}}
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes)
    return len(made)


def _said(cells: Cells, published: Mapping[str, Decimal]) -> dict[str, Any]:
    """Give cells as a row holds them: empty ones left out, with what a file says of computed columns."""
    said: dict[str, Any] = {key: to_json(value) for key, value in cells.items() if value is not None}
    if published:
        said[PUBLISHED] = {key: to_json(value) for key, value in published.items()}
    return said


def emission_revision(row: Row) -> int:
    """Give a number that changes with the figures of a row: what a form remembers of them."""
    return crc32(repr(sorted((key, str(value)) for key, value in row.cells.items())).encode())


def _save_emission(
    version: ContractVersion, actor: Actor, table: Table, cells: Cells, ident: str, revision: int
) -> str:
    rows = {row.ident: row for row in emission_rows(version)}
    kept = rows.get(ident)
    if ident and kept is None:
        raise Refused(_("This row is not there any more. A colleague took it out."))
    if kept is not None and kept.fixed:
        raise Refused(_("This figure is published by {source} and stays as it is.").format(source=kept.fixed))
    wanted = {**(kept.cells if kept else {}), **cells}
    if kept is not None and wanted == kept.cells:
        return ident
    if kept is not None and emission_revision(kept) != revision:
        raise EditConflict(version)
    keys = ["value", *(f"scope{scope}" for scope in SCOPES)]
    if all(wanted.get(key) is None for key in keys):
        raise ValidationError({"value": _("Fill in the total, or at least one scope.")})
    twin = next(
        (
            row
            for row in rows.values()
            if not row.fixed
            and row.ident != ident
            and (row.cells["year"], row.cells["sector"]) == (wanted["year"], wanted["sector"])
        ),
        None,
    )
    if twin is not None:
        raise ValidationError({"sector": _("This sector and year stand in the table already.")})
    if kept is not None:
        _delete_emission(version, kept)
    source = _own_source(version)
    made = [
        _figure(version, table, source, key.removeprefix("scope") if key != "value" else "", wanted, amount)
        for key in keys
        if isinstance(amount := wanted.get(key), Decimal | int)
    ]
    before = {key: to_json(value) for key, value in kept.cells.items()} if kept else {}
    changes = {key: [before.get(key), to_json(value)] for key, value in wanted.items() if value is not None}
    audit.record(actor=actor, event=Event.CHANGED, obj=version.contract, changes={"emissions": changes})
    return f"{made[0].series_id}-{made[0].pk}"


def _own_source(version: ContractVersion) -> EmissionSource:
    contract = version.contract
    source, _made = EmissionSource.objects.get_or_create(
        code=emission_source_code(version),
        defaults={
            "label_nl": contract.title[:200],
            "label_en": (contract.title_en or contract.title)[:200],
            "citation": contract.title,
            "is_illustrative": contract.is_illustrative,
        },
    )
    if contract.publication_id is None:
        contract.publication = source
        contract.save(update_fields=["publication"])
    return source


def _figure(
    version: ContractVersion, table: Table, source: EmissionSource, scope: str, cells: Cells, amount: Decimal | int
) -> EmissionFigure:
    leading = EmissionSeries.objects.filter(contract=version.contract, is_leading=True)
    series, _made = EmissionSeries.objects.get_or_create(
        source=source,
        contract=version.contract,
        locator=table.record.title_nl[:120],
        scope=scope,
        gas="CO₂",
        defaults={
            "locator_en": table.record.title_en[:120],
            "printed_unit": "kton",
            "is_leading": not scope and not leading.exists(),
        },
    )
    sector = str(cells["sector"])
    known = sector in Sector.values
    figure = EmissionFigure(
        series=series,
        kind=FigureKind.MEASURED,
        year=int(str(cells["year"])),
        sector=sector if known else _sector_code(sector),
        sector_label_nl=label_of("sector", sector)[:160],
        sector_label_en=label_of("sector", sector)[:160],
        printed=str(to_json(Decimal(amount))),
        value=Decimal(amount),
    )
    figure.full_clean()
    figure.save()
    return figure


def _sector_code(text: str) -> str:
    from contracts.importing.rows import own_sector

    return own_sector(text)


def _delete_emission(version: ContractVersion, row: Row) -> None:
    held = EmissionFigure.objects.filter(pk=row.ident.partition("-")[2]).select_related("series").first()
    if held is not None:
        EmissionFigure.objects.filter(
            series__contract=version.contract_id,
            series__source=held.series.source_id,
            kind=FigureKind.MEASURED,
            year=held.year,
            sector=held.sector,
        ).delete()


@transaction.atomic
def remove_row(*, version: ContractVersion, actor: Actor, table: Table, ident: str) -> None:
    """Take a row out of a draft, with what hangs on it. Raises NotAllowed, Refused."""
    fresh = lock_open(version)
    if table.holds == "emissions":
        require(actor, "contract", "change", fresh.contract)
        row = next((row for row in emission_rows(fresh) if row.ident == ident), None)
        if row is None or row.fixed:
            raise Refused(_("This row is not there any more, or it is published elsewhere."))
        _delete_emission(fresh, row)
        what = {key: to_json(value) for key, value in row.cells.items()}
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh.contract, changes={"emissions_removed": what})
        return
    if table.holds == "indicators":
        remove_indicator(version=fresh, actor=actor, ident=ident)
        return
    model: Any = {"parties": Party, "commitments": Commitment, "actions": Action, "investments": Investment}.get(
        table.holds, TableRow
    )
    record = model.objects.filter(version=fresh, pk=ident).first()
    if record is None:
        raise Refused(_("This row is not there any more. A colleague took it out."))
    if isinstance(record, Party):
        draft.remove_party(party=record, actor=actor)
    elif isinstance(record, Commitment):
        draft.remove_commitment(commitment=record, actor=actor)
    elif isinstance(record, Action):
        draft.remove_action(action=record, actor=actor)
    else:
        require(actor, "contract", "change", fresh.contract)
        changes = {"cells": record.cells} if isinstance(record, TableRow) else None
        audit.record(actor=actor, event=Event.DELETED, obj=record, changes=changes)
        record.delete()


@transaction.atomic
def save_text(
    *,
    version: ContractVersion,
    actor: Actor,
    section: TemplateSection,
    text: str,
    text_en: str = "",
    revision: int = 0,
) -> SectionText:
    """Write what a draft says in a section. Raises NotAllowed, Refused, EditConflict, ValidationError."""
    fresh = lock_open(version)
    require(actor, "contract", "change", fresh.contract)
    # As a workbook gives them back: one kind of line end, nothing that no sheet can hold.
    text, text_en = (CONTROL.sub("", each.replace("\r\n", "\n").replace("\r", "\n")) for each in (text, text_en))
    if max(len(text), len(text_en)) > LONGEST_TEXT:
        raise ValidationError({"text": _("At most %(most)s characters fit here.") % {"most": LONGEST_TEXT}})
    held = SectionText.objects.filter(version=fresh, section=section).first()
    kept = held or SectionText(version=fresh, section=section)
    if (kept.text, kept.text_en) == (text, text_en):
        return kept
    if kept.revision != revision:
        raise EditConflict(kept)
    changes = {"text": [kept.text, text], "text_en": [kept.text_en, text_en]}
    kept.text, kept.text_en, kept.revision = text, text_en, kept.revision + 1
    kept.full_clean()
    kept.save()
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"section": section.code, **changes})
    return kept
