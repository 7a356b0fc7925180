"""What signing adds to 'my work', to mergers and to handing over."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, Func, IntegerField, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import ClimateContract, ContractVersion, SignatoryInvitation, Signature
from contracts.models.signature import SignatureState
from contracts.models.version import IN_FORCE_STATES, VersionState
from contracts.services.signing.rows import signing_for
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import granted
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.handing import Held
from nss_portal.core.models.audit import Event
from nss_portal.core.registry import (
    Recognised,
    WorkItem,
    file_recognisers,
    hand_over_handlers,
    merger_handlers,
    work_items,
)

MINUTES = 15
CONTRACT = ("public_id", "title", "title_en")


class _Counted(Func):
    """Count the signatures of a version: those given, or all that stand."""

    output_field = IntegerField()

    def __init__(self, condition: str) -> None:
        counted = "(SELECT count(*) FROM contracts_signature s WHERE s.version_id = %(expressions)s AND "
        super().__init__(F("pk"), template=f"{counted}{condition})")


@work_items.register
def contracts_to_sign(user: Any) -> Iterable[WorkItem]:
    """Ask a signatory to sign the versions in force that name the organisation."""
    mine = signing_for(user)
    if not mine:
        return ()
    waiting = Signature.objects.filter(
        organisation__in=mine, state=SignatureState.OPEN, version__state__in=IN_FORCE_STATES
    )
    fields = [f"version__contract__{name}" for name in CONTRACT]
    return Rows(
        waiting.order_by("version__contract__title", "pk"),
        "public_id",
        "name",
        "name_en",
        "version__number",
        *fields,
        each=_sign,
    )


def _sign(signature: Signature) -> WorkItem:
    version = signature.version
    return WorkItem(
        title=_("Sign version {number} of {contract}").format(
            number=version.number, contract=version.contract.name
        ),
        url=reverse("contracts:sign", args=[version.contract.public_id, version.number, signature.public_id]),
        action_label=_("Read and sign"),
        minutes=MINUTES,
        detail=signature.label,
    )


@work_items.register
def versions_to_be_signed(user: Any) -> Iterable[WorkItem]:
    """Tell a lead of a municipality which adopted version its parties have yet to sign, and how many did."""
    held = granted(user, "contract", "adopt").get("own-lead", frozenset())
    if not held:
        return ()
    inside = ClimateContract.objects.filter(municipalities__organisation__in=held).values("pk")
    waiting = ContractVersion.objects.filter(contract__in=inside, state=VersionState.ADOPTED)
    counted = waiting.annotate(signed=_Counted("s.state = 'signed'"), wanted=_Counted("s.state <> 'withdrawn'"))
    fields = [f"contract__{name}" for name in CONTRACT]
    return Rows(counted.order_by("contract__title", "pk"), "number", "signed", "wanted", *fields, each=_lead)


def _lead(version: Any) -> WorkItem:
    return WorkItem(
        title=_("Let the parties sign version {number}").format(number=version.number),
        url=reverse("contracts:signing", args=[version.contract.public_id, version.number]),
        action_label=_("See who has not signed"),
        minutes=MINUTES,
        detail=version.contract.name,
        progress=(version.signed, version.wanted) if version.wanted else None,
    )


@file_recognisers.register
def data_of_versions(sha256: str, actor: Any) -> Recognised | None:
    """Recognise the data of a version that the actor may see by their hash. One query."""
    found = ContractVersion.objects.visible_to(actor).filter(digest=sha256).select_related("contract").first()
    if found is None:
        return None
    title = _("The data of version {number} of {contract}").format(
        number=found.number, contract=found.contract.name
    )
    return Recognised(title, found.get_absolute_url())


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Who has yet to sign does so as the successor; what was signed stays with who signed it."""
    yield Carried(
        "contracts.Signature",
        "organisation",
        gettext_lazy("signatures under climate contracts"),
        only=Q(state=SignatureState.OPEN),
        stays=gettext_lazy("what was signed stays with the organisation that signed it"),
    )


@hand_over_handlers.register
def asked_to_sign(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the contracts that somebody was asked to sign for the organisation. One query."""
    asked = _asked(user, organisation)
    titles = dict.fromkeys(row.signature.version.contract.name for row in asked)
    yield Held(
        "contract_signing",
        gettext_lazy("Asked to sign climate contracts"),
        list(titles),
        lambda successor, actor: give_signing(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
        hint=gettext_lazy("A successor signs only with the function of signatory."),
    )


def _asked(user: User, organisation: Organisation) -> list[SignatoryInvitation]:
    found = SignatoryInvitation.objects.filter(
        user=user, signature__organisation=organisation, signature__state=SignatureState.OPEN
    )
    return list(found.select_related("signature__version__contract").order_by("pk"))


@transaction.atomic
def give_signing(*, user: User, successor: User, organisation: Organisation, actor: Any) -> None:
    """Let a colleague be asked instead, once where they were asked too. The caller checked that the actor may."""
    for row in _asked(user, organisation):
        if row.signature.invitations.filter(email=successor.email).exists():
            row.delete()
            continue
        row.user, row.email = successor, successor.email
        row.save(update_fields=["user", "email"])
        changes = {"asked_to_sign": [str(user), str(successor)]}
        audit.record(
            actor=actor, event=Event.CHANGED, obj=row.signature, changes=changes, on_behalf_of=organisation
        )
