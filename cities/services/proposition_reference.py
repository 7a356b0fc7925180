"""The urban tasks that propositions are about: added where they are missing, reported where they differ."""

from django.db import transaction

from cities.models.proposition import UrbanTask
from cities.services.reference import read


@transaction.atomic
def load_urban_tasks() -> list[str]:
    """Write the tasks of `urban_tasks.csv`; gives lines for the console. What people edited stays."""
    there = {task.code: task for task in UrbanTask.objects.all()}
    rows = read("urban_tasks.csv")
    new = [UrbanTask(**row) for row in rows if row["code"] not in there]
    UrbanTask.objects.bulk_create(new)
    differing = [
        f"  differs: {row['code']} {field}: portal {getattr(there[row['code']], field)}, table {value}"
        for row in rows
        if row["code"] in there
        for field, value in row.items()
        if str(getattr(there[row["code"]], field)) != value
    ]
    return [f"urban tasks added {len(new)}", *differing]
