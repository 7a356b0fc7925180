"""Data as JSON."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils.functional import Promise


def plain(value: Any) -> Any:
    """Turn data into what JSON holds: dates as ISO text, decimals as the number they are, tuples as lists.

    Raises TypeError for anything else, since a record's text would say less than one thinks.
    """
    match value:
        case None | bool() | int() | float():
            return value.value if isinstance(value, Enum) else value
        case str():
            return str(value.value) if isinstance(value, Enum) else value
        case Promise():
            return str(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    raise TypeError(f"no plain data: {type(value).__name__}")


def json_bytes(value: Any) -> bytes:
    """Write data as JSON that people can read too: UTF-8, indented, keys in their order."""
    return (json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n").encode()
