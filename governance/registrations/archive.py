"""What governance hands to the archive: adopted lists of decisions."""

from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from governance.models import Decision, Meeting, MeetingState
from nss_portal.core.archive.records import ArchiveEvent, ArchiveRecord, Involved, archived_document
from nss_portal.core.registry import archive_sources

INSIDE = "Besluiten die niet openbaar zijn gemaakt."
INVENTED = "Illustratief: verzonnen voor de demonstratie."


@archive_sources.register
def lists_of_decisions(year: int | None) -> Iterator[ArchiveRecord]:
    """Adopted lists: what everybody reads of a published one, and, restricted, what is not published."""
    found = Meeting.objects.filter(state=MeetingState.ADOPTED).select_related("body")
    if year is not None:
        found = found.filter(starts_at__year=year)
    for meeting in found.order_by("starts_at", "pk"):
        decisions = list(meeting.decisions.select_related("owner").order_by("number"))
        public = [one for one in decisions if one.is_published and meeting.is_published]
        inside = [one for one in decisions if one not in public]
        if public:
            yield _list(meeting, public, is_public=True)
        if inside:
            yield _list(meeting, inside, is_public=False)


def _list(meeting: Meeting, decisions: list[Decision], *, is_public: bool) -> ArchiveRecord:
    day = timezone.localdate(meeting.starts_at)
    ending = "" if is_public else "/niet-openbaar"
    name = f"Besluitenlijst {meeting.body.label_nl} {day:%d-%m-%Y}"
    return ArchiveRecord(
        key=f"besluitenlijst/{meeting.public_id}{ending}",
        name=name if is_public else f"{name}, niet openbaar deel",
        kind="Besluitenlijst",
        on=day,
        made=partial(_made, meeting, decisions, name),
        url=meeting.get_absolute_url(),
        events=[ArchiveEvent("Vaststelling", day)],
        involved=[Involved("Uitvoerder", name) for name in sorted({str(one.owner) for one in decisions})],
        description=INVENTED if meeting.is_illustrative else "",
        is_public=is_public,
        restriction="" if is_public else INSIDE,
    )


def _made(meeting: Meeting, decisions: list[Decision], name: str) -> bytes:
    context = {"meeting": meeting, "decisions": decisions}
    return archived_document("reports/print/decisions.html", context, title=name, version=str(meeting.public_id))
