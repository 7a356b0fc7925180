"""Typical programmes and covenants, as the matrix's words see them."""

from collections.abc import Iterator

from tests.access.cast import Person
from tests.access.matrix import Sample, records_of
from tests.activities.programmes import make_covenant, make_partner, make_programme


@records_of("programme")
def programmes(person: Person) -> Iterator[Sample]:
    """Programmes by who leads them, who takes part, and with whom they are shared."""
    cast = person.cast
    if person.own:
        led = make_programme(person.own, sharing="draft")
        yield Sample.of("led by one's own, draft", led, "organiser", "own-party")
        part = make_programme(cast.other, sharing="draft")
        make_partner(part, person.own, answer="asked")
        yield Sample.of("draft in which one is asked", part, "own-party", hidden=True)
        left = make_programme(cast.other, sharing="draft")
        make_partner(left, person.own, left_on="2024-01-01", left_reason="Geen tijd")
        yield Sample.of("draft that one has left", left, hidden=True)
    yield Sample.of("draft of another", make_programme(cast.other, sharing="draft"), hidden=True)
    yield Sample.of("for the network", make_programme(cast.other, sharing="network"), "network")
    yield Sample.of("public", make_programme(cast.other), "network", "published")


@records_of("covenant")
def covenants(person: Person) -> Iterator[Sample]:
    """Covenants by whether one's organisation is a party."""
    cast = person.cast
    if person.own:
        for answer, words in (("yes", ["own-party"]), ("asked", []), ("no", [])):
            programme = make_programme(cast.other)
            make_partner(programme, person.own, answer=answer)
            yield Sample.of(f"answered {answer}", make_covenant(programme), *words)
    yield Sample.of("of others", make_covenant(make_programme(cast.other)))
