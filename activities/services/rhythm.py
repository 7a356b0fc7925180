"""Reference data of the year: elections and deliverables, added where missing, reported where they differ."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import transaction

from activities.models import RhythmDate

DATA = Path(__file__).resolve().parent.parent / "data" / "rhythm.csv"


@transaction.atomic
def load_rhythm() -> list[str]:
    """Write the dates of `rhythm.csv` that are not there yet; gives lines for the console."""
    with DATA.open(encoding="utf-8", newline="") as file:
        table = [_values(row) for row in csv.DictReader(file)]
    known = {record.code: record for record in RhythmDate.objects.all()}
    new = [RhythmDate(**row) for row in table if row["code"] not in known]
    RhythmDate.objects.bulk_create(new)
    return [f"dates of the year added {len(new)}", *_differing(known, table)]


def _values(row: dict[str, str]) -> dict[str, object]:
    return {
        **row,
        "starts_on": date.fromisoformat(row["starts_on"]),
        "ends_on": date.fromisoformat(row["ends_on"]),
        "is_sure": row["is_sure"] == "yes",
    }


def _differing(known: dict[str, RhythmDate], table: Iterable[dict[str, object]]) -> Iterable[str]:
    for row in table:
        record = known.get(str(row["code"]))
        for field, value in row.items() if record is not None else ():
            if getattr(record, field) != value:
                yield f"  differs: {row['code']} {field}: portal {getattr(record, field)}, table {value}"
