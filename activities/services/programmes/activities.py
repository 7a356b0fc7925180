"""Activities of the agenda that are part of a programme: who runs the activity agrees to that."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, ActivityRequest, Programme
from activities.models.programme import ENDED
from activities.services.programmes import letters
from activities.services.programmes.work import noted, opened
from nss_portal.core import audit
from nss_portal.core.access import Actor, may, require
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

State = ActivityRequest.State


@transaction.atomic
def attach_activity(
    *, actor: Actor, programme: Programme, activity: Activity, note: str = ""
) -> ActivityRequest | None:
    """Let an activity be part of a programme where the actor runs both; else ask who runs the activity.

    Gives the request, or None when the activity is part of it at once. Raises NotAllowed, TransitionRefused once
    the programme ended, ValidationError for an activity that is unseen, has a programme or is asked for.
    """
    fresh = opened(actor, programme)
    if not Activity.objects.visible_to(actor).filter(pk=activity.pk).exists():
        raise ValidationError({"activity": _("Choose an activity that you may see.")})
    wanted = locked(activity)
    if wanted.programme_id == fresh.pk:
        return None
    if wanted.programme_id is not None:
        raise ValidationError({"activity": _("This activity is part of another programme already.")})
    if may(actor, "activity", "change", wanted):
        _join(actor, fresh, wanted)
        return None
    if fresh.activity_requests.filter(activity=wanted, state=State.ASKED).exists():
        raise ValidationError({"activity": _("This is asked already.")})
    asked = ActivityRequest.objects.create(programme=fresh, activity=wanted, note=note.strip()[:500])
    noted(actor, fresh, {"activity_asked": wanted.title}, asked.note)
    letters.ask_for_activity(asked)
    return asked


def _join(actor: Actor, programme: Programme, activity: Activity) -> None:
    """Make a locked activity part of a locked programme; who else asked for it is told no."""
    activity.programme = programme
    activity.save(update_fields=["programme"])
    noted(actor, programme, {"activity": activity.title})
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=activity,
        changes={"programme": programme.title},
        on_behalf_of=activity.organisation,
    )
    waiting = ActivityRequest.objects.select_for_update(of=("self",)).filter(activity=activity, state=State.ASKED)
    for other in waiting.exclude(programme=programme).select_related("programme"):
        _settle(other, State.REFUSED, _("The activity became part of another programme."))
        letters.tell_about_activity(other)
    # Asked before, and since then its own people came to run the activity.
    waiting.filter(programme=programme).update(state=State.AGREED, settled_on=today())


def _settle(asked: ActivityRequest, state: ActivityRequest.State, why: str) -> None:
    asked.state, asked.why, asked.settled_on = state, why.strip()[:500], today()
    asked.save(update_fields=["state", "why", "settled_on"])


def _open_request(asked: ActivityRequest) -> ActivityRequest:
    """Lock programme, activity and request, in that order; raises TransitionRefused when it was settled."""
    programme, activity = locked(asked.programme), locked(asked.activity)
    fresh = locked(asked)
    if fresh.state != State.ASKED:
        raise TransitionRefused(_("This has changed in the meantime. Look at the page again."))
    if programme.phase in ENDED:
        raise TransitionRefused(_("The programme has ended."))
    fresh.programme, fresh.activity = programme, activity
    return fresh


@transaction.atomic
def answer_request(*, actor: Actor, asked: ActivityRequest, agrees: bool, why: str = "") -> ActivityRequest:
    """Agree that an activity becomes part of a programme, or refuse with a reason; for who runs the activity.

    Raises NotAllowed, ValidationError for a no without a reason, TransitionRefused when it was settled already.
    """
    require(actor, "activity", "change", asked.activity)
    if not agrees and not why.strip():
        raise ValidationError({"why": _("Give a reason.")})
    fresh = _open_request(asked)
    _settle(fresh, State.AGREED if agrees else State.REFUSED, why)
    if agrees:
        _join(actor, fresh.programme, fresh.activity)
    else:
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh.activity,
            changes={"programme_refused": fresh.programme.title},
            reason=fresh.why,
            on_behalf_of=fresh.activity.organisation,
        )
    letters.tell_about_activity(fresh)
    return fresh


@transaction.atomic
def withdraw_request(*, actor: Actor, asked: ActivityRequest) -> ActivityRequest:
    """Take a request back; for who leads the programme. Raises NotAllowed, TransitionRefused once settled."""
    require(actor, "programme", "change", asked.programme)
    fresh = _open_request(asked)
    _settle(fresh, State.WITHDRAWN, "")
    noted(actor, fresh.programme, {"activity_not_asked": fresh.activity.title})
    return fresh
