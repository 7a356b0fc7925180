"""Typical lessons, as the matrix's words see them."""

from collections.abc import Iterator

from activities.models import Lesson
from activities.workflow import SHARING
from governance.models import Organisation
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of
from tests.activities import matrix_desk

__all__ = ["matrix_desk"]


def make_lesson(organisation: Organisation, state: str = "draft", **fields: object) -> Lesson:
    """Make a lesson about an organisation in a state, shared as that state asks."""
    fields.setdefault("title", "Eén aanbesteding voor alle scholen")
    fields.setdefault("what_worked", "Samen inkopen scheelde een half jaar.")
    fields.setdefault("author_organisation", organisation)
    return Lesson.objects.create(organisation=organisation, state=state, sharing=SHARING[state], **fields)


@records_of("lesson")
def lessons(person: Person) -> Iterator[Sample]:
    """Lessons by whom they are about and where they stand."""
    cast = person.cast
    if person.own:
        yield Sample.of("own draft", make_lesson(person.own), "own")
        yield Sample.of("own, withdrawn", make_lesson(person.own, "withdrawn"), "own")
    yield Sample.of("draft of another", make_lesson(cast.other), hidden=True)
    yield Sample.of("released by another", make_lesson(cast.other, "released"), "network")
    yield Sample.of("of another, being edited", make_lesson(cast.other, "review"), "network")
    yield Sample.of("of another, published", make_lesson(cast.other, "published"), "network", "published")
    yield Sample.of("of another, withdrawn", make_lesson(cast.other, "withdrawn"))
    yield Sample.of("draft of the advised city", make_lesson(cast.advised), hidden=True)


from tests.activities import matrix_activity  # noqa: E402, F401 - its records are made with those above
