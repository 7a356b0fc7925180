"""Typical meetings, as the matrix's words see them."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from governance.models import Body, Meeting
from governance.services.meetings.reference import load_bodies
from tests.access.cast import Person
from tests.access.matrix import Sample, records_of


def make_meeting(state: str = "planned", **fields: object) -> Meeting:
    """Make a meeting of the steering group, in a week or a week ago."""
    load_bodies()
    fields.setdefault("body", Body.objects.get(code="stuurgroep"))
    past = state in ("held", "adopted")
    fields.setdefault("starts_at", timezone.now() + timedelta(days=-7 if past else 7))
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(hours=2))
    return Meeting.objects.create(state=state, **fields)


@records_of("meeting")
def meetings(person: Person) -> Iterator[Sample]:
    """Meetings by who takes part, who chairs, and whether the decisions are published."""
    yield Sample.of("planned", make_meeting())
    yield Sample.of("adopted", make_meeting("adopted"))
    yield Sample.of("published", make_meeting("adopted", is_published=True), "published")
    if person.own:
        mine = make_meeting()
        mine.participants.add(person.user)
        yield Sample.of("in which one takes part", mine, "participant")
        yield Sample.of("that one chairs", make_meeting(chair=person.user), "organiser", "participant")
