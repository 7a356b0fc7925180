"""What planning adds to other pages: the board in the navigation, and the hours asked of a city."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.presenting.agenda import hours_in_words
from activities.selectors.hours import hours_of_cities
from activities.services.demo_limit import load_demo
from cities.models import Involvement, Municipality
from nss_portal.core.access import Actor, Role, standing_of
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import (
    NavigationItem,
    Section,
    demo_loaders,
    municipality_sections,
    navigation,
    work_sections,
)
from nss_portal.core.time import today

demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """The planning board stands beside the agenda, for who oversees it."""
    label, roles = gettext_lazy("Planning board"), frozenset({Role.COORDINATOR.value, Role.STEERING.value})
    return [NavigationItem(label, "activities:board", 39, under="activities:agenda", roles=roles)]


def _section(found: list[Any], *, named: bool) -> Iterator[Section]:
    rows = [
        {
            "name": one.municipality.common_name if named and len(found) > 1 else "",
            "asked": hours_in_words(one.asked) or _("no hours"),
            "limit": hours_in_words(one.limit) if one.limit is not None else "",
            "above": one.limit is not None and one.asked > one.limit,
            "year": str(today().year),
        }
        for one in found
    ]
    title = _("Hours that the agenda asks")
    yield Section("uren", title, "activities/includes/hours_of.html", {"rows": rows}, order=41)


FIELDS = ("asked", "limit", "municipality__common_name")


@municipality_sections.register
def hours_of(actor: Actor, municipality: Municipality) -> Rows[Section] | None:
    """Show on a city's page how many hours are asked of it: to its own people and who oversees the agenda."""
    standing = standing_of(actor)
    own = municipality.organisation_id in standing.organisations | standing.advised
    if not own and not standing.has(Role.COORDINATOR, Role.STEERING):
        return None
    found = hours_of_cities().filter(municipality=municipality).order_by("pk")

    def section(rows: list[Involvement]) -> Iterator[Section]:
        return _section(rows, named=False)

    return Rows(found, *FIELDS, together=section)


@work_sections.register
def hours_of_mine(user: Any) -> Rows[Section] | None:
    """Show people of a team how many hours are asked of their city."""
    mine = standing_of(user).roles.get(Role.TEAM, frozenset())
    if not mine:
        return None
    found = hours_of_cities().filter(municipality__organisation__in=mine).order_by("municipality__common_name")

    def section(rows: list[Involvement]) -> Iterator[Section]:
        return _section(rows, named=True)

    return Rows(found, *FIELDS, together=section)
