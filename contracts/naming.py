"""What the sections, tables and columns of a form are called."""

from contracts.models.template import TemplateColumn, TemplateSection, TemplateTable


def names_of(standard: int) -> dict[str, str]:
    """Give titles in the language of the page by 'section:CODE', 'table:CODE' and 'column:CODE:KEY'.

    `standard` is a primary key. Three queries.
    """
    found = {f"section:{each.code}": each.title for each in TemplateSection.objects.filter(standard=standard)}
    tables = TemplateTable.objects.filter(standard=standard).order_by()
    found |= {f"table:{each.code}": each.title for each in tables}
    columns = TemplateColumn.objects.filter(table__standard=standard).select_related("table").order_by()
    return found | {
        f"column:{each.table.code}:{each.key}": f"{each.title} ({each.unit})" if each.unit else each.title
        for each in columns
    }
