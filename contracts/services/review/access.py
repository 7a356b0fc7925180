"""Who may answer for a party, and who may hand in a review: what the matrix's words mean inside a review.

The matrix opens a review to its city ('own') and to every party ('own-party'). Inside it each party answers for
itself. The city answers for a party only where nobody of that party has an account.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from contracts.models import AnnualReview, PartyReview
from governance.models import Membership
from nss_portal.core.access import Actor, LinkActor, NotAllowed, granted, standing_of
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
    standing = standing_of(actor)
    if standing.is_system:
        return True
    words = granted(actor, RESOURCE, "submit")
    organisations = words.get("own", frozenset())
    if "mandate" in words:
        organisations |= standing.mandates
    return bool(organisations) and bool(organisations & owner_ids(review))


def may_answer(actor: Actor, part: PartyReview) -> bool:
    """Say whether the actor may fill in and hand in this part."""
    if isinstance(actor, LinkActor):
        return actor.purpose == link_purpose(part)
    if standing_of(actor).is_system:
        return True
    words = granted(actor, RESOURCE, "submit")
    organisation = part.party.organisation_id
    if organisation and organisation in words.get("own-party", frozenset()):
        return True
    if not is_owner(actor, part.review):
        return False
    return part.party.is_leading or organisation in owner_ids(part.review) or not has_people(organisation)


def has_people(organisation_id: int | None) -> bool:
    """Say whether somebody with an account works for the organisation today."""
    if organisation_id is None:
        return False
    return current_memberships().filter(organisation=organisation_id).exists()


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
