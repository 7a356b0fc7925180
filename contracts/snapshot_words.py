"""What a version's snapshot holds, in words: names of its parts and fields, and their values as people read them.

Parts and fields that have no name here are shown under the name they have in the data, so that what is added to a
contract's form is compared and printed from the day on which it is there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contracts.canonical import MORE_OF_ACTION, MORE_OF_COMMITMENT, MORE_OF_INVESTMENT, MORE_OF_PARTY
from contracts.models import Action, Commitment, Investment, Party
from contracts.models.action import CapitalForm, Certainty, FieldOfAction, InvestmentKind, Lever, Payer, Sector
from contracts.models.party import CommitmentStatus
from governance.models.organisation import Group
from nss_portal.core.formats import MISSING, format_date, format_number

Text = str | Promise
Row = Mapping[str, Any]
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
NAME = re.compile(r"[a-z0-9_-]+")
YEAR = re.compile(r"(19|20)\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
# By these a row is found again in another version, the first that it has.
KEYS = ("code", "key", "id", "name", "title", "label")
# What says nothing to a reader.
HIDDEN = frozenset({"schema", "id", "order", "public_id"})
CHOICES: Mapping[str, Any] = {
    "sector": Sector,
    "certainty": Certainty,
    "payer": Payer,
    "group": Group,
    "field": FieldOfAction,
    "lever": Lever,
    "status": CommitmentStatus,
    "kind": InvestmentKind,
    "capital_form": CapitalForm,
}
PARTS: Mapping[str, Text] = {
    "version": gettext_lazy("Summary and years"),
    "contract": gettext_lazy("The contract"),
    "parties": gettext_lazy("Parties"),
    "commitments": gettext_lazy("Commitments"),
    "actions": gettext_lazy("Actions"),
    "investments": gettext_lazy("Money that belongs to no action"),
    "texts": gettext_lazy("Texts"),
    "emissions": gettext_lazy("Emission figures of the contract"),
}


def _called(model: type[Model], names: Iterable[str]) -> dict[str, Text]:
    """Give what the forms call fields of a model."""
    fields: Any = model._meta
    return {name: fields.get_field(name).verbose_name for name in names}


FIELDS: Mapping[str, Text] = {
    "number": gettext_lazy("Number"),
    "title": gettext_lazy("Title"),
    "name": gettext_lazy("Name"),
    "summary": gettext_lazy("Summary"),
    "source": gettext_lazy("Source"),
    "target_year": gettext_lazy("Target year"),
    "base_year": gettext_lazy("Base year"),
    "municipalities": gettext_lazy("Municipalities"),
    "standard": gettext_lazy("Standard"),
    "group": gettext_lazy("Kind of organisation"),
    "leading": gettext_lazy("Owner of the contract"),
    "party": gettext_lazy("Who promises"),
    "due_on": gettext_lazy("Due on"),
    "sector": gettext_lazy("Sector"),
    "effect_kt": gettext_lazy("Reduction in the target year (kt CO₂)"),
    "certainty": gettext_lazy("How sure"),
    "responsible": gettext_lazy("Responsible"),
    "investments": gettext_lazy("Investments"),
    "amount_meur": gettext_lazy("Investment (million euros)"),
    "payer": gettext_lazy("Who pays"),
    "year": gettext_lazy("Year"),
    "text": gettext_lazy("Text"),
    "kt": "kt CO₂",
    # What was added to the form later is called as its forms call it.
    **_called(Action, MORE_OF_ACTION),
    **_called(Party, MORE_OF_PARTY),
    **_called(Commitment, MORE_OF_COMMITMENT),
    **_called(Investment, MORE_OF_INVESTMENT),
    "source_locator": gettext_lazy("Place in the source"),
    "illustrative": gettext_lazy("Made up for the demonstration"),
}


def part_label(key: str) -> str:
    """Name a part of a snapshot."""
    return str(PARTS.get(key) or _plain(key))


def field_label(key: str) -> str:
    """Name a field of a snapshot; one of a text in English says so."""
    if key in FIELDS:
        label = str(FIELDS[key])
        # A unit such as 'kt CO₂' keeps its small letter.
        return label if key == "kt" else label[:1].upper() + label[1:]
    if key.endswith("_en"):
        return _("%(field)s, in English") % {"field": field_label(key.removesuffix("_en"))}
    return _plain(key)


def _plain(key: str) -> str:
    """Make words of a name from the data; what is written for people already stays as it is."""
    if not NAME.fullmatch(key):
        return key
    return key.replace("_", " ").replace("-", " ").strip().capitalize()


def as_number(key: str, value: object) -> Decimal | None:
    """Give what a field holds as a number, or None where it is a text, a year or nothing.

    Snapshots write decimals as texts ('60.4'); a code or a title that happens to look like one is no number.
    """
    if isinstance(value, bool) or "year" in key or key in KEYS:
        return None
    if isinstance(value, int | float):
        return None if isinstance(value, int) and YEAR.fullmatch(str(value)) else Decimal(repr(value))
    # A column that has its heading for a name is one of a table, where each value is of the column's kind.
    in_table = not NAME.fullmatch(key) and isinstance(value, str) and not YEAR.fullmatch(value)
    counts = (
        in_table
        or key == "kt"
        or key.endswith(("_kt", "_meur", "_eur", "_euro", "_mwh", "_pct", "_percent", "_share", "amount", "value"))
    )
    if counts and isinstance(value, str) and DECIMAL.fullmatch(value):
        return Decimal(value)
    return None


def number_words(value: Decimal | None) -> str:
    """Write a number with the decimals that it has."""
    if value is None:
        return MISSING
    exponent = value.normalize().as_tuple().exponent
    return format_number(value, max(0, -exponent) if isinstance(exponent, int) else 0)


def value_words(key: str, value: object) -> str:
    """Write a value of a snapshot as people read it; '' where there is none."""
    number = as_number(key, value)
    if number is not None:
        return number_words(number)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _text(key, value)
    if isinstance(value, Mapping):
        return "; ".join(f"{label}: {words}" for label, words in pairs(value))
    if isinstance(value, Sequence):
        return "\n".join(filter(None, (value_words(key, each) for each in value)))
    return str(value)


def _text(key: str, value: str) -> str:
    if key in CHOICES and value in CHOICES[key].values:
        return str(CHOICES[key](value).label)
    if key == "measure":
        return _plain(value)
    return format_date(date.fromisoformat(value)) if DAY.fullmatch(value) else value


def pairs(row: Row, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Give the fields of a row that say something, named, in the order in which the form has them."""
    left_out = {*HIDDEN, *without}
    found = [(key, value_words(key, row[key])) for key in in_order(row) if key not in left_out]
    return [(field_label(key), words) for key, words in found if words]


def in_order(row: Row) -> list[str]:
    """Give the names of fields as the form orders them, unknown ones last, as the row has them."""
    known = list(FIELDS)
    return sorted(row, key=lambda key: known.index(key) if key in FIELDS else len(known))


def row_key(row: Row) -> str:
    """Give that by which a row is found again in another version; a figure by what and when it is of."""
    if "sector" in row and "year" in row:
        return f"{row['sector']} {row['year']} {row.get('scope', '')}"
    return next((f"{row[key]}" for key in KEYS if row.get(key)), "")


def row_title(row: Row) -> str:
    """Name a row for people, in the language of the page where it was written in it."""
    names = [row.get(f"{key}_en") for key in ("title", "name", "label")] if get_language() == "en" else []
    names += [row.get(key) for key in ("title", "name", "label")]
    if "sector" in row and "year" in row:
        return f"{row.get('label') or row['sector']} {row['year']}"
    found = next((name for name in names if name), "")
    return str(found) or " · ".join(words for _label, words in pairs(row, ("code",)))[:120] or str(row.get("code"))


def unfolded(snapshot: Row, names: Mapping[str, str]) -> dict[str, Any]:
    """Give a snapshot with its texts and tables as parts of rows, under the titles of their form.

    `names` are of `contracts.naming.names_of`; what has no title keeps its code.
    """
    found: dict[str, Any] = {key: value for key, value in snapshot.items() if key not in ("texts", "tables")}
    texts, tables = snapshot.get("texts"), snapshot.get("tables")
    if is_rows(texts):
        found["texts"] = [
            {
                "code": row.get("section"),
                "title": names.get(f"section:{row.get('section')}", row.get("section")),
                **{key: value for key, value in row.items() if key != "section"},
            }
            for row in texts or ()
        ]
    for code, rows in (tables if isinstance(tables, Mapping) else {}).items():
        found[names.get(f"table:{code}", code)] = [_unfolded_row(code, row, names) for row in rows]
    return found


def _unfolded_row(code: str, row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    """Give a row of a table under its headings, known by the first text that the form requires of it."""
    cells, main = row["cells"], names.get(f"main:{code}", "")
    # A snapshot holds cells by the alphabet; people read them in the order of the form.
    places = {name: place for place, name in enumerate(names)}
    cells = dict(sorted(cells.items(), key=lambda cell: places.get(f"column:{code}:{cell[0]}", len(places))))
    said = {names.get(f"column:{code}:{key}", key): value for key, value in cells.items() if key != main}
    named = cells.get(main)
    return {"code": row["code"], **({} if named is None else {"title": str(named)}), **said}


def is_rows(value: object) -> bool:
    """Say whether a part is a list of rows."""
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)
