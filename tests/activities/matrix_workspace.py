"""Typical workspaces, as the matrix's words see them."""

from collections.abc import Iterator

from activities.models import WorkingGroup, WorkingGroupMember, Workspace
from governance.models import Organisation
from nss_portal.core.time import today
from tests.access.cast import Person, make_user
from tests.access.matrix import Sample, records_of
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.programmes import make_partner, make_programme


def _of_programmes(person: Person) -> Iterator[Sample]:
    cast = person.cast
    if person.own:
        led = make_programme(person.own)
        yield Sample.of(
            "of a programme that one leads", Workspace.objects.create(programme=led), "organiser", "participant"
        )
        for answer, left, words in (
            ("yes", {}, ["participant"]),
            ("asked", {}, []),
            ("no", {}, []),
            ("yes", {"left_on": today(), "left_reason": "Geen tijd"}, []),
        ):
            programme = make_programme(cast.other)
            part = make_partner(programme, person.own, answer=answer, **left)
            yield Sample.of(f"programme, {answer} {left}", Workspace.objects.create(programme=programme), *words)
            for user, is_in in ((None, True), (person.user, True), (make_user(), False)):
                group = WorkingGroup.objects.create(programme=programme, name=f"Groep {user}")
                WorkingGroupMember.objects.create(group=group, partner=part, user=user)
                seated = words if is_in else []
                yield Sample.of(f"group, {answer} {left} {user}", Workspace.objects.create(group=group), *seated)
    programme = make_programme(cast.other)
    yield Sample.of("of a programme of others", Workspace.objects.create(programme=programme))


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
    yield from _of_programmes(person)
    yield Sample.of("of others", _room(cast.other))
    yield Sample.of("of the advised city", _room(cast.advised))
    yield Sample.of("where a mandate was given", _room(cast.mandating))
