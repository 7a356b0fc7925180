"""Who may do what with lessons: the rows of the matrix, and for whom one is published."""

from django.db.models import Q

from activities.models.lesson import Audience, LessonState
from cities.models.bottleneck import Sharing
from cities.models.involvement import Level
from nss_portal.core.access import Resource, Role, Standing, cells, register
from nss_portal.core.access.standing import Organisations

# What people of a municipality read, by its level: a mission city also what is for EoI and interested ones.
BY_LEVEL: dict[str, tuple[Audience, ...]] = {
    Level.MISSION: (Audience.MISSION, Audience.EOI, Audience.INTERESTED),
    Level.EOI: (Audience.EOI, Audience.INTERESTED),
    Level.INTERESTED: (Audience.INTERESTED,),
}
OF_A_CITY = (Role.MEMBER, Role.TEAM, Role.SIGNATORY)
# These count as mission level, and help every audience along.
EVERY_AUDIENCE = (
    Role.ADVISOR,
    Role.MINISTRY,
    Role.DESK,
    Role.PUBLISHER,
    Role.STEERING,
    Role.COORDINATOR,
)


def audiences_of(standing: Standing) -> frozenset[Audience]:
    """Give the audiences to which somebody belongs; everybody belongs to 'everybody'."""
    found = {Audience.EVERYBODY}
    if standing.has(*EVERY_AUDIENCE):
        return frozenset(Audience)
    if standing.has(Role.PARTNER):
        found.add(Audience.PARTNERS)
    for role in OF_A_CITY:
        for organisation in standing.roles.get(role, ()):
            found.update(BY_LEVEL.get(standing.levels.get(organisation, ""), ()))
    return frozenset(found)


def _own(standing: Standing, organisations: Organisations) -> Q:
    """Lessons about the person's own organisation, and those that it wrote about another."""
    return Q(organisation__in=organisations) | Q(author_organisation__in=organisations)


def _own_lead(standing: Standing, organisations: Organisations) -> Q:
    """Only who leads the organisation that the lesson is about lets it go."""
    return Q(organisation__in=organisations)


def _all(standing: Standing, organisations: Organisations) -> Q:
    """Every lesson that is not another organisation's draft."""
    return ~Q(state=LessonState.DRAFT) | _own(standing, organisations)


def _network(standing: Standing, organisations: Organisations) -> Q:
    """What a city released, until it is published for chosen audiences, and what is published to everybody."""
    released = Q(sharing=Sharing.NETWORK) & ~Q(state=LessonState.PUBLISHED)
    return Q(sharing=Sharing.PUBLISHED) | released


def _published(standing: Standing, organisations: Organisations) -> Q:
    """What is published to everybody, or to an audience to which the person belongs."""
    mine = sorted(audiences_of(standing) - {Audience.EVERYBODY})
    to_all = Q(sharing=Sharing.PUBLISHED)
    return to_all | Q(state=LessonState.PUBLISHED, audiences__overlap=mine) if mine else to_all


LESSON = register(
    Resource(
        name="lesson",
        model="activities.Lesson",
        actions={
            "view": cells(
                visitor="published",
                member="own",
                team="own+network",
                advisor="network",
                signatory="network",
                ministry="own+network",
                partner="own+published",
                desk="network",
                publisher="all",
                steering="network",
                coordinator="network",
            ),
            "write": cells(
                member="own",
                team="own",
                advisor="own",
                ministry="own",
                partner="own",
                desk="own",
                publisher="all",
                coordinator="own",
            ),
            "consent": cells(
                member="own-lead", team="own-lead", ministry="own-lead", partner="own-lead", desk="own-lead"
            ),
            "publish": cells(publisher="all"),
        },
        scopes={"own": _own, "own-lead": _own_lead, "all": _all, "network": _network, "published": _published},
    )
)
