"""Typical assessments, as the matrix's words see them."""

from collections.abc import Iterator

from governance.models import Participant
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of
from tests.governance.making_assessments import make_assessment


@records_of("assessment")
def assessments(person: Person) -> Iterator[Sample]:
    """Assessments by who holds them, where they stand, and with whom the result is shared."""
    cast = person.cast
    if person.own:
        for state in ("draft", "open", "closed"):
            yield Sample.of(f"own, {state}", make_assessment(person.own, state), "organiser")
    other = cast.other
    yield Sample.of("draft of another", make_assessment(other), hidden=True)
    yield Sample.of("of another, open", make_assessment(other, "open"))
    yield Sample.of("of another, closed", make_assessment(other, "closed"))
    network = make_assessment(other, "closed", sharing="network")
    yield Sample.of("of another, for the network", network, "network")
    published = make_assessment(other, "closed", sharing="published")
    yield Sample.of("of another, published", published, "network", "published")
    if person.own:
        for state, words in (("open", ()), ("closed", ("participant",))):
            asked = make_assessment(other, state)
            Participant.objects.create(assessment=asked, email="x@y.example", user=person.user, link_hash=asked.pk)
            yield Sample.of(f"in which one is asked, {state}", asked, *words)
