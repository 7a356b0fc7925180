"""Personal links: a party without an account fills in its own part, and nothing else.

A link carries the part's public identifier and its nonce, signed with a salt of its own. A new nonce makes every
earlier link worthless. Nothing of a link is stored, and pages reached by one send no referrer with a path.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.models import PartyReview
from contracts.models.review import RoundState
from contracts.services.review.access import is_owner, link_purpose
from contracts.services.review.errors import ReviewRefused
from nss_portal.core import audit
from nss_portal.core.access import Actor, LinkActor, NotAllowed, may
from nss_portal.core.models.audit import Event

SALT = "contracts.review.part"
NONCE_BYTES = 12


class LinkInvalid(Exception):
    """The link was not made by the portal, or a newer one took its place."""


def new_nonce() -> str:
    """Draw the secret part of a link: 16 characters, 96 bits."""
    return secrets.token_urlsafe(NONCE_BYTES)


def token_for(part: PartyReview) -> str:
    """Give the token that stands in the address of a part's personal link."""
    return signing.Signer(salt=SALT, sep="~").sign(f"{part.public_id}.{part.link_nonce}")


def link_for(part: PartyReview) -> str:
    """Give the whole address of a part's personal link, in the active language."""
    return f"{settings.NSS_BASE_URL}{reverse('review_link:part', args=[token_for(part)])}"


def part_of(token: str) -> PartyReview:
    """Give the part that a token opens, with its party, review, round and contract; raises LinkInvalid."""
    try:
        value = signing.Signer(salt=SALT, sep="~").unsign(token)
    except signing.BadSignature as error:
        raise LinkInvalid from error
    public_id, _dot, nonce = value.partition(".")
    parts = PartyReview.objects.select_related("party", "review__round", "review__contract", "review__version")
    parts = parts.defer("review__round__reflection", "review__outcome")
    part = parts.filter(public_id=public_id).first()
    if part is None or not secrets.compare_digest(part.link_nonce, nonce):
        raise LinkInvalid
    return part


def link_actor(part: PartyReview) -> LinkActor:
    """Give the actor that somebody with a part's personal link is: the party, without a name of a person."""
    position = part.party.contact_position or _("by personal link")
    return LinkActor(
        label=f"{part.party.name} ({position})"[:200],
        organisation_id=part.party.organisation_id,
        purpose=link_purpose(part),
    )


@transaction.atomic
def renew_link(*, part: PartyReview, actor: Actor) -> PartyReview:
    """Replace a part's personal link; the old one stops at once. For the contract's city and the coordinator.

    Raises NotAllowed for anybody else, and ReviewRefused when the round is closed.
    """
    if not (is_owner(actor, part.review) or may(actor, "review_round", "manage")):
        raise NotAllowed(_("Only the city and the coordinator replace a personal link."))
    if part.review.round.state not in (RoundState.OPENING, RoundState.OPEN):
        raise ReviewRefused(_("The review of %(year)s is closed.") % {"year": part.review.round.year})
    part.link_nonce = new_nonce()
    part.save(update_fields=["link_nonce"])
    audit.record(actor=actor, event=Event.REVOKED, obj=part, on_behalf_of=part.party.organisation)
    return part
