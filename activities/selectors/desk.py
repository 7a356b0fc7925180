"""What the pages of the directory read."""

from typing import Any

from django.db.models import Count

from activities.models.desk import (
    CHECKED_DAYS,
    Certainty,
    DirectoryEntry,
    DirectoryQuerySet,
    EntryKind,
    EntryScope,
)
from governance.models import Organisation
from nss_portal.core.access import Actor, Role, granted, standing_of
from nss_portal.core.formats import format_date
from nss_portal.core.time import today

CERTAINTY_TONES = {Certainty.CONFIRMED: "good", Certainty.PARTLY: "info", Certainty.UNCONFIRMED: "attention"}
ROW = (
    *("public_id", "name", "name_en", "kind", "scope", "run_by", "certainty", "checked_on", "deadline"),
    *("description_nl", "description_en", "is_illustrative", "state"),
)


def directory_rows(entries: DirectoryQuerySet, language: str) -> list[dict[str, Any]]:
    """Give what lists show of entries, in words. One query."""
    kinds = {kind.value: str(kind.label) for kind in EntryKind}
    scopes = {scope.value: str(scope.label) for scope in EntryScope}
    # Of a list most was never checked: a warning in every line warns of nothing, and the foot of the list says it.
    tones = {**CERTAINTY_TONES, Certainty.UNCONFIRMED: "quiet"}
    sure = {value.value: (str(value.label), tones[value]) for value in Certainty}
    day, english = today(), language == "en"
    rows = []
    for values in entries.values(*ROW):
        checked = values["checked_on"]
        rows.append(
            {
                "public_id": values["public_id"],
                "name": (english and values["name_en"]) or values["name"],
                "text": (english and values["description_en"]) or values["description_nl"],
                "kind": kinds[values["kind"]],
                "scope": scopes[values["scope"]],
                "run_by": values["run_by"],
                "certainty": sure[values["certainty"]][0],
                "tone": sure[values["certainty"]][1],
                "checked": format_date(checked) if checked else "",
                "is_old": checked is not None and (day - checked).days > CHECKED_DAYS,
                "deadline": format_date(values["deadline"]) if values["deadline"] else "",
                "made_up": values["is_illustrative"],
                "has_ended": values["state"] == "ended",
            }
        )
    return rows


def may_keep(actor: Actor) -> bool:
    """Say whether somebody keeps entries at all."""
    return bool(granted(actor, "desk_directory", "change"))


def keepers(actor: Actor) -> Any:
    """Give the organisations that somebody may make the keeper of an entry."""
    words = granted(actor, "desk_directory", "change")
    found = Organisation.objects.existing_on(today())
    if "all" in words:
        # Any organisation but municipalities, which keep their own page.
        return found.exclude(group="municipality").order_by("name")
    return found.filter(pk__in=words.get("own", frozenset())).order_by("name")


def unchecked_count(actor: Actor) -> int:
    """Count the entries that nobody looked at for long, of who keeps them: the desk, or their own organisation.

    Coordinators and editors may change every entry, but are not asked to look. At most one query.
    """
    own = granted(actor, "desk_directory", "change").get("own", frozenset())
    keeps_desk = standing_of(actor).has(Role.DESK)
    if not own and not keeps_desk:
        return 0
    found = DirectoryEntry.objects.unchecked(today())
    found = found if keeps_desk else found.filter(organisation__in=own)
    return int(found.aggregate(number=Count("pk"))["number"])
