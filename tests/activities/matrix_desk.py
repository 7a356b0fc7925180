"""Typical records of the desk, as the matrix's words see them."""

from collections.abc import Iterator

from tests.access.cast import Person
from tests.access.matrix import Sample, records_of
from tests.activities.desk import invite, make_entry, make_question


@records_of("desk_directory")
def entries(person: Person) -> Iterator[Sample]:
    """Entries by who keeps them."""
    if person.own:
        yield Sample.of("kept by the own organisation", make_entry(person.own), "own")
        yield Sample.of("the same, ended", make_entry(person.own, state="ended"), "own")
    yield Sample.of("kept by another", make_entry(person.cast.other))
    yield Sample.of("kept by nobody in particular", make_entry())


@records_of("desk_question")
def questions(person: Person) -> Iterator[Sample]:
    """Questions by who asked them, who has them, who was asked along, and what everybody reads."""
    other = person.cast.other
    if person.own:
        yield Sample.of("asked by the own organisation", make_question(person.own), "own")
        published = make_question(person.own, "answered", is_public=True)
        yield Sample.of("the same, published", published, "own", "published")
        yield Sample.of("with the own organisation", make_question(other, holder=person.own), "addressed")
        asked = make_question(other)
        invite(asked, person.own)
        yield Sample.of("the own city was asked along", asked, "addressed")
        unconfirmed = make_question(holder=person.own, verified_at=None)
        yield Sample.of("address not confirmed yet", unconfirmed, hidden=True)
    yield Sample.of("asked by another", make_question(other))
    yield Sample.of("of somebody without an account", make_question())
    yield Sample.of("answered, not published", make_question(other, "answered"))
    yield Sample.of("answered and published", make_question(other, "answered", is_public=True), "published")
    yield Sample.of("of somebody who did not confirm yet", make_question(verified_at=None), hidden=True)
