"""Reference data of the cities app: adds what is missing, reports what differs, overwrites nothing."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from cities.models import Involvement, Municipality, MunicipalityName, SupportTool, Theme, TransitionStep
from cities.services.municipalities import add_municipalities
from cities.services.municipality_table import decode, read_table

DATA = Path(__file__).resolve().parent.parent / "data"


def read(name: str) -> list[dict[str, str]]:
    """Give the rows of one of the app's own tables."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_reference() -> list[str]:
    """Write municipalities, their other names and involvement, themes and steps; gives lines for the console."""
    return [
        *load_municipalities(),
        *_load_names(),
        *_load_involvement(),
        *_load_labelled(Theme, "themes.csv"),
        *_load_labelled(TransitionStep, "transition_steps.csv"),
        *_load_labelled(SupportTool, "support_tools.csv"),
    ]


def load_municipalities() -> list[str]:
    """Add the municipalities that are not there yet."""
    outcome = add_municipalities(read_table(decode((DATA / "municipalities.csv").read_bytes())))
    lines = [f"municipalities added {len(outcome.added)}"]
    for code, differences in outcome.differing.items():
        lines += [
            f"  differs: {code} {name}: portal {there!s}, table {here!s}"
            for name, (there, here) in differences.items()
        ]
    return lines


def _load_names() -> list[str]:
    codes = dict(Municipality.objects.values_list("code", "pk"))
    names = [
        MunicipalityName(municipality_id=codes[row["cbs_code"]], name=row["name"], kind=row["kind"])
        for row in read("other_names.csv")
    ]
    before = MunicipalityName.objects.count()
    MunicipalityName.objects.bulk_create(names, ignore_conflicts=True)
    return [f"other names added {MunicipalityName.objects.count() - before}"]


def _load_involvement() -> list[str]:
    """Add the history of municipalities that have none; whoever has one keeps it."""
    codes = {m.code: m for m in Municipality.objects.filter(involvements__isnull=True)}
    rows = read("involvement.csv")
    new = [
        Involvement(
            municipality=codes[row["cbs_code"]],
            level=row["level"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            reason_nl=row["reason_nl"],
            reason_en=row["reason_en"],
            source=row["source"],
            decided_by_label=row["decided_by"],
        )
        for row in rows
        if row["cbs_code"] in codes
    ]
    Involvement.objects.bulk_create(new)
    return [f"periods of involvement added {len(new)}", *_differing_involvement(rows)]


def _differing_involvement(rows: Iterable[dict[str, str]]) -> list[str]:
    there = {
        (code, level, day.isoformat())
        for code, level, day in Involvement.objects.values_list("municipality__code", "level", "valid_from")
    }
    return [
        f"  differs: {row['cbs_code']} is not {row['level']} from {row['valid_from']} in the portal"
        for row in rows
        if (row["cbs_code"], row["level"], row["valid_from"]) not in there
    ]


def _load_labelled(model: type[Theme] | type[TransitionStep] | type[SupportTool], name: str) -> list[str]:
    manager: Any = model._default_manager
    there = {record.code: record for record in manager.all()}
    rows = read(name)
    new = [model(**row) for row in rows if row["code"] not in there]
    manager.bulk_create(new)
    lines = [f"{model._meta.model_name} added {len(new)}"]
    for row in rows:
        record = there.get(row["code"])
        for field, value in row.items():
            if record is not None and str(getattr(record, field)) != value:
                lines.append(f"  differs: {row['code']} {field}: portal {getattr(record, field)}, table {value}")
    return lines
