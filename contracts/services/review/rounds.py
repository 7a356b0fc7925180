"""Open and close a round: the change and the job that carries it out are written in one transaction."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contracts.models import ClimateContract, ReviewRound
from contracts.models.review import RoundState
from contracts.services.review.errors import ReviewRefused
from contracts.workflow_review import ROUND
from governance.models import User
from nss_portal.core import audit, jobs, workflow
from nss_portal.core.access import Actor, require
from nss_portal.core.models.audit import Event
from nss_portal.core.time import is_past, today

OPEN_JOB = "contracts.open_round"
INVITE_JOB = "contracts.invite_round"
CLOSE_JOB = "contracts.close_round"
# The first year that a contract of this kind can have run.
FIRST_YEAR = 2010
MANAGE = ("review_round", "manage")


@transaction.atomic
def open_round(*, year: int, due_on: date, actor: Actor) -> ReviewRound:
    """Open the round that looks back on `year`; answers are due at the end of `due_on`.

    Writes the round, in state 'opening', and the job that prepares a review for every running contract. Raises
    NotAllowed, and ReviewRefused when the round exists, the day lies in the past, the year in the future, or no
    contract is running.
    """
    require(actor, *MANAGE)
    check_round(year, due_on)
    current = _create(year, due_on, actor)
    audit.record(
        actor=actor, event=Event.CREATED, obj=current, changes={"year": year, "due_on": due_on.isoformat()}
    )
    jobs.enqueue(
        kind=OPEN_JOB,
        key=f"{OPEN_JOB}:{year}",
        payload={"round": current.pk},
        actor=actor,
        title=_("Prepare the annual review"),
    )
    return current


def check_round(year: int, due_on: date) -> None:
    """Raise ReviewRefused, saying why, where a round over `year` with this last day cannot be opened."""
    if not FIRST_YEAR <= year <= today().year:
        raise ReviewRefused(
            _("A round looks back on a year from %(first)d to %(last)d, not on %(year)d.")
            % {"first": FIRST_YEAR, "last": today().year, "year": year}
        )
    if is_past(due_on):
        raise ReviewRefused(
            _("%(date)s lies in the past. Choose a day from today on.") % {"date": date_format(due_on)}
        )
    if not ClimateContract.objects.running(today()).exists():
        raise ReviewRefused(_("No climate contract is running, so there is nothing to review."))
    if ReviewRound.objects.filter(year=year).exists():
        raise ReviewRefused(_("The round of %(year)d exists already.") % {"year": year})


def _create(year: int, due_on: date, actor: Actor) -> ReviewRound:
    opened_by = actor if isinstance(actor, User) else User.objects.system()
    try:
        with transaction.atomic():
            return ReviewRound.objects.create(year=year, due_on=due_on, opened_by=opened_by)
    except IntegrityError as error:
        raise ReviewRefused(_("The round of %(year)d exists already.") % {"year": year}) from error


@transaction.atomic
def close_round(*, year: int, actor: Actor) -> ReviewRound:
    """Close a round: from this moment no answer is taken; the worker keeps the outcomes and writes the reflection.

    Raises NotAllowed, and ReviewRefused when there is no such round or it is not open.
    """
    require(actor, *MANAGE)
    current = ReviewRound.objects.select_for_update().filter(year=year).first()
    if current is None:
        raise ReviewRefused(_("There is no round of %(year)d.") % {"year": year})
    if current.state != RoundState.OPEN:
        raise ReviewRefused(
            _("The round of %(year)d is %(state)s, so it cannot be closed.")
            % {"year": year, "state": current.get_state_display()}
        )
    workflow.take(ROUND, "close", current, actor=actor)
    jobs.enqueue(
        kind=CLOSE_JOB,
        key=f"{CLOSE_JOB}:{year}",
        payload={"round": current.pk},
        actor=actor,
        title=_("Close the annual review"),
    )
    return current


@transaction.atomic
def move_due_date(*, round: ReviewRound, due_on: date, actor: Actor) -> ReviewRound:
    """Give everybody more (or less) time. Raises NotAllowed, and ReviewRefused when closed or in the past."""
    require(actor, *MANAGE)
    current = ReviewRound.objects.select_for_update().get(pk=round.pk)
    if current.state not in (RoundState.OPENING, RoundState.OPEN):
        raise ReviewRefused(_("The round of %(year)d is closed.") % {"year": current.year})
    if is_past(due_on):
        raise ReviewRefused(
            _("%(date)s lies in the past. Choose a day from today on.") % {"date": date_format(due_on)}
        )
    if current.due_on != due_on:
        changes = {"due_on": [current.due_on.isoformat(), due_on.isoformat()]}
        current.due_on = due_on
        current.save(update_fields=["due_on"])
        audit.record(actor=actor, event=Event.CHANGED, obj=current, changes=changes)
    return current
