"""Work outside a page: open a round, invite, remind, close. Each handler goes on where an earlier try stopped."""

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from contracts.clients.http import ServiceAway, ServiceError
from contracts.models import DataFetch, DemandOffer, ReviewRound
from contracts.models.demand import OfferStatus
from contracts.models.fetch import FetchState
from contracts.models.review import RoundState
from contracts.services import fetching
from contracts.services.demand import cities_wanting
from contracts.services.demand_letters import LETTERS_JOB, tell_cities
from contracts.services.review import blockades, closing, prefill, reminders, yearly
from contracts.services.review.reports import ask_for_reports
from contracts.services.review.rounds import CLOSE_JOB, INVITE_JOB, OPEN_JOB
from contracts.services.review.to_standard import propose_out_of
from contracts.services.signing import inviting
from contracts.services.standard.document import ask_for_lacking
from contracts.workflow_review import ROUND
from governance.models import User
from nss_portal.core import jobs, workflow
from nss_portal.core.access import may
from nss_portal.core.time import today

DAY_JOB = "contracts.review_day"
SIGNING_DAY_JOB = "contracts.signing_day"
# A round is tried oftener than other work: each try goes on where the one before was broken off.
ROUND_RETRIES = (10, 30, 60, 60, 60, 300, 300, 300, 900, 900, 900)


@jobs.handler(OPEN_JOB, retries=ROUND_RETRIES)
def open_round(job: jobs.RunningJob) -> dict[str, object]:
    """Prefill a review for every running contract; then, and not before, open the round and ask for the mails."""
    current = ReviewRound.objects.get(pk=job.payload["round"])
    written = 0
    if current.state == RoundState.OPENING:
        written = prefill.prefill(current, guard=job.checkpoint, progress=job.progress)
    with transaction.atomic():
        job.checkpoint()
        current = ReviewRound.objects.select_for_update().get(pk=current.pk)
        if current.state == RoundState.OPENING:
            workflow.take(ROUND, "open", current, actor=User.objects.system())
        jobs.enqueue(
            kind=INVITE_JOB,
            key=f"{INVITE_JOB}:{current.year}",
            payload={"round": current.pk},
            actor=job.job.actor,
            title=_("Invite the parties"),
        )
    return {"reviews": current.reviews.count(), "written": written}


@jobs.handler(INVITE_JOB, retries=ROUND_RETRIES)
def invite_round(job: jobs.RunningJob) -> dict[str, object]:
    """Write one invitation per person; a round that closed meanwhile invites nobody."""
    current = ReviewRound.objects.get(pk=job.payload["round"])
    if current.state != RoundState.OPEN:
        return {"people": 0, "unreachable": 0}
    people, unreachable = reminders.invite(current, guard=job.checkpoint, progress=job.progress)
    return {"people": people, "unreachable": unreachable}


@jobs.handler(LETTERS_JOB)
def offer_letters(job: jobs.RunningJob) -> dict[str, object]:
    """Tell the cities that want this of an offer; one that was withdrawn meanwhile is told to nobody."""
    offer = DemandOffer.objects.select_related("measure", "organisation").get(pk=job.payload["offer"])
    if offer.status == OfferStatus.WITHDRAWN:
        return {"mails": 0}
    with transaction.atomic():
        job.checkpoint()
        return {"mails": tell_cities(offer, cities_wanting(offer.measure))}


@jobs.handler(CLOSE_JOB, retries=ROUND_RETRIES)
def close_round(job: jobs.RunningJob) -> dict[str, object]:
    """Keep every review's outcome and close it; then write the reflection and close the round."""
    current = ReviewRound.objects.get(pk=job.payload["round"])
    system = User.objects.system()
    closed = 0
    if current.state == RoundState.CLOSING:
        closed = closing.close_reviews(current, actor=system, guard=job.checkpoint, progress=job.progress)
        with transaction.atomic():
            job.checkpoint()
            current = closing.finish(current, actor=system)
            propose_out_of(current)
            ask_for_reports(current, actor=job.actor if may(job.actor, "report", "request") else system)
    return {"reviews": current.reviews.count(), "closed": closed}


@jobs.handler(DAY_JOB, retries=ROUND_RETRIES)
def review_day(job: jobs.RunningJob) -> dict[str, object]:
    """Do what a day asks for: send reminders, ask whether what was blocked is loose, open the yearly round.

    Looks at the day on which it runs, so that jobs of several days that waited for a worker cause no burst.
    """
    day = today()
    people = sum(
        reminders.remind(current, on=day, guard=job.checkpoint)
        for current in ReviewRound.objects.filter(state=RoundState.OPEN)
    )
    asked = blockades.ask_whether_loose(on=day, guard=job.checkpoint)
    with transaction.atomic():
        job.checkpoint()
        opened = yearly.open_yearly_round(day)
    return {"reminded": people, "asked": asked, "opened": opened.year if opened else None}


@shared_task(name="contracts.review_day")
def ask_for_review_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Annual review: what today asks for"),
        )


def _fetch_failed(job: jobs.Job) -> None:
    """Note on a fetch that its job was given up."""
    fetch = DataFetch.objects.filter(pk=job.payload["fetch"], state=FetchState.WAITING).first()
    if fetch is not None:
        fetching.note_failure(actor=User.objects.system(), fetch=fetch, message=job.last_error or _("no answer"))


@jobs.handler(fetching.FETCH_JOB, on_failed=_fetch_failed)
def fetch_figures(job: jobs.RunningJob) -> dict[str, object]:
    """Ask a service for figures and write them; what is away is tried again, what refuses us is given up."""
    fetch = DataFetch.objects.get(pk=job.payload["fetch"])
    try:
        done = fetching.carry_out(fetch, actor=job.actor, guard=job.checkpoint)
    except ServiceAway as error:
        raise jobs.TryLater(str(error)) from error
    except (ServiceError, ValueError) as error:
        raise jobs.GiveUp(str(error)) from error
    return {"state": done.state, "taken": done.taken, "refused": done.refused}


@shared_task(name="contracts.figures_year")
def ask_for_figures() -> None:
    """Set going by the clock in its month: one fetch per service and year."""
    fetching.ask_yearly(today())


@jobs.handler(SIGNING_DAY_JOB)
def signing_day(job: jobs.RunningJob) -> dict[str, object]:
    """Remind who was asked to sign a contract and has not, a week after the last mail.

    Also have the PDF of the standard approach made where the version in force has none: one that came into force
    before there were any, or whose report failed.
    """
    with transaction.atomic():
        job.checkpoint()
        return {"reminded": inviting.remind_due(today()), "documents": ask_for_lacking()}


@shared_task(name="contracts.signing_day")
def ask_for_signing_day() -> None:
    """Set going by the clock, several times a day: one job per day."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=SIGNING_DAY_JOB,
            key=f"{SIGNING_DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Climate contracts: who has yet to sign"),
        )
