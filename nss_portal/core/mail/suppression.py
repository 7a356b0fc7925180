"""Addresses that are no longer mailed: listed by a bounce or a coordinator, taken off by a coordinator."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.mail.compose import clean_address, clean_line
from nss_portal.core.models import OutgoingMail, SuppressedAddress
from nss_portal.core.models.audit import Event


@transaction.atomic
def suppress(*, address: str, reason: str, actor: Actor) -> SuppressedAddress:
    """Stop mailing an address; on the list already, it stays there with its first reason. Raises NotAllowed,
    ValidationError for an address that is none."""
    require(actor, "mail", "manage")
    return _add(address=clean_address(address), reason=reason, actor=actor)


@transaction.atomic
def allow_again(*, suppressed: SuppressedAddress, actor: Actor, reason: str = "") -> None:
    """Mail an address again. Raises NotAllowed."""
    require(actor, "mail", "manage")
    audit.record(actor=actor, event=Event.REVOKED, obj=suppressed, reason=reason)
    suppressed.delete()


def suppress_bounced(mail: OutgoingMail, *, reason: str) -> SuppressedAddress:
    """Stop mailing an address that the mail server does not know, on behalf of the portal itself."""
    system: object = get_user_model()._default_manager.system()
    return _add(address=mail.recipient, reason=_("The mail server refused it: %s") % reason, actor=system)


def _add(*, address: str, reason: str, actor: Actor) -> SuppressedAddress:
    known = SuppressedAddress.objects.filter(address__iexact=address).first()
    if known is not None:
        return known
    row = SuppressedAddress.objects.create(address=address, reason=clean_line(reason), by_label=str(actor)[:200])
    audit.record(actor=actor, event=Event.CREATED, obj=row, reason=row.reason)
    return row
