"""Who may answer for a party, and who may hand in a review: what the matrix's words mean inside a review.

The matrix opens a review to its city ('own') and to every party ('own-party'). Inside it each party answers for
itself. The city answers for a party only where nobody of that party has an account.
"""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from contracts.models import AnnualReview, PartyReview
from governance.models import Membership
from nss_portal.core.access import Actor, LinkActor, NotAllowed, granted, standing_of
from nss_portal.core.access.standing import Organisations
from nss_portal.core.time import today

RESOURCE = "annual_review"


def link_purpose(part: PartyReview) -> str:
    """Give what a personal link to a part is good for: that part and nothing else."""
    return f"review-part:{part.pk}:{part.link_nonce}"


def owner_ids(review: AnnualReview) -> frozenset[int]:
    """Give the organisations (primary keys) of the municipalities that own the review's contract. One query."""
    return frozenset(review.contract.municipalities.values_list("organisation_id", flat=True))


def is_owner(actor: Actor, review: AnnualReview) -> bool:
    """Say whether the actor works for one of the contract's cities, or acts for it with its mandate."""
    if standing_of(actor).is_system:
        return True
    acting = _acting_for(actor)
    return bool(acting) and bool(acting & owner_ids(review))


def _acting_for(actor: Actor) -> Organisations:
    """Give the organisations (primary keys) for whose reviews the actor acts: the own, or by a mandate."""
    words = granted(actor, RESOURCE, "submit")
    own = words.get("own", frozenset())
    return own | standing_of(actor).mandates if "mandate" in words else own


def may_answer(actor: Actor, part: PartyReview) -> bool:
    """Say whether the actor may fill in and hand in this part."""
    return part.pk in answerable(actor, part.review, [part])


def answerable(actor: Actor, review: AnnualReview, parts: Sequence[PartyReview]) -> frozenset[int]:
    """Give the parts of a review (primary keys) that the actor may fill in; at most two queries for all of them.

    `parts` carry their party.
    """
    if isinstance(actor, LinkActor):
        return frozenset(part.pk for part in parts if actor.purpose == link_purpose(part))
    if standing_of(actor).is_system:
        return frozenset(part.pk for part in parts)
    of_party = granted(actor, RESOURCE, "submit").get("own-party", frozenset())
    mine = {part.pk for part in parts if part.party.organisation_id in of_party}
    acting = _acting_for(actor)
    owners = owner_ids(review) if acting else frozenset()
    if acting & owners:
        staffed = with_people({part.party.organisation_id for part in parts if part.party.organisation_id})
        mine |= {
            part.pk
            for part in parts
            if part.party.is_leading
            or part.party.organisation_id in owners
            or part.party.organisation_id not in staffed
        }
    return frozenset(mine)


def with_people(organisations: set[int]) -> frozenset[int]:
    """Keep the organisations (primary keys) for which somebody with an account works today. One query."""
    if not organisations:
        return frozenset()
    members = current_memberships().filter(organisation__in=organisations)
    return frozenset(members.values_list("organisation", flat=True).distinct())


def current_memberships() -> QuerySet[Membership]:
    """Give today's memberships of people who can log in."""
    day = today()
    return Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        valid_from__lte=day,
        user__is_active=True,
        user__is_system=False,
    )


def require_answer(actor: Actor, part: PartyReview) -> None:
    """Raise NotAllowed unless the actor may fill in this part."""
    if not may_answer(actor, part):
        raise NotAllowed(_("This part is filled in by %(party)s itself.") % {"party": part.party})


def require_owner(actor: Actor, review: AnnualReview) -> None:
    """Raise NotAllowed unless the actor works for the contract's city or has its mandate."""
    if not is_owner(actor, review):
        raise NotAllowed(_("Only the city whose contract this is does this."))
