"""A workspace with people in it, for the tests."""

from dataclasses import dataclass
from datetime import date, timedelta

from activities.models import Activity, WorkingGroup, WorkingGroupMember, Workspace
from activities.services.workspace import decisions, notes, tasks
from activities.services.workspace.rooms import open_workspace
from governance.models import User
from nss_portal.core.time import today
from tests.access.cast import Cast, Person
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.programmes import make_partner, make_programme


@dataclass
class Ground:
    """An activity that `organiser` leads, with its workspace; `team` and
    `partner` take part, `outsider` does not."""

    cast: Cast
    organiser: Person
    team: Person
    partner: Person
    outsider: Person
    activity: Activity | None
    workspace: Workspace

    def address(self, part: str = "") -> str:
        """Give an address in the workspace."""
        return self.workspace.get_absolute_url() + part


def make_ground(cast: Cast | None = None, **fields: object) -> Ground:
    """Make an activity with those who take part and its workspace."""
    cast = cast or Cast()
    organiser, team = cast.person("ministry"), cast.person("team", leads=True)
    partner, outsider = cast.person("partner"), cast.person("team", leads=True)
    activity = make_activity(organiser.own, **fields)
    for person in (organiser, team, partner):
        take_part(activity, person.user, person.own)
    workspace = open_workspace(actor=organiser.user, owner=activity)
    return Ground(cast, organiser, team, partner, outsider, activity, workspace)


def make_programme_ground(cast: Cast | None = None, *, group: bool = False, **fields: object) -> Ground:
    """Make a programme that `organiser` leads, with its workspace or that of a working group; `team` and
    `partner` have a seat in the group, `outsider` is asked and has not answered."""
    cast = cast or Cast()
    organiser, team = cast.person("ministry"), cast.person("team", leads=True)
    partner, outsider = cast.person("partner"), cast.person("team", leads=True)
    programme = make_programme(organiser.own, "execution", **fields)
    parts = [make_partner(programme, person.own) for person in (team, partner)]
    make_partner(programme, outsider.own, answer="asked")
    owner = programme
    if group:
        owner = WorkingGroup.objects.create(programme=programme, name="Ondergrond", task="Kabels")
        lead = programme.partners.get(organisation=organiser.own)
        for part, person in zip((lead, *parts), (organiser, team, None), strict=True):
            user = person and person.user
            WorkingGroupMember.objects.create(group=owner, partner=part, user=user, is_lead=part == lead)
    workspace = open_workspace(actor=organiser.user, owner=owner)
    return Ground(cast, organiser, team, partner, outsider, None, workspace)


def soon(days: int = 10) -> date:
    return today() + timedelta(days=days)


def make_note(ground: Ground, actor: User | None = None, title: str = "Notitie", text: str = "Eerste tekst"):
    """Add a note."""
    actor = actor or ground.team.user
    return notes.add_note(actor=actor, workspace=ground.workspace, title=title, text=text)


def make_task(ground: Ground, **fields: object):
    """Ask something of everybody who takes part, or of `people`."""
    fields = {"title": "Lees het stuk", "due_on": soon(), **fields}
    return tasks.ask_task(actor=ground.organiser.user, workspace=ground.workspace, **fields)


def make_point(ground: Ground, **fields: object):
    """Agree on something that the partner does."""
    fields = {"text": "Zoek de cijfers uit", "owner": ground.partner.user, "due_on": soon(), **fields}
    return decisions.add_point(actor=ground.team.user, workspace=ground.workspace, **fields)


def make_decision(ground: Ground, **fields: object):
    """Record a decision of today."""
    fields = {"text": "Wij kopen samen in", "decided_by": "De deelnemers", "decided_on": today(), **fields}
    return decisions.record_decision(actor=ground.team.user, workspace=ground.workspace, **fields)
