"""Whoever leaves hands files over: who looks after a file, apart from who once sent it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models import Report, StoredFile
from nss_portal.core.models.audit import Event


def kept_by(user: Any) -> QuerySet[StoredFile]:
    """Give the files that somebody sent or took over and looks after now, oldest first; not the portal's reports,
    which anybody can ask for again."""
    theirs = Q(keeper=user) | Q(keeper__isnull=True, uploaded_by=user)
    return StoredFile.objects.filter(theirs).exclude(owner_type=Report._meta.label_lower).order_by("pk")


@transaction.atomic
def give_keeping(*, files: Iterable[StoredFile], successor: Any, actor: Actor, on_behalf_of: Any) -> None:
    """Let a colleague look after files; who sent them stays noted. The caller has checked that the actor may."""
    for stored in files:
        before = stored.keeper or stored.uploaded_by
        stored.keeper = successor
        stored.save(update_fields=["keeper"])
        changes = {"keeper": [str(before), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=stored, changes=changes, on_behalf_of=on_behalf_of)
