"""The job that sends one mail, once."""

from functools import partial

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from nss_portal.core import jobs
from nss_portal.core.jobs.run import patiently, worker_name
from nss_portal.core.mail.compose import KIND, is_suppressed
from nss_portal.core.mail.deliver import Post, Refused, Unclear
from nss_portal.core.mail.suppression import suppress_bounced
from nss_portal.core.models import Job, MailState, OutgoingMail

# One to ten minutes at first, for greylisting and short failures, then for about two days.
RETRIES = (60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
QUEUE = "mail"

_post = Post()


def close_post() -> None:
    """Let go of the worker's connection to the mail server."""
    _post.close()


def _given_up(job: Job) -> None:
    OutgoingMail.objects.filter(pk=job.payload["mail"], rounds=job.payload["round"]).exclude(
        state__in=[MailState.SENT, MailState.UNCERTAIN, MailState.SUPPRESSED]
    ).update(state=MailState.FAILED, last_error=job.last_error)


@jobs.handler(KIND, retries=RETRIES, queue=QUEUE, on_failed=_given_up, listed=False)
def send_mail(job: jobs.RunningJob) -> dict[str, object]:
    """Send one mail: mark it as being sent, hand it over, note how that ended.

    A mail that is found marked was left by a worker that died in between. Nobody knows whether it went, so it
    becomes 'uncertain' and is not sent again by itself.
    """
    pk = int(job.payload["mail"])
    if (done := _settled(job, pk)) is not None:
        return {"state": done}
    try:
        _post.open()
        mail = _mark(job, pk)
        if mail is None:
            return {"state": OutgoingMail.objects.get(pk=pk).state}
        _post.deliver(mail)
    except Refused as refusal:
        return _refused(job, pk, refusal)
    except Unclear as error:
        _note(pk, MailState.UNCERTAIN, last_error=str(error))
        return {"state": MailState.UNCERTAIN.value}
    # PostgreSQL may restart just now; what we know for certain is written down when it is back.
    patiently(partial(_note, pk, MailState.SENT, sent_at=timezone.now(), last_error=""))
    return {"state": MailState.SENT.value}


def _settled(job: jobs.RunningJob, pk: int) -> str | None:
    """Give the state of a mail that is not to be sent by this job, or None when it is."""
    with transaction.atomic():
        job.checkpoint()
        mail = OutgoingMail.objects.select_for_update().get(pk=pk)
        if mail.rounds != job.payload["round"]:
            return str(mail.state)
        if mail.state == MailState.SENDING:
            words = _("The worker stopped while it handed the mail over.")
            _note(pk, MailState.UNCERTAIN, last_error=words)
            return MailState.UNCERTAIN.value
        if mail.state == MailState.QUEUED and is_suppressed(mail.recipient):
            _note(pk, MailState.SUPPRESSED)
            return MailState.SUPPRESSED.value
        return None if mail.state == MailState.QUEUED else str(mail.state)


def _mark(job: jobs.RunningJob, pk: int) -> OutgoingMail | None:
    """Mark the mail as being sent, committed before the first word to the server; None when it is not ours."""
    with transaction.atomic():
        job.checkpoint()
        marked = OutgoingMail.objects.filter(pk=pk, state=MailState.QUEUED, rounds=job.payload["round"]).update(
            state=MailState.SENDING, sending_by=worker_name(), sending_since=Now(), attempts=F("attempts") + 1
        )
        return OutgoingMail.objects.get(pk=pk) if marked else None


def _refused(job: jobs.RunningJob, pk: int, refusal: Refused) -> dict[str, object]:
    """Write down a refusal: back to waiting when it may pass, failed (and the address noted) when it will not."""
    if not refusal.permanent:
        _note(pk, MailState.QUEUED, last_error=str(refusal))
        raise jobs.TryLater(str(refusal))
    with transaction.atomic():
        _note(pk, MailState.FAILED, last_error=str(refusal))
        if refusal.unknown:
            suppress_bounced(OutgoingMail.objects.get(pk=pk), reason=str(refusal))
    return {"state": MailState.FAILED.value}


def _note(pk: int, state: MailState, **values: object) -> None:
    mail = OutgoingMail.objects.filter(pk=pk).exclude(state=MailState.SENT)
    mail.update(state=state, sending_by="", sending_since=None, **values)
