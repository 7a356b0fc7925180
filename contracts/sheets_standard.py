"""The standard approach as tables and as data, to take along."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from contracts.models import StandardMeasure, StandardVersion
from contracts.models.standard import StandardItem
from contracts.presenting.standard import MeasureRow
from contracts.services.standard.versions import ITEMS
from contracts.standard_diff import in_words, label_of
from nss_portal.core.exports import Column, Sheet

# Numbers in a sheet stay numbers, with as many decimals as the model keeps.
DECIMALS = 3


def data_of(version: StandardVersion, items: Mapping[str, Sequence[StandardItem]]) -> dict[str, Any]:
    """Give a version as plain data; numbers are text, so that every decimal stays."""
    return {
        "schema": "nss-standard-approach/1",
        "version": version.number,
        "state": version.state,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "illustrative": version.is_illustrative,
        "intro_nl": version.intro_nl,
        "intro_en": version.intro_en,
        **{f"{kind}s": [{"code": one.code, **_values(one)} for one in items[kind]] for kind in items},
    }


def _values(item: StandardItem) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in item.values().items()}


def sheets_of(items: Mapping[str, Sequence[StandardItem]], labels: Mapping[str, str]) -> list[Sheet]:
    """Give a version as sheets: sections, measures, model promises."""
    names = {"section": _("Sections"), "measure": _("Measures"), "promise": _("Model promises")}
    return [
        measure_sheet(items[kind], labels) if kind == "measure" else _sheet(names[kind], kind, items[kind])
        for kind in ("section", "measure", "promise")
    ]


def _sheet(name: str, kind: str, rows: Sequence[StandardItem]) -> Sheet:
    model = ITEMS[kind]
    columns = [Column(_("code")), *(Column(label_of(model, one)) for one in model.FIELDS)]
    return Sheet(
        name,
        columns,
        [[row.code, *(in_words(row, one, value) for one, value in row.values().items())] for row in rows],
    )


def measure_sheet(rows: Sequence[StandardItem], labels: Mapping[str, str]) -> Sheet:
    """Give measures as one sheet, numbers as numbers."""
    numbers = {"effect", "effect_low", "effect_high", "cost", "cost_low", "cost_high"}
    wholes = {"years", "people_from", "people_to"}
    columns = [Column(_("code"))]
    for name in StandardMeasure.FIELDS:
        decimals = DECIMALS if name in numbers else 0 if name in wholes else None
        columns.append(Column(label_of(StandardMeasure, name), decimals))
    made = []
    for row in rows:
        if isinstance(row, StandardMeasure):
            shown = {**row.values(), "steps": MeasureRow(row, labels).steps}
            plain = [
                value if name in numbers | wholes or name == "steps" else in_words(row, name, value)
                for name, value in shown.items()
            ]
            made.append([row.code, *plain])
    return Sheet(_("Measures"), columns, made)
