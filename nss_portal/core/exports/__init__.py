"""Data to take along: XLSX, CSV and JSON."""

from collections.abc import Sequence

from nss_portal.core.exports.plain import json_bytes, plain
from nss_portal.core.exports.sheets import Column, Sheet
from nss_portal.core.exports.table import csv_bytes

__all__ = ["Column", "Sheet", "csv_bytes", "json_bytes", "plain", "xlsx"]


def xlsx(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """Write sheets as one workbook; raises ValueError without any sheet, or for a row of another length.

    The library is read at the first workbook: it takes a sixth of the time in which a process starts.
    """
    from nss_portal.core.exports import workbook

    return workbook.xlsx(sheets, title=title)
