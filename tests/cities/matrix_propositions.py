"""Typical propositions by whose they are and where they stand."""

from collections.abc import Iterator
from datetime import timedelta

from cities.models.proposition import Proposition, PropositionSupport, UrbanTask
from governance.models import Organisation
from nss_portal.core.time import today
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of


def make_task(code: str = "mobility") -> UrbanTask:
    """Give an urban task, made when it is not there."""
    texts = {"label_nl": "Slimme bereikbaarheid", "label_en": "Smart accessibility"}
    return UrbanTask.objects.get_or_create(code=code, defaults=texts)[0]


def make_proposition(organisation: Organisation, state: str = "draft", **fields: object) -> Proposition:
    """Make a proposition in a state, finished."""
    fields.setdefault("title", "Eén loket voor warmtenetten")
    fields.setdefault("text", "Elke stad zoekt het nu zelf uit.")
    fields.setdefault("task", make_task())
    fields.setdefault("review_on", today() + timedelta(days=100))
    fields.setdefault("way", "self" if state == "on-its-way" else "")
    return Proposition.objects.create(organisation=organisation, state=state, **fields)


def make_support(proposition: Proposition, organisation: Organisation, **fields: object) -> PropositionSupport:
    """Let an organisation join."""
    fields.setdefault("joined_on", today())
    texts = {"brings": "Een jurist", "why": "Wij zoeken hetzelfde uit"}
    return PropositionSupport.objects.create(
        proposition=proposition, organisation=organisation, **{**texts, **fields}
    )


@records_of("proposition")
def propositions(person: Person) -> Iterator[Sample]:
    """Propositions: drafts and what is shared, of the own organisation and of another."""
    cast = person.cast
    if person.own:
        yield Sample.of("own draft", make_proposition(person.own), "own")
        yield Sample.of("own, on the agenda", make_proposition(person.own, "open"), "own")
    # The coordination team may work in a city of its own, which is another one than these two.
    yield Sample.of("draft of another", make_proposition(cast.other), hidden=True)
    yield Sample.of("of another, on the agenda", make_proposition(cast.other, "open"))
    yield Sample.of("of another, on its way", make_proposition(cast.mandating, "on-its-way"))
    yield Sample.of("of another, withdrawn", make_proposition(cast.mandating, "withdrawn"), hidden=True)
