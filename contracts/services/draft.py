"""Working on a draft: the version's own fields, parties, commitments, actions and their money.

Every form carries the revision that it was opened with; a save on an older one raises EditConflict and writes
nothing, so that no colleague's text is lost.
"""

from collections.abc import Container, Iterable
from datetime import date
from decimal import Decimal
from itertools import chain, count
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from contracts.models import (
    Action,
    ClimateContract,
    Commitment,
    ContractVersion,
    Investment,
    Party,
    TableRow,
    TemplateColumn,
)
from contracts.models.action import InvestmentKind
from contracts.models.version import VersionState
from contracts.rules import SHARED
from contracts.services.errors import Refused
from governance.models import Organisation
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted, may, require
from nss_portal.core.editing import EditConflict, readable
from nss_portal.core.models.audit import Event

Row = TypeVar("Row", Party, Commitment, Action)
# Who is reached, and how: the log, which is kept longer than they are, only says that it changed.
PERSONAL = frozenset({"responsible_name", "contact_position", "contact_email"})
CODE_LENGTH = 40


def lock_open(version: ContractVersion) -> ContractVersion:
    """Lock a version for editing, contract first; raises Refused when it is adopted."""
    contract = ClimateContract.objects.select_for_update().get(pk=version.contract_id)
    fresh = ContractVersion.objects.select_for_update().get(pk=version.pk)
    fresh.contract = contract
    if not fresh.is_open:
        raise Refused(_("This version is adopted and does not change. Start a new version."))
    return fresh


def apply(row: Any, values: dict[str, Any], revision: int) -> dict[str, object]:
    """Put new values on a row read again and save it; gives what changed, as [before, after].

    Raises EditConflict when a colleague saved meanwhile, unless the row holds these very values already (the same
    form sent twice), and ValidationError.
    """
    changes = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    if not changes:
        return {}
    if row.revision != revision:
        raise EditConflict(row)
    for name, (_before, after) in changes.items():
        setattr(row, name, after)
    row.revision += 1
    row.full_clean()
    row.save()
    return readable(changes)


def free_code(taken: Container[str], title: str) -> str:
    """Make a code out of a title that is not taken yet."""
    stem = slugify(title)[:CODE_LENGTH].strip("-") or "x"
    suffixes = chain([""], (f"-{number}" for number in count(2)))
    candidates = (stem[: CODE_LENGTH - max(4, len(suffix))].strip("-") + suffix for suffix in suffixes)
    return next(code for code in candidates if code not in taken)


def _next_order(model: type[Row], version: ContractVersion) -> int:
    last = (
        model._default_manager.filter(version=version).order_by("-order").values_list("order", flat=True).first()
    )
    return 0 if last is None else last + 1


def _same_version(party: Party, version: ContractVersion) -> None:
    if party.version_id != version.pk:
        raise Refused(_("Choose a party of this version."))


def _record(actor: Actor, event: Event, row: Model, changes: dict[str, object] | None = None) -> None:
    if event == Event.CHANGED and not changes:
        return
    hidden = {name: True for name in changes or () if name in PERSONAL}
    audit.record(actor=actor, event=event, obj=row, changes={**(changes or {}), **hidden})


@transaction.atomic
def change_version(
    *,
    version: ContractVersion,
    actor: Actor,
    revision: int,
    target_year: int,
    base_year: int | None,
    summary: str,
    summary_en: str = "",
    source: str = "",
) -> ContractVersion:
    """Change what a draft says of itself. Raises NotAllowed, Refused, EditConflict, ValidationError."""
    fresh = lock_open(version)
    require(actor, "contract", "change", fresh.contract)
    values = {
        "target_year": target_year,
        "base_year": base_year,
        "summary": summary,
        "summary_en": summary_en,
        "source": source,
    }
    changes = apply(fresh, values, revision)
    contract = fresh.contract
    if not contract.versions.exclude(pk=fresh.pk).exists():
        contract.target_year = target_year
        contract.save(update_fields=["target_year"])
    _record(actor, Event.CHANGED, fresh, changes)
    return fresh


@transaction.atomic
def save_party(
    *,
    version: ContractVersion,
    actor: Actor,
    name: str,
    group: str,
    organisation: Organisation | None = None,
    contact_position: str = "",
    contact_email: str = "",
    party: Party | None = None,
    revision: int = 0,
) -> Party:
    """Add a party to a draft, or change one. Raises NotAllowed, Refused, EditConflict, ValidationError."""
    fresh = lock_open(version)
    require(actor, "contract", "change", fresh.contract)
    values = {
        "name": name,
        "group": group,
        "organisation": organisation,
        "contact_position": contact_position,
        "contact_email": contact_email,
    }
    saved = save_part(Party, fresh, actor, party, revision, values)
    if party is not None and party.name != saved.name:
        rename_in_rows(fresh, party.name, saved.name)
    return saved


def rename_in_rows(version: ContractVersion, before: str, after: str) -> None:
    """Let rows of tables that name a party follow its new name."""
    columns = dict(
        TemplateColumn.objects.filter(kind="party", table__rows__version=version).values_list("table_id", "key")
    )
    for row in TableRow.objects.filter(version=version, table__in=list(columns)).select_for_update():
        key = columns[row.table_id]
        if row.cells.get(key) == before:
            row.cells = {**row.cells, key: after}
            row.save(update_fields=["cells"])


@transaction.atomic
def change_contact(
    *, party: Party, actor: Actor, revision: int, contact_position: str, contact_email: str
) -> Party:
    """Change how a party is reached, also of an adopted version: that is no part of what was agreed.

    Raises NotAllowed, EditConflict, ValidationError.
    """
    fresh = Party.objects.select_for_update(of=("self",)).select_related("version__contract").get(pk=party.pk)
    require(actor, "contract", "change", fresh.version.contract)
    changes = apply(fresh, {"contact_position": contact_position, "contact_email": contact_email}, revision)
    # Addresses of people stay out of the log: it is kept longer than they are.
    _record(actor, Event.CHANGED, fresh, dict.fromkeys(changes, True))
    return fresh


@transaction.atomic
def remove_party(*, party: Party, actor: Actor) -> None:
    """Take a party out of a draft, with its commitments.

    Raises NotAllowed, and Refused while it is responsible for an action or leads the contract.
    """
    fresh = lock_open(party.version)
    require(actor, "contract", "change", fresh.contract)
    if party.is_leading:
        raise Refused(_("The municipality whose contract this is cannot be taken out."))
    if party.actions.exists():
        raise Refused(_("This party is responsible for an action. Name another party there first."))
    _record(actor, Event.DELETED, party)
    party.delete()


@transaction.atomic
def save_commitment(
    *,
    version: ContractVersion,
    actor: Actor,
    party: Party,
    title: str,
    due_on: date | None = None,
    commitment: Commitment | None = None,
    revision: int = 0,
) -> Commitment:
    """Add a promise to a draft, or change one: by the city, or by the party that promises.

    Raises NotAllowed, Refused, EditConflict, ValidationError.
    """
    fresh = lock_open(version)
    if commitment is not None:
        require(actor, "commitment", "change", commitment)
    if not may_promise_for(actor, party, fresh):
        raise NotAllowed(_("You can change the commitments of your own organisation only."))
    _same_version(party, fresh)
    values = {"party": party, "title": title, "due_on": due_on}
    return save_part(Commitment, fresh, actor, commitment, revision, values)


def may_promise_for(actor: Actor, party: Party, version: ContractVersion) -> bool:
    """Say whether somebody may write promises of a party: the city, and the party once it sees the version."""
    return bool(promising_for(actor, version, [party]))


def promising_for(actor: Actor, version: ContractVersion, parties: Iterable[Party] | None = None) -> list[Party]:
    """Give the parties whose promises somebody may write, out of all of a version or of some; two queries."""
    asked = list(version.parties.order_by("order", "pk")) if parties is None else list(parties)
    if may(actor, "contract", "change", version.contract):
        return asked
    held = granted(actor, "commitment", "change").get("own-party", frozenset())
    seen = version.state != VersionState.DRAFT or version.contract.sharing in SHARED
    return [party for party in asked if seen and party.organisation_id in held]


@transaction.atomic
def remove_commitment(*, commitment: Commitment, actor: Actor) -> None:
    """Take a promise out of a draft. Raises NotAllowed, Refused."""
    lock_open(commitment.version)
    require(actor, "commitment", "change", commitment)
    _record(actor, Event.DELETED, commitment)
    commitment.delete()


@transaction.atomic
def save_action(
    *,
    version: ContractVersion,
    actor: Actor,
    title: str,
    sector: str,
    effect_kt: Decimal | None = None,
    certainty: str = "",
    responsible: Party | None = None,
    amount_meur: Decimal | None = None,
    payer: str = "unknown",
    action: Action | None = None,
    revision: int = 0,
) -> Action:
    """Add an action with its money to a draft, or change one.

    `amount_meur` is the sum for the action; it is left alone where the action's money is divided over several
    posts. Raises NotAllowed, Refused, EditConflict, ValidationError.
    """
    fresh = lock_open(version)
    require(actor, "contract", "change", fresh.contract)
    if responsible is not None:
        _same_version(responsible, fresh)
    values = {
        "title": title,
        "sector": sector,
        "effect_kt": effect_kt,
        "certainty": certainty,
        "responsible": responsible,
    }
    saved = save_part(Action, fresh, actor, action, revision, values)
    _save_money(saved, amount_meur, payer)
    return saved


def _save_money(action: Action, amount: Decimal | None, payer: str) -> None:
    capital = action.investments.filter(kind=InvestmentKind.CAPITAL)
    posts = list(capital)
    if len(posts) > 1:
        return
    if amount is None:
        capital.delete()
    elif posts:
        posts[0].amount_meur, posts[0].payer = amount, payer
        posts[0].full_clean()
        posts[0].save()
    else:
        post = Investment(version=action.version, action=action, amount_meur=amount, payer=payer)
        post.full_clean()
        post.save()


@transaction.atomic
def change_effect(
    *, action: Action, actor: Actor, revision: int, effect_kt: Decimal | None, certainty: str
) -> Action:
    """Change what an action of a draft does (kt in the target year), and how sure it is.

    Raises NotAllowed, Refused, EditConflict, ValidationError.
    """
    fresh = lock_open(action.version)
    require(actor, "contract", "change", fresh.contract)
    return save_part(Action, fresh, actor, action, revision, {"effect_kt": effect_kt, "certainty": certainty})


@transaction.atomic
def remove_action(*, action: Action, actor: Actor) -> None:
    """Take an action out of a draft, with its money. Raises NotAllowed, Refused."""
    fresh = lock_open(action.version)
    require(actor, "contract", "change", fresh.contract)
    _record(actor, Event.DELETED, action)
    action.delete()


def save_part(
    model: type[Row],
    version: ContractVersion,
    actor: Actor,
    row: Row | None,
    revision: int,
    values: dict[str, Any],
) -> Row:
    """Write a new row of a draft, or new values on one that nobody changed meanwhile."""
    if row is not None:
        kept = model._default_manager.filter(version=version).get(pk=row.pk)
        changes = apply(kept, values, revision)
        _record(actor, Event.CHANGED, kept, changes)
        return kept
    fresh = model(version=version, order=_next_order(model, version), **values)
    if not isinstance(fresh, Party):
        taken = set(type(fresh)._default_manager.filter(version=version).values_list("code", flat=True))
        fresh.code = free_code(taken, fresh.title)
    fresh.full_clean()
    fresh.save()
    _record(actor, Event.CREATED, fresh)
    return fresh
