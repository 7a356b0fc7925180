"""Typical workspaces, as the matrix's words see them."""

from collections.abc import Iterator

from activities.models import Workspace
from governance.models import Organisation
from tests.access.cast import Person, make_user
from tests.access.matrix import Sample, records_of
from tests.activities.matrix_activity import make_activity, take_part


def _room(organisation: Organisation, state: str = "published") -> Workspace:
    return Workspace.objects.create(activity=make_activity(organisation, state))


@records_of("activity_workspace")
def workspaces(person: Person) -> Iterator[Sample]:
    """Workspaces by who takes part and who leads the activity."""
    cast = person.cast
    if person.own:
        colleague = make_user()
        yield Sample.of("led by one's organisation", _room(person.own), "organiser")
        for state in ("planned", "published", "held", "closed"):
            room = _room(cast.other, state)
            take_part(room.activity, person.user, person.own)
            yield Sample.of(f"takes part, {state}", room, "participant")
        for state in ("invited", "requested", "waiting", "declined", "withdrawn", "refused"):
            room = _room(cast.other)
            take_part(room.activity, person.user, person.own, state)
            yield Sample.of(f"participation {state}", room)
        room = _room(cast.other)
        take_part(room.activity, colleague, person.own)
        yield Sample.of("a colleague takes part", room)
    yield Sample.of("of others", _room(cast.other))
    yield Sample.of("of the advised city", _room(cast.advised))
    yield Sample.of("where a mandate was given", _room(cast.mandating))
