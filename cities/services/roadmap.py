"""Write how far a city is on the roadmap; every change of status leaves a dated row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import BuildingBlock, CityRoadmap, Progress, ProgressChange, TransitionStep
from cities.models.bottleneck import Sharing
from cities.models.roadmap import Status
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Stand:
    """Where a city says that it stands; an empty status says nothing (of a step: as its building blocks say)."""

    status: str = ""
    note: str = ""


# (step primary key, building block primary key or None for the step itself)
Key = tuple[int, int | None]


@transaction.atomic
def record_progress(
    *,
    actor: Actor,
    organisation: Organisation,
    version: int,
    stands: Mapping[Key, Stand],
    sharing: Sharing | None = None,
    on: date | None = None,
) -> CityRoadmap:
    """Set where a city stands with the steps and building blocks named in `stands`; others stay as they are.

    `version` is that of the roadmap the actor looked at (0 for a city that has none yet), `on` the day of the
    changes (today). Raises NotAllowed, ValidationError for 'not for us' without a reason, a block of another step
    or a day in the future, and EditConflict when a colleague changed something in between; the same form sent
    twice is one change.
    """
    require_for(actor, "roadmap_progress", "change", organisation)
    day = on or today()
    stands = {key: _plain(key, stand) for key, stand in stands.items()}
    _check(stands, day)
    roadmap, created = CityRoadmap.objects.get_or_create(organisation=organisation)
    roadmap = CityRoadmap.objects.select_for_update(of=("self",)).get(pk=roadmap.pk)
    entries = {(entry.step_id, entry.block_id): entry for entry in roadmap.entries.all()}
    changed = {key: stand for key, stand in stands.items() if stand != _stand(entries.get(key))}
    width = sharing if sharing is not None and sharing != roadmap.sharing else None
    if (changed or width is not None) and roadmap.version != version:
        raise EditConflict(roadmap)
    if changed:
        _write(actor, roadmap, entries, changed, day)
    if changed or width is not None or created:
        _save(actor, roadmap, changed, width, created=created)
    return roadmap


def _stand(entry: Progress | None) -> Stand:
    return Stand(entry.status, entry.note) if entry else Stand()


def _plain(key: Key, stand: Stand) -> Stand:
    """Give a stand as it is kept: of a building block that was not started and has no note nothing is kept."""
    note = stand.note.strip() if stand.status else ""
    of_block = key[1] is not None
    return Stand() if of_block and stand.status == Status.NOT_STARTED and not note else Stand(stand.status, note)


def _check(stands: Mapping[Key, Stand], day: date) -> None:
    known: set[Key] = {(step, None) for step in TransitionStep.objects.values_list("pk", flat=True)}
    known |= set(BuildingBlock.objects.values_list("step", "pk"))
    if stands.keys() - known:
        raise ValidationError(_("This building block does not belong to this step."))
    if day > today():
        raise ValidationError(_("This day lies in the future. Give today or an earlier day."))
    for stand in stands.values():
        if stand.status and stand.status not in Status.values:
            raise ValidationError(_("This is no status of the roadmap."))
        if stand.status == Status.NOT_FOR_US and not stand.note:
            raise ValidationError(_("Say why this is not for you."))
        if len(stand.note) > LONGEST_NOTE:
            raise ValidationError(_("A note has at most {number} characters.").format(number=LONGEST_NOTE))


def _write(
    actor: Actor,
    roadmap: CityRoadmap,
    entries: Mapping[Key, Progress],
    changed: Mapping[Key, Stand],
    day: date,
) -> None:
    new, kept, gone = [], [], []
    for (step, block), stand in changed.items():
        entry = entries.get((step, block))
        if entry is None:
            new.append(
                Progress(roadmap=roadmap, step_id=step, block_id=block, status=stand.status, note=stand.note)
            )
        elif not stand.status:
            gone.append(entry.pk)
    _write_history(actor, roadmap, entries, changed, day)
    for key, stand in changed.items():
        entry = entries.get(key)
        if entry is not None and stand.status:
            entry.status, entry.note = stand.status, stand.note
            kept.append(entry)
    Progress.objects.bulk_create(row for row in new if row.status)
    Progress.objects.bulk_update(kept, ["status", "note"])
    Progress.objects.filter(pk__in=gone).delete()


def _write_history(
    actor: Actor,
    roadmap: CityRoadmap,
    entries: Mapping[Key, Progress],
    changed: Mapping[Key, Stand],
    day: date,
) -> None:
    """Leave one row per day and building block: what is changed and changed back on one day was a slip.

    The audit log has every single change.
    """
    rows = {(row.step_id, row.block_id): row for row in roadmap.changes.filter(on=day)}
    new: list[ProgressChange] = []
    kept: list[ProgressChange] = []
    undone: list[int] = []
    for (step, block), stand in changed.items():
        row = rows.get((step, block))
        if row is None:
            row = ProgressChange(roadmap=roadmap, step_id=step, block_id=block, on=day)
            row.before = _stand(entries.get((step, block))).status
        elif row.before == stand.status:
            undone.append(row.pk)
            continue
        row.after, row.note, row.who, row.recorded_at = stand.status, stand.note, str(actor)[:200], timezone.now()
        (kept if row.pk else new).append(row)
    ProgressChange.objects.bulk_create(new)
    ProgressChange.objects.bulk_update(kept, ["after", "note", "who", "recorded_at"])
    ProgressChange.objects.filter(pk__in=undone).delete()


def _save(
    actor: Actor,
    roadmap: CityRoadmap,
    changed: Mapping[Key, Stand],
    width: Sharing | None,
    *,
    created: bool,
) -> None:
    changes: dict[str, object] = {}
    if changed:
        codes = dict(BuildingBlock.objects.values_list("pk", "code"))
        steps = dict(TransitionStep.objects.values_list("pk", "code"))
        changes = {
            codes[block] if block else steps[step]: stand.status for (step, block), stand in changed.items()
        }
    if width is not None:
        changes["sharing"] = [roadmap.sharing, str(width)]
        roadmap.sharing = width
    roadmap.version += 1
    roadmap.changed_at = timezone.now()
    roadmap.save()
    event = Event.CREATED if created else Event.CHANGED
    audit.record(actor=actor, event=event, obj=roadmap, changes=changes, on_behalf_of=roadmap.organisation)


@transaction.atomic
def confirm_progress(*, actor: Actor, roadmap: CityRoadmap) -> CityRoadmap:
    """Say that the roadmap is still right, so that it counts as looked at today; raises NotAllowed."""
    require_for(actor, "roadmap_progress", "change", roadmap.organisation)
    fresh = CityRoadmap.objects.select_for_update(of=("self",)).get(pk=roadmap.pk)
    fresh.changed_at = timezone.now()
    fresh.save(update_fields=["changed_at"])
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=fresh,
        changes={"confirmed": today().isoformat()},
        on_behalf_of=fresh.organisation,
    )
    return fresh
