"""Writing a row of a table and the text of a section, each with the revision that it was opened with.

A row is written where it lives: a party, a promise, an action, money, a figure, or the table itself.
A save on an older revision raises EditConflict and writes nothing.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import (
    Action,
    Commitment,
    ContractVersion,
    Investment,
    Party,
    SectionText,
    TableRow,
    TemplateSection,
)
from contracts.services import draft
from contracts.services.draft import lock_open, promising_for
from contracts.services.emission_rows import remove_emissions
from contracts.services.errors import Refused
from contracts.services.indicator_rows import remove_indicator
from contracts.services.row_changes import Cells, RowChange
from contracts.services.writing_rows import write_rows
from contracts.tables.limits import LONGEST_TEXT
from contracts.tables.template import Table
from nss_portal.core import audit
from nss_portal.core.access import Actor, may, require
from nss_portal.core.editing import EditConflict
from nss_portal.core.exports.sheets import CONTROL
from nss_portal.core.models.audit import Event
from nss_portal.core.worddiff import with_plain_lines


@transaction.atomic
def save_row(
    *,
    version: ContractVersion,
    actor: Actor,
    table: Table,
    cells: Cells,
    ident: str = "",
    revision: int = 0,
    code: str = "",
    published: Mapping[str, Decimal] | None = None,
) -> str:
    """Add a row to a table of a draft, or change one; gives its ident.

    Only the columns in `cells` are written. `code` names a new row, as a file has it; `published` is what a file
    says in columns that the portal works out. Raises NotAllowed, Refused, EditConflict, ValidationError.
    """
    change = RowChange(cells, ident, revision, code, published or {})
    return write_rows(version=version, actor=actor, table=table, changes=[change])[0]


def may_write_table(actor: Actor, version: ContractVersion, table: Table) -> bool:
    """Say whether somebody may write in a table: whoever may change the contract, and parties their promises."""
    if not version.is_open:
        return False
    if table.holds == "commitments":
        return bool(promising_for(actor, version))
    return may(actor, "contract", "change", version.contract)


@transaction.atomic
def remove_row(*, version: ContractVersion, actor: Actor, table: Table, ident: str) -> None:
    """Take a row out of a draft, with what hangs on it. Raises NotAllowed, Refused."""
    fresh = lock_open(version)
    if table.holds == "emissions":
        require(actor, "contract", "change", fresh.contract)
        remove_emissions(fresh, actor, ident)
        return
    if table.holds == "indicators":
        remove_indicator(version=fresh, actor=actor, ident=ident)
        return
    model: Any = {"parties": Party, "commitments": Commitment, "actions": Action, "investments": Investment}.get(
        table.holds, TableRow
    )
    record = model.objects.filter(version=fresh, pk=ident).first()
    if record is None:
        raise Refused(_("This row is not there any more. A colleague took it out."))
    if isinstance(record, Party):
        draft.remove_party(party=record, actor=actor)
    elif isinstance(record, Commitment):
        draft.remove_commitment(commitment=record, actor=actor)
    elif isinstance(record, Action):
        draft.remove_action(action=record, actor=actor)
    else:
        require(actor, "contract", "change", fresh.contract)
        changes = {"cells": record.cells} if isinstance(record, TableRow) else None
        audit.record(actor=actor, event=Event.DELETED, obj=record, changes=changes)
        record.delete()


@transaction.atomic
def save_text(
    *,
    version: ContractVersion,
    actor: Actor,
    section: TemplateSection,
    text: str,
    text_en: str = "",
    revision: int = 0,
) -> SectionText:
    """Write what a draft says in a section. Raises NotAllowed, Refused, EditConflict, ValidationError."""
    fresh = lock_open(version)
    require(actor, "contract", "change", fresh.contract)
    # As a workbook gives them back: one kind of line end, nothing that no sheet can hold.
    text, text_en = (CONTROL.sub("", with_plain_lines(each)) for each in (text, text_en))
    if max(len(text), len(text_en)) > LONGEST_TEXT:
        raise ValidationError({"text": _("At most %(most)s characters fit here.") % {"most": LONGEST_TEXT}})
    held = SectionText.objects.filter(version=fresh, section=section).first()
    kept = held or SectionText(version=fresh, section=section)
    if (kept.text, kept.text_en) == (text, text_en):
        return kept
    if kept.revision != revision:
        raise EditConflict(kept)
    changes = {"text": [kept.text, text], "text_en": [kept.text_en, text_en]}
    kept.text, kept.text_en, kept.revision = text, text_en, kept.revision + 1
    kept.full_clean()
    kept.save()
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"section": section.code, **changes})
    return kept
