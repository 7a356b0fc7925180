"""Which reports somebody may ask for, and which lie ready for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from nss_portal.core.access import Actor, granted, standing_of
from nss_portal.core.models import Report, ReportFormat, ReportState
from nss_portal.core.reports.registry import Choice, ReportKind, kinds


@dataclass(frozen=True)
class Offer:
    """A kind of report with the records that it can be about."""

    kind: ReportKind
    choices: Sequence[Choice]


def offers(actor: Actor) -> list[Offer]:
    """Give what the actor may ask for; a kind without any record is left out."""
    words = granted(actor, "report", "request")
    if not words and not standing_of(actor).is_system:
        return []
    everything = "all" in words or standing_of(actor).is_system
    held = frozenset().union(*words.values())
    found = []
    for kind in kinds().values():
        choices = [one for one in kind.choices(actor) if everything or one.organisations & held]
        if choices:
            found.append(Offer(kind, choices))
    return found


def public_pdfs(kind: str, object_ref: str) -> list[Report]:
    """Give the public PDFs about a record, the newest in each language, Dutch first. One query."""
    made = Report.objects.filter(kind=kind, object_ref=object_ref, format=ReportFormat.PDF)
    ready = made.filter(state=ReportState.READY, is_public=True, file__isnull=False)
    public = ready.order_by("language", "-ready_at", "-pk")
    return sorted(public.distinct("language"), key=lambda report: report.language, reverse=True)
