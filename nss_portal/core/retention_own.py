"""How long the core's own records are kept: the log, mails, jobs, reports, sessions."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nss_portal.core.models import (
    AuditEvent,
    Job,
    JobState,
    MailboxMessage,
    MailState,
    OutgoingMail,
    Report,
    ReportState,
    StoredFile,
    SuppressedAddress,
)
from nss_portal.core.models.audit import Event
from nss_portal.core.privacy.forgetting import forgetting
from nss_portal.core.registry import retention_rules
from nss_portal.core.retention import Kept, Outcome

NOBODY = "vervallen@portaal.invalid"
YEAR = 365
SENT = _("the day on which it was written")
HAPPENED = _("the day on which it happened")


def old_mails(before: datetime) -> Any:
    """Give mails that went, or will not, and still say something; their keys stay, so that none goes twice."""
    under_way = (MailState.QUEUED, MailState.SENDING)
    old = OutgoingMail.objects.filter(queued_at__lt=before).exclude(state__in=under_way)
    return old.exclude(recipient=NOBODY)


def blot_mails(keys: list[Any]) -> int:
    """Take address and words out of mails."""
    empty = {"subject": "", "text": "", "html": "", "calendar": "", "about_label": "", "last_error": ""}
    return OutgoingMail.objects.filter(pk__in=keys).update(recipient=NOBODY, **empty)


def old_jobs(before: datetime) -> Any:
    """Give jobs that are over and still say who asked; their keys stay, so that nothing is done twice."""
    over = Job.objects.filter(state__in=(JobState.DONE, JobState.FAILED), finished_at__lt=before)
    return over.filter(~Q(actor_label="") | Q(actor__isnull=False) | ~Q(title=""))


def blot_jobs(keys: list[Any]) -> int:
    """Take who asked, and what for, out of jobs."""
    return Job.objects.filter(pk__in=keys).update(
        actor=None, actor_label="", title="", last_error="", progress_text="", result=None
    )


def blot_origins(keys: list[Any]) -> int:
    """Take the IP address out of events of the log."""
    with forgetting():
        return AuditEvent.objects.filter(pk__in=keys).update(origin="")


def drop_logins(keys: list[Any]) -> int:
    """Delete that somebody logged in."""
    with forgetting():
        return AuditEvent.objects.filter(pk__in=keys, event=Event.LOGIN).delete()[0]


def old_reports(before: datetime) -> Any:
    """Give reports that only who asked can open; public ones stay."""
    old = Report.objects.filter(is_public=False, requested_at__lt=before, state=ReportState.READY)
    return old.filter(Q(file__isnull=False) | Q(requested_by__isnull=False))


def drop_files(keys: list[Any]) -> int:
    """Throw files away, with their content."""
    rows = StoredFile.objects.filter(pk__in=keys)
    for stored in rows:
        path = stored.path
        stored.delete()
        transaction.on_commit(partial(default_storage.delete, path), robust=True)
    return len(keys)


def blot_reports(keys: list[Any]) -> int:
    """Throw the files of reports away that no other report needs; the hash stays, to recognise them by."""
    rows = Report.objects.filter(pk__in=keys)
    files = set(rows.filter(file__isnull=False).values_list("file", flat=True))
    done = rows.update(file=None, requested_by=None, requested_by_label="")
    files -= set(Report.objects.filter(file__in=files).values_list("file", flat=True))
    drop_files(list(files))
    return done


@retention_rules.register
def rules() -> Iterator[Kept]:
    """The core's kinds of records."""
    yield Kept(
        "log",
        _("Log of changes: who did what, when"),
        HAPPENED,
        _("It must be possible to tell who changed what (Archiefwet). A person who goes becomes a pseudonym."),
        None,
        Outcome.ARCHIVED,
        order=10,
    )
    yield Kept(
        "log-addresses",
        _("IP addresses in the log"),
        HAPPENED,
        _("For security only (AVG, article 5(1)(e))."),
        YEAR,
        Outcome.BLOTTED,
        lambda before: AuditEvent.objects.filter(at__lt=before).exclude(origin=""),
        blot_origins,
        order=11,
    )
    yield Kept(
        "logins",
        _("When people logged in"),
        HAPPENED,
        _("For security only (AVG, article 5(1)(e))."),
        YEAR,
        due=lambda before: AuditEvent.objects.filter(event=Event.LOGIN, at__lt=before),
        let_go=drop_logins,
        order=12,
    )
    yield Kept(
        "mails",
        _("Mails that the portal sent"),
        SENT,
        _("To answer questions about what was sent. That a mail went stays known, without address and words."),
        YEAR,
        Outcome.BLOTTED,
        old_mails,
        blot_mails,
        order=20,
    )
    yield Kept(
        "mailbox",
        _("Mails in the mailbox of the demonstration"),
        SENT,
        _("To try the portal."),
        30,
        due=lambda before: MailboxMessage.objects.filter(at__lt=before),
        is_set=True,
        order=21,
    )
    yield Kept(
        "suppressed",
        _("Addresses that are no longer mailed"),
        _("the day on which it was noted"),
        _("So that nothing goes to an address that does not work or does not want it."),
        2 * YEAR,
        due=lambda before: SuppressedAddress.objects.filter(since__lt=before),
        order=22,
    )
    yield Kept(
        "jobs",
        _("Work of the portal that somebody asked for"),
        _("the day on which it was done"),
        _("To set right what went wrong. That it was done stays known, so that it is not done twice."),
        YEAR,
        Outcome.BLOTTED,
        old_jobs,
        blot_jobs,
        order=30,
    )
    yield Kept(
        "reports",
        _("Reports that somebody asked for and that are not public"),
        _("the day on which it was asked for"),
        _("It can be made again; its hash stays, so that the portal recognises the file."),
        90,
        Outcome.BLOTTED,
        old_reports,
        blot_reports,
        order=31,
    )
    yield Kept(
        "archive-exports",
        _("Exports for the archive"),
        _("the day on which it was made"),
        _("The archive has them; they can be made again."),
        30,
        due=lambda before: StoredFile.objects.filter(owner_type=Job._meta.label_lower, uploaded_at__lt=before),
        let_go=drop_files,
        order=34,
    )
    yield Kept(
        "loose-files",
        _("Files that were sent and belong to nothing"),
        _("the day on which it was sent"),
        _("Carried out every night by the clean-up of files."),
        1,
        is_set=True,
        order=32,
    )
    yield Kept(
        "sessions",
        _("Sessions: that somebody is logged in"),
        _("the end of the session"),
        _("Needed to be logged in; a session ends by itself after twelve hours."),
        1,
        due=lambda before: Session.objects.filter(expire_date__lt=before),
        is_set=True,
        order=33,
    )
