"""Reads of teams and of who's who."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q

from cities.models import ContactTheme
from governance.models import Membership, Organisation
from governance.models.membership import Function, MembershipQuerySet
from nss_portal.core.access import Actor
from nss_portal.core.time import today

THEMES = Prefetch(
    "contact_themes", queryset=ContactTheme.objects.select_related("theme").order_by("theme__order", "pk")
)


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
        .order_by("organisation__name", "-is_lead", "user__name", "pk")
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
