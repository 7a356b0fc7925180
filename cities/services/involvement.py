"""Change how a municipality takes part; every change is dated, with who and why."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cities.models import Involvement, Municipality
from cities.models.involvement import Level
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


@transaction.atomic
def change_involvement(
    *,
    actor: Actor,
    municipality: Municipality,
    level: Level,
    valid_from: date,
    reason: str,
    reason_en: str = "",
    source: str = "",
) -> Involvement:
    """Close the present period the day before `valid_from` and open a new one.

    A change on the day on which the present period began corrects that period. Raises NotAllowed, and
    ValidationError (by field) for a day in the future or before the present period, a level that is the present
    one, a missing reason, or a municipality that no longer exists.
    """
    require(actor, "involvement", "decide")
    municipality = Municipality.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    current = Involvement.objects.filter(municipality=municipality, valid_to__isnull=True).first()
    _check(municipality, current, level, valid_from, reason)
    before = current.level if current else Level.OTHER.value
    if current and current.valid_from == valid_from:
        period = current
    else:
        if current:
            current.valid_to = valid_from - timedelta(days=1)
            current.save(update_fields=["valid_to"])
        period = Involvement(municipality=municipality, valid_from=valid_from)
    period.level = level
    period.reason_nl, period.reason_en, period.source = reason.strip(), reason_en.strip(), source
    period.decided_by_id = getattr(actor, "pk", None)
    period.decided_by_label = str(actor)[:150]
    period.save()
    changes = {"level": [before, str(level)], "valid_from": valid_from.isoformat()}
    audit.record(actor=actor, event=Event.CHANGED, obj=municipality, changes=changes, reason=reason)
    return period


def _check(
    municipality: Municipality, current: Involvement | None, level: Level, valid_from: date, reason: str
) -> None:
    problems: dict[str, str] = {}
    if municipality.valid_to and municipality.valid_to < today():
        problems["level"] = _("This municipality has ended. Change the one it went on in.")
    elif level == (current.level if current else Level.OTHER):
        problems["level"] = _("The municipality has this level already. Choose another one.")
    if valid_from > today():
        problems["valid_from"] = _("This day lies in the future. Give today or an earlier day.")
    elif current and valid_from < current.valid_from:
        text = _("The present level began on {day}. Give that day or a later one.")
        problems["valid_from"] = text.format(day=current.valid_from.strftime("%d-%m-%Y"))
    if not reason.strip():
        problems["reason"] = _("Say why the level changes.")
    if problems:
        raise ValidationError(problems)
