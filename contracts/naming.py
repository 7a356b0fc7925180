"""What the sections, tables and columns of a form are called."""

from django.db.models import CharField, Value
from django.utils.translation import get_language

from contracts.models.template import TemplateColumn, TemplateSection

EMPTY = Value("", output_field=CharField())


def names_of(standard: int) -> dict[str, str]:
    """Give titles in the language of the page by 'section:CODE', 'table:CODE' and 'column:CODE:KEY'.

    Columns come in the order of the form; 'main:CODE' gives the key of the column that a row is known by.
    `standard` is a primary key. One query.
    """
    language = "en" if get_language() == "en" else "nl"
    title = f"title_{language}"
    sections = TemplateSection.objects.filter(standard=standard).order_by()
    columns = TemplateColumn.objects.filter(table__standard=standard).order_by()
    asked = columns.values_list(
        "table__code", f"table__{title}", "key", title, "unit", "kind", "is_required", "order"
    )
    texts = sections.values_list("code", title, EMPTY, EMPTY, EMPTY, EMPTY, "asks_text", "order")
    found: dict[str, str] = {}
    for code, name, key, heading, unit, kind, is_required, _order in sorted(
        asked.union(texts, all=True), key=lambda row: int(row[-1])
    ):
        if key:
            if is_required and kind == "text":
                found.setdefault(f"main:{code}", key)
            found[f"table:{code}"] = name
            found[f"column:{code}:{key}"] = f"{heading} ({unit})" if unit else heading
        else:
            found[f"section:{code}"] = name
    return found
