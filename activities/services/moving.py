"""Move an activity to another day: all its sessions by as many days, at the same local times."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity
from activities.models.activity import COMING_STATES
from activities.services.agenda import change_sessions
from activities.services.sessions import SessionTime, session_time
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import locked
from nss_portal.core.time import today


def moved_times(activity: Activity, day: date) -> tuple[SessionTime, ...]:
    """Give the sessions of an activity as they are when its first one is on another day; its clock stays."""
    zone, sessions = activity.zone, list(activity.sessions.order_by("starts_at", "pk"))
    if not sessions:
        return ()
    later: timedelta = day - sessions[0].starts_at.astimezone(zone).date()
    found = []
    for one in sessions:
        starts, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        more = {"place": one.place, "agenda": one.agenda, "pk": one.pk}
        found.append(session_time(starts.date() + later, starts.time(), ends.time(), zone, **more))
    return tuple(found)


@transaction.atomic
def move_to(*, actor: Actor, activity: Activity, version: int, day: date) -> Activity:
    """Let an activity begin on another day; who has a place in what is open gets a mail.

    Raises NotAllowed for what began already or has no date, ValidationError for a day in the past or a time that
    the clock skips, EditConflict when a colleague was first.
    """
    require(actor, "activity", "change", activity)
    fresh = locked(activity)
    if fresh.state not in COMING_STATES or fresh.starts_at is None or fresh.starts_at <= timezone.now():
        raise NotAllowed(_("Only what has not begun yet is moved."))
    if day < today():
        raise ValidationError({"day": _("Choose a day in the future.")})
    try:
        times = moved_times(fresh, day)
    except ValidationError as error:
        raise ValidationError({"day": error.messages}) from error
    return change_sessions(actor=actor, activity=fresh, version=version, times=times)
