"""Fetching figures from the Klimaatmonitor and CBS: asked by a coordinator or the clock, carried out by a job.

The network is asked outside any transaction; what it gave is written in one, or not at all.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Municipality
from contracts.clients import cbs, klimaatmonitor
from contracts.clients.http import JsonService
from contracts.importing.files import read_file
from contracts.importing.rows import FileRows, RowReason
from contracts.models import DataFetch, PopulationFigure
from contracts.models.fetch import FetchState, Service
from contracts.services.errors import Refused
from contracts.services.importing import ImportOutcome, take_rows, undo_import
from governance.models import User
from nss_portal.core import audit, jobs
from nss_portal.core.access import Actor, NotAllowed, may
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

FETCH_JOB = "contracts.fetch"
MOST_REASONS = 2000
FIRST_YEAR = 1990
LONGEST_MESSAGE = 300


def may_fetch(actor: Actor) -> bool:
    """Say whether somebody may fetch figures of all municipalities."""
    return may(actor, "data_fetch", "manage")


def _require(actor: Actor) -> None:
    if not may_fetch(actor):
        raise NotAllowed(_("Figures of all municipalities are fetched by the coordination team."))


def is_set_up(service: str) -> bool:
    """Say whether a service can be asked: the Klimaatmonitor needs a key."""
    return service != Service.KLIMAATMONITOR or bool(settings.NSS_KLIMAATMONITOR_KEY)


@transaction.atomic
def ask_fetch(
    *,
    actor: Actor,
    service: str,
    release: str = "",
    dry_run: bool = False,
    partial: bool = False,
    yearly: int | None = None,
) -> DataFetch:
    """Ask for a fetch, which a job carries out; raises NotAllowed, and Refused where no key is set."""
    _require(actor)
    if not is_set_up(service):
        raise Refused(_("The Klimaatmonitor asks for a key. Whoever runs the portal sets NSS_KLIMAATMONITOR_KEY."))
    fetch = _new(actor, service, release, dry_run=dry_run, partial=partial, yearly=yearly)
    jobs.enqueue(
        kind=FETCH_JOB,
        key=f"{FETCH_JOB}:{fetch.pk}",
        payload={"fetch": fetch.pk},
        actor=actor if getattr(actor, "pk", None) else None,
        title=_("Fetch figures"),
    )
    return fetch


def _new(
    actor: Actor, service: str, release: str, *, dry_run: bool, partial: bool, yearly: int | None = None
) -> DataFetch:
    fetch = DataFetch.objects.create(
        service=service,
        release=release.strip() or _("state of %(year)s") % {"year": yearly or today().year},
        is_dry_run=dry_run,
        is_partial=partial,
        yearly=yearly,
        asked_by_label=str(actor)[:200],
    )
    audit.record(actor=actor, event=Event.CREATED, obj=fetch)
    return fetch


def ask_yearly(day: date) -> list[DataFetch]:
    """Ask for the fetches of a year that were not asked for yet, of the services that are set up."""
    system = User.objects.system()
    found = []
    for service in (Service.KLIMAATMONITOR, Service.INHABITANTS):
        with transaction.atomic():
            if is_set_up(service) and not DataFetch.objects.filter(service=service, yearly=day.year).exists():
                found.append(ask_fetch(actor=system, service=service, yearly=day.year))
    return found


def carry_out(fetch: DataFetch, *, actor: Actor, guard: Callable[[], None] = lambda: None) -> DataFetch:
    """Ask the service, and write what it gave; a fetch that has ended stays as it is. Raises ServiceError."""
    if fetch.state != FetchState.WAITING:
        return fetch
    if fetch.service == Service.KLIMAATMONITOR:
        rows = _emissions()
        return _finish(fetch, actor, guard, lambda: _written(fetch, actor, rows))
    found = _inhabitants()
    return _finish(fetch, actor, guard, lambda: _counted(fetch, found))


def _emissions() -> FileRows:
    key = settings.NSS_KLIMAATMONITOR_KEY
    service = JsonService(settings.NSS_KLIMAATMONITOR_URL, headers={"apikey": key})
    codes = klimaatmonitor.codes_of(settings.NSS_KLIMAATMONITOR_CODES)
    return klimaatmonitor.emissions(klimaatmonitor.Klimaatmonitor(service), codes=codes)


def _inhabitants() -> cbs.InhabitantRows:
    last = PopulationFigure.objects.aggregate(last=Max("year"))["last"]
    year = today().year
    # The last years again, since they may have been provisional.
    first = FIRST_YEAR if last is None else last - 2
    client = cbs.CbsV3(JsonService(settings.NSS_CBS_URL))
    table = settings.NSS_CBS_INHABITANTS_TABLE
    return cbs.inhabitants(client, table=table, first_year=first, last_year=year)


def _written(fetch: DataFetch, actor: Actor, rows: FileRows) -> ImportOutcome:
    # The name of a municipality that is gone cannot be told from a wrong code: both are passed over by code.
    known = set(Municipality.objects.values_list("code", flat=True))
    gone = [row for row in rows.taken if row.area not in known]
    rows.passed += [RowReason(row.line, _("{area} is no municipality").format(area=row.area)) for row in gone]
    rows.taken = [row for row in rows.taken if row.area in known]
    digest = hashlib.sha256(repr(rows.taken).encode()).hexdigest()
    return take_rows(
        actor=actor, rows=rows, form="klimaatmonitor-api", release=fetch.release, name=str(fetch), digest=digest
    )


def _counted(fetch: DataFetch, rows: cbs.InhabitantRows) -> ImportOutcome:
    outcome = ImportOutcome(passed=list(rows.passed), refused=list(rows.refused))
    places = dict(Municipality.objects.values_list("code", "pk"))
    newest = PopulationFigure.objects.order_by("municipality", "year", "-fetch").distinct("municipality", "year")
    there = {(place, year): number for place, year, number in newest.values_list("municipality", "year", "number")}
    new = []
    for row in rows.taken:
        place = places.get(row.code)
        if place is None:
            outcome.passed.append(RowReason(row.line, _("{area} is no municipality").format(area=row.code)))
        elif there.get((place, row.year)) == row.number:
            outcome.same += 1
        else:
            new.append(PopulationFigure(municipality_id=place, year=row.year, number=row.number, fetch=fetch))
    outcome.taken = len(new)
    PopulationFigure.objects.bulk_create(new, batch_size=2000)
    return outcome


def _finish(
    fetch: DataFetch, actor: Actor, guard: Callable[[], None], write: Callable[[], ImportOutcome]
) -> DataFetch:
    """Write in one transaction, take it back unless all is right, and note what came of it."""
    with transaction.atomic():
        guard()
        with transaction.atomic():
            outcome = write()
            refused = bool(outcome.refused) and not fetch.is_partial
            if fetch.is_dry_run or refused:
                transaction.set_rollback(True)
                outcome.run = None
        state = FetchState.TRIED if fetch.is_dry_run else FetchState.REFUSED if refused else FetchState.TAKEN
        fetch.state, fetch.imported = state, outcome.run
        fetch.taken, fetch.same = outcome.taken, outcome.same
        fetch.passed, fetch.refused = len(outcome.passed), len(outcome.refused)
        fetch.reasons = [[row.line, row.reason] for row in outcome.refused[:MOST_REASONS]]
        fetch.finished_at = timezone.now()
        fetch.save()
        changes = {"state": str(state), "taken": outcome.taken, "refused": len(outcome.refused)}
        audit.record(actor=actor, event=Event.CHANGED, obj=fetch, changes=changes)
    return fetch


@transaction.atomic
def note_failure(*, actor: Actor, fetch: DataFetch, message: str) -> None:
    """Note that a fetch failed; nothing was written."""
    fetch.state, fetch.message = FetchState.FAILED, message[:LONGEST_MESSAGE]
    fetch.finished_at = timezone.now()
    fetch.save(update_fields=["state", "message", "finished_at"])
    audit.record(actor=actor, event=Event.CHANGED, obj=fetch, changes={"state": str(fetch.state)})


def take_file(
    *,
    actor: Actor,
    name: str,
    content: bytes,
    form: str,
    release: str = "",
    dry_run: bool = False,
    partial: bool = False,
) -> DataFetch:
    """Take a file that somebody sent; raises NotAllowed and UnreadableFile."""
    _require(actor)
    with NamedTemporaryFile(suffix=Path(name).suffix[:10]) as kept:
        kept.write(content)
        kept.flush()
        rows = read_file(Path(kept.name), form)
    digest = hashlib.sha256(content).hexdigest()
    named = release.strip() or rows.release or f"{name}, {digest[:8]}"
    with transaction.atomic():
        fetch = _new(actor, Service.FILE, named[:60], dry_run=dry_run, partial=partial)
        return _finish(
            fetch,
            actor,
            lambda: None,
            lambda: take_rows(actor=actor, rows=rows, form=form, release=named, name=name, digest=digest),
        )


@transaction.atomic
def undo_fetch(*, actor: Actor, fetch: DataFetch) -> int:
    """Take away what a fetch brought; gives how many figures. Raises NotAllowed and Refused."""
    _require(actor)
    fresh = DataFetch.objects.select_for_update(of=("self",)).select_related("imported").get(pk=fetch.pk)
    if fresh.state != FetchState.TAKEN:
        raise Refused(_("This fetch changed nothing, or was undone before."))
    number = fresh.population_figures.all().delete()[0]
    if fresh.imported is not None:
        number += undo_import(actor=actor, run=fresh.imported)
    fresh.state = FetchState.UNDONE
    fresh.save(update_fields=["state"])
    audit.record(
        actor=actor, event=Event.CHANGED, obj=fresh, changes={"state": str(fresh.state), "figures": number}
    )
    return number
