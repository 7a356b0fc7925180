"""Who may see, propose, change and register for activities: the rows of the matrix."""

from functools import lru_cache

from django.db.models import Exists, OuterRef, Q

from activities.models import Activity, Participation
from activities.models.activity import (
    ASKED,
    SHOWN_STATES,
    TAKING_PART,
    ActivityState,
    Audience,
    ParticipationState,
    Readers,
)
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.access import Resource, Role, Standing, cells, register
from nss_portal.core.access.standing import Organisations

SHOWN = Q(state__in=SHOWN_STATES)
# A level sees what is for it and for the wider circles.
CIRCLES: dict[str, tuple[Audience, ...]] = {
    "mission": (Audience.COP, Audience.NOP, Audience.INTERESTED, Audience.EVERYBODY),
    "eoi": (Audience.NOP, Audience.INTERESTED, Audience.EVERYBODY),
    "interested": (Audience.INTERESTED, Audience.EVERYBODY),
    "other": (Audience.EVERYBODY,),
}
# Their people count as those of a mission city.
MISSION_ROLES = (Role.ADVISOR, Role.MINISTRY, Role.DESK, Role.PUBLISHER)
MISSION_GROUPS = (Group.MINISTRY, Group.AGENCY, Group.UMBRELLA)


def level(standing: Standing, organisations: Organisations) -> Q:
    """Activities for the level of the organisations: ministries, RVO, VNG and advisors are as mission cities."""
    as_mission = frozenset().union(*(standing.roles.get(role, frozenset()) for role in MISSION_ROLES))
    levels = {standing.levels.get(organisation, "") for organisation in organisations}
    if organisations & as_mission:
        levels.add("mission")
    widest = next((name for name in CIRCLES if name in levels), "other")
    # Who signs for a ministry need not be its contact person; of what group that is, only the database knows.
    rest = frozenset(
        standing.roles.get(Role.SIGNATORY, frozenset()) & organisations - standing.levels.keys() - as_mission
    )
    return _level(widest, rest if widest != "mission" else frozenset())


@lru_cache(maxsize=1024)
def _level(name: str, signed_for: Organisations) -> Q:
    found = SHOWN & Q(audience__in=CIRCLES[name])
    if signed_for:
        ministries = Organisation.objects.filter(pk__in=signed_for, group__in=MISSION_GROUPS).order_by()
        found |= SHOWN & Q(Exists(ministries))
    return found


def participant(standing: Standing, organisations: Organisations) -> Q:
    """Activities in which the person has a place or was invited to one, also while they are planned."""
    return _of_person(standing.user_id, (*TAKING_PART, ParticipationState.INVITED))


def invited(standing: Standing, organisations: Organisations) -> Q:
    """Activities to which the person or the organisation was invited."""
    return _of_person(standing.user_id, ASKED) | _invited(organisations)


@lru_cache(maxsize=1024)
def _of_person(user_id: int | None, states: tuple[str, ...]) -> Q:
    there = Participation.objects.filter(activity=OuterRef("pk"), user=user_id, state__in=states)
    return ~Q(state=ActivityState.DRAFT) & Q(Exists(there.order_by()))


@lru_cache(maxsize=1024)
def _invited(organisations: Organisations) -> Q:
    asked = Activity.invited.through._default_manager.filter(
        activity=OuterRef("pk"), organisation__in=organisations
    )
    return ~Q(state=ActivityState.DRAFT) & Q(Exists(asked))


def organiser(standing: Standing, organisations: Organisations) -> Q:
    """Activities that the person's organisations lead."""
    return Q(organisation__in=organisations)


def own(standing: Standing, organisations: Organisations) -> Q:
    """Activities that the person's organisations proposed."""
    return Q(proposed_by__in=organisations)


def everything(standing: Standing, organisations: Organisations) -> Q:
    """All that are not drafts of others."""
    return (
        ~Q(state=ActivityState.DRAFT)
        | organiser(standing, standing.organisations)
        | own(standing, standing.organisations)
    )


def published(standing: Standing, organisations: Organisations) -> Q:
    """What everybody reads."""
    return SHOWN & Q(sharing=Readers.PUBLISHED)


ACTIVITY = register(
    Resource(
        name="activity",
        model="activities.Activity",
        actions={
            "view": cells(
                visitor="published",
                member="level+participant",
                team="level+participant",
                advisor="level+participant",
                signatory="level+participant",
                ministry="level+participant",
                partner="invited+participant",
                desk="level+participant",
                publisher="level+participant",
                steering="all",
                coordinator="all",
            ),
            "propose": cells(
                member="own",
                team="own",
                ministry="own",
                partner="own",
                desk="own",
                publisher="own",
                coordinator="all",
            ),
            "support_proposal": cells(member="own", team="own", ministry="own", partner="own"),
            "change": cells(
                member="organiser",
                team="organiser",
                ministry="organiser",
                partner="organiser",
                desk="organiser",
                publisher="organiser",
                coordinator="all",
            ),
            "register": cells(
                member="level",
                team="level",
                advisor="level",
                signatory="level",
                ministry="level",
                partner="invited",
                desk="level",
                publisher="level",
                steering="all",
                coordinator="all",
            ),
        },
        scopes={
            "level": level,
            "participant": participant,
            "invited": invited,
            "organiser": organiser,
            "own": own,
            "all": everything,
            "published": published,
        },
    )
)
