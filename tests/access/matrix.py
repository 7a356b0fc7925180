"""What the walker needs: the matrix as a file, and per resource the typical records that its words speak of."""

import csv
import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Model

from tests.access.cast import Person

MATRIX_FILE = Path(__file__).parent.parent / "permissions.csv"
ROLES = tuple(MATRIX_FILE.read_text().splitlines()[0].split(",")[2:])
MANNERS = {"propose", "decide", "vote"}
DOORS = {"form", "link"}


@dataclass(frozen=True)
class Sample:
    """One typical record, seen from one person.

    `words` are the words of the matrix that open it for this person ('own', 'network', 'published', 'addressed',
    …); 'own-lead' follows from 'own' by itself. A record that 'all' does not open (another's unshared draft)
    says so in `hidden`.
    """

    label: str
    record: Model
    words: frozenset[str] = frozenset()
    hidden: bool = False

    @classmethod
    def of(cls, label: str, record: Model, *words: str, hidden: bool = False) -> "Sample":
        return cls(label, record, frozenset(words), hidden)

    def open_by(self, cell: str, leads: bool) -> bool:
        """Say whether a cell's record words open this record for the person, who leads or not."""
        for word in cell.split("+"):
            if word == "all" and not self.hidden:
                return True
            if word == "own-lead" and leads and self.words & {"own", "own-lead"}:
                return True
            if word in self.words - {"own-lead"}:
                return True
        return False


Factory = Callable[[Person], Iterable[Sample]]
FACTORIES: dict[str, Factory] = {}


def records_of(resource: str) -> Callable[[Factory], Factory]:
    """Register the factory of a resource's typical records: `@records_of("contract")`."""

    def add(factory: Factory) -> Factory:
        FACTORIES[resource] = factory
        return factory

    return add


def load_matrix() -> dict[tuple[str, str], dict[str, str]]:
    """Give the matrix: (resource, action) to role to cell."""
    with MATRIX_FILE.open() as file:
        return {(row["resource"], row["action"]): {r: row[r] for r in ROLES} for row in csv.DictReader(file)}


def load_factories() -> dict[str, Factory]:
    """Import `tests/<app>/matrix.py` of all apps and give the factories they registered."""
    for path in sorted(MATRIX_FILE.parent.glob("*/matrix.py")):
        importlib.import_module(f"tests.{path.parent.name}.matrix")
    return FACTORIES
