"""What taking a file would do to a draft, before it does it: rows that are new, changed, the same, refused."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contracts.exchange.taking import ORDER, Content, Incoming
from contracts.models import ContractVersion
from contracts.services.emission_rows import AMOUNTS, emission_revision
from contracts.tables.computed import NEEDS, work_out
from contracts.tables.holding import PUBLISHED, Held, Row, held_by
from contracts.tables.indicator_rows import check_years, fields_of
from contracts.tables.limits import LONGEST_TEXT, most_rows, too_many
from contracts.tables.template import Table, Template
from contracts.tables.values import FIRST_YEAR, LAST_YEAR, Names, Value, from_json, number_text, shown, to_json
from contracts.tables.vocab import plain
from nss_portal.core.formats import format_number

# Which columns make a row itself, where these are not the required ones.
IDENTITY: Mapping[str, tuple[str, ...]] = {
    "signatories": ("name",),
    "actions": ("title",),
    "investments": ("action", "kind", "year", "payer", "capital_form", "capital_source"),
    "impact-pathways": ("field", "lever", "early", "late", "direct", "indirect"),
    "energy-use": ("year", "sector", "fuel"),
    "cost-scenarios": ("owner", "sector"),
    "net-present-value": ("sector", "subsector"),
    "action-impacts": ("action", "sector"),
}

# Of which the same cannot stand in a version twice.
ONCE = frozenset({"parties", "emissions", "indicators"})
FIRST_TARGET, LAST_TARGET = 2030, 2050


@dataclass
class Change:
    """One row that is written: `ident` is empty for a new one; `before` is what stands there now."""

    table: Table
    ident: str
    revision: int
    code: str
    cells: Mapping[str, Value | None]
    before: Mapping[str, Value | None] = field(default_factory=dict)
    published: dict[str, Decimal] = field(default_factory=dict)
    address: str = ""


@dataclass
class Plan:
    """Everything that taking a file comes down to."""

    changes: list[Change] = field(default_factory=list)
    same: Counter[str] = field(default_factory=Counter)
    texts: list[tuple[Any, dict[str, str]]] = field(default_factory=list)
    version: dict[str, Any] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    # Why nothing of it can be taken: rows that do not fit, say.
    faults: list[str] = field(default_factory=list)

    @property
    def may_take(self) -> bool:
        """Say whether there is something to take, and nothing against it."""
        return not (self.is_empty or self.faults)

    def by_table(self) -> list[list[Change]]:
        """Give the changes of each table, in the order in which they are written."""
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.table.concept, []).append(change)
        return list(found.values())

    @property
    def new(self) -> list[Change]:
        """Give the rows that are added."""
        return [change for change in self.changes if not change.ident]

    @property
    def changed(self) -> list[Change]:
        """Give the rows that are changed."""
        return [change for change in self.changes if change.ident]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to take."""
        return not (self.changes or self.texts or self.version)

    @property
    def fingerprint(self) -> str:
        """Name what would happen, so that somebody takes what they have looked at and nothing else."""
        said = [
            [change.table.concept, change.ident, change.revision, change.code]
            + [[key, str(value)] for key, value in sorted(change.cells.items())]
            for change in self.changes
        ]
        texts = [[section.code, words] for section, words in self.texts]
        return hashlib.sha256(json.dumps([said, texts, self.version], default=str).encode()).hexdigest()[:32]


def planned(
    version: ContractVersion, template: Template, content: Content, asked: Sequence[Table] | None = None
) -> Plan:
    """Hold what a file says against a draft, or against some of its tables; reads the draft, writes nothing."""
    held = held_by(version, template.tables if asked is None else _with_money(asked, template))
    work_out(held)
    plan = Plan(refused=list(content.refused), notes=list(content.notes))
    tables = {table.concept: table for table in template.tables}
    _money_of_actions(tables, content, held, plan)
    rank = {concept: place for place, concept in enumerate(ORDER)}
    for concept in sorted(content.rows, key=lambda each: rank.get(each, len(ORDER))):
        if concept not in tables:
            plan.notes.append((concept, _("this table is not asked by this contract's standard")))
            continue
        _plan_table(tables[concept], content.rows[concept], held, plan)
        _check_room(tables[concept], held, plan)
    _plan_texts(version, template, content, plan)
    _plan_version(version, content, plan)
    return plan


def _with_money(asked: Sequence[Table], template: Template) -> list[Table]:
    """Add the tables that say what actions cost, where actions are asked."""
    wanted = {table.concept for table in asked}
    if "actions" in wanted:
        wanted |= {"investments", *NEEDS.get("actions", ())}
    return [table for table in template.tables if table.concept in wanted]


def _plan_table(table: Table, rows: list[Incoming], held: Held, plan: Plan) -> None:
    there: dict[object, list[Row]] = defaultdict(list)
    by_code = {row.code: row for row in held.of(table.concept) if row.code}
    used: set[str] = set()
    seen: set[object] = set()
    for row in held.of(table.concept):
        there[_key(table, row.cells)].append(row)
    for incoming in rows:
        cells = {
            column.key: from_json(column.kind, incoming.cells[column.key])
            for column in table.typed
            if column.key in incoming.cells
        }
        same_key = there[_key(table, cells)]
        existing = by_code.get(incoming.code) if incoming.code and table.holds != "emissions" else None
        if existing is None and same_key:
            existing = same_key[0]
        if existing is not None and existing.ident in used:
            existing = None
        if fault := _fault(table, cells, existing, seen):
            plan.refused.append((incoming.address, fault))
            continue
        if existing is not None:
            used.add(existing.ident)
            if existing in same_key:
                same_key.remove(existing)
        published = {key: Decimal(value) for key, value in incoming.published.items()}
        _plan_row(table, incoming, cells, existing, published, plan)


def _fault(table: Table, cells: Mapping[str, Value | None], existing: Row | None, seen: set[object]) -> str:
    """Say why a row cannot be written, as far as cells by themselves do not show it; '' where it can."""
    if table.holds in ONCE:
        key = _key(table, cells)
        if key in seen:
            return _("this row stands in the file twice; the first one is taken")
        seen.add(key)
    if table.holds == "emissions" and all(
        {**(existing.cells if existing else {}), **cells}.get(key) is None for key in AMOUNTS
    ):
        return _("the row has no total, nor a number for one of the scopes")
    if table.holds == "indicators" and existing is None:
        try:
            check_years(None, fields_of(None, cells))
        except ValidationError as error:
            return " ".join(error.messages)
    return ""


def _check_room(table: Table, held: Held, plan: Plan) -> None:
    """Say it now when the rows do not fit: not when somebody takes what they looked at."""
    new = sum(change.table is table for change in plan.new)
    there = sum(not row.fixed for row in held.of(table.concept))
    if new and there + new > most_rows(table):
        plan.faults.append(too_many(table, there, new))


def _plan_row(
    table: Table,
    incoming: Incoming,
    cells: dict[str, Value | None],
    existing: Row | None,
    published: dict[str, Decimal],
    plan: Plan,
) -> None:
    if table.holds != "rows":
        published = {}
    if existing is None:
        kept = {key: value for key, value in cells.items() if value is not None}
        plan.changes.append(
            Change(table, "", 0, incoming.code, kept, published=published, address=incoming.address)
        )
        return
    # An empty cell takes nothing away: it says nothing.
    different = {
        key: value for key, value in cells.items() if value is not None and existing.cells.get(key) != value
    }
    if not different and (not published or published == existing.published):
        plan.same[table.concept] += 1
    elif existing.fixed:
        text = _("this figure is published by {source} and stays as it is").format(source=existing.fixed)
        plan.refused.append((incoming.address, text))
    else:
        revision = emission_revision(existing) if table.holds == "emissions" else existing.revision
        before = {key: existing.cells.get(key) for key in different}
        merged = {**existing.published, **published}
        plan.changes.append(
            Change(table, existing.ident, revision, incoming.code, different, before, merged, incoming.address)
        )


def _key(table: Table, cells: Mapping[str, Value | None]) -> tuple[object, ...]:
    """Give what makes a row itself, apart from its code."""
    required = tuple(column.key for column in table.typed if column.is_required)
    names = IDENTITY.get(table.concept, required)
    default = {"payer": "unknown", "kind": "capital"} if table.holds == "investments" else {}
    values = (cells.get(name) if cells.get(name) is not None else default.get(name) for name in names)
    return tuple(plain(value) if isinstance(value, str) else value for value in values)


def _money_of_actions(tables: Mapping[str, Table], content: Content, held: Held, plan: Plan) -> None:
    """Take the total cost that stands with an action as its capital, where its money is not divided yet."""
    if "investments" not in tables:
        return
    costs = {row.code: row.computed.get("cost") for row in held.of("actions")}
    brought = {row.cells.get("action") for row in content.rows.get("investments", [])}
    added = []
    for row in content.rows.get("actions", []):
        cost = row.published.get("cost")
        if cost is None or row.code in brought:
            continue
        known = costs.get(row.code)
        if known is None:
            cells = {"action": row.code, "kind": "capital", "amount_meur": cost}
            added.append(Incoming(cells, row.address))
        elif known != Decimal(cost):
            text = _(
                "the file says {file} million euros for '{action}', its money adds up to {portal}; that stays"
            )
            words = {"file": number_text(Decimal(cost)), "portal": number_text(Decimal(str(known)))}
            plan.notes.append((row.address, text.format(action=row.cells.get("title"), **words)))
    if added:
        content.rows = {**content.rows, "investments": [*content.rows.get("investments", []), *added]}


def _plan_texts(version: ContractVersion, template: Template, content: Content, plan: Plan) -> None:
    there = {text.section_id: text for text in version.texts.all()}
    for each in content.texts:
        section = template.section(each.get("section", ""))
        if section is None:
            text = _("there is no section '{code}' in this standard").format(code=each.get("section", ""))
            plan.refused.append((each.get("section", ""), text))
            continue
        held = there.get(section.record.pk)
        words = {"text": each.get("text", ""), "text_en": each.get("text_en", "")}
        now = {"text": held.text, "text_en": held.text_en} if held else {"text": "", "text_en": ""}
        wanted = {key: words[key] or now[key] for key in words}
        longest = max(len(each) for each in wanted.values())
        if longest > LONGEST_TEXT:
            text = _("{number} characters; at most {most} fit here")
            words = {"number": format_number(longest), "most": format_number(LONGEST_TEXT)}
            plan.refused.append((each["section"], text.format(**words)))
            continue
        if wanted != now:
            plan.texts.append((section.record, {**wanted, "revision": str(held.revision if held else 0)}))


def _plan_version(version: ContractVersion, content: Content, plan: Plan) -> None:
    for name in ("target_year", "base_year", "summary", "summary_en", "source"):
        value = content.version.get(name)
        if value in (None, "") or value == getattr(version, name):
            continue
        if name == "target_year" and not FIRST_TARGET <= int(value) <= LAST_TARGET:
            plan.refused.append((f"version.{name}", _("The target year lies between 2030 and 2050.")))
        elif name == "base_year" and not FIRST_YEAR <= int(value) <= LAST_YEAR:
            text = _("'{text}' is not a year between {first} and {last}")
            said = text.format(text=value, first=FIRST_YEAR, last=LAST_YEAR)
            plan.refused.append((f"version.{name}", said))
        else:
            plan.version[name] = value


def described(change: Change, names: Names) -> dict[str, Any]:
    """Put a change into words: which row, and for each column what it was and what it becomes."""
    table = change.table
    first = next((column for column in table.typed if column.is_required), table.typed[0])
    cells = {**change.before, **change.cells}
    return {
        "address": change.address,
        "what": shown(first, cells.get(first.key), names) or change.code,
        "cells": [
            {
                "label": table.column(key).title,
                "before": shown(table.column(key), change.before.get(key), names),
                "after": shown(table.column(key), value, names),
            }
            for key, value in change.cells.items()
        ],
    }


def as_cells(row: Row) -> dict[str, Any]:
    """Give the cells of a row as JSON has them, empty ones left out."""
    said: dict[str, Any] = {key: to_json(value) for key, value in row.cells.items() if value is not None}
    if row.published:
        said[PUBLISHED] = {key: to_json(value) for key, value in row.published.items()}
    return said
