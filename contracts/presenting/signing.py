"""Signatures in words: who signed a version, who has not yet, who joined later and who withdrew."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.models import ContractVersion, SignatoryInvitation, Signature
from contracts.models.signature import SignatureWay
from contracts.presenting.contract import Mark
from nss_portal.core.formats import format_date


@dataclass(frozen=True)
class SignatureRow:
    """One party with its signature; `with_names` where the reader may know who signed."""

    signature: Signature
    with_names: bool
    invited: Sequence[SignatoryInvitation] = ()

    @property
    def label(self) -> str:
        """Give the party's name."""
        return self.signature.label

    @property
    def mark(self) -> Mark:
        """Give how it stands."""
        if self.signature.is_withdrawn:
            return Mark(_("has withdrawn"), "bad")
        return Mark(_("signed"), "good") if self.signature.is_signed else Mark(_("not signed yet"), "attention")

    @property
    def detail(self) -> str:
        """Say when and how it signed, or since when and why not."""
        row = self.signature
        parts = []
        if row.joined_later:
            parts.append(_("joined later"))
        if row.signed_on:
            parts.append(_("signed on %(day)s") % {"day": format_date(row.signed_on)})
            parts.append(_("on paper") if row.way == SignatureWay.PAPER else _("in the portal"))
            if row.position:
                parts.append(row.position)
            if self.with_names and row.signatory:
                parts.append(row.signatory)
        if row.is_withdrawn:
            parts.append(
                _("withdrew on %(day)s: %(reason)s")
                % {"day": format_date(row.withdrawn_on), "reason": row.withdrawal_reason}
            )
        return " · ".join(parts)

    @property
    def asked(self) -> str:
        """Say who was asked, and when for the last time; for who leads the contract."""
        if not self.signature.is_open:
            return ""
        if not self.invited:
            return _("Nobody is asked yet.")
        people = ", ".join(str(one.user) if one.user else one.email for one in self.invited)
        last = max(one.reminded_on or one.invited_on for one in self.invited)
        return _("Asked: %(people)s, last on %(day)s") % {"people": people, "day": format_date(last)}


@dataclass(frozen=True)
class Signing:
    """All signatures of a version."""

    version: ContractVersion
    rows: Sequence[SignatureRow]

    @cached_property
    def standing(self) -> list[SignatureRow]:
        """Give the rows that were not withdrawn."""
        return [row for row in self.rows if not row.signature.is_withdrawn]

    @cached_property
    def signed(self) -> list[SignatureRow]:
        """Give who signed and stands by it."""
        return [row for row in self.rows if row.signature.is_signed]

    @cached_property
    def open(self) -> list[SignatureRow]:
        """Give who has yet to sign."""
        return [row for row in self.rows if row.signature.is_open]

    @cached_property
    def withdrawn(self) -> list[SignatureRow]:
        """Give who withdrew."""
        return [row for row in self.rows if row.signature.is_withdrawn]

    @cached_property
    def returnable(self) -> set[int]:
        """Give the withdrawn rows (primary keys) of parties that were not asked again yet."""
        there = {row.signature.name for row in self.standing}
        return {row.signature.pk for row in self.withdrawn if row.signature.name not in there}

    @property
    def count(self) -> str:
        """Say how many signed: '9 of 12 parties signed'."""
        text = ngettext(
            "%(signed)d of %(all)d parties signed", "%(signed)d of %(all)d parties signed", len(self.signed)
        )
        return text % {"signed": len(self.signed), "all": len(self.standing)}


def signing_of(version: ContractVersion, *, with_names: bool = False, with_invited: bool = False) -> Signing:
    """Read the signatures of a version: one query, two with who was asked."""
    found = version.signatures.order_by("order", "pk")
    if with_invited:
        found = found.prefetch_related("invitations__user")
    rows = [SignatureRow(row, with_names, list(row.invitations.all()) if with_invited else ()) for row in found]
    return Signing(version, rows)
