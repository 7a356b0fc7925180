"""Take emission figures from a file: all or nothing unless told otherwise, once, and undone when asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.models import Municipality, MunicipalityName
from contracts.figures import FACTORS
from contracts.importing.files import read_file
from contracts.importing.rows import FileRows, RowReason, TakenRow, doubles, odd_totals
from contracts.models import EmissionFigure, EmissionImport, EmissionSeries, EmissionSource
from contracts.models.emission import FigureKind, Unit
from contracts.services.errors import Refused
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may, standing_of
from nss_portal.core.models.audit import Event

# Formats that are read from a file.
IN_FILES = ("klimaatmonitor-dashboard", "klimaatmonitor-matrix", "emissieregistratie", "table")
# Areas that these files have beside municipalities.
OTHER_AREAS = frozenset({"nederland", "noordzee", "gemeente onbekend", "onbekend", "nederland totaal", ""})
MAIN_BOUNDARY_NL = (
    "Bekende uitstoot van CO₂ door aardgas, elektriciteit, stadswarmte van woningen en brandstof van voertuigen,"
    " met snelwegen. Grote industrie telt alleen mee met aardgas en elektriciteit. Andere broeikasgassen tellen"
    " niet mee."
)
MAIN_BOUNDARY_EN = (
    "Known CO₂ emissions from natural gas, electricity, district heating of homes and vehicle fuels, with"
    " motorways. Large industry counts only with its natural gas and electricity. Other greenhouse gases do not"
    " count."
)
INVENTORY_BOUNDARY_NL = (
    "Uitstoot naar de lucht op de plek waar zij ontstaat, ook van grote industrie en energiebedrijven."
)
INVENTORY_BOUNDARY_EN = "Emissions to the air where they arise, of large industry and energy companies too."


class Form(NamedTuple):
    """How figures of one format are named in the portal."""

    label: str
    locator: str
    locator_en: str
    boundary_nl: str
    boundary_en: str


FORMS: Mapping[str, Form] = {
    "klimaatmonitor-dashboard": Form(
        "Klimaatmonitor", "hoofdsectoren", "main sectors", MAIN_BOUNDARY_NL, MAIN_BOUNDARY_EN
    ),
    "klimaatmonitor-matrix": Form(
        "Klimaatmonitor", "hoofdsectoren", "main sectors", MAIN_BOUNDARY_NL, MAIN_BOUNDARY_EN
    ),
    "klimaatmonitor-api": Form(
        "Klimaatmonitor", "hoofdsectoren", "main sectors", MAIN_BOUNDARY_NL, MAIN_BOUNDARY_EN
    ),
    "emissieregistratie": Form(
        "Emissieregistratie", "sectoren", "sectors", INVENTORY_BOUNDARY_NL, INVENTORY_BOUNDARY_EN
    ),
    "table": Form("Eigen tabel", "tabel", "table", "", ""),
}

Key = tuple[int, str, int]  # series, sector, year


@dataclass
class ImportOutcome:
    """What came of a file: rows taken anew, rows that were there already, passed over and refused.

    `noticed` are totals that were taken as published though their sectors add up to something else.
    """

    taken: int = 0
    same: int = 0
    passed: list[RowReason] = field(default_factory=list)
    refused: list[RowReason] = field(default_factory=list)
    noticed: list[RowReason] = field(default_factory=list)
    run: EmissionImport | None = None

    @property
    def lines(self) -> list[str]:
        """Give one line per figure, for the console."""
        found = [f"taken {self.taken}", f"same {self.same}", f"passed over {len(self.passed)}"]
        found += [f"refused {len(self.refused)}"] + ([f"noticed {len(self.noticed)}"] if self.noticed else [])
        return found + ([f"run {self.run.pk}"] if self.run else [])


class RowsRefused(Refused):
    """Some rows are wrong and nothing was taken; `outcome` tells which."""

    def __init__(self, outcome: ImportOutcome) -> None:
        super().__init__(_("Some rows are refused, so that nothing was taken."))
        self.outcome = outcome


def import_emissions(
    *, actor: Actor, path: Path, form: str, release: str = "", partial: bool = False, dry_run: bool = False
) -> ImportOutcome:
    """Take a file's emission figures of municipalities; the same file a second time changes nothing.

    `form` is one of `FORMS`; `release` names the edition of the data set where the file does not. Figures of
    different releases stay apart. Raises NotAllowed (the system alone imports for all municipalities),
    UnreadableFile, OSError, and RowsRefused unless `partial`.
    """
    _require_importer(actor)
    rows = read_file(path, form)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with transaction.atomic():
        outcome = _take(
            actor, rows, form, release or rows.release or f"{path.name}, {digest[:8]}", path.name, digest
        )
        if dry_run or (outcome.refused and not partial):
            transaction.set_rollback(True)
            outcome.run = None
    if outcome.refused and not partial and not dry_run:
        raise RowsRefused(outcome)
    return outcome


def _require_importer(actor: Actor) -> None:
    if not (standing_of(actor).is_system or may(actor, "data_fetch", "manage")):
        raise NotAllowed(_("Figures of all municipalities are imported by who runs the portal."))


def take_rows(*, actor: Actor, rows: FileRows, form: str, release: str, name: str, digest: str) -> ImportOutcome:
    """Take rows that were read elsewhere, inside the caller's transaction; raises NotAllowed.

    Takes the right rows also where others are refused: the caller takes it back where that is not wanted.
    """
    _require_importer(actor)
    return _take(actor, rows, form, release, name, digest)


def _take(actor: Actor, rows: FileRows, form: str, release: str, name: str, digest: str) -> ImportOutcome:
    outcome = ImportOutcome(passed=list(rows.passed), refused=[*rows.refused])
    placed = _placed(rows, form, outcome)
    outcome.noticed = odd_totals(row for _municipality, row in placed)
    source = _source(form, release)
    series = _series(source, form, placed)
    there = {
        (figure.series_id, figure.sector, figure.year): figure
        for figure in EmissionFigure.objects.filter(series__source=source, kind=FigureKind.MEASURED)
    }
    new = []
    for municipality, row in placed:
        key: Key = (series[municipality, row.scope, row.gas, row.unit].pk, row.sector, row.year)
        known = there.get(key)
        if known is None:
            new.append(_figure(key, row))
        elif known.printed == row.printed:
            outcome.same += 1
        else:
            says = _("this release has {known} here already; a new release needs a name of its own (--release)")
            outcome.refused.append(RowReason(row.line, says.format(known=known.printed or "?")))
    outcome.taken = len(new)
    outcome.refused.sort(key=lambda each: each.line)
    if new:
        outcome.run = EmissionImport.objects.create(
            file_name=name[:200],
            format=form,
            digest=digest,
            source=source,
            taken=len(new),
            refused=len(outcome.refused),
        )
        for figure in new:
            figure.imported = outcome.run
        EmissionFigure.objects.bulk_create(new, batch_size=2000)
        audit.record(
            actor=actor, event=Event.CREATED, obj=outcome.run, changes={"source": str(source), "taken": len(new)}
        )
    return outcome


def _placed(rows: FileRows, form: str, outcome: ImportOutcome) -> list[tuple[int, TakenRow]]:
    """Tie each row to the municipality (primary key) that it is about."""
    finder = AreaFinder(levels_known=form != "klimaatmonitor-dashboard")
    placed = []
    for row in rows.taken:
        found = finder.find(row.area)
        if isinstance(found, int):
            placed.append((found, row))
        elif found.passed:
            outcome.passed.append(RowReason(row.line, found.reason))
        else:
            outcome.refused.append(RowReason(row.line, found.reason))
    return _once(placed, outcome)


def _once(placed: list[tuple[int, TakenRow]], outcome: ImportOutcome) -> list[tuple[int, TakenRow]]:
    """Leave out what an earlier row says already, and refuse it."""
    again = doubles(placed)
    text = _("the same area, sector and year stand in line {line} already")
    outcome.refused += [RowReason(row.line, text.format(line=line)) for row, line in again]
    wrong = {id(row) for row, _line in again}
    return [each for each in placed if id(each[1]) not in wrong]


class NotFound(NamedTuple):
    """Why an area is no municipality; `passed` when the file may well have it."""

    reason: str
    passed: bool


class AreaFinder:
    """Find municipalities by code or name; three queries."""

    def __init__(self, *, levels_known: bool) -> None:
        rows = list(Municipality.objects.values_list("pk", "code", "name", "common_name", "province"))
        self.codes = {code: pk for pk, code, *_rest in rows}
        self.names: dict[str, set[int]] = {}
        for pk, _code, *names, _province in rows:
            for name in names:
                self.names.setdefault(name.casefold(), set()).add(pk)
        self.former: dict[str, str] = {}
        others = MunicipalityName.objects.values_list("municipality", "municipality__common_name", "name", "kind")
        for pk, common, name, kind in others:
            if kind == MunicipalityName.Kind.FORMER:
                self.former[name.casefold()] = common
            else:
                self.names.setdefault(name.casefold(), set()).add(pk)
        self.provinces = {province.casefold() for *_rest, province in rows}
        self.levels_known = levels_known

    def find(self, area: str) -> int | NotFound:
        """Give the primary key of the municipality, or why there is none."""
        plain = area.strip().casefold()
        found = self.names.get(plain, set())
        if area in self.codes:
            return self.codes[area]
        if plain in OTHER_AREAS or (plain in self.provinces and not found):
            return NotFound(_("{area} is no municipality").format(area=area or "?"), passed=True)
        if plain in self.provinces and not self.levels_known:
            says = _("{area} is a municipality and a province, and the file does not say which")
            return NotFound(says.format(area=area), passed=False)
        if len(found) > 1:
            return NotFound(_("{area} is the name of more than one municipality").format(area=area), passed=False)
        if found:
            return next(iter(found))
        if plain in self.former:
            says = _("{area} went on in {successor}; its figures are not added to those")
            return NotFound(says.format(area=area, successor=self.former[plain]), passed=True)
        return NotFound(_("no municipality is called {area}").format(area=area), passed=False)


def _source(form: str, release: str) -> EmissionSource:
    label = f"{FORMS[form].label}, {release}"[:200]
    code = f"{FORMS[form].label}-{slugify(release)}".casefold().replace(" ", "-")
    if len(code) > 60:
        code = f"{code[:51]}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"
    defaults = {"label_nl": label, "label_en": label, "citation": label, "release": release[:120]}
    return EmissionSource.objects.get_or_create(code=code, defaults=defaults)[0]


def _series(
    source: EmissionSource, form: str, placed: list[tuple[int, TakenRow]]
) -> dict[tuple[int, str, str, str], EmissionSeries]:
    """Give the series that rows belong to, made where they are not there; two queries."""
    made_of = FORMS[form]
    there = {(each.municipality_id, each.scope, each.gas, each.printed_unit): each for each in source.series.all()}
    wanted = {(municipality, row.scope, row.gas, row.unit) for municipality, row in placed}
    new = [
        EmissionSeries(
            source=source,
            municipality_id=municipality,
            locator=f"{made_of.locator}, {unit}",
            locator_en=f"{made_of.locator_en}, {unit}",
            scope=scope,
            gas=gas,
            unit=Unit.KT,
            printed_unit=unit,
            boundary_nl=made_of.boundary_nl,
            boundary_en=made_of.boundary_en,
        )
        for municipality, scope, gas, unit in sorted(wanted - there.keys())
    ]
    EmissionSeries.objects.bulk_create(new)
    made = {(each.municipality_id, each.scope, each.gas, each.printed_unit): each for each in new}
    return {key: each for key, each in {**there, **made}.items() if key[0] is not None}  # type: ignore[misc]


def _figure(key: Key, row: TakenRow) -> EmissionFigure:
    series, sector, year = key
    return EmissionFigure(
        series_id=series,
        sector=sector,
        sector_label_nl=row.sector_label[:160],
        sector_label_en=row.sector_label[:160],
        year=year,
        kind=FigureKind.MEASURED,
        value=Decimal(row.printed) * FACTORS[row.unit] if row.printed else None,
        printed=row.printed,
        status=row.status[:80],
    )


@transaction.atomic
def undo_import(*, actor: Actor, run: EmissionImport) -> int:
    """Take the figures of a run away again, with the series and the source that stay empty; gives how many.

    Raises NotAllowed, and Refused for a run that was undone before.
    """
    _require_importer(actor)
    fresh = EmissionImport.objects.select_for_update().get(pk=run.pk)
    if fresh.undone_at is not None:
        raise Refused(_("This run was undone before."))
    _total, by_model = EmissionFigure.objects.filter(imported=fresh).delete()
    if fresh.source_id is not None:
        empty = EmissionSeries.objects.filter(source=fresh.source_id).annotate(n=Count("figures")).filter(n=0)
        EmissionSeries.objects.filter(pk__in=list(empty.values_list("pk", flat=True))).delete()
        if not EmissionSeries.objects.filter(source=fresh.source_id).exists():
            EmissionSource.objects.filter(pk=fresh.source_id).delete()
    EmissionImport.objects.filter(pk=fresh.pk).update(undone_at=timezone.now())
    number = by_model.get(EmissionFigure._meta.label, 0)
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, changes={"figures": number})
    return number
