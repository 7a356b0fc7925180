"""Illustrative requests for the page of the coordination team."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings

from governance.models import PrivacyKind, PrivacyRequest, User
from nss_portal.core.time import today

ASKER = "vraagsteller@voorbeeld.example"


def load_demo_requests(_scale: str, _seed: int) -> Iterable[str]:
    """Let a made-up asker of the desk wait to be forgotten; nothing else has that address."""
    if PrivacyRequest.objects.filter(pseudonym="Voormalig deelnemer 0000").exists():
        return []
    PrivacyRequest.objects.create(
        kind=PrivacyKind.ERASURE,
        email=ASKER,
        handled_by=User.objects.filter(is_demo=True, email__startswith="coordinator").first(),
        identity_note="Illustratief: vroeg het vanaf dit adres en is teruggebeld.",
        due_on=today() + timedelta(days=settings.NSS_ERASURE_GRACE_DAYS),
        pseudonym="Voormalig deelnemer 0000",
    )
    return ["demo requests about personal data: 1"]
