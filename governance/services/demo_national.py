"""Three thousand accounts for the demonstration at national scale, in bulk; named by what they do and where."""

from collections.abc import Iterator
from itertools import chain, count, islice

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.text import slugify

from governance.models import Membership, Organisation, User
from governance.models.membership import Function
from governance.models.organisation import Group
from governance.selectors import TEAM_LEVELS, levels_of
from governance.services.demo import DOMAIN, SINCE
from nss_portal.core import audit
from nss_portal.core.models.audit import Event

ACCOUNTS = 3_000
PER_MUNICIPALITY = 8


@transaction.atomic
def load_national(scale: str, seed: int) -> list[str]:
    """Fill every municipality with eight people and the other organisations with the rest; no-one twice."""
    if scale != "national":
        return []
    there = set(User.objects.filter(is_demo=True).values_list("email", flat=True))
    wanted = [row for row in islice(_people(), max(0, ACCOUNTS - _others())) if row[0].email not in there]
    users = User.objects.bulk_create([user for user, _membership in wanted], batch_size=1000)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users], batch_size=1000
    )
    for user, membership in wanted:
        membership.user = user
    Membership.objects.bulk_create([membership for _user, membership in wanted], batch_size=1000)
    system = User.objects.system()
    if wanted:
        audit.record(actor=system, event=Event.CREATED, obj=system, changes={"demo_accounts": len(wanted)})
    return [f"demo accounts at national scale: {User.objects.filter(is_demo=True).count()}"]


def _others() -> int:
    """Count the demo accounts that are not of this kind."""
    return User.objects.filter(is_demo=True).exclude(email__startswith="p.").count()


def _people() -> Iterator[tuple[User, Membership]]:
    """Give people with their membership without end, the same ones in the same order each time."""
    municipalities = list(Organisation.objects.filter(group=Group.MUNICIPALITY, valid_to=None).order_by("name"))
    others = list(
        Organisation.objects.exclude(group__in=[Group.MUNICIPALITY, Group.INDEPENDENT])
        .filter(valid_to=None)
        .order_by("name")
    )
    levels = levels_of({organisation.pk for organisation in municipalities})
    password = make_password(None)
    cities = (
        _person(organisation, number, password, has_team=levels.get(organisation.pk, "") in TEAM_LEVELS)
        for organisation in municipalities
        for number in range(1, PER_MUNICIPALITY + 1)
    )
    rest = (
        _person(organisation, number, password, has_team=False) for number in count(1) for organisation in others
    )
    return chain(cities, rest)


def _person(organisation: Organisation, number: int, password: str, *, has_team: bool) -> tuple[User, Membership]:
    place = organisation.short_name or organisation.name
    function = Function.TEAM if has_team and number < PER_MUNICIPALITY else Function.STAFF
    label = "Teamlid" if function == Function.TEAM else "Medewerker"
    user = User(
        email=f"p.{number}.{slugify(organisation.name)}@{DOMAIN}",
        name=f"{label} {number} {place}",
        password=password,
        is_demo=True,
    )
    return user, Membership(organisation=organisation, function=function, is_lead=number == 1, valid_from=SINCE)
