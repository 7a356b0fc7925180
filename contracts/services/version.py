"""The life of a version: hand in, send back, adopt, sign, publish, start the next one."""

from datetime import date
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from cities.models.bottleneck import Sharing
from contracts.canonical import contents, digest
from contracts.models import (
    Action,
    ClimateContract,
    Commitment,
    ContractVersion,
    Investment,
    Party,
    SectionText,
    TableRow,
    VersionSnapshot,
)
from contracts.models.version import IN_FORCE_STATES, OPEN_STATES, VersionState
from contracts.services.errors import Refused
from contracts.services.indicator_rows import freeze_indicators
from contracts.services.signing.document import ask_for_document
from contracts.services.signing.rows import ensure_rows, lock_version, missing_names, require_day
from contracts.workflow import VERSION
from governance.models import User
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import take

Part = TypeVar("Part", Party, Action, Commitment, Investment, TableRow, SectionText)


@transaction.atomic
def submit(*, version: ContractVersion, actor: Actor) -> None:
    """Hand a draft in for internal review; then its parties see it. Raises NotAllowed, TransitionRefused."""
    take(VERSION, "submit", version, actor=actor)


@transaction.atomic
def send_back(*, version: ContractVersion, actor: Actor, reason: str) -> None:
    """Turn a version under internal review into a draft again. Raises TransitionRefused without a reason."""
    take(VERSION, "send_back", version, actor=actor, reason=reason)


@transaction.atomic
def adopt(*, version: ContractVersion, actor: Actor, adopted_on: date | None = None) -> str:
    """Adopt a version: fix its data and hash for good, and let it take the place of the one in force.

    Gives the hash. Raises NotAllowed, TransitionRefused, and Refused for a date in the future.
    """
    day = adopted_on or today()
    if day > today():
        raise Refused(_("The day of adoption cannot lie in the future."))
    fresh = lock_version(version)
    require(actor, "contract", "adopt", fresh.contract)
    # Rights and conditions are checked before anything is written; `take` checks them once more.
    if fresh.state == VersionState.INTERNAL_REVIEW:
        _supersede(fresh)
        freeze_indicators([fresh])
        content = contents([fresh.pk])[fresh.pk]
        VersionSnapshot.objects.update_or_create(version=fresh, defaults={"content": content})
        fresh.digest, fresh.adopted_on = digest(content), day
        fresh.save(update_fields=["digest", "adopted_on"])
    take(VERSION, "adopt", fresh, actor=actor)
    ensure_rows(fresh)
    contract = fresh.contract
    contract.target_year = fresh.target_year
    contract.started_on = contract.started_on or day
    contract.save(update_fields=["target_year", "started_on"])
    version.refresh_from_db()
    return fresh.digest


def _supersede(successor: ContractVersion) -> None:
    """End the version in force, if there is one; the portal itself does so when the next one is adopted."""
    present = successor.contract.versions.filter(state__in=IN_FORCE_STATES).first()
    if present is not None:
        reason = _("Version %(number)s took its place.") % {"number": successor.number}
        take(VERSION, "supersede", present, actor=User.objects.system(), reason=reason)
        # Its public PDF is to say so too.
        ask_for_document(present)


@transaction.atomic
def record_signed(*, version: ContractVersion, actor: Actor, signed_on: date, reason: str = "") -> None:
    """Conclude the signing of an adopted version, with the day; `reason` says why without some of its parties.

    Once all have signed the portal concludes by itself. Who is missing can sign later. Raises NotAllowed,
    TransitionRefused, and Refused for a day before the adoption or in the future, and where parties are missing
    without a reason.
    """
    fresh = lock_version(version)
    require_day(fresh, signed_on)
    require(actor, "contract", "adopt", fresh.contract)
    missing = missing_names(ensure_rows(fresh))
    if missing and not reason.strip():
        text = _("These have not signed: %s. Say why you conclude without them.")
        raise Refused(text % ", ".join(missing))
    take(VERSION, "sign", fresh, actor=actor, reason=reason.strip())
    fresh.signed_on = signed_on
    fresh.save(update_fields=["signed_on"])
    version.refresh_from_db()


@transaction.atomic
def publish(*, version: ContractVersion, actor: Actor) -> None:
    """Show a signed version to everybody, and with it the contract. Raises NotAllowed, TransitionRefused."""
    fresh = lock_version(version)
    require(actor, "contract", "publish", fresh.contract)
    if fresh.state == VersionState.SIGNED:
        fresh.is_public, fresh.published_on = True, today()
        fresh.save(update_fields=["is_public", "published_on"])
    take(VERSION, "publish", fresh, actor=actor)
    _set_sharing(fresh.contract, Sharing.PUBLISHED, actor)
    ask_for_document(fresh)
    version.refresh_from_db()


@transaction.atomic
def share(*, contract: ClimateContract, actor: Actor, sharing: Sharing) -> None:
    """Share a contract with the network, or keep it to its own cities and parties.

    Raises NotAllowed, and Refused where there is nothing to share yet or where it is public already: publishing is
    a step of its own, and what was public cannot be taken back in silence.
    """
    fresh = ClimateContract.objects.select_for_update().get(pk=contract.pk)
    require(actor, "contract", "change", fresh)
    if fresh.sharing == Sharing.PUBLISHED or sharing == Sharing.PUBLISHED:
        raise Refused(_("Publishing goes by version, and what is public stays public."))
    if not fresh.versions.exclude(state__in=OPEN_STATES).exists():
        raise Refused(_("Adopt a version first: a draft is not shared."))
    _set_sharing(fresh, sharing, actor)
    contract.sharing = sharing


def _set_sharing(contract: ClimateContract, sharing: Sharing, actor: Actor) -> None:
    if contract.sharing == sharing:
        return
    before, contract.sharing = contract.sharing, sharing
    contract.save(update_fields=["sharing"])
    event = Event.PUBLISHED if sharing == Sharing.PUBLISHED else Event.CHANGED
    audit.record(actor=actor, event=event, obj=contract, changes={"sharing": [before, sharing]})


@transaction.atomic
def new_version(*, contract: ClimateContract, actor: Actor) -> ContractVersion:
    """Copy the version in force into a new draft.

    Raises NotAllowed, and Refused when there is a draft already or no version to start from.
    """
    fresh = ClimateContract.objects.select_for_update().get(pk=contract.pk)
    require(actor, "contract", "change", fresh)
    if fresh.versions.filter(state__in=OPEN_STATES).exists():
        raise Refused(_("There is a draft already. Go on with that one."))
    origin = fresh.versions.filter(state__in=IN_FORCE_STATES).first()
    if origin is None:
        raise Refused(_("There is no version in force to start from."))
    highest = fresh.versions.order_by("-number").values_list("number", flat=True)[0]
    draft = ContractVersion.objects.create(
        contract=fresh,
        number=highest + 1,
        target_year=origin.target_year,
        base_year=origin.base_year,
        summary=origin.summary,
        summary_en=origin.summary_en,
        source=origin.source,
    )
    _copy_parts(origin, draft)
    audit.record(actor=actor, event=Event.CREATED, obj=draft, changes={"copied_from": origin.number})
    return draft


def _copy_parts(origin: ContractVersion, draft: ContractVersion) -> None:
    """Copy parties, commitments, actions and investments; codes stay, so that reviews find them again."""
    parties = list(origin.parties.all())
    actions = list(origin.actions.all())
    party_of = dict(zip([p.pk for p in parties], _clones(Party, parties, draft), strict=True))
    for action in actions:
        action.responsible = party_of[action.responsible_id] if action.responsible_id else None
    action_of = dict(zip([a.pk for a in actions], _clones(Action, actions, draft), strict=True))
    commitments = list(origin.commitments.all())
    for commitment in commitments:
        commitment.party = party_of[commitment.party_id]
    _clones(Commitment, commitments, draft)
    investments = list(origin.investments.all())
    for investment in investments:
        investment.action = action_of[investment.action_id] if investment.action_id else None
    _clones(Investment, investments, draft)
    # Indicators belong to the contract and stand in the draft as they are now.
    _clones(TableRow, list(origin.table_rows.exclude(table__holds="indicators")), draft)
    _clones(SectionText, list(origin.texts.all()), draft)


def _clones(model: type[Part], rows: list[Part], draft: ContractVersion) -> list[Part]:
    """Write rows a second time, under another version."""
    for row in rows:
        row.pk, row.version, row.revision = None, draft, 0
        row._state.adding = True
    return model._default_manager.bulk_create(rows)


@transaction.atomic
def discard_draft(*, version: ContractVersion, actor: Actor) -> None:
    """Throw a draft away; with it goes the contract, when it never had another version.

    Raises NotAllowed, and Refused for a version that is no draft.
    """
    fresh = lock_version(version)
    contract = fresh.contract
    require(actor, "contract", "change", contract)
    if fresh.state != VersionState.DRAFT:
        raise Refused(_("Only a draft can be thrown away."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh)
    fresh.delete()
    if not contract.versions.exists():
        audit.record(actor=actor, event=Event.DELETED, obj=contract)
        contract.delete()
