"""What the activities app hands to the archive: programmes that are closed, with covenant and results."""

from collections.abc import Iterator
from functools import partial

from activities.models import Programme
from activities.models.programme import Phase
from activities.models.programme_covenant import Signature
from activities.reports_programme import NAME
from cities.models.bottleneck import Sharing
from nss_portal.core.archive.records import ArchiveEvent, ArchiveRecord, Involved, archived_report
from nss_portal.core.registry import archive_sources

INSIDE = "Gedeeld met de deelnemers, niet openbaar gemaakt."
INVENTED = "Illustratief: verzonnen voor de demonstratie."


@archive_sources.register
def closed_programmes(year: int | None) -> Iterator[ArchiveRecord]:
    """Closed programmes; a published one as everybody reads it, another one whole and restricted."""
    found = Programme.objects.filter(phase=Phase.CLOSED).select_related("covenant")
    if year is not None:
        found = found.filter(phase_since__year=year)
    for programme in found.order_by("pk"):
        yield _programme(programme)


def _programme(programme: Programme) -> ArchiveRecord:
    given = Signature.objects.filter(round__covenant__programme=programme).select_related("organisation")
    signed = [Involved("Ondertekenaar", f"{one.organisation} ({one.signed_by_label})") for one in given]
    is_public = programme.sharing == Sharing.PUBLISHED
    covenant = getattr(programme, "covenant", None)
    fixed = covenant.fixed_at if covenant is not None else None
    events = [ArchiveEvent("Bevriezing", fixed.date(), is_mdto=True)] if fixed else []
    words = [INVENTED] if programme.is_illustrative else []
    if covenant is not None and covenant.digest:
        words.append(f"SHA-256 van het convenant: {covenant.digest}")
    return ArchiveRecord(
        key=f"programma/{programme.public_id}",
        name=programme.title,
        kind="Programma met convenant",
        on=programme.phase_since,
        made=partial(archived_report, NAME, programme, is_public=is_public),
        url=programme.get_absolute_url(),
        events=[*events, ArchiveEvent("Sluiting", programme.phase_since)],
        involved=signed,
        description=". ".join(words),
        is_public=is_public,
        restriction="" if is_public else INSIDE,
        names_persons=bool(signed),
    )
