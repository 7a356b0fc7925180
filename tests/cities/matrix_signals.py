"""Typical signals, as the matrix's words see them."""

from collections.abc import Iterator

from tests.access.cast import Person
from tests.access.matrix import Sample, records_of
from tests.cities.signals import add_cosigner, make_ministry, make_signal


@records_of("signal")
def signals(person: Person) -> Iterator[Sample]:
    """Signals by who sends them, who is addressed, and who reads them."""
    cast, ministry = person.cast, make_ministry()
    if person.own:
        yield Sample.of("own draft", make_signal(person.own, state="draft"), "own")
        own = make_signal(person.own, ministry)
        yield Sample.of("own, sent in public", own, "own", "network", "published")
        asked = make_signal(cast.other, state="draft")
        add_cosigner(asked, person.own)
        yield Sample.of("draft that one is asked to co-sign", asked, "own")
        signed = make_signal(cast.other, ministry, audience="network")
        add_cosigner(signed, person.own, "signed")
        yield Sample.of("co-signed", signed, "own", "network")
        declined = make_signal(cast.other, state="draft")
        add_cosigner(declined, person.own, "declined")
        yield Sample.of("draft that one did not co-sign", declined, hidden=True)
        addressed = make_signal(cast.other, person.own, audience="network")
        yield Sample.of("addressed to one's organisation", addressed, "addressed", "network")
        draft = make_signal(cast.other, person.own, state="draft")
        yield Sample.of("draft that will be addressed to it", draft, hidden=True)
        left = make_signal(cast.other, person.own, audience="network")
        left.addressees.update(until=left.sent_on)
        # Whoever answers for an organisation sees what became of what it referred on.
        words = ("network", "published") if person.role == "partner" else ("network",)
        yield Sample.of("referred on by one's organisation", left, *words)
    yield Sample.of("draft of another", make_signal(cast.other, state="draft"), hidden=True)
    yield Sample.of("for the network", make_signal(cast.other, ministry, audience="network"), "network")
    yield Sample.of("public", make_signal(cast.other, ministry), "network", "published")
    yield Sample.of("draft where a mandate was given", make_signal(cast.mandating, state="draft"), hidden=True)
