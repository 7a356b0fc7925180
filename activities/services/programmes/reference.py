"""Reference data of programmes: phases, scaling themes, existing programmes. What people edited stays."""

import csv
from pathlib import Path
from typing import Any

from django.db import models, transaction

from activities.models import ExistingProgramme, ProgrammePhase, ScalingTheme

DATA = Path(__file__).resolve().parent.parent.parent / "data"


@transaction.atomic
def load_reference() -> list[str]:
    """Write the three tables; gives lines for the console. What people edited stays as it is."""
    return [
        *_load(ProgrammePhase, "programme_phases.csv"),
        *_load(ScalingTheme, "scaling_themes.csv"),
        *_load(ExistingProgramme, "existing_programmes.csv"),
    ]


def _load(model: type[models.Model], name: str) -> list[str]:
    manager: Any = model._default_manager
    there = {row.code: row for row in manager.all()}
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = [_typed(model, row) for row in csv.DictReader(file)]
    new = [model(**row) for row in rows if row["code"] not in there]
    manager.bulk_create(new)
    differing = [
        f"  differs: {row['code']} {field}: portal {getattr(there[row['code']], field)}, table {value}"
        for row in rows
        if row["code"] in there
        for field, value in row.items()
        if getattr(there[row["code"]], field) != value
    ]
    return [f"{model._meta.verbose_name_plural} added {len(new)}", *differing]


def _typed(model: type[models.Model], row: dict[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, text in row.items():
        field = model._meta.get_field(name)
        given[name] = bool(text) if isinstance(field, models.BooleanField) else field.to_python(text)  # type: ignore[union-attr]
    return given
