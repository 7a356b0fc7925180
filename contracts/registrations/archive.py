"""What the contracts app hands to the archive: signed versions and national reflections."""

from collections.abc import Iterator
from functools import partial

from django.db.models import Prefetch
from django.utils import timezone

from contracts.models import ContractMunicipality, ContractVersion, ReviewRound, Signature
from contracts.models.review import RoundState
from contracts.models.signature import SignatureState
from contracts.reports.contract import NAME as CONTRACT
from contracts.reports.contract import ContractReport
from contracts.reports.review import NAME as REFLECTION
from nss_portal.core.archive.records import (
    ArchiveEvent,
    ArchiveRecord,
    Involved,
    archived_report,
    sealed_report,
)
from nss_portal.core.registry import archive_sources

CONFIDENTIAL = "Door de partijen niet openbaar gemaakt."
INVENTED = "Illustratief: verzonnen voor de demonstratie."


@archive_sources.register
def signed_versions(year: int | None) -> Iterator[ArchiveRecord]:
    """Signed versions of contracts, also those that a later one took the place of, as the sealed PDF."""
    signed = Signature.objects.filter(state=SignatureState.SIGNED)
    links = ContractMunicipality.objects.select_related("municipality")
    found = ContractVersion.objects.filter(signed_on__isnull=False).select_related("contract__publication")
    if year is not None:
        found = found.filter(signed_on__year=year)
    found = found.prefetch_related(
        Prefetch("signatures", queryset=signed, to_attr="given"),
        Prefetch("contract__contract_municipalities", queryset=links, to_attr="cities"),
    )
    for version in found.order_by("contract", "number"):
        yield _version(version)


def _version(version: ContractVersion) -> ArchiveRecord:
    contract = version.contract
    ref = f"{contract.public_id}/{version.number}"
    steps = (
        ("Bevriezing", version.adopted_on, True),
        ("Ondertekening", version.signed_on, False),
        ("Publicatie", version.published_on, False),
    )
    given = getattr(version, "given", [])
    is_public = ContractReport().is_public(version)
    assert version.signed_on is not None  # noqa: S101 - as it was asked for
    return ArchiveRecord(
        key=f"klimaatcontract/{ref}",
        name=f"{contract.title}, versie {version.number}",
        kind="Klimaatcontract",
        on=version.signed_on,
        made=partial(sealed_report, CONTRACT, ref),
        url=version.get_absolute_url(),
        events=[ArchiveEvent(label, on, is_mdto) for label, on, is_mdto in steps if on is not None],
        involved=[Involved("Ondertekenaar", _signer(signature)) for signature in given],
        places=[link.municipality.common_name for link in getattr(contract, "cities", [])],
        description=f"SHA-256 van de vastgestelde gegevens: {version.digest}",
        is_public=is_public,
        restriction="" if is_public else CONFIDENTIAL,
        names_persons=any(signature.signatory for signature in given),
    )


def _signer(signature: Signature) -> str:
    person = ", ".join(filter(None, (signature.signatory, signature.position)))
    return f"{signature.name} ({person})" if person else signature.name


@archive_sources.register
def reflections(year: int | None) -> Iterator[ArchiveRecord]:
    """National reflections of closed rounds: what everybody reads of them."""
    found = ReviewRound.objects.filter(state=RoundState.CLOSED, reflection__isnull=False, closed_at__isnull=False)
    if year is not None:
        found = found.filter(closed_at__year=year)
    for one in found.order_by("year"):
        assert one.closed_at is not None  # noqa: S101 - as it was asked for
        closed_on = timezone.localdate(one.closed_at)
        yield ArchiveRecord(
            key=f"nationale-reflectie/{one.year}",
            name=f"Nationale reflectie {one.year}",
            kind="Nationale reflectie",
            on=closed_on,
            made=partial(archived_report, REFLECTION, one, is_public=True),
            url=one.get_absolute_url(),
            events=[ArchiveEvent("Sluiting", closed_on)],
            description=INVENTED if one.is_illustrative else "",
        )
