"""The job that sends one mail, once."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from nss_portal.core import jobs
from nss_portal.core.jobs.run import patiently, worker_name
from nss_portal.core.mail.compose import KIND
from nss_portal.core.mail.deliver import Post, Refused, Unclear
from nss_portal.core.mail.suppression import suppress_bounced
from nss_portal.core.models import Job, MailState, OutgoingMail, SuppressedAddress

# One to ten minutes at first, for greylisting and short failures, then for about two days.
RETRIES = (60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
QUEUE = "mail"

_post = Post()


def close_post() -> None:
    """Let go of the worker's connection to the mail server."""
    _post.close()


def _given_up(job: Job) -> None:
    mails = OutgoingMail.objects.filter(pk=job.payload["mail"], rounds=job.payload["round"])
    mails.filter(state=MailState.QUEUED).update(state=MailState.FAILED, last_error=job.last_error)
    mails.filter(state=MailState.SENDING).update(state=MailState.UNCERTAIN, last_error=job.last_error)


@jobs.handler(KIND, retries=RETRIES, queue=QUEUE, on_failed=_given_up, listed=False)
def send_mail(job: jobs.RunningJob) -> dict[str, object]:
    """Send one mail: mark it as being sent, hand it over, note how that ended.

    A mail that is found marked was left by a worker that died in between. Nobody knows whether it went, so it
    becomes 'uncertain' and is not sent again by itself.
    """
    pk = int(job.payload["mail"])
    try:
        if OutgoingMail.objects.filter(pk=pk, state=MailState.QUEUED).exists():
            _post.open()
        mail, ours = _mark(job, pk)
        if not ours:
            return {"state": str(mail.state)}
        _post.deliver(mail)
    except Refused as refusal:
        return _refused(pk, refusal)
    except Unclear as error:
        _note(pk, MailState.UNCERTAIN, last_error=str(error))
        return {"state": MailState.UNCERTAIN.value}
    # PostgreSQL may restart just now; what we know for certain is written down when it is back.
    patiently(partial(_note, pk, MailState.SENT, sent_at=timezone.now(), last_error=""))
    return {"state": MailState.SENT.value}


def _mark(job: jobs.RunningJob, pk: int) -> tuple[OutgoingMail, bool]:
    """Mark the mail as being sent, committed before the first word to the server; gives it, and whether we send.

    A mail that is being sent already was left by a worker that died: it becomes 'uncertain'.
    """
    with transaction.atomic():
        job.checkpoint()
        on_list = SuppressedAddress.objects.filter(address__iexact=OuterRef("recipient"))
        mails: Any = OutgoingMail.objects.select_for_update(of=("self",)).annotate(is_stopped=Exists(on_list))
        mail = mails.get(pk=pk)
        if mail.rounds != job.payload["round"] or mail.state not in (MailState.QUEUED, MailState.SENDING):
            return mail, False
        if mail.state == MailState.SENDING:
            mail.state, mail.sending_by = MailState.UNCERTAIN, ""
            mail.last_error = _("The worker stopped while it handed the mail over.")
        elif mail.is_stopped:
            mail.state = MailState.SUPPRESSED
        else:
            mail.state, mail.sending_by, mail.sending_since = MailState.SENDING, worker_name(), timezone.now()
            mail.attempts += 1
        mail.save(update_fields=["state", "sending_by", "sending_since", "attempts", "last_error"])
        return mail, mail.state == MailState.SENDING


def _refused(pk: int, refusal: Refused) -> dict[str, object]:
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
