"""The tables that standards ask (`data/contract_templates.json`): adds what is missing, overwrites nothing."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from contracts.models import ContractStandard, Measure, TemplateColumn, TemplateSection, TemplateTable
from contracts.services.reference import DATA, read

Row = Mapping[str, Any]


@transaction.atomic
def load_templates() -> list[str]:
    """Write kinds of measures, and sections, tables and columns of all standards; gives lines for the console."""
    known = set(Measure.objects.values_list("code", flat=True))
    measures = [Measure(**row) for row in read("measures.csv") if row["code"] not in known]
    Measure.objects.bulk_create(measures)
    data = json.loads((DATA / "contract_templates.json").read_text(encoding="utf-8"))
    lines = [f"kinds of measures added {len(measures)}"]
    for standard in ContractStandard.objects.filter(code__in=data["standards"]):
        lines += _load_standard(standard, data["standards"][standard.code], data["concepts"])
    return lines


def _load_standard(standard: ContractStandard, sections: list[Row], concepts: Mapping[str, Row]) -> Iterator[str]:
    there = {section.code: section for section in standard.sections.all()}
    tables = {table.concept: table for table in standard.tables.all()}
    added = 0
    for order, row in enumerate(sections):
        section = there.get(row["code"])
        if section is None:
            section = TemplateSection.objects.create(**_section(standard, row, order))
            added += 1
        elif (section.title_nl, section.title_en) != (row["title_nl"], row["title_en"]):
            yield f"  differs: {standard.code} {row['code']}: portal {section.title_nl}, table {row['title_nl']}"
        for place, held in enumerate(row["tables"]):
            concept = concepts[held["concept"]]
            if held["concept"] in tables:
                table = tables[held["concept"]]
                missing = set(table.columns.values_list("key", flat=True)).symmetric_difference(
                    column["key"] for column in concept["columns"]
                )
                _add_columns(table, concept, missing)
            else:
                _load_table(section, held, concept, place)
    yield f"sections of {standard.code} added {added}"


def _section(standard: ContractStandard, row: Row, order: int) -> dict[str, Any]:
    return {
        "standard": standard,
        "code": row["code"],
        "number": row["number"],
        "part": row["part"],
        "order": order,
        "title_nl": row["title_nl"],
        "title_en": row["title_en"],
        "guidance_nl": row.get("guidance_nl", ""),
        "guidance_en": row.get("guidance_en", ""),
        "asks_text": row.get("text", True),
    }


def _load_table(section: TemplateSection, place: Row, concept: Row, order: int) -> None:
    table = TemplateTable.objects.create(
        section=section,
        standard=section.standard,
        code=place["code"],
        concept=place["concept"],
        holds=concept["holds"],
        order=order,
        title_nl=concept["title_nl"],
        title_en=concept["title_en"],
        guidance_nl=concept.get("guidance_nl", ""),
        guidance_en=concept.get("guidance_en", ""),
        is_needed=concept.get("needed", False),
    )
    _add_columns(table, concept, {column["key"] for column in concept["columns"]})


def _add_columns(table: TemplateTable, concept: Row, wanted: set[str]) -> None:
    TemplateColumn.objects.bulk_create(
        TemplateColumn(
            table=table,
            key=column["key"],
            kind=column["kind"],
            vocabulary=column.get("vocabulary", ""),
            unit=column.get("unit", ""),
            order=number,
            is_required=column.get("required", False),
            title_nl=column["nl"],
            title_en=column["en"],
            aliases=column.get("aliases", []),
        )
        for number, column in enumerate(concept["columns"])
        if column["key"] in wanted
    )
