"""The cast of the matrix: one person per role with an organisation, and the organisations around them.

`Cast().person("team")` gives a logged-in person that a test can use anywhere; everything is real records.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from django.contrib.auth.models import AnonymousUser

from cities.models import Involvement, Municipality
from governance.models import GovernanceVariant, Mandate, Membership, Organisation, User, VariantPeriod
from governance.models.membership import LEADING_FUNCTIONS, Function
from governance.models.organisation import Duty, Group

SINCE = date(2020, 1, 1)
UNTIL = date(2100, 1, 1)
VARIANTS = ("cities-lead", "national-lead", "independent-lead")
COORDINATING_GROUP = {
    "cities-lead": Group.MUNICIPALITY,
    "national-lead": Group.MINISTRY,
    "independent-lead": Group.INDEPENDENT,
}
_number = count(1)


def make_organisation(group: Group = Group.COMPANY, *, name: str = "", duty: Duty = Duty.NONE) -> Organisation:
    """Make an organisation of a group."""
    number = next(_number)
    return Organisation.objects.create(name=name or f"{group.value} {number}", group=group, duty=duty)


def make_city(level: str = "mission", *, name: str = "") -> Organisation:
    """Make a municipality with its organisation and level of involvement; gives the organisation."""
    number = next(_number)
    organisation = make_organisation(Group.MUNICIPALITY, name=name or f"Gemeente {number}")
    municipality = Municipality.objects.create(
        code=f"GM{9000 + number % 1000:04d}",
        name=organisation.name,
        common_name=organisation.name,
        province_code="PV27",
        province="Noord-Holland",
        organisation=organisation,
    )
    if level != "other":
        Involvement.objects.create(
            municipality=municipality, level=level, valid_from=SINCE, reason_nl="test", decided_by_label="test"
        )
    return organisation


def make_user(email: str = "", **fields: object) -> User:
    """Make an account without memberships."""
    number = next(_number)
    fields.setdefault("name", f"Persoon {number}")
    return User.objects.create_user(email or f"persoon{number}@voorbeeld.example", **fields)


def join(
    user: User, organisation: Organisation, function: Function = Function.STAFF, *, is_lead: bool = False
) -> Membership:
    """Give somebody a membership since long ago."""
    return Membership.objects.create(
        user=user, organisation=organisation, function=function, is_lead=is_lead, valid_from=SINCE
    )


def make_variant(code: str = "national-lead") -> GovernanceVariant:
    """Give a governance variant, made when it is not there."""
    texts = {"label_nl": code, "label_en": code}
    return GovernanceVariant.objects.get_or_create(code=code, defaults=texts)[0]


@dataclass(frozen=True)
class Person:
    """Somebody in a role. `own` is the organisation, `leads` whether the person leads it."""

    role: str
    user: User | AnonymousUser
    own: Organisation | None
    cast: "Cast"
    leads: bool = False


@dataclass
class Cast:
    """The organisations of one test: who coordinates, who gave a mandate, who is advised, and others.

    `mandating` gave the coordination team a mandate; `advised` is the City Advisor's city; `other` is a mission
    city to which none of the persons belongs.
    """

    variant: str = "national-lead"
    coordinating: Organisation = field(init=False)
    mandating: Organisation = field(init=False)
    advised: Organisation = field(init=False)
    other: Organisation = field(init=False)

    def __post_init__(self) -> None:
        group = COORDINATING_GROUP[self.variant]
        self.coordinating = make_city() if group == Group.MUNICIPALITY else make_organisation(group)
        VariantPeriod.objects.create(
            variant=make_variant(self.variant), coordinating_organisation=self.coordinating, valid_from=SINCE
        )
        self.mandating, self.advised, self.other = make_city(), make_city(), make_city()
        lead = make_user()
        join(lead, self.mandating, Function.TEAM, is_lead=True)
        Mandate.objects.create(organisation=self.mandating, given_by=lead, valid_to=UNTIL)

    def person(self, role: str, *, leads: bool = False) -> Person:
        """Make somebody in a role (a column of the matrix), leading the organisation or not."""
        if role == "visitor":
            return Person(role, AnonymousUser(), None, self)
        place, function = PLACES[role]
        own = place(self)
        user = make_user()
        join(user, own, function, is_lead=leads and function in LEADING_FUNCTIONS)
        if role == "advisor":
            join(user, self.advised, Function.ADVISOR)
        return Person(role, user, own, self, leads and function in LEADING_FUNCTIONS)


PLACES: dict[str, tuple[Callable[[Cast], Organisation], Function]] = {
    "member": (lambda cast: make_city("interested"), Function.STAFF),
    "team": (lambda cast: make_city("mission"), Function.TEAM),
    "advisor": (lambda cast: make_organisation(Group.EUROPEAN), Function.ADVISOR),
    "signatory": (lambda cast: make_city("mission"), Function.SIGNATORY),
    "ministry": (lambda cast: make_organisation(Group.MINISTRY), Function.STAFF),
    "partner": (lambda cast: make_organisation(Group.COMPANY), Function.STAFF),
    "desk": (lambda cast: make_organisation(Group.AGENCY, duty=Duty.DESK), Function.STAFF),
    "publisher": (lambda cast: make_organisation(Group.UMBRELLA, duty=Duty.PUBLISHER), Function.STAFF),
    "steering": (lambda cast: make_organisation(Group.MINISTRY), Function.STEERING),
    "coordinator": (lambda cast: cast.coordinating, Function.COORDINATION),
}
