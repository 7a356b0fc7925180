"""One's own calendar address: made, replaced when it got into the wrong hands, stopped."""

from django.db import transaction

from governance.models import CalendarAddress, CalendarContent, User
from governance.models.calendar import new_nonce
from nss_portal.core import audit
from nss_portal.core.access import standing_of
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


@transaction.atomic
def keep_calendar(*, actor: User, content: str) -> CalendarAddress:
    """Make the actor's own calendar address, or change what it holds; the address stays.

    Raises ValueError for a content that there is not.
    """
    wanted = CalendarContent(content)
    address, is_new = CalendarAddress.objects.select_for_update().get_or_create(
        user=actor, defaults={"content": wanted}
    )
    if is_new:
        audit.record(actor=actor, event=Event.GRANTED, obj=address, changes={"content": wanted.value})
    elif address.content != wanted:
        changes = {"content": [address.content, wanted.value]}
        address.content = wanted
        address.save(update_fields=["content"])
        audit.record(actor=actor, event=Event.CHANGED, obj=address, changes=changes)
    return address


@transaction.atomic
def replace_calendar(*, actor: User) -> CalendarAddress | None:
    """Give the actor a new address; the old one opens nothing from now on. None when there was none."""
    address = CalendarAddress.objects.select_for_update().filter(user=actor).first()
    if address is not None:
        address.nonce = new_nonce()
        address.save(update_fields=["nonce"])
        audit.record(actor=actor, event=Event.CHANGED, obj=address, changes={"address": "replaced"})
    return address


@transaction.atomic
def stop_calendar(*, actor: User) -> None:
    """Take the actor's calendar address away; twice does no harm."""
    address = CalendarAddress.objects.select_for_update().filter(user=actor).first()
    if address is not None:
        audit.record(actor=actor, event=Event.REVOKED, obj=address)
        address.delete()


def reader_of(token: str) -> CalendarAddress | None:
    """Give the address that a token opens, or None: it was replaced or stopped, or its person left. Two queries.

    Whoever belongs to no organisation any more reads what is public, and needs no address for it.
    """
    address = CalendarAddress.of_token(token)
    if address is None or not address.user.is_active or not standing_of(address.user).organisations:
        return None
    if address.read_on != today():
        # Not a change of anything that people see elsewhere, so not in the log.
        CalendarAddress.objects.filter(pk=address.pk).update(read_on=today())
    return address
