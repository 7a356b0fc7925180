"""What somebody wants written in a row of a table, and how a refusal names the row."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contracts.services.errors import Refused
from contracts.tables.values import Value

Cells = Mapping[str, Value | None]


@dataclass(frozen=True)
class RowChange:
    """A row that is added, or, with an ident, changed from the revision it was seen in; only `cells` are written.

    `code` names a new row, as a file has it; `published` is what a file says in columns that the portal works
    out; `address` is where the row stands in a file.
    """

    cells: Cells
    ident: str = ""
    revision: int = 0
    code: str = ""
    published: Mapping[str, Decimal] = field(default_factory=dict)
    address: str = ""


@contextmanager
def at(change: RowChange) -> Iterator[None]:
    """Let what is said of a row name its address in the file."""
    try:
        yield
    except ValidationError as error:
        if not change.address:
            raise
        raise ValidationError([f"{change.address}: {text}" for text in error.messages]) from error


def gone() -> Refused:
    """Say that a row is not there any more."""
    return Refused(_("This row is not there any more. A colleague took it out."))
