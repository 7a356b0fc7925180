"""Which reports somebody may ask for."""

from collections.abc import Sequence
from dataclasses import dataclass

from nss_portal.core.access import Actor, granted, standing_of
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
