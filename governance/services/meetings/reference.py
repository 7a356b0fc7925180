"""The bodies as reference data. Adds what is missing, reports what people changed."""

import json
from pathlib import Path

from django.db import transaction

from governance.models import Body, User
from nss_portal.core import audit
from nss_portal.core.models.audit import Event

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "bodies.json"


@transaction.atomic
def load_bodies() -> list[str]:
    """Load the bodies; one that is there stays as it is, and is said to differ where it does."""
    rows = json.loads(FILE.read_text())["bodies"]
    added, lines = 0, []
    for order, row in enumerate(rows, start=1):
        wanted = {**row, "order": order}
        body = Body.objects.filter(code=row["code"]).first()
        if body is None:
            audit.record(actor=User.objects.system(), event=Event.CREATED, obj=Body.objects.create(**wanted))
            added += 1
        elif different := [name for name, value in wanted.items() if getattr(body, name) != value]:
            lines.append(f"body {row['code']}: kept as edited ({', '.join(different)})")
    return [f"bodies: {len(rows)}, of which new {added}", *lines]
