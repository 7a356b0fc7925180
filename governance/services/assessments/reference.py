"""Instruments of assessment as reference data. Adds what is missing, reports what people changed."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from governance.models import Indicator, Instrument, Statement, User
from nss_portal.core import audit
from nss_portal.core.models.audit import Event

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "instruments.json"
FIELDS = ("about", "label_nl", "label_en", "question_nl", "question_en", "source")
INDICATOR = ("number", "label_nl", "label_en", "aspects_nl", "aspects_en")
STATEMENT = ("number", "text_nl", "text_en", "may_not_apply")


@transaction.atomic
def load_instruments() -> list[str]:
    """Load the instruments; a version that is there is left as it is, and said to differ where it does."""
    rows: list[Mapping[str, Any]] = json.loads(FILE.read_text())["instruments"]
    added = 0
    lines: list[str] = []
    for row in rows:
        there = Instrument.objects.filter(code=row["code"], edition=row["edition"]).first()
        if there is None:
            _add(row)
            added += 1
        else:
            lines += _differences(there, row)
    return [f"instruments of assessment: {len(rows)}, of which new {added}", *lines]


def _add(row: Mapping[str, Any]) -> None:
    earlier = Instrument.objects.filter(code=row["code"])
    newest = not earlier.filter(edition__gt=row["edition"]).exists()
    if newest:
        earlier.update(is_current=False)
    fields = {name: row[name] for name in FIELDS}
    made = Instrument.objects.create(code=row["code"], edition=row["edition"], is_current=newest, **fields)
    for indicator in row["indicators"]:
        kept = Indicator.objects.create(instrument=made, **{name: indicator[name] for name in INDICATOR})
        Statement.objects.bulk_create(
            Statement(indicator=kept, **{name: one[name] for name in STATEMENT}) for one in indicator["statements"]
        )
    audit.record(actor=User.objects.system(), event=Event.CREATED, obj=made)


def _differences(there: Instrument, row: Mapping[str, Any]) -> Iterable[str]:
    different = [name for name in FIELDS if getattr(there, name) != row[name]]
    wanted = {one["number"]: one["text_nl"] for part in row["indicators"] for one in part["statements"]}
    found = dict(Statement.objects.filter(indicator__instrument=there).values_list("number", "text_nl"))
    if found != wanted:
        different.append("statements")
    if different:
        yield f"instrument {row['code']} {row['edition']}: kept as edited ({', '.join(different)})"
