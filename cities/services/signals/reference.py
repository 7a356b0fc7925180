"""Reference data of signals: who names an owner where none is known."""

from datetime import date

from django.db import transaction

from cities.models import NamingDuty
from cities.services.reference import read
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.models.audit import Event


@transaction.atomic
def load_reference() -> list[str]:
    """Add the duties that are missing and report what differs; gives lines for the console."""
    there = {duty.valid_from: duty for duty in NamingDuty.objects.select_related("organisation")}
    lines, added = [], 0
    for row in read("naming_duties.csv"):
        organisation = Organisation.objects.get(code=row["organisation"])
        day, days = date.fromisoformat(row["valid_from"]), int(row["days"])
        present = there.get(day)
        if present is None:
            duty = NamingDuty.objects.create(
                organisation=organisation, valid_from=day, days=days, source=row["source"]
            )
            audit.record(actor=User.objects.system(), event=Event.CREATED, obj=duty)
            added += 1
        elif (present.organisation_id, present.days) != (organisation.pk, days):
            lines.append(f"  differs: who names an owner from {day}: portal {present.organisation}")
    return [f"duties to name an owner added {added}", *lines]
