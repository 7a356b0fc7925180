"""Reference data of the contracts app: adds what is missing, reports what differs, overwrites nothing."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from cities.models import Municipality
from contracts.figures import value_of
from contracts.models import ContractStandard, EmissionFigure, EmissionSeries, EmissionSource

DATA = Path(__file__).resolve().parent.parent / "data"


def read(name: str) -> list[dict[str, str]]:
    """Give the rows of one of the app's own tables."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_reference() -> list[str]:
    """Write standards, and emission figures of municipalities with their sources; gives lines for the console."""
    lines = [
        *_load_by_code(ContractStandard, "contract_standards.csv"),
        *_load_by_code(EmissionSource, "emission_sources.csv"),
    ]
    codes = dict(Municipality.objects.values_list("code", "pk"))
    rows = [row for row in read("emission_series.csv") if row["municipality"] in codes]
    series = {row["key"]: add_series(row, municipality_id=codes[row["municipality"]]) for row in rows}
    figures = [(series[row["series"]], row) for row in read("emission_figures.csv") if row["series"] in series]
    return [*lines, *add_figures(figures)]


def _load_by_code(model: type[ContractStandard] | type[EmissionSource], name: str) -> list[str]:
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


def add_series(row: Mapping[str, Any], **subject: Any) -> EmissionSeries:
    """Give the series of a row, made when it is not there; `subject` is its municipality or its contract."""
    place = {"source": EmissionSource.objects.get(code=row["source"]), "locator": row["locator"]}
    identity = {**place, "scope": row["scope"], "gas": row["gas"], **subject}
    defaults = {
        "locator_en": row["locator_en"],
        "unit": row.get("unit", "kt"),
        "reference_year": row.get("reference_year"),
        "printed_unit": row["printed_unit"],
        "boundary_nl": row["boundary_nl"],
        "boundary_en": row["boundary_en"],
        "is_leading": str(row["is_leading"]) == "1",
    }
    return EmissionSeries.objects.get_or_create(**identity, defaults=defaults)[0]


def add_figures(rows: Sequence[tuple[EmissionSeries, Mapping[str, Any]]]) -> list[str]:
    """Add figures that are not there; report those that the portal holds with another number."""
    held = {
        (figure.series_id, figure.kind, figure.year, figure.sector, figure.sector_label_en): figure.printed
        for figure in EmissionFigure.objects.filter(series__in=[series for series, _row in rows])
    }
    new, lines = [], []
    for series, row in rows:
        key = (series.pk, row["kind"], int(row["year"]), row["sector"], row["label_en"])
        if key not in held:
            new.append(_figure(series, row))
        elif held[key] != row["printed"]:
            lines.append(f"  differs: {series} {row['label_nl']} {row['year']}: portal {held[key]}")
    EmissionFigure.objects.bulk_create(new)
    return [f"emission figures added {len(new)}", *lines]


def _figure(series: EmissionSeries, row: Mapping[str, Any]) -> EmissionFigure:
    return EmissionFigure(
        series=series,
        kind=row["kind"],
        sector=row["sector"],
        sector_label_nl=row["label_nl"],
        sector_label_en=row["label_en"],
        year=int(row["year"]),
        printed=row["printed"],
        value=value_of(row["printed"], series.printed_unit),
        is_detail=str(row["is_detail"]) == "1",
        status=row.get("status", ""),
        note_nl=row.get("note_nl", ""),
        note_en=row.get("note_en", ""),
    )
