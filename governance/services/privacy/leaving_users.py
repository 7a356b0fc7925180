"""Who left long ago is forgotten: after a mail, and some days in which the person can say no."""

from typing import Any

from django.db import transaction
from django.utils import translation

from governance.models import PrivacyKind, PrivacyRequest, User
from governance.services.privacy.asking import tell_of_end, wait
from nss_portal.core import audit
from nss_portal.core.models.audit import Event


def forget_leavers(keys: list[Any]) -> int:
    """Begin the days of grace of accounts (primary keys) that belong to nothing any more."""
    system = User.objects.system()
    number = 0
    for user in User.objects.filter(pk__in=keys):
        with transaction.atomic(), translation.override(user.language):
            request = wait(PrivacyRequest(kind=PrivacyKind.ERASURE, user=user, language=user.language))
            audit.record(actor=system, event=Event.REQUESTED, obj=request, changes={"due_on": str(request.due_on)})
            tell_of_end(request, user.email)
            number += 1
    return number
