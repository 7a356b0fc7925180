"""Reads of teams and of who's who."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from cities.models import ContactTheme
from governance.models import Membership, Organisation
from governance.models.membership import Function, MembershipQuerySet
from governance.models.organisation import Group
from nss_portal.core.access import Actor
from nss_portal.core.time import today

CONTACT_ORDER = ("organisation__name", "-is_lead", "user__name", "pk")
THEMES = Prefetch(
    "contact_themes", queryset=ContactTheme.objects.select_related("theme").order_by("theme__order", "pk")
)


# Whom one looks for first; the municipalities, which are many, come last.
GROUP_NAMES = {
    Group.MINISTRY: _("Ministries"),
    Group.AGENCY: _("Government agencies"),
    Group.PROVINCE: _("Provinces"),
    Group.UMBRELLA: _("Umbrella organisations of governments"),
    Group.KNOWLEDGE: _("Knowledge institutions"),
    Group.FINANCIAL: _("Financial institutions"),
    Group.COMPANY: _("Companies and trade associations"),
    Group.CIVIL: _("Civil society"),
    Group.EUROPEAN: _("European institutions and programmes"),
    Group.INDEPENDENT: _("Independent organisations"),
    Group.MUNICIPALITY: _("Municipalities and their teams"),
}
GROUP_ORDER = tuple(GROUP_NAMES)
SHOWN_OF_GROUP = 5


@dataclass
class ContactGroup:
    """The contact persons of one kind of organisation: those that are shown, and how many there are."""

    group: str
    people: list[Membership] = field(default_factory=list)
    number: int = 0

    @property
    def name(self) -> str:
        """What this kind of organisations is called."""
        return str(GROUP_NAMES[Group(self.group)])


def in_groups(people: Iterable[Membership]) -> list[ContactGroup]:
    """Put contact persons together by kind of organisation, in the order in which they come."""
    found: dict[str, ContactGroup] = {}
    for member in people:
        group = found.setdefault(member.organisation.group, ContactGroup(member.organisation.group))
        group.people.append(member)
        group.number = getattr(member, "of_group", len(group.people))
    return list(found.values())


def by_group(people: MembershipQuerySet) -> MembershipQuerySet:
    """Order contact persons by kind of organisation first."""
    ranks = [When(organisation__group=group, then=Value(rank)) for rank, group in enumerate(GROUP_ORDER)]
    rank = Case(*ranks, default=Value(len(GROUP_ORDER)), output_field=IntegerField())
    return people.annotate(rank=rank).order_by("rank", *CONTACT_ORDER)


def first_of_groups(people: MembershipQuerySet, shown: int = SHOWN_OF_GROUP) -> list[ContactGroup]:
    """Give the first contact persons of each kind of organisation, with how many there are. Two queries."""
    kind = [F("organisation__group")]
    numbered = by_group(people).annotate(
        place=Window(RowNumber(), partition_by=kind, order_by=list(CONTACT_ORDER)),
        of_group=Window(Count("pk"), partition_by=kind),
    )
    return in_groups(numbered.filter(place__lte=shown))


def contact_persons(actor: Actor, on: date | None = None) -> MembershipQuerySet:
    """Give the people of today that somebody may see as contact persons, with organisation and themes.

    Two queries when read; each person once per function in an organisation.
    """
    return (
        Membership.objects.visible_to(actor)
        .current(on or today())
        .filter(user__is_active=True, user__is_system=False)
        .exclude(function=Function.STEERING)
        .select_related("user", "organisation")
        .prefetch_related(THEMES)
        .order_by(*CONTACT_ORDER)
    )


@dataclass
class Team:
    """The people of a municipality by what they do, and those who were in before."""

    leads: list[Membership] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)
    advisors: list[Membership] = field(default_factory=list)
    signatories: list[Membership] = field(default_factory=list)
    past: list[Membership] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Say whether nobody is in now."""
        return not (self.leads or self.members or self.advisors or self.signatories)

    def put(self, membership: Membership, day: date) -> None:
        """Place somebody where their function belongs; somebody who has not begun yet is left out."""
        if membership.valid_from > day:
            return
        if membership.ended_at is not None or (membership.valid_to is not None and membership.valid_to < day):
            self.past.append(membership)
        elif membership.function == Function.ADVISOR:
            self.advisors.append(membership)
        elif membership.function == Function.SIGNATORY:
            self.signatories.append(membership)
        elif membership.is_lead:
            self.leads.append(membership)
        else:
            self.members.append(membership)


def team_of(actor: Actor, organisation: Organisation) -> Team:
    """Give the team of a municipality, as far as the actor may see it, past members included. Two queries.

    People of a municipality that went on in this one stand among the past members.
    """
    merged = Q(organisation__successor=organisation, organisation__group=organisation.group)
    rows = (
        Membership.objects.visible_to(actor)
        .filter(Q(organisation=organisation) | merged)
        .exclude(function__in=[Function.STEERING, Function.COORDINATION])
        .select_related("user", "organisation")
        .prefetch_related(THEMES)
        .order_by("user__name", "pk")
    )
    team = Team()
    for membership in rows:
        team.put(membership, today())
    team.past.sort(key=lambda membership: membership.valid_to or today(), reverse=True)
    return team
