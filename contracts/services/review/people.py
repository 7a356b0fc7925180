"""Who is written to about a part: people with an account who may fill it in, and the party's contact address."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from contracts.models import PartyReview
from contracts.services.review.access import current_memberships
from governance.models import Membership
from governance.models.membership import Function

# Functions that answer for an organisation, the first that somebody holds.
FUNCTIONS = ((Function.TEAM, Function.STAFF), (Function.SIGNATORY,))


@dataclass(frozen=True)
class Recipient:
    """Somebody who is written to; `user_id` is None for whoever comes by a personal link."""

    email: str
    name: str
    language: str = "nl"
    user_id: int | None = None

    @property
    def key(self) -> str:
        """Give what makes two recipients one person."""
        return self.email.lower()


def recipients(parts: Iterable[PartyReview]) -> dict[int, list[Recipient]]:
    """Give who is written to per part (primary key), in one query; an empty list when nobody can be.

    `parts` carry their party. Of an organisation its leads are written to, or all of its people while it has no
    lead; beside them the contact address of the contract.
    """
    parts = list(parts)
    people = _people({part.party.organisation_id for part in parts if part.party.organisation_id})
    found: dict[int, list[Recipient]] = {}
    for part in parts:
        members = people.get(part.party.organisation_id or 0, {})
        chosen = [person for person, is_chosen in members.values() if is_chosen]
        contact = part.party.contact_email.strip()
        if contact and contact.lower() not in {person.key for person in chosen}:
            known = members.get(contact.lower())
            chosen.append(known[0] if known else Recipient(email=contact, name=part.party.name))
        found[part.pk] = chosen
    return found


def without_recipients(parts: QuerySet[PartyReview]) -> QuerySet[PartyReview]:
    """Keep the parts about which `recipients` gives nobody, worked out by the database."""
    people = current_memberships().filter(
        organisation=OuterRef("party__organisation"), function__in=[one for group in FUNCTIONS for one in group]
    )
    return parts.filter(~Exists(people), party__contact_email__regex=r"^\s*$")


def _people(organisations: set[int]) -> dict[int, dict[str, tuple[Recipient, bool]]]:
    """Give the people of organisations by address, each with whether they are the ones to write to."""
    rows: dict[int, list[Membership]] = defaultdict(list)
    memberships = current_memberships().filter(
        organisation__in=organisations, function__in=[one for group in FUNCTIONS for one in group]
    )
    for membership in memberships.select_related("user").order_by("user__email", "function"):
        rows[membership.organisation_id].append(membership)
    return {organisation: _of_one(members) for organisation, members in rows.items()}


def _of_one(members: list[Membership]) -> dict[str, tuple[Recipient, bool]]:
    chosen: set[int] = set()
    for functions in FUNCTIONS:
        holders = [one for one in members if one.function in functions]
        if holders:
            leads = [one for one in holders if one.is_lead]
            chosen = {one.user_id for one in leads or holders}
            break
    return {
        one.user.email.lower(): (
            Recipient(one.user.email, one.user.name, one.user.language, one.user_id),
            one.user_id in chosen,
        )
        for one in members
    }
