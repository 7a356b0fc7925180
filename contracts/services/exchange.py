"""Taking tables from a file or a paste: looked at first, then taken as a whole or not at all."""

import hashlib
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.exchange.document import read_document, read_own_sheets
from contracts.exchange.grids import UnreadableFile, pasted, read_grids
from contracts.exchange.plan import Plan, planned
from contracts.exchange.recognise import Block, Found, Heading, recognise, words_of
from contracts.exchange.taking import Content, taken
from contracts.models import ContractImport, ContractStandard, ContractVersion
from contracts.services.draft import change_version, lock_open
from contracts.services.errors import Refused
from contracts.services.row_changes import RowChange
from contracts.services.tables import save_text
from contracts.services.writing_rows import write_rows
from contracts.tables.holding import names_of
from contracts.tables.template import Table, Template, template_of
from contracts.tables.values import NUMBERS
from contracts.tables.vocab import plain
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import Event

# Standards whose numbering and headings are known to files that exist.
FOREIGN = ("nzc-v1", "nzc-v2")
MOST_LINES = 500  # of a report
WRITTEN = ("cells", "ident", "revision", "code", "published", "address")


def look_at(*, version: ContractVersion, actor: Actor, content: bytes, name: str) -> ContractImport:
    """Read a file and keep what it says until somebody takes it; the draft stays as it is.

    Raises NotAllowed, Refused, and UnreadableFile for a file that cannot be taken as a whole.
    """
    with transaction.atomic():
        lock_open(version)
        require(actor, "contract", "change", version.contract)
    template = template_of(version.contract.standard)
    found = read_content(version, template, content, name)
    with transaction.atomic():
        # What was looked at before and not taken makes place.
        version.imports.filter(taken_at__isnull=True).delete()
        run = ContractImport.objects.create(
            version=version,
            file_name=name[:200],
            digest=hashlib.sha256(content).hexdigest(),
            content=found.as_json(),
            made_by_id=getattr(actor, "pk", None),
        )
        audit.record(actor=actor, event=Event.CREATED, obj=run)
    return run


def read_content(version: ContractVersion, template: Template, content: bytes, name: str) -> Content:
    """Read a file as the tables of a version; raises UnreadableFile."""
    names = names_of(version)
    if name.lower().endswith(".json") or content.lstrip()[:1] == b"{":
        return read_document(content, template, names)
    own = Content()
    grids = read_own_sheets(read_grids(content, name), own)
    others: list[Table] = []
    for standard in ContractStandard.objects.filter(code__in=FOREIGN).exclude(pk=template.standard.pk):
        others += template_of(standard).tables
    found = taken(recognise(grids, template, others), names)
    found.texts, found.version = own.texts, own.version
    found.refused += own.refused
    return found


def read_paste(version: ContractVersion, table: Table, text: str) -> Content:
    """Read what was pasted into a table: with headings, or in its columns' order. Raises UnreadableFile."""
    grid = pasted(text)
    if grid.refused:
        raise UnreadableFile(_("This text {why}.").format(why=grid.refused))
    first = grid.row(1)
    words = {word: column for column in table.typed for word in words_of(column)}
    matched = {place: words.get(plain(str(value))) for place, value in first.items()}
    headings = {place: column for place, column in matched.items() if column is not None}
    if len(headings) >= max(1, (len(first) + 1) // 2) and len(set(headings.values())) == len(headings):
        rows = [number for number in grid.by_row() if number > 1]
        known = {place: Heading(column, Decimal(1)) for place, column in headings.items()}
    else:
        rows = list(grid.by_row())
        known = {place: Heading(column, Decimal(1)) for place, column in enumerate(table.typed, start=1)}
        widest = max((column for _row, column in grid.cells), default=0)
        if widest > len(table.typed):
            text = _("{number} columns were pasted, the table has {most}; paste the headings too")
            raise UnreadableFile(text.format(number=widest, most=len(table.typed)))
    block = Block(grid, table, 1, known, rows)
    return taken(Found([block]), names_of(version))


def plan_of(version: ContractVersion, template: Template, content: Content) -> Plan:
    """Say what taking content would do to a draft now."""
    return planned(version, template, content)


@transaction.atomic
def take(*, run: ContractImport, actor: Actor, fingerprint: str) -> Plan:
    """Take what somebody looked at, all of it or nothing.

    Raises NotAllowed, ValidationError, and Refused when it was taken already or the draft changed meanwhile.
    """
    fresh = lock_open(run.version)
    require(actor, "contract", "change", fresh.contract)
    held = ContractImport.objects.select_for_update().get(pk=run.pk)
    if held.taken_at is not None:
        raise Refused(_("This file was taken already."))
    template = template_of(fresh.contract.standard)
    content = Content.from_json(held.content)
    plan = planned(fresh, template, content)
    if plan.fingerprint != fingerprint:
        raise Refused(_overtaken())
    apply_plan(version=fresh, actor=actor, plan=plan)
    lines = [list(line) for line in [*plan.refused, *plan.notes][:MOST_LINES]]
    held.content, held.report, held.taken_at = {}, lines, timezone.now()
    held.taken, held.changed, held.refused = len(plan.new), len(plan.changed), len(plan.refused)
    held.save()
    changes = {"file": held.file_name, "new": held.taken, "changed": held.changed, "refused": held.refused}
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes)
    return plan


def _overtaken() -> str:
    return _("A colleague changed the draft meanwhile. Look once more at what will happen.")


@transaction.atomic
def take_paste(
    *, version: ContractVersion, actor: Actor, table: Table, text: str, fingerprint: str = ""
) -> tuple[Plan, bool]:
    """Take pasted rows if `fingerprint` is that of what somebody looked at; gives the plan, and if it was taken.

    The draft stays locked from looking to writing, so that the same paste sent twice is taken once. Raises
    UnreadableFile, NotAllowed, Refused, ValidationError.
    """
    fresh = lock_open(version) if fingerprint else version
    template = template_of(fresh.contract.standard)
    plan = planned(fresh, template, read_paste(fresh, table, text), [table])
    if not plan.may_take or plan.fingerprint != fingerprint:
        return plan, False
    apply_plan(version=fresh, actor=actor, plan=plan)
    return plan, True


@transaction.atomic
def apply_plan(*, version: ContractVersion, actor: Actor, plan: Plan) -> None:
    """Write what a plan says. Raises NotAllowed, Refused, and ValidationError that names the row."""
    if plan.faults:
        raise Refused(" ".join(plan.faults))
    # Table by table, what others refer to first; each at once, so that thousands stay a matter of a moment.
    for changes in plan.by_table():
        rows = [RowChange(*(getattr(each, name) for name in WRITTEN)) for each in changes]
        try:
            write_rows(version=version, actor=actor, table=changes[0].table, changes=rows)
        except EditConflict as error:
            raise Refused(_overtaken()) from error
    for section, words in plan.texts:
        save_text(
            version=version,
            actor=actor,
            section=section,
            text=words["text"],
            text_en=words["text_en"],
            revision=int(words["revision"]),
        )
    if plan.version:
        version.refresh_from_db()
        names = ("target_year", "base_year", "summary", "summary_en", "source")
        values: dict[str, Any] = {name: plan.version.get(name, getattr(version, name)) for name in names}
        change_version(version=version, actor=actor, revision=version.revision, **values)


def numbers_of(table: Table) -> list[str]:
    """Name the units of a table's columns, for whoever pastes."""
    return [f"{column.title}: {column.unit}" for column in table.typed if column.kind in NUMBERS and column.unit]
