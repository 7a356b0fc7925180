"""The texts of the roadmap: added where they are missing, reported where they differ, changed by coordinators."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from cities.models import BuildingBlock, RoadmapStep, TransitionStep
from cities.services.reference import DATA
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event


@transaction.atomic
def load_roadmap() -> list[str]:
    """Write the steps and building blocks of `roadmap.json`; gives lines for the console."""
    steps = {step.code: step for step in TransitionStep.objects.all()}
    table = json.loads((DATA / "roadmap.json").read_text(encoding="utf-8"))["steps"]
    texts: dict[str, dict[str, Any]] = {}
    blocks: dict[str, dict[str, Any]] = {}
    for row in table:
        code, inside = row.pop("code"), row.pop("blocks")
        texts[code] = {"step": steps[code], **row}
        for order, block in enumerate(inside, start=1):
            blocks[block["code"]] = {"step": steps[code], "order": order, **block}
    there = {record.step.code: record for record in RoadmapStep.objects.select_related("step")}
    known = {record.code: record for record in BuildingBlock.objects.select_related("step")}
    RoadmapStep.objects.bulk_create([RoadmapStep(**row) for code, row in texts.items() if code not in there])
    BuildingBlock.objects.bulk_create([BuildingBlock(**row) for code, row in blocks.items() if code not in known])
    return [
        f"roadmap steps added {len(texts.keys() - there.keys())}",
        f"building blocks added {len(blocks.keys() - known.keys())}",
        *_differing(there, texts),
        *_differing(known, blocks),
    ]


def _differing(there: Mapping[str, Model], table: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """Say per field what the portal has otherwise than the table; what coordinators edited stays."""
    for code, row in table.items():
        record = there.get(code)
        for field, value in row.items() if record is not None else ():
            if getattr(record, field) != value:
                yield f"  differs: {code} {field}: portal {getattr(record, field)}, table {value}"


STEP_TEXTS = ("lead_nl", "lead_en", "what_nl", "what_en", "who_nl", "who_en", "source")
BLOCK_TEXTS = (
    "title_nl",
    "title_en",
    "text_nl",
    "text_en",
    "who_nl",
    "who_en",
    "source",
    "url",
    "is_current",
)


@transaction.atomic
def change_step(*, actor: Actor, step: RoadmapStep, version: int, texts: Mapping[str, Any]) -> RoadmapStep:
    """Change the texts of a step; raises NotAllowed, or EditConflict when a colleague was first."""
    require(actor, "roadmap", "change")
    fresh = locked(step)
    _save(actor, fresh, version, {name: texts[name] for name in STEP_TEXTS})
    return fresh


@transaction.atomic
def change_block(*, actor: Actor, block: BuildingBlock, version: int, texts: Mapping[str, Any]) -> BuildingBlock:
    """Change a building block, or take it out of use; raises as `change_step` does.

    One that is out of use stays with the cities that recorded it; it is no longer offered.
    """
    require(actor, "roadmap", "change")
    fresh = locked(block)
    _save(actor, fresh, version, {name: texts[name] for name in BLOCK_TEXTS})
    return fresh


def _save(actor: Actor, record: RoadmapStep | BuildingBlock, version: int, fields: Mapping[str, Any]) -> None:
    changes = apply_changes(record, version, fields)
    if not changes:
        return
    record.version += 1
    record.changed_at = timezone.now()
    record.save()
    audit.record(actor=actor, event=Event.CHANGED, obj=record, changes=readable(changes))


@transaction.atomic
def add_block(*, actor: Actor, step: TransitionStep, code: str, texts: Mapping[str, Any]) -> BuildingBlock:
    """Add a building block at the end of a step; raises NotAllowed."""
    require(actor, "roadmap", "change")
    last = BuildingBlock.objects.filter(step=step).order_by("-order").values_list("order", flat=True).first() or 0
    values = {name: texts[name] for name in BLOCK_TEXTS}
    block = BuildingBlock.objects.create(step=step, code=code, order=last + 1, **values)
    audit.record(actor=actor, event=Event.CREATED, obj=block)
    return block
