"""Who is written to about a signal: those who lead an organisation's work, or all while nobody does."""

from collections import defaultdict
from collections.abc import Iterable

from cities.models import SignalAddressee
from cities.selectors_signals import holder_of
from governance.models import Membership, Organisation, User
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.selectors import coordinators
from nss_portal.core.time import today

# Staff answer for a ministry, a province or the EU; a team writes for its city. Whoever only coordinates or sits
# in the steering group answers for nobody.
WRITTEN_TO = (Function.STAFF, Function.TEAM)


def people_at(organisations: Iterable[int]) -> dict[int, list[User]]:
    """Give who is written to per organisation (primary key), an empty list where nobody can be. One query."""
    keys = set(organisations)
    members = (
        Membership.objects.current(today())
        .filter(organisation__in=keys, function__in=WRITTEN_TO, user__is_active=True)
        .select_related("user", "organisation")
        .order_by("user__email")
    )
    held: dict[int, list[Membership]] = defaultdict(list)
    for one in members:
        # Of a city its team sends signals, not its other staff.
        if one.function == Function.TEAM or one.organisation.group != Group.MUNICIPALITY:
            held[one.organisation_id].append(one)
    return {key: _chosen(held.get(key, [])) for key in keys}


def without_readers(addressees: Iterable[SignalAddressee]) -> list[Organisation]:
    """Give who holds the task of these addressees without anybody there who can read the signal. One query."""
    holders = {holder.pk: holder for one in addressees if (holder := holder_of(one))}
    people = people_at(holders)
    return [holder for key, holder in holders.items() if not people[key]]


def _chosen(members: list[Membership]) -> list[User]:
    leads = [one for one in members if one.is_lead]
    return list({one.user_id: one.user for one in leads or members}.values())


def senders_of(organisation: Organisation, people: dict[int, list[User]], coordinating: int | None) -> list[User]:
    """Give who is written to at a sender: its team, or the coordination team where that sent the signal."""
    if organisation.pk == coordinating and organisation.group != Group.MUNICIPALITY:
        return list(coordinators())
    return people.get(organisation.pk, [])


def steering_group() -> list[User]:
    """Give the people of the steering group."""
    members = Membership.objects.current(today()).filter(function=Function.STEERING)
    return list(User.objects.filter(is_active=True, pk__in=members.values("user")).order_by("email"))
