"""Write the directory of the desk."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models.desk import MONEY_KINDS, Certainty, DirectoryEntry, EntryKind, EntryState
from activities.workflow.desk import DIRECTORY
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, granted, require, standing_of
from nss_portal.core.editing import apply_changes, changed_links, locked, readable, set_links
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

TEXTS = ("kind", "scope", "name", "name_en", "description_nl", "description_en", "run_by", "url", "contact")
MONEY = ("under", "opens_on", "deadline", "levels", "min_population", "max_population", "min_partners", "amount")
NOTHING: Mapping[str, Any] = {
    "under": None,
    "opens_on": None,
    "deadline": None,
    "levels": [],
    "min_population": None,
    "max_population": None,
    "min_partners": None,
    "amount": "",
}


def keeps_all(actor: Actor) -> bool:
    """Say whether somebody keeps the whole directory, and so decides who keeps which entry."""
    return standing_of(actor).is_system or "all" in granted(actor, "desk_directory", "change")


@transaction.atomic
def add_entry(
    *, actor: Actor, organisation: Organisation | None, values: Mapping[str, Any], is_checked: bool = True
) -> DirectoryEntry:
    """Add an entry that an organisation keeps, or nobody in particular (who keeps the whole directory only).

    Raises NotAllowed for another organisation, ValidationError for dates and numbers that do not agree.
    """
    if organisation is not None:
        require_for(actor, "desk_directory", "change", organisation)
    elif not keeps_all(actor):
        raise NotAllowed(_("You add entries for your own organisation."))
    entry = DirectoryEntry(organisation=organisation, **_checked(values))
    if is_checked:
        _note_checked(actor, entry)
    entry.save()
    entry.themes.set(values.get("themes", ()))
    audit.record(actor=actor, event=Event.CREATED, obj=entry, on_behalf_of=organisation)
    return entry


@transaction.atomic
def change_entry(
    *,
    actor: Actor,
    entry: DirectoryEntry,
    version: int,
    organisation: Organisation | None,
    values: Mapping[str, Any],
    is_checked: bool = True,
) -> DirectoryEntry:
    """Change an entry, which counts as checking it unless told otherwise.

    Raises NotAllowed, ValidationError, EditConflict when a colleague was first. Who keeps an entry is decided by
    those who keep the whole directory.
    """
    require(actor, "desk_directory", "change", entry)
    fresh = locked(entry)
    if fresh.organisation_id != (organisation.pk if organisation else None) and not keeps_all(actor):
        raise NotAllowed(_("The desk decides who keeps an entry."))
    linked = {"themes": tuple(values.get("themes", ()))}
    links = changed_links(fresh, version, linked)
    changes = {**apply_changes(fresh, version, {**_checked(values), "organisation": organisation}), **links}
    set_links(fresh, linked)
    if is_checked:
        _note_checked(actor, fresh)
    if changes or is_checked:
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes=readable(changes) | ({"checked_on": today().isoformat()} if is_checked else {}),
            on_behalf_of=fresh.organisation,
        )
    return fresh


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that an entry of this kind holds, without blanks around texts."""
    found = {name: values.get(name, "") for name in TEXTS}
    has_money = found["kind"] in MONEY_KINDS
    found |= {name: values.get(name, NOTHING[name]) if has_money else NOTHING[name] for name in MONEY}
    found = {name: value.strip() if isinstance(value, str) else value for name, value in found.items()}
    if not found["name"] or not found["run_by"]:
        raise ValidationError({"name" if not found["name"] else "run_by": _("Fill this in.")})
    opens, closes = found["opens_on"], found["deadline"]
    if opens and closes and closes < opens:
        raise ValidationError({"deadline": _("The deadline lies before the day on which it opens.")})
    least, most = found["min_population"], found["max_population"]
    if least and most and most < least:
        text = _("The largest number of inhabitants is smaller than the smallest.")
        raise ValidationError({"max_population": text})
    if found["kind"] == EntryKind.CALL and not closes:
        raise ValidationError(
            {"deadline": _("A call has a deadline. Without one it is a subsidy or a programme.")}
        )
    return found


def _note_checked(actor: Actor, entry: DirectoryEntry) -> None:
    entry.certainty, entry.certainty_note_nl, entry.certainty_note_en = Certainty.CONFIRMED, "", ""
    entry.checked_on, entry.checked_by_id = today(), _checker(actor, entry)


def _checker(actor: Actor, entry: DirectoryEntry) -> int | None:
    """Give the organisation in whose name somebody checks: the one that keeps the entry, else their own."""
    held = granted(actor, "desk_directory", "change")
    organisations = frozenset[int]().union(*held.values()) if held else frozenset[int]()
    if entry.organisation_id in organisations:
        return entry.organisation_id
    return min(organisations, default=None)


@transaction.atomic
def mark_checked(*, actor: Actor, entry: DirectoryEntry) -> DirectoryEntry:
    """Note that everything in an entry was found to be right today; raises NotAllowed, also for one that ended."""
    require(actor, "desk_directory", "change", entry)
    fresh = locked(entry)
    if fresh.state == EntryState.ENDED:
        raise NotAllowed(_("This entry ended. Put it back in the directory first."))
    before = [fresh.certainty, fresh.checked_on.isoformat() if fresh.checked_on else None]
    _note_checked(actor, fresh)
    after = [fresh.certainty, today().isoformat()]
    if before != after:
        fresh.version += 1
        fresh.save()
        changes = {"certainty": [before[0], after[0]], "checked_on": [before[1], after[1]]}
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
    return fresh


@transaction.atomic
def move_entry(*, actor: Actor, entry: DirectoryEntry, step: str, reason: str) -> DirectoryEntry:
    """Take an entry out of the directory or put it back; raises as `workflow.take` does."""
    workflow.take(DIRECTORY, step, entry, actor=actor, reason=reason)
    fresh = locked(entry)
    fresh.version += 1
    fresh.changed_at = timezone.now()
    fresh.save(update_fields=["version", "changed_at"])
    return fresh
