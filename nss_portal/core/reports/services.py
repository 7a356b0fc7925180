"""Asking for reports, making them, and recognising them again."""

import hashlib
import re
import zlib
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from nss_portal.core import audit, files, jobs
from nss_portal.core.access import Actor, require
from nss_portal.core.models import Report, ReportFormat, ReportState, StoredFile
from nss_portal.core.models.audit import Event
from nss_portal.core.reports.making import make
from nss_portal.core.reports.registry import ReportKind, Snapshot, kind_named

JOB = "core.report"
STEPS = 3
Progress = Callable[[int, int, str], None]


class NotThere(LookupError):
    """There is no such kind of report, or no such record, or not for this actor; the text is for people."""


@transaction.atomic
def request_report(*, kind: str, object_ref: str, format: str, language: str, actor: Actor) -> Report:
    """Ask for a report; the worker makes it. The same one that is being made already is given back.

    Raises NotThere for what the actor does not see, NotAllowed where the matrix gives no report about it, and
    ValidationError for a format that this kind does not have.
    """
    report = _begin(kind=kind, object_ref=object_ref, format=format, language=language, actor=actor)
    require(actor, "report", "request", report)
    jobs.enqueue(
        kind=JOB, key=report.public_id, payload={"report": report.pk}, actor=actor, title=_title_of(report)
    )
    return report


@transaction.atomic
def _begin(*, kind: str, object_ref: str, format: str, language: str, actor: Actor) -> Report:
    chosen, record = find(kind=kind, object_ref=object_ref, actor=actor)
    if format not in chosen.formats:
        raise ValidationError(_("This report cannot be had as %(format)s.") % {"format": format})
    same = {"kind": kind, "object_ref": object_ref, "format": format, "language": language}
    user_id = getattr(actor, "pk", None)
    waiting = Report.objects.filter(**same, requested_by_id=user_id, state=ReportState.REQUESTED)
    if (already := waiting.select_for_update().first()) is not None:
        return already
    report = Report.objects.create(
        **same,
        object_label=str(record)[:200],
        organisations=sorted(chosen.organisations(record)),
        requested_by_id=user_id,
        requested_by_label=str(actor)[:200],
    )
    audit.record(actor=actor, event=Event.REQUESTED, obj=report, changes=same)
    return report


def find(*, kind: str, object_ref: str, actor: Actor) -> tuple[ReportKind, Model]:
    """Give a kind of report and the record; raises NotThere."""
    try:
        chosen = kind_named(kind)
    except LookupError:
        raise NotThere(_("There is no report of this kind: %(kind)s.") % {"kind": kind}) from None
    record = chosen.find(actor, object_ref)
    if record is None:
        raise NotThere(_("There is nothing named %(name)s to report on.") % {"name": object_ref})
    return chosen, record


def _title_of(report: Report) -> str:
    # One record is often made in several formats and languages at once: the list of jobs tells them apart.
    return f"{kind_named(report.kind).label}: {report.object_label} ({report.format.upper()}, {report.language})"


def produce(
    report: Report, *, actor: Actor, progress: Progress, guard: Callable[[], None]
) -> tuple[Report, bytes | None]:
    """Make a report that was asked for, or take over the file of an earlier one that shows the same data.

    Gives the report with the bytes, None where there was a file. May be called again at any point of an earlier
    try. `guard` is called first in the transaction that writes. Raises NotThere when the actor does not see the
    record any more.
    """
    if report.state == ReportState.READY:
        return report, None
    kind, record = find(kind=report.kind, object_ref=report.object_ref, actor=actor)
    progress(0, STEPS, _("Gathering the figures"))
    with translation.override(report.language):
        snapshot = kind.collect(record, actor)
    digest = snapshot.digest(kind=kind.name, edition=kind.edition, language=report.language)
    earlier = _same(report, digest)
    content = None
    if earlier is None:
        progress(1, STEPS, _("Making the file"))
        content = make(kind, snapshot, format=report.format, language=report.language, digest=digest)
    progress(2, STEPS, _("Putting it away"))
    with transaction.atomic():
        guard()
        fresh = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if fresh.state == ReportState.READY:
            return fresh, content
        _fill(fresh, snapshot, digest, is_public=kind.is_public(record))
        if content is not None:
            _keep(fresh, content, actor)
        elif earlier is not None:
            fresh.file, fresh.sha256, fresh.size = earlier.file, earlier.sha256, earlier.size
        fresh.save()
        audit.record(actor=actor, event=Event.CREATED, obj=fresh, changes={"sha256": fresh.sha256})
    return fresh, content


def _same(report: Report, digest: str) -> Report | None:
    """Give an earlier report whose file shows just the same."""
    return (
        Report.objects.filter(
            kind=report.kind,
            object_ref=report.object_ref,
            format=report.format,
            language=report.language,
            data_sha256=digest,
            state=ReportState.READY,
            file__isnull=False,
        )
        .select_related("file")
        .first()
    )


def _fill(report: Report, snapshot: Snapshot, digest: str, *, is_public: bool) -> None:
    report.title = snapshot.title[:200]
    report.version = snapshot.version[:200]
    report.data_sha256 = digest
    report.state = ReportState.READY
    report.is_public = is_public
    report.ready_at = timezone.now()
    report.failure = ""


def _keep(report: Report, content: bytes, actor: Actor) -> None:
    report.sha256, report.size = hashlib.sha256(content).hexdigest(), len(content)
    if report.format != ReportFormat.HTML:  # the portal keeps no HTML: it must never be served as a page of ours
        report.file = files.keep(content=content, name=file_name(report), actor=actor, owner=report)


def file_name(report: Report) -> str:
    """Give the name under which a report is saved: 'nationale-reflectie-2025.pdf'."""
    return f"{slugify(report.title)[:100] or report.kind}.{report.format}"


@transaction.atomic
def give_up(report: Report, reason: str) -> None:
    """Note that a report could not be made, so that it can be asked for again."""
    Report.objects.filter(pk=report.pk, state=ReportState.REQUESTED).update(
        state=ReportState.FAILED, failure=reason[:1000]
    )


def make_here(*, kind: str, object_ref: str, format: str, language: str, actor: Actor) -> tuple[Report, bytes]:
    """Make a report in this process and wait for it: for commands. Raises as `request_report` does."""
    with transaction.atomic():
        report = _begin(kind=kind, object_ref=object_ref, format=format, language=language, actor=actor)
        require(actor, "report", "request", report)
    try:
        made, content = produce(report, actor=actor, progress=lambda *_args: None, guard=lambda: None)
    except Exception as error:
        give_up(report, f"{type(error).__name__}: {error}")
        raise
    return made, content if content is not None else content_of(made.file)


def content_of(stored: StoredFile | None) -> bytes:
    """Give the content of a stored file; raises FileNotFoundError when the storage has lost it."""
    if stored is None:
        raise FileNotFoundError
    with files.opened(stored) as file:
        return file.read()


def recognise(content: bytes) -> Report | None:
    """Give the report that a file is, byte for byte, or None when the portal did not make it."""
    digest = hashlib.sha256(content).hexdigest()
    return Report.objects.filter(sha256=digest, state=ReportState.READY).order_by("ready_at", "pk").first()


def claims_to_be_ours(content: bytes) -> bool:
    """Say whether a file carries the marks of our reports, also where a PDF has them compressed."""
    marks = (b"nssdata", b"dataSha256")
    if any(mark in content for mark in marks):
        return True
    for match in re.finditer(rb"/ObjStm[^>]*>>\s*stream\r?\n", content):
        try:
            unpacked = zlib.decompressobj().decompress(content[match.end() :], 1_000_000)
        except zlib.error:
            continue
        if marks[0] in unpacked:
            return True
    return False
