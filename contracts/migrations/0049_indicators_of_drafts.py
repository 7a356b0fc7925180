"""The table of indicators shows the contract's indicators: rows of drafts become indicators.

What was adopted keeps its rows.
"""

from typing import Any

from django.db import migrations, models
from django.utils.text import slugify

OPEN = ("draft", "internal_review")
NUMBERS = ("initial", "t2025", "t2027", "t2030")


def convert(apps: Any, _editor: Any) -> None:
    table, column = apps.get_model("contracts", "TemplateTable"), apps.get_model("contracts", "TemplateColumn")
    table.objects.filter(concept="indicators").update(holds="indicators")
    column.objects.filter(table__concept="indicators", key__in=NUMBERS).update(kind="signed")
    indicator, row = apps.get_model("contracts", "Indicator"), apps.get_model("contracts", "TableRow")
    taken: dict[int, set[str]] = {}
    for each in indicator.objects.order_by("pk"):
        each.code = _code(taken.setdefault(each.contract_id, set()), each.title)
        each.save(update_fields=["code"])
    held = row.objects.filter(table__concept="indicators", version__state__in=OPEN)
    for each in held.select_related("version").order_by("version", "order", "pk"):
        contract = each.version.contract_id
        if not indicator.objects.filter(contract=contract, title=each.cells.get("name", "")).exists():
            made = indicator(contract_id=contract, **_fields(each.cells), is_illustrative=each.is_illustrative)
            made.code = _code(taken.setdefault(contract, set()), made.title)
            made.save()
    held.delete()


def _code(taken: set[str], title: str) -> str:
    stem = slugify(title)[:36].strip("-") or "x"
    code = next(each for each in (stem, *(f"{stem}-{number}" for number in range(2, 1000))) if each not in taken)
    taken.add(code)
    return code


def _fields(cells: dict[str, Any]) -> dict[str, Any]:
    targets = {year: cells[f"t{year}"] for year in (2025, 2027, 2030) if cells.get(f"t{year}") is not None}
    last = max(targets, default=None)
    return {
        "title": cells.get("name", ""),
        "unit": cells.get("unit", ""),
        "outcome": cells.get("outcome", ""),
        "number": cells.get("number", ""),
        "action_code": cells.get("action", ""),
        "base_value": cells.get("initial"),
        "target_year": last,
        "target_value": targets.pop(last) if last else None,
        "milestones": {str(year): value for year, value in targets.items()},
    }


class Migration(migrations.Migration):
    dependencies = [("contracts", "0048_indicator_rows")]

    operations = [
        migrations.RunPython(convert, migrations.RunPython.noop),
        # Rows that were written have checks of their own waiting; a constraint cannot be added before those.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.UniqueConstraint(fields=("contract", "code"), name="indicator_code_once"),
        ),
    ]
