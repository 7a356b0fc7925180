"""What the sections, tables and columns of a form are called."""

from django.db.models import CharField, Value
from django.utils.translation import get_language

from contracts.models.template import TemplateColumn, TemplateSection

EMPTY = Value("", output_field=CharField())


def names_of(standard: int) -> dict[str, str]:
    """Give titles in the language of the page by 'section:CODE', 'table:CODE' and 'column:CODE:KEY'.

    `standard` is a primary key. One query.
    """
    language = "en" if get_language() == "en" else "nl"
    title = f"title_{language}"
    sections = TemplateSection.objects.filter(standard=standard).order_by()
    columns = TemplateColumn.objects.filter(table__standard=standard).order_by()
    asked = columns.values_list("table__code", f"table__{title}", "key", title, "unit")
    found: dict[str, str] = {}
    for code, name, key, heading, unit in asked.union(
        sections.values_list("code", title, EMPTY, EMPTY, EMPTY), all=True
    ):
        if key:
            found[f"table:{code}"] = name
            found[f"column:{code}:{key}"] = f"{heading} ({unit})" if unit else heading
        else:
            found[f"section:{code}"] = name
    return found
