"""CSV, in two ways: for people, whose Excel decides what a file looks like, and as open data.

A Dutch Excel opens a double-clicked CSV well when it has a byte order mark (else é becomes Ã©), semicolons between
the cells and a decimal comma. An English one wants commas and points. Open data follows RFC 4180: UTF-8 without a
mark, commas, points.
"""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from nss_portal.core.exports.sheets import Cell, Sheet, clean, looks_like_formula
from nss_portal.core.formats import is_dutch

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def csv_bytes(sheet: Sheet, *, open_data: bool = False) -> bytes:
    """Write a sheet as CSV: for people in the active language, or with `open_data` for machines.

    For people a text that a spreadsheet could take for a formula gets an apostrophe before it.
    """
    dutch = is_dutch() and not open_data
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if dutch else ",", lineterminator="\r\n")
    writer.writerow([_cell(column.head, dutch=dutch, guard=not open_data) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_cell(value, dutch=dutch, guard=not open_data) for value in row])
    return ("" if open_data else MARK).encode() + target.getvalue().encode()


def _cell(value: Cell, *, dutch: bool, guard: bool) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case int():
            return str(value)
        case float() | Decimal():
            number = format(Decimal(repr(value)) if isinstance(value, float) else value, "f")
            return number.replace(".", ",") if dutch else number
        case datetime():
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return f"{local:%Y-%m-%d %H:%M}" if guard else value.isoformat()
        case date():
            return value.isoformat()
    text = clean(str(value))
    return f"'{text}" if guard and looks_like_formula(text) else text
