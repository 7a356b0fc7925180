"""Answers of a review out of a spreadsheet: read, and matched to the promises; nothing is written here.

The columns are those of the portal's own table, in their order, or by their headings where these come along.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override

from contracts.exchange.grids import UnreadableFile, pasted
from contracts.models import Effort
from contracts.models.review import EffortStatus

LONGEST = 500_000  # characters
# Columns of the table to fill in, in their order; the second and third are for reading.
COLUMNS = ("number", "title", "last", "status", "kt", "text", "learned")
NEEDED = ("number", "status")


@dataclass
class Pasted:
    """What was read: cells per number of a promise (from 1), and what could not be placed, in words."""

    rows: dict[int, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def headings() -> dict[str, str]:
    """Give the headings of the table, in the language of the page."""
    return {
        "number": _("No."),
        "title": _("Promise"),
        "last": _("Last year"),
        "status": _("How it stands"),
        "kt": _("Expected (kt)"),
        "text": _("What happened, or what blocks it"),
        "learned": _("What others can learn from it"),
    }


def read_pasted(text: str, efforts: Sequence[Effort]) -> Pasted:
    """Read pasted cells for these promises, in the order of the table. Raises UnreadableFile."""
    if len(text) > LONGEST:
        raise UnreadableFile(_("This is too much text. Paste at most the rows of this table."))
    grid = pasted(text)
    if grid.refused:
        raise UnreadableFile(_("This text {why}.").format(why=grid.refused))
    rows = [(number, {k: str(v).strip() for k, v in cells.items()}) for number, cells in grid.by_row().items()]
    places = _places(rows[0][1] if rows else {})
    found = Pasted()
    for line, cells in rows[1:] if places else rows:
        _place(found, line, _named(cells, places), efforts)
    if not rows:
        raise UnreadableFile(_("Nothing was pasted. Copy the rows in your spreadsheet first."))
    return found


def _places(first: Mapping[int, str]) -> dict[int, str]:
    """Give which column stands where, out of a first row with headings; nothing when it has none."""
    words: dict[str, str] = {}
    for language in ("nl", "en"):
        with override(language):
            words |= {_plain(heading): name for name, heading in headings().items()}
    found = {place: words[_plain(text)] for place, text in first.items() if _plain(text) in words}
    return found if all(name in found.values() for name in NEEDED) else {}


def _named(cells: Mapping[int, str], places: Mapping[int, str]) -> dict[str, str]:
    names = places or dict(enumerate(COLUMNS, start=1))
    return {names[place]: text for place, text in cells.items() if place in names}


def _place(found: Pasted, line: int, cells: dict[str, str], efforts: Sequence[Effort]) -> None:
    """Match one row to a promise by its number, and its answer to one of the answers."""
    number = _number(cells, efforts)
    if number is None:
        text = _("Row %(line)d names no promise of this table: %(what)s.")
        found.notes.append(text % {"line": line, "what": cells.get("number") or cells.get("title") or "–"})
        return
    if number in found.rows:
        text = _("Row %(line)d is about number %(number)d, which came before; the later row counts.")
        found.notes.append(text % {"line": line, "number": number})
    if cells.get("status"):
        code = _statuses().get(_plain(cells["status"]))
        if code is None:
            text = _("Row %(line)d, number %(number)d: ‘%(what)s’ is none of the answers.")
            found.notes.append(text % {"line": line, "number": number, "what": cells["status"][:60]})
        cells["status"] = code or ""
    found.rows[number] = {name: cells[name] for name in ("status", "kt", "text", "learned") if name in cells}


def _number(cells: Mapping[str, str], efforts: Sequence[Effort]) -> int | None:
    digits = cells.get("number", "").rstrip(".").removesuffix(",0").removesuffix(".0")
    if digits.isascii() and digits.isdigit() and len(digits) < 6:
        return int(digits) if 1 <= int(digits) <= len(efforts) else None
    wanted = _plain(cells.get("title", ""))
    titles = [_plain(str(effort.action or effort.commitment)) for effort in efforts]
    return titles.index(wanted) + 1 if wanted and titles.count(wanted) == 1 else None


def _statuses() -> dict[str, str]:
    words = {value: value for value in EffortStatus.values}
    for language in ("nl", "en"):
        with override(language):
            words |= {_plain(str(label)): value for value, label in EffortStatus.choices}
    return words


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
