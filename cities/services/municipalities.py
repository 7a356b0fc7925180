"""Write municipalities from a table: add what is new, and change or report what differs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cities.models import Municipality
from cities.services.municipality_table import BadTable, Row
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, standing_of
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

FACTS = (
    "name",
    "common_name",
    "province_code",
    "province",
    "population",
    "population_year",
    "lat",
    "lon",
    "valid_from",
    "valid_to",
)


@dataclass
class Outcome:
    """What a table brought: codes that were added, and per code the fields that differ: (there, in the table)."""

    added: list[str] = field(default_factory=list)
    differing: dict[str, dict[str, tuple[object, object]]] = field(default_factory=dict)
    same: int = 0


@transaction.atomic
def add_municipalities(rows: Sequence[Row]) -> Outcome:
    """Add the municipalities of a table that are not there yet and say in what the others differ.

    Changes no municipality that is there. Raises BadTable when a successor is unknown.
    """
    outcome = Outcome()
    there = {m.code: m for m in Municipality.objects.select_related("successor")}
    _check_successors(rows, there.keys() | {row.code for row in rows})
    new = [row for row in rows if row.code not in there]
    outcome.added = [row.code for row in new]
    _create(new, there)
    for row in rows:
        if row.code in outcome.added:
            continue
        differences = _differences(there[row.code], row)
        if differences:
            outcome.differing[row.code] = differences
        else:
            outcome.same += 1
    return outcome


@transaction.atomic
def import_municipalities(*, actor: Actor, rows: Sequence[Row]) -> Outcome:
    """Bring the municipalities in line with a table: add new ones, change facts that differ, with an audit event.

    What the table leaves empty stays as it is, and a municipality that it does not name is left alone. Raises
    NotAllowed unless the portal itself is the actor (a command), BadTable when a successor is unknown or a row
    speaks of a code that has ended as if it were in use.
    """
    if not standing_of(actor).is_system:
        raise NotAllowed(_("Only an administrator of the portal imports municipalities."))
    _check_ended(rows)
    outcome = add_municipalities(rows)
    codes = {*outcome.added, *outcome.differing}
    there = {m.code: m for m in Municipality.objects.select_for_update().filter(code__in=codes)}
    successors = {row.successor for row in rows if row.successor}
    by_code = {**there, **{m.code: m for m in Municipality.objects.filter(code__in=successors)}}
    for code in outcome.added:
        audit.record(actor=actor, event=Event.CREATED, obj=there[code])
    for code, differences in outcome.differing.items():
        municipality = there[code]
        for name, (_before, after) in differences.items():
            setattr(municipality, name, by_code[str(after)] if name == "successor" else after)
        if "population" in differences:
            municipality.population_parts = []  # one figure now, no longer a sum
        municipality.save()
        changes = {name: [_plain(before), _plain(after)] for name, (before, after) in differences.items()}
        audit.record(actor=actor, event=Event.CHANGED, obj=municipality, changes=changes)
    return outcome


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _check_successors(rows: Sequence[Row], known: set[str]) -> None:
    text = _("line {line}: the successor {successor} of {code} is in neither the table nor the portal")
    problems = [
        text.format(line=row.line, code=row.code, successor=row.successor)
        for row in rows
        if row.successor and row.successor not in known
    ]
    if problems:
        raise BadTable(problems)


def _check_ended(rows: Sequence[Row]) -> None:
    ended = {m.code: m.valid_to for m in Municipality.objects.filter(valid_to__lt=today()) if m.valid_to}
    text = _("line {line}: the code {code} does not exist since {day}; give valid_to, or leave the row out")
    problems = [
        text.format(line=row.line, code=row.code, day=(ended[row.code] + timedelta(days=1)).isoformat())
        for row in rows
        if row.valid_to is None and row.code in ended
    ]
    if problems:
        raise BadTable(problems)


def _differences(municipality: Municipality, row: Row) -> dict[str, tuple[object, object]]:
    """Give what the table says otherwise; an empty field of the table says nothing."""
    found = {
        name: (getattr(municipality, name), getattr(row, name))
        for name in FACTS
        if getattr(row, name) not in (None, "") and getattr(row, name) != getattr(municipality, name)
    }
    successor = municipality.successor.code if municipality.successor else ""
    if row.successor and row.successor != successor:
        found["successor"] = (successor, row.successor)
    return found


def _create(rows: Sequence[Row], there: dict[str, Municipality]) -> None:
    rows = [replace(row, common_name=row.common_name or row.name) for row in rows]
    organisations = _organisations(rows)
    made = [
        Municipality(
            code=row.code,
            organisation=organisations[row.code],
            **{name: getattr(row, name) for name in FACTS},
        )
        for row in rows
    ]
    Municipality.objects.bulk_create(made)
    by_code = {**there, **{municipality.code: municipality for municipality in made}}
    ended = []
    for row in rows:
        if row.successor:
            by_code[row.code].successor = by_code[row.successor]
            ended.append(by_code[row.code])
    Municipality.objects.bulk_update(ended, ["successor"])


def _organisations(rows: Sequence[Row]) -> dict[str, Organisation]:
    """Give each new municipality its organisation: one of that name without a municipality, or a new one."""
    there = {
        organisation.name: organisation
        for organisation in Organisation.objects.filter(group=Group.MUNICIPALITY).select_related("municipality")
    }
    found: dict[str, Organisation] = {}
    new: list[Organisation] = []
    for row in rows:
        name = organisation_name(row.common_name)
        existing = there.get(name)
        if existing is not None and not hasattr(existing, "municipality"):
            found[row.code] = there.pop(name)
            continue
        organisation = Organisation(
            name=name if existing is None else f"{name} ({row.code})",
            short_name=row.common_name[:40],
            group=Group.MUNICIPALITY,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        there[organisation.name] = organisation
        found[row.code] = organisation
        new.append(organisation)
    Organisation.objects.bulk_create(new)
    return found


def organisation_name(name: str) -> str:
    """Give the name under which a municipality acts: 'Gemeente Den Haag', its legal name in Dutch."""
    return f"Gemeente {name}"
