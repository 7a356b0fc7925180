"""Personal links of participants: the right to answer, and the only key to one's own answers.

A link is worked out from the participant's nonce with the portal's secret key, so that a reminder carries the same
one and 'my work' can lead there. The database holds a hash to find the participant by, and the key of an answer
sheet is worked out from the link itself: from the database alone nobody ties answers to a person.
"""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from governance.models import Participant
from nss_portal.core.mail.secrets import kind_of_secret

SALT = "governance.assessments.link"
SECRET = "assessment"  # noqa: S105 - a name
NONCE_BYTES = 16


class LinkInvalid(Exception):
    """The portal did not make this link, or it is no longer of use."""


def new_nonce() -> str:
    """Draw what a participant's link is worked out from: 128 bits."""
    return secrets.token_hex(NONCE_BYTES)


def token_of(nonce: str, secret: str | bytes | None = None) -> str:
    """Give the token of a nonce: 43 characters that nobody works out without the portal's key."""
    digest = salted_hmac(SALT, nonce, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """Give what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sheet_key(token: str) -> str:
    """Give the key of the answers that came by a link; the hash that is kept does not lead to it."""
    return hmac.new(token.encode(), b"governance.assessments.sheet", hashlib.sha256).hexdigest()


def current_token(participant: Participant) -> str:
    """Give a participant's token, also after the portal's key changed; LinkInvalid when no key fits any more."""
    for secret in (None, *settings.SECRET_KEY_FALLBACKS):
        token = token_of(participant.nonce, secret)
        if hmac.compare_digest(hash_of(token), participant.link_hash):
            return token
    raise LinkInvalid


def participant_of(token: str) -> Participant:
    """Give the participant whom a token belongs to, with the assessment; raises LinkInvalid."""
    found = Participant.objects.select_related("assessment__instrument", "assessment__organisation")
    participant = found.filter(link_hash=hash_of(token)).first()
    if participant is None:
        raise LinkInvalid
    return participant


@kind_of_secret(SECRET)
def _address(key: str) -> str:
    """Give the address of a participant's link, as it goes into a mail that leaves."""
    participant = Participant.objects.filter(pk=int(key)).first() if key.isdigit() else None
    if participant is None:
        return str(settings.NSS_BASE_URL)
    with translation.override(participant.language):
        path = reverse("governance:assessment_link", args=[current_token(participant)])
        return f"{settings.NSS_BASE_URL}{path}"
