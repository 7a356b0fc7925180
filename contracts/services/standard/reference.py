"""The first text of the approach: added as a draft where no version is there, never written over."""

import json
from typing import Any

from django.db import transaction

from contracts.models import ContractStandard, StandardVersion
from contracts.models.standard import DUTCH
from contracts.services.reference import DATA
from contracts.services.standard.versions import ITEMS

TABLE = "standard_approach.json"
LISTS = {"section": "sections", "measure": "measures", "promise": "promises"}


def first_text() -> dict[str, Any]:
    """Give the text that the portal comes with."""
    found: dict[str, Any] = json.loads((DATA / TABLE).read_text(encoding="utf-8"))
    return found


@transaction.atomic
def load_approach() -> list[str]:
    """Write version 1 as a draft, for the coordination team to propose; gives lines for the console."""
    standard = ContractStandard.objects.filter(code=DUTCH).first()
    if standard is None or StandardVersion.objects.filter(standard=standard).exists():
        return ["standard approach: versions are there already"]
    table = first_text()
    version = StandardVersion.objects.create(
        standard=standard, number=1, intro_nl=table["intro_nl"], intro_en=table["intro_en"]
    )
    add_items(version, table)
    return [f"standard approach: version 1 added with {len(table['sections'])} sections"]


def add_items(version: StandardVersion, table: dict[str, Any]) -> None:
    """Write sections, measures and promises of a table into an open version."""
    for kind, model in ITEMS.items():
        rows = [model(version=version, order=order, **row) for order, row in enumerate(table[LISTS[kind]])]
        model._default_manager.bulk_create(rows)
