"""Typical records of the desk, as the matrix's words see them."""

from collections.abc import Iterator

from tests.access.cast import Person
from tests.access.matrix import Sample, records_of
from tests.activities.desk import make_entry


@records_of("desk_directory")
def entries(person: Person) -> Iterator[Sample]:
    """Entries by who keeps them."""
    if person.own:
        yield Sample.of("kept by the own organisation", make_entry(person.own), "own")
        yield Sample.of("the same, ended", make_entry(person.own, state="ended"), "own")
    yield Sample.of("kept by another", make_entry(person.cast.other))
    yield Sample.of("kept by nobody in particular", make_entry())
