"""People and organisations that can be asked along, found by a word of their name."""

from collections.abc import Iterable

from django.db.models import Q

from cities.selectors_team import contact_persons
from governance.models import Membership, Organisation
from nss_portal.core.access import Actor
from nss_portal.core.time import today

MOST_PEOPLE, MOST_ORGANISATIONS = 30, 12
LONGEST = 6


def found_people(actor: Actor, text: str, without: Iterable[int] = ()) -> list[Membership]:
    """Give the people whom the actor may see as contact persons and who bear all these words, names in order.

    A word may be of the person or of the organisation. `without` leaves users (primary keys) out. Two queries,
    none for an empty text.
    """
    words = text.split()[:LONGEST]
    if not words:
        return []
    seen = contact_persons(actor).exclude(user__in=list(without))
    for word in words:
        seen = seen.filter(
            Q(user__name__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(organisation__short_name__icontains=word)
        )
    found = seen.prefetch_related(None).order_by("user__name", "organisation__name", "pk")
    # Who does two things in one organisation is one choice.
    once: dict[tuple[int, int], Membership] = {}
    for one in found[: 2 * MOST_PEOPLE]:
        once.setdefault((one.user_id, one.organisation_id), one)
    return list(once.values())[:MOST_PEOPLE]


def found_organisations(text: str, without: Iterable[int] = ()) -> list[Organisation]:
    """Give the organisations of today that bear all these words, names in order. One query, none without words."""
    words = text.split()[:LONGEST]
    if not words:
        return []
    found = Organisation.objects.existing_on(today()).exclude(pk__in=list(without))
    for word in words:
        found = found.filter(Q(name__icontains=word) | Q(short_name__icontains=word))
    return list(found.order_by("name", "pk")[:MOST_ORGANISATIONS])
