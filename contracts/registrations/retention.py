"""How long the contracts app keeps what it has of persons, and what goes to the archive."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contracts.models import DraftComment, SignatoryInvitation
from contracts.models.signature import SignatureState
from nss_portal.core.registry import retention_rules
from nss_portal.core.retention import Kept, Outcome


@retention_rules.register
def rules() -> Iterator[Kept]:
    """Kinds of records of contracts."""
    yield Kept(
        "signatory-invitations",
        _("Addresses of people who were asked to sign"),
        _("the day on which they were asked"),
        _("Who signed stands under the contract; the address is no longer needed."),
        365,
        due=lambda before: SignatoryInvitation.objects.filter(invited_on__lt=timezone.localdate(before)).exclude(
            signature__state=SignatureState.OPEN
        ),
        order=46,
    )
    yield Kept(
        "draft-comments",
        _("Comments on drafts of contracts that were settled"),
        _("the day on which it was settled"),
        _("They are no part of the contract."),
        365,
        due=lambda before: DraftComment.objects.filter(settled_at__lt=before),
        order=47,
    )
    yield Kept(
        "signed-versions",
        _("Signed versions of climate contracts, with who signed"),
        _("the day of signing"),
        _("What was agreed is for the archive (Archiefwet); a signature stays with its name."),
        None,
        Outcome.ARCHIVED,
        order=61,
    )
    yield Kept(
        "reviews",
        _("Annual reviews and national reflections"),
        _("the closing of the round"),
        _("What was reported and concluded is for the archive (Archiefwet)."),
        None,
        Outcome.ARCHIVED,
        order=63,
    )
