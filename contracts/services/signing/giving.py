"""Giving a signature: in the portal with a second factor, or on paper with a scan; and withdrawing one."""

from collections.abc import Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.models import ContractVersion, PaperSigning, Signature
from contracts.models.signature import SignatureWay
from contracts.models.version import VersionState
from contracts.services.errors import Refused
from contracts.services.signing.document import ask_for_document
from contracts.services.signing.letters import tell_of_withdrawal
from contracts.services.signing.rows import (
    conclude_if_complete,
    ensure_rows,
    lock_signature,
    lock_version,
    require_day,
    require_in_force,
    signing_for,
)
from contracts.workflow import SIGNATURE
from governance.accounts.second_factor import confirm
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import NotAllowed, require
from nss_portal.core.files import keep_upload
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import take


def sign(
    *, signature: Signature, actor: User, digest: str, position: str = "", code: str = "", passkey: str = ""
) -> Signature:
    """Sign a version for one's own organisation; `digest` is the hash of the version that one has read.

    `code` or `passkey` (see `second_factor.confirm`) is the second factor, asked for at this moment wherever the
    portal asks for one. Raises NotAllowed,
    Replaced when a later version was adopted meanwhile, Refused when there is nothing to sign, and
    `second_factor.NotConfirmed`. Nothing is written then.
    """
    _may_sign(signature, actor, digest)
    # Outside the transaction: a wrong code stays in the log.
    confirmation = confirm(actor, code, passkey)
    with transaction.atomic():
        fresh = lock_signature(signature)
        _may_sign(fresh, actor, digest)
        fresh.way, fresh.digest = SignatureWay.PORTAL, fresh.version.digest
        fresh.signed_on, fresh.signed_at = today(), timezone.now()
        fresh.signed_by, fresh.signatory = actor, str(actor)[:150]
        fresh.position, fresh.confirmation = position.strip(), confirmation
        fresh.full_clean(exclude=["version", "party"])
        fresh.save()
        take(SIGNATURE, "sign", fresh, actor=actor)
        _noted(fresh, actor, {"signed": fresh.digest})
        conclude_if_complete(fresh.version)
        ask_for_document(fresh.version)
    signature.refresh_from_db()
    return signature


def _may_sign(signature: Signature, actor: User, digest: str) -> None:
    version = signature.version
    require(actor, "contract", "sign", version.contract)
    if signature.organisation_id not in signing_for(actor):
        raise NotAllowed(_("You sign for your own organisation only."))
    require_in_force(version)
    if signature.is_withdrawn:
        raise Refused(_("Your organisation withdrew. Ask the municipality to ask you again."))
    if not signature.is_open:
        raise Refused(_("Your organisation has signed this version already."))
    if digest != version.digest:
        raise Refused(_("You read something else than what is signed here. Read the version again."))


def _noted(signature: Signature, actor: User, changes: dict[str, object]) -> None:
    """Write on the version, whose history people read, who signed or withdrew."""
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=signature.version,
        changes={"party": signature.name, **changes},
        on_behalf_of=signature.organisation,
    )


@transaction.atomic
def record_paper(
    *,
    version: ContractVersion,
    signatures: Sequence[Signature],
    actor: User,
    signed_on: date,
    place: str,
    scan: UploadedFile,
    event: str = "",
) -> PaperSigning:
    """Record that parties signed on paper, on a day at a place, with the scan of what they signed.

    Raises NotAllowed, Refused (nobody chosen, a day that cannot be, a party that signed already), Replaced, and
    ValidationError for a file that the portal does not keep.
    """
    fresh = lock_version(version)
    require(actor, "contract", "adopt", fresh.contract)
    require_in_force(fresh)
    require_day(fresh, signed_on)
    if not signatures:
        raise Refused(_("Choose the parties that signed on this paper."))
    ensure_rows(fresh)
    wanted = {row.pk for row in signatures}
    rows = list(Signature.objects.select_for_update(of=("self",)).filter(version=fresh, pk__in=wanted))
    done = [row.label for row in rows if not row.is_open]
    if done or len(rows) < len(wanted):
        raise Refused(_("These have signed or withdrawn meanwhile: %s.") % ", ".join(done))
    paper = PaperSigning(version=fresh, signed_on=signed_on, place=place.strip(), event=event.strip())
    paper.recorded_by = actor
    paper.full_clean(exclude=["version"])
    paper.save()
    stored = keep_upload(upload=scan, actor=actor, owner=paper)
    for row in rows:
        row.version = fresh
        row.way, row.digest, row.paper = SignatureWay.PAPER, fresh.digest, paper
        row.signed_on, row.signed_at = signed_on, timezone.now()
        row.save()
        take(SIGNATURE, "record", row, actor=actor)
        _noted(row, actor, {"signed_on_paper": signed_on.isoformat(), "scan": stored.sha256})
    conclude_if_complete(fresh)
    ask_for_document(fresh)
    version.refresh_from_db()
    return paper


@transaction.atomic
def withdraw(*, signature: Signature, actor: User, withdrawn_on: date, reason: str) -> None:
    """Record that a party withdraws, or will not sign, with the day and the reason, which everybody reads.

    Raises NotAllowed, Replaced, TransitionRefused when it withdrew already or without a reason, and Refused for a
    day that cannot be.
    """
    fresh = lock_signature(signature)
    require(actor, "contract", "adopt", fresh.version.contract)
    require_in_force(fresh.version)
    if withdrawn_on > today():
        raise Refused(_("The day of withdrawal cannot lie in the future."))
    if fresh.signed_on and withdrawn_on < fresh.signed_on:
        raise Refused(_("The day of withdrawal cannot lie before the day of signing."))
    _withdraw(fresh, actor, step="withdraw", withdrawn_on=withdrawn_on, reason=reason)
    signature.refresh_from_db()


def withdraw_own(*, signature: Signature, actor: User, reason: str, code: str = "", passkey: str = "") -> None:
    """Withdraw for one's own organisation, as from today, with the reason, which everybody reads.

    `code` or `passkey` is the second factor, as in `sign`. Raises NotAllowed, Replaced, Refused when it withdrew
    already, TransitionRefused without a reason, and `second_factor.NotConfirmed`.
    """
    _may_withdraw(signature, actor)
    # Outside the transaction: a wrong code stays in the log.
    confirm(actor, code, passkey)
    with transaction.atomic():
        fresh = lock_signature(signature)
        _may_withdraw(fresh, actor)
        _withdraw(fresh, actor, step="withdraw_own", withdrawn_on=today(), reason=reason)
    signature.refresh_from_db()


def _may_withdraw(signature: Signature, actor: User) -> None:
    require(actor, "contract", "sign", signature.version.contract)
    if signature.organisation_id not in signing_for(actor):
        raise NotAllowed(_("You withdraw for your own organisation only."))
    require_in_force(signature.version)
    if signature.is_withdrawn:
        raise Refused(_("Your organisation withdrew already."))


def _withdraw(fresh: Signature, actor: User, *, step: str, withdrawn_on: date, reason: str) -> None:
    """Let a locked signature be withdrawn, and tell the other parties."""
    if not fresh.is_withdrawn:
        fresh.withdrawn_on, fresh.withdrawal_reason = withdrawn_on, reason.strip()
        fresh.save(update_fields=["withdrawn_on", "withdrawal_reason"])
    take(SIGNATURE, step, fresh, actor=actor, reason=reason)
    _noted(fresh, actor, {"withdrawn_on": withdrawn_on.isoformat()})
    conclude_if_complete(fresh.version)
    ask_for_document(fresh.version)
    tell_of_withdrawal(fresh, actor)


@transaction.atomic
def ask_again(*, signature: Signature, actor: User) -> Signature:
    """Let a party that withdrew sign again, on a new row; what it signed before stays as it was.

    Raises NotAllowed, Replaced, and Refused when it did not withdraw or is asked already.
    """
    fresh = lock_signature(signature)
    require(actor, "contract", "adopt", fresh.version.contract)
    require_in_force(fresh.version)
    standing = fresh.version.signatures.standing().filter(name=fresh.name)
    if not fresh.is_withdrawn or standing.exists():
        raise Refused(_("This party can sign already."))
    names = ("version", "party", "organisation", "order", "name", "name_en", "group")
    again = Signature.objects.create(**{name: getattr(fresh, name) for name in names})
    _noted(again, actor, {"asked_again": fresh.public_id})
    return again


@transaction.atomic
def add_joiner(
    *,
    version: ContractVersion,
    actor: User,
    organisation: Organisation | None = None,
    name: str = "",
    group: str = "",
) -> Signature:
    """Let an organisation join a contract that is signed already; it signs the same version in the same way.

    Of an organisation in the portal the people see the contract from then on. Raises NotAllowed, Replaced,
    Refused while the version is not signed yet (then the party belongs in it) or for a party that is there
    already, and ValidationError.
    """
    fresh = lock_version(version)
    require(actor, "contract", "adopt", fresh.contract)
    require_in_force(fresh)
    if fresh.state == VersionState.ADOPTED:
        raise Refused(_("Joining is for later: the parties that the version names sign first."))
    title = organisation.name if organisation else name.strip()
    rows = fresh.signatures.standing()
    named = fresh.parties.filter(name=title).exists() or rows.filter(name=title).exists()
    if organisation is not None:
        named = named or fresh.parties.filter(organisation=organisation).exists()
        named = named or rows.filter(organisation=organisation).exists()
    if named:
        raise Refused(_("This organisation is a party already."))
    last = max([row.order for row in rows], default=fresh.parties.count())
    joiner = Signature(version=fresh, organisation=organisation, name=title, order=last + 1)
    joiner.group = organisation.group if organisation else group
    joiner.full_clean(exclude=["version"])
    joiner.save()
    _noted(joiner, actor, {"joins": joiner.public_id})
    return joiner
