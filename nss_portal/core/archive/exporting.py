"""Exporting for the archive: into a folder (command), or as a job into a ZIP for who asked (page)."""

import csv
import io
import re
import tempfile
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nss_portal.core import audit, files, jobs
from nss_portal.core.access import Actor, require
from nss_portal.core.archive import mdto
from nss_portal.core.archive.bag import Bag
from nss_portal.core.archive.records import ArchiveRecord, all_records
from nss_portal.core.models import Job
from nss_portal.core.models.audit import Event
from nss_portal.core.portal_name import portal_name

JOB = "core.archive"
Progress = Callable[[int, int, str], None]
COLUMNS = ("kenmerk", "naam", "soort", "datum", "openbaarheid", "bestand", "sha256", "bytes")


@dataclass(frozen=True)
class Exported:
    """What an export holds: how many records, how many of them restricted, how many bytes of PDF."""

    records: int
    restricted: int
    size: int


def export_to(
    folder: Path, *, year: int | None, with_restricted: bool, progress: Progress = lambda *_args: None
) -> Exported:
    """Write a bag into an empty folder: per record its PDF/A, its metadata and that of the file.

    Raises FileExistsError for a folder with something in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    records = list(all_records(year, with_restricted=with_restricted))
    bag, rows = Bag(folder), []
    for number, record in enumerate(records):
        progress(number, len(records), record.name)
        rows.append(_add(bag, record))
    bag.add("overzicht.csv", _overview(rows))
    bag.close(_info(year, with_restricted, len(records)))
    sizes = [int(row[-1]) for row in rows]
    return Exported(len(records), sum(not record.is_public for record in records), sum(sizes))


def _add(bag: Bag, record: ArchiveRecord) -> list[str]:
    """Add a record; gives its row for the overview."""
    content = record.made()
    place = "/".join(safe(part) for part in record.key.split("/"))
    name = f"{safe(record.key.replace('/', '-'))}.pdf"
    digest = bag.add(f"{place}/{name}", content)
    filed = mdto.Filed(name, len(content), digest, timezone.now())
    bag.add(f"{place}/{name}.bestand.mdto.xml", mdto.file_xml(record, filed))
    bag.add(f"{place}/{safe(record.key.replace('/', '-'))}.mdto.xml", mdto.object_xml(record, filed))
    openness = "openbaar" if record.is_public else "beperkt openbaar"
    return [
        record.key,
        record.name,
        record.kind,
        record.on.isoformat(),
        openness,
        f"data/{place}/{name}",
        digest,
        str(len(content)),
    ]


def safe(part: str) -> str:
    """Make a name that no system stumbles over."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", part).strip("-.") or "x"


def _overview(rows: list[list[str]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    # A text that a spreadsheet would take for a formula gets a quote before it.
    writer.writerows([f"'{cell}" if cell[:1] in "=+-@" else cell for cell in row] for row in rows)
    return written.getvalue().encode()


def _info(year: int | None, with_restricted: bool, count: int) -> dict[str, str]:
    what = "ook beperkt openbare stukken" if with_restricted else "alleen openbare stukken"
    return {
        "Source-Organization": settings.NSS_ARCHIVE_MAKER or portal_name().name_nl,
        "Bagging-Date": timezone.localdate().isoformat(),
        "External-Description": f"{count} records, {year or 'alle jaren'}, {what}; metagegevens in MDTO 1.0.1",
        "Bag-Software-Agent": settings.NSS_BASE_URL,
    }


@transaction.atomic
def ask(*, actor: Actor, year: int | None, with_restricted: bool) -> Job:
    """Ask for an export. Raises NotAllowed for whoever does not keep the terms of records."""
    require(actor, "retention", "manage")
    key = uuid.uuid4().hex
    payload = {"year": year, "with_restricted": with_restricted}
    job = jobs.enqueue(kind=JOB, key=key, payload=payload, actor=actor, title=_("Export for the archive"))
    audit.record(actor=actor, event=Event.REQUESTED, obj=job, changes=payload)
    return job


@jobs.handler(JOB)
def make(job: jobs.RunningJob) -> dict[str, object]:
    """Make an export and put it away as a file of its job: whoever sees the job downloads it."""
    with tempfile.TemporaryDirectory() as place:
        folder, packed = Path(place) / "archief", Path(place) / "archief.zip"
        made = export_to(
            folder,
            year=job.payload["year"],
            with_restricted=bool(job.payload["with_restricted"]),
            progress=job.progress,
        )
        _zip(folder, packed)
        _put_away(job, packed, is_confidential=made.restricted > 0)
        size = packed.stat().st_size
    return {"records": made.records, "restricted": made.restricted, "bytes": size}


def _put_away(job: jobs.RunningJob, packed: Path, *, is_confidential: bool) -> None:
    name = f"archief-{job.payload['year'] or 'alles'}-{timezone.localdate():%Y-%m-%d}.zip"
    system = get_user_model()._default_manager.system()
    with transaction.atomic(), packed.open("rb") as content:
        job.checkpoint()
        if not files.files_of(job.job):
            files.keep_zip(
                content=content, name=name, actor=system, owner=job.job, is_confidential=is_confidential
            )


def _zip(folder: Path, target: Path) -> None:
    """Pack a folder file by file on the disk: years of documents need not fit in memory."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, f"archief/{path.relative_to(folder)}")
