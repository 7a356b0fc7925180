"""Who is written to about a signal: those who lead an organisation's work, or all while nobody does."""

from collections.abc import Iterable

from cities.models import SignalAddressee
from cities.selectors_signals import holder_of
from governance import selectors
from governance.models import Membership, Organisation, User
from governance.models.membership import Function
from governance.models.organisation import Group
from nss_portal.core.time import today


def people_at(organisations: Iterable[int]) -> dict[int, list[User]]:
    """Give who is written to per organisation (primary key), an empty list where nobody can be. One query.

    Of a city its team sends signals, not its other staff.
    """
    return selectors.people_at(organisations, teams_alone=True)


def without_readers(addressees: Iterable[SignalAddressee]) -> list[Organisation]:
    """Give who holds the task of these addressees without anybody there who can read the signal. One query."""
    holders = {holder.pk: holder for one in addressees if (holder := holder_of(one))}
    people = people_at(holders)
    return [holder for key, holder in holders.items() if not people[key]]


def senders_of(organisation: Organisation, people: dict[int, list[User]], coordinating: int | None) -> list[User]:
    """Give who is written to at a sender: its team, or the coordination team where that sent the signal."""
    if organisation.pk == coordinating and organisation.group != Group.MUNICIPALITY:
        return list(selectors.coordinators())
    return people.get(organisation.pk, [])


def steering_group() -> list[User]:
    """Give the people of the steering group."""
    members = Membership.objects.current(today()).filter(function=Function.STEERING)
    return list(User.objects.filter(is_active=True, pk__in=members.values("user")).order_by("email"))
