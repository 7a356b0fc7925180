"""Data to take along: XLSX, CSV and JSON."""

from nss_portal.core.exports.plain import json_bytes, plain
from nss_portal.core.exports.sheets import Column, Sheet
from nss_portal.core.exports.table import csv_bytes
from nss_portal.core.exports.workbook import xlsx

__all__ = ["Column", "Sheet", "csv_bytes", "json_bytes", "plain", "xlsx"]
