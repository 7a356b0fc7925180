"""A standard's sections, tables and columns as plain values: read once for a page, one query."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import F, Func, JSONField

from contracts.models import ContractStandard, TemplateColumn, TemplateSection, TemplateTable

COMPUTED = "computed"
# What a contract asks whose own standard has no tables in the portal.
FALLBACK = "own"
# The tables of a section with their columns, as the database has them.
TABLES = Func(
    F("pk"),
    template="""(SELECT coalesce(jsonb_agg(to_jsonb(t) || jsonb_build_object('columns', (
            SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c."order", c.id), '[]')
            FROM contracts_templatecolumn c WHERE c.table_id = t.id
        )) ORDER BY t."order", t.id), '[]')
        FROM contracts_templatetable t WHERE t.section_id = %(expressions)s)""",
    output_field=JSONField(),
)


@dataclass(frozen=True)
class Table:
    """A table with its columns."""

    record: TemplateTable
    columns: tuple[TemplateColumn, ...]

    @property
    def code(self) -> str:
        """Give the code under which its standard knows it."""
        return self.record.code

    @property
    def concept(self) -> str:
        """Say what it asks, the same in all standards."""
        return self.record.concept

    @property
    def holds(self) -> str:
        """Say where its rows live."""
        return self.record.holds

    @property
    def title(self) -> str:
        """Give the title in the language of the page."""
        return self.record.title

    @cached_property
    def typed(self) -> tuple[TemplateColumn, ...]:
        """Give the columns that somebody fills in."""
        return tuple(column for column in self.columns if column.kind != COMPUTED)

    @cached_property
    def computed(self) -> tuple[TemplateColumn, ...]:
        """Give the columns that the portal works out."""
        return tuple(column for column in self.columns if column.kind == COMPUTED)

    def column(self, key: str) -> TemplateColumn:
        """Give a column; raises KeyError."""
        found = next((column for column in self.columns if column.key == key), None)
        if found is None:
            raise KeyError(key)
        return found


@dataclass(frozen=True)
class Section:
    """A section with its tables."""

    record: TemplateSection
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Template:
    """What a standard asks."""

    standard: ContractStandard
    sections: tuple[Section, ...] = field(default=())

    @property
    def tables(self) -> Iterator[Table]:
        """Give all tables in their order."""
        for section in self.sections:
            yield from section.tables

    def table(self, code: str) -> Table | None:
        """Give the table of a code, or None."""
        return next((table for table in self.tables if table.code == code), None)

    def of_concept(self, concept: str) -> Table | None:
        """Give the table that asks this, or None."""
        return next((table for table in self.tables if table.concept == concept), None)

    def section(self, code: str) -> Section | None:
        """Give the section of a code, or None."""
        return next((section for section in self.sections if section.record.code == code), None)


def template_of(standard: ContractStandard) -> Template:
    """Read what a standard asks; a standard without tables of its own asks what a contract has anyway."""
    found = _read(standard)
    if found.sections or standard.code == FALLBACK:
        return found
    plain = ContractStandard.objects.filter(code=FALLBACK).first()
    return _read(plain) if plain else found


def _read(standard: ContractStandard) -> Template:
    found = TemplateSection.objects.filter(standard=standard).annotate(asked=TABLES).order_by("order", "pk")
    return Template(
        standard, tuple(Section(each, tuple(_table(each, table) for table in each.asked)) for each in found)
    )


def _table(section: TemplateSection, held: dict[str, Any]) -> Table:
    columns = [TemplateColumn(**column) for column in held.pop("columns")]
    record = TemplateTable(**held)
    record.section = section
    for column in columns:
        column.table = record
    return Table(record, tuple(columns))
