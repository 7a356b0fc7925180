"""Reference data of governance: organisations and variants. Adds what is missing, reports what people changed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from governance.models import (
    GovernanceVariant,
    Organisation,
    OrganisationName,
    User,
    VariantPoint,
    VariantRole,
)
from governance.services.design.reference import load_design
from nss_portal.core import audit
from nss_portal.core.models.audit import Event

DATA = Path(__file__).parent.parent / "data"
DATES = ("valid_from", "valid_to", "succeeded_on")
TEXTS = (
    "label",
    "summary",
    "lead",
    "goal",
    "contract_form",
    "contract_users",
    "operational",
    "figureheads",
)


@transaction.atomic
def load_reference() -> list[str]:
    """Load organisations, variants and design; a line per kind, and per record that differs from the data."""
    actor = User.objects.system()
    return [*_load_organisations(actor), *_load_variants(actor), *load_design()]


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / name).read_text())
    return content


def _differences(record: Model, wanted: Mapping[str, object]) -> list[str]:
    """Say which fields people made different from the data."""
    return [name for name, value in wanted.items() if getattr(record, name) != value]


def _load_organisations(actor: User) -> Iterable[str]:
    rows: Sequence[dict[str, Any]] = _read("organisations.json")["organisations"]
    there = {organisation.code: organisation for organisation in Organisation.objects.exclude(code=None)}
    unnamed = {(o.group, o.name): o for o in Organisation.objects.filter(code=None)}
    added, reports = 0, []
    for row in rows:
        wanted = _organisation_fields(row)
        present = there.get(row["code"]) or _adopt(unnamed.get((row["group"], row["name"])), row["code"])
        if present is None:
            there[row["code"]] = _add_organisation(actor, wanted, row.get("names", []))
            added += 1
            continue
        there[row["code"]] = present
        different = _differences(present, wanted)
        if different:
            reports.append(f"organisation {row['code']}: kept as edited ({', '.join(different)})")
    _link_successors(rows, there)
    yield f"organisations: {len(rows)}, of which new {added}"
    yield from reports


def _organisation_fields(row: Mapping[str, Any]) -> dict[str, object]:
    plain = {name: value for name, value in row.items() if name not in {"names", "successor", *DATES}}
    dated = {name: date.fromisoformat(row[name]) for name in DATES if name in row}
    return {**plain, **dated}


def _adopt(organisation: Organisation | None, code: str) -> Organisation | None:
    """Give an organisation that another part of the portal made under the same name its code."""
    if organisation is not None:
        organisation.code = code
        organisation.save(update_fields=["code"])
    return organisation


def _add_organisation(
    actor: User, fields: Mapping[str, object], names: Sequence[Mapping[str, str]]
) -> Organisation:
    organisation = Organisation.objects.create(**fields)
    for name in names:
        OrganisationName.objects.create(
            organisation=organisation,
            name=name["name"],
            short_name=name["short_name"],
            valid_from=date.fromisoformat(name["valid_from"]),
            valid_to=date.fromisoformat(name["valid_to"]),
        )
    audit.record(actor=actor, event=Event.CREATED, obj=organisation)
    return organisation


def _link_successors(rows: Sequence[Mapping[str, Any]], there: Mapping[str | None, Organisation]) -> None:
    for row in rows:
        organisation = there[row["code"]]
        if "successor" in row and organisation.successor_id is None:
            organisation.successor = there[row["successor"]]
            organisation.save(update_fields=["successor"])


def _load_variants(actor: User) -> Iterable[str]:
    content = _read("variants.json")
    added, reports = 0, []
    for order, row in enumerate(content["variants"], start=1):
        wanted = _variant_fields(row, order, content["source"])
        present = GovernanceVariant.objects.filter(code=row["code"]).first()
        if present is None:
            variant = GovernanceVariant.objects.create(code=row["code"], **wanted)
            _add_points(variant, row)
            _add_roles(variant, content["roles"])
            audit.record(actor=actor, event=Event.CREATED, obj=variant)
            added += 1
            continue
        different = _differences(present, wanted)
        if different:
            reports.append(f"variant {row['code']}: kept as edited ({', '.join(different)})")
    yield f"governance variants: {len(content['variants'])}, of which new {added}"
    yield from reports


def _variant_fields(row: Mapping[str, Any], order: int, source: str) -> dict[str, Any]:
    texts = {f"{name}_{language}": row[f"{name}_{language}"] for name in TEXTS for language in ("nl", "en")}
    return {**texts, "order": order, "source": source}


def _add_points(variant: GovernanceVariant, row: Mapping[str, Any]) -> None:
    VariantPoint.objects.bulk_create(
        VariantPoint(variant=variant, kind=kind, order=order, text_nl=dutch, text_en=english)
        for kind, key in ((VariantPoint.Kind.ADVANTAGE, "advantages"), (VariantPoint.Kind.DRAWBACK, "drawbacks"))
        for order, (dutch, english) in enumerate(row[key], start=1)
    )


def _add_roles(variant: GovernanceVariant, rows: Sequence[Mapping[str, Any]]) -> None:
    VariantRole.objects.bulk_create(
        VariantRole(
            variant=variant,
            order=order,
            group=row["group"],
            organisation_nl=row["organisation_nl"],
            organisation_en=row["organisation_en"],
            organisation_codes=row.get("organisations", []),
            organisation_groups=row.get("groups", []),
            part=row[variant.code][0],
            role_nl=row[variant.code][1],
            role_en=row[variant.code][2],
        )
        for order, row in enumerate(rows, start=1)
        if variant.code in row
    )
