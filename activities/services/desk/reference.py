"""Reference data of the desk: what the directory begins with, and who gets questions on which theme."""

import csv
from pathlib import Path

from django.db import transaction

from activities.models.desk import DirectoryEntry
from activities.models.desk_question import DeskRoute
from cities.models import Theme
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.models.audit import Event

DATA = Path(__file__).resolve().parent.parent.parent / "data"
PLAIN = (
    *("kind", "scope", "name", "name_en", "run_by", "description_nl", "description_en", "url"),
    *("certainty", "certainty_note_nl", "certainty_note_en", "source"),
)
# What people change here as the years go by; a difference in these is no news.
KEPT_HERE = {"certainty", "certainty_note_nl", "certainty_note_en", "source"}


def read(name: str) -> list[dict[str, str]]:
    """Give the rows of one of the app's own tables."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_directory() -> list[str]:
    """Add the entries that are missing and report what differs; gives lines for the console."""
    there = {entry.code: entry for entry in DirectoryEntry.objects.filter(code__isnull=False)}
    organisations = dict(Organisation.objects.filter(code__isnull=False).values_list("code", "pk"))
    themes = dict(Theme.objects.values_list("code", "pk"))
    lines, added = [], 0
    for row in read("desk_directory.csv"):
        present = there.get(row["code"])
        if present is None:
            entry = DirectoryEntry.objects.create(
                code=row["code"],
                organisation_id=organisations.get(row["organisation"]),
                levels=row["levels"].split(),
                **{name: row[name] for name in PLAIN},
            )
            entry.themes.set([themes[code] for code in row["themes"].split() if code in themes])
            audit.record(actor=User.objects.system(), event=Event.CREATED, obj=entry)
            added += 1
            continue
        lines += [
            f"  differs: {row['code']} {name}: portal {getattr(present, name)!r}, table {row[name]!r}"
            for name in PLAIN
            if name not in KEPT_HERE and getattr(present, name) != row[name]
        ]
    return [f"entries of the directory added {added}", *lines]


@transaction.atomic
def load_routes() -> list[str]:
    """Add who gets questions on which theme, where that is missing; report what differs."""
    there = {route.theme.code: route for route in DeskRoute.objects.select_related("theme", "organisation")}
    organisations = dict(Organisation.objects.filter(code__isnull=False).values_list("code", "pk"))
    themes = dict(Theme.objects.values_list("code", "pk"))
    lines, added = [], 0
    for row in read("desk_routes.csv"):
        present = there.get(row["theme"])
        if present is not None:
            if present.organisation.code != row["organisation"]:
                lines.append(f"  differs: questions on {row['theme']} go to {present.organisation} in the portal")
        elif row["theme"] in themes and row["organisation"] in organisations:
            route = DeskRoute.objects.create(
                theme_id=themes[row["theme"]],
                organisation_id=organisations[row["organisation"]],
                why_nl=row["why_nl"],
                why_en=row["why_en"],
            )
            audit.record(actor=User.objects.system(), event=Event.CREATED, obj=route)
            added += 1
    return [f"ways of questions added {added}", *lines]
