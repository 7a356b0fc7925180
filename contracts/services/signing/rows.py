"""The rows that parties sign on, and what must hold before anybody signs."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from contracts.models import ClimateContract, ContractVersion, Signature
from contracts.models.signature import SignatureState
from contracts.models.version import IN_FORCE_STATES, VersionState
from contracts.services.errors import Refused
from contracts.workflow import VERSION
from governance.models import User
from nss_portal.core.access import Actor, granted
from nss_portal.core.access.standing import Organisations
from nss_portal.core.formats import format_date
from nss_portal.core.time import today
from nss_portal.core.workflow import take


class Replaced(Refused):
    """A later version took the place of the one that somebody wanted to sign; `successor` is the one in force."""

    def __init__(self, text: str, successor: ContractVersion | None) -> None:
        super().__init__(text)
        self.successor = successor


def signing_for(actor: Actor) -> Organisations:
    """Give the organisations (primary keys) for which somebody signs contracts. No query."""
    return granted(actor, "contract", "sign").get("own-party", frozenset())


def lock_version(version: ContractVersion) -> ContractVersion:
    """Lock the contract, then the version, and read both again: all services lock in this order."""
    contract = ClimateContract.objects.select_for_update().get(pk=version.contract_id)
    fresh = ContractVersion.objects.select_for_update().get(pk=version.pk)
    fresh.contract = contract
    return fresh


def lock_signature(signature: Signature) -> Signature:
    """Lock contract, version and signature, and read them again."""
    version = lock_version(signature.version)
    fresh = Signature.objects.select_for_update(of=("self",)).get(pk=signature.pk)
    fresh.version = version
    return fresh


def ensure_rows(version: ContractVersion) -> list[Signature]:
    """Give the signatures of a version that is adopted, with a row for each of its parties."""
    there = list(version.signatures.all())
    have = {row.party_id for row in there}
    missing = [
        Signature(
            version=version,
            party=party,
            organisation_id=party.organisation_id,
            order=party.order,
            name=party.name,
            name_en=party.name_en,
            group=party.group,
        )
        for party in version.parties.all()
        if party.pk not in have
    ]
    if not missing or version.is_open:
        return there
    Signature.objects.bulk_create(missing)
    return list(version.signatures.all())


def require_in_force(version: ContractVersion) -> None:
    """Raise Refused for a version that nobody signs: a draft, or one that was replaced (then `Replaced`)."""
    if version.is_open:
        raise Refused(_("This version is not adopted yet, so it may still change. It can be signed after that."))
    if version.state in IN_FORCE_STATES:
        return
    successor = version.contract.versions.filter(state__in=IN_FORCE_STATES).first()
    if successor is None:
        raise Replaced(_("This version holds no longer. Nothing was signed."), None)
    raise Replaced(
        _(
            "Version %(old)d was replaced by version %(new)d on %(day)s. Nothing was signed. "
            "Read version %(new)d and sign that one."
        )
        % {"old": version.number, "new": successor.number, "day": format_date(successor.adopted_on)},
        successor,
    )


def require_day(version: ContractVersion, day: date) -> None:
    """Raise Refused for a day of signing in the future or before the adoption."""
    if day > today():
        raise Refused(_("The day of signing cannot lie in the future."))
    if version.adopted_on and day < version.adopted_on:
        raise Refused(_("The day of signing cannot lie before the day of adoption."))


def missing_names(rows: Sequence[Signature]) -> list[str]:
    """Name the parties that have yet to sign."""
    return [row.label for row in rows if row.state == SignatureState.OPEN]


def conclude_if_complete(version: ContractVersion) -> bool:
    """Let an adopted version become signed once no party has yet to sign; the portal itself does so."""
    if version.state != VersionState.ADOPTED:
        return False
    rows = ensure_rows(version)
    signed = [row.signed_on for row in rows if row.state == SignatureState.SIGNED and row.signed_on]
    if not signed or missing_names(rows):
        return False
    take(VERSION, "sign", version, actor=User.objects.system(), reason=_("All parties signed."))
    version.signed_on = max(signed)
    version.save(update_fields=["signed_on"])
    return True
