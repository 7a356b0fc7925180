"""The steps of a contract's version, from draft to superseded."""

from collections.abc import Iterator

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import ClimateContract, ContractVersion, Signature
from contracts.models.signature import SignatureState
from contracts.models.version import IN_FORCE_STATES, VersionState
from nss_portal.core.workflow import Step, Workflow


def has_content(version: Model) -> Iterator[str]:
    """Say what a version lacks to be a contract: somebody who promises, and something that is promised."""
    assert isinstance(version, ContractVersion)  # noqa: S101 - the table below is of versions only
    if not version.parties.exists():
        yield _("Add at least one party first.")
    if not (version.actions.exists() or version.commitments.exists()):
        yield _("Add at least one action or commitment first.")


def contract_of(version: ContractVersion) -> ClimateContract:
    """Give the record that the matrix speaks of."""
    return version.contract


VERSION = Workflow(
    resource="contract",
    subject=contract_of,
    steps=[
        Step(
            name="submit",
            sources=[VersionState.DRAFT],
            target=VersionState.INTERNAL_REVIEW,
            action="change",
            label=gettext_lazy("Hand in for internal review"),
            conditions=[has_content],
        ),
        Step(
            name="send_back",
            sources=[VersionState.INTERNAL_REVIEW],
            target=VersionState.DRAFT,
            action="change",
            label=gettext_lazy("Send back to draft"),
            needs_reason=True,
        ),
        Step(
            name="adopt",
            sources=[VersionState.INTERNAL_REVIEW],
            target=VersionState.ADOPTED,
            action="adopt",
            label=gettext_lazy("Adopt this version"),
            conditions=[has_content],
        ),
        Step(
            name="sign",
            sources=[VersionState.ADOPTED],
            target=VersionState.SIGNED,
            action="adopt",
            label=gettext_lazy("Conclude the signing"),
        ),
        Step(
            name="publish",
            sources=[VersionState.SIGNED],
            target=VersionState.PUBLISHED,
            action="publish",
            label=gettext_lazy("Publish this version"),
        ),
        Step(
            name="supersede",
            sources=list(IN_FORCE_STATES),
            target=VersionState.SUPERSEDED,
            action=None,
            label=gettext_lazy("Superseded by a later version"),
        ),
    ],
)


def contract_signed(signature: Signature) -> ClimateContract:
    """Give the record that the matrix speaks of."""
    return signature.version.contract


SIGNATURE = Workflow(
    resource="contract",
    subject=contract_signed,
    steps=[
        Step(
            name="sign",
            sources=[SignatureState.OPEN],
            target=SignatureState.SIGNED,
            action="sign",
            label=gettext_lazy("Sign"),
        ),
        Step(
            name="record",
            sources=[SignatureState.OPEN],
            target=SignatureState.SIGNED,
            action="adopt",
            label=gettext_lazy("Record a signature on paper"),
        ),
        Step(
            name="withdraw",
            sources=[SignatureState.OPEN, SignatureState.SIGNED],
            target=SignatureState.WITHDRAWN,
            action="adopt",
            label=gettext_lazy("Record that a party withdraws"),
            needs_reason=True,
        ),
        Step(
            name="withdraw_own",
            sources=[SignatureState.OPEN, SignatureState.SIGNED],
            target=SignatureState.WITHDRAWN,
            action="sign",
            label=gettext_lazy("Withdraw"),
            needs_reason=True,
        ),
    ],
)
