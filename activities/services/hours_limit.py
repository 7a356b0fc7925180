"""Set the limit to the hours that are asked of a city in a year."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models.limit import HoursLimit
from activities.selectors.periods import holds
from governance.models import User
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

HOURS_IN_YEAR = 8_760


@transaction.atomic
def set_limit(*, actor: Actor, hours: Decimal, valid_from: date, reason: str) -> HoursLimit:
    """Set a limit from a day on; the one before holds until then.

    The matrix has no row for it: who decides on the agenda decides on what it asks. Raises NotAllowed for others,
    ValidationError for no hours at all, more than a year has, a day in the past, or no reason.
    """
    if not holds(actor, "decide"):
        raise NotAllowed(_("The steering group sets the limit."))
    problems: dict[str, str] = {}
    if hours <= 0:
        problems["hours"] = _("A limit is more than 0 hours.")
    elif hours > HOURS_IN_YEAR:
        problems["hours"] = _("A year has no more than {number} hours.").format(number=HOURS_IN_YEAR)
    if valid_from < today():
        problems["valid_from"] = _("Choose today or a day in the future: what was asked before stays as it was.")
    if not reason.strip():
        problems["reason"] = _("Give a reason.")
    if problems:
        raise ValidationError(problems)
    before = HoursLimit.on(valid_from)
    limit = HoursLimit.objects.create(
        hours=hours,
        valid_from=valid_from,
        reason=reason.strip(),
        set_by=actor if isinstance(actor, User) else None,
    )
    changes = {"hours": [str(before) if before is not None else "", str(hours)], "from": valid_from.isoformat()}
    audit.record(actor=actor, event=Event.CREATED, obj=limit, changes=changes, reason=limit.reason)
    return limit
