"""Two made-up contracts on their way: one that is signed, one that waits for signatures."""

import random
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cities.models import Municipality
from cities.models.bottleneck import Sharing
from contracts.demo import national
from contracts.demo.indicators import load_indicators, make_indicators
from contracts.demo.published import public_id
from contracts.models import (
    Action,
    ClimateContract,
    Commitment,
    ContractMunicipality,
    ContractStandard,
    ContractVersion,
    Investment,
    Party,
    Signature,
)
from contracts.services import version as versions
from contracts.services.signing import giving, inviting
from governance.accounts.second_factor import NotConfirmed
from governance.models import Organisation, User
from governance.selectors import levels_of
from governance.services.demo import demo_account
from nss_portal.core.time import today

# Who of the demonstration plays a party, so that its people see the contract.
PLAYERS = {"Rijksoverheid": "vro", "Bank": "bng"}
SUMMARY = "Verzonnen contract, om te laten zien hoe partijen ondertekenen."
SUMMARY_EN = "A made-up contract, to show how parties sign."
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@transaction.atomic
def load_signing(scale: str, seed: int) -> list[str]:
    """Load two contracts of cities without one; on the national scale every city has one already."""
    if ClimateContract.objects.filter(public_id=public_id(seed, "signed")).exists():
        return ["demo: contracts to be signed are there already"]
    cities = _cities()
    if len(cities) < 2:
        return []
    _signed(_contract(cities[0], "signed", seed), _lead(cities[0]))
    _waiting(_contract(cities[1], "waiting", seed), _lead(cities[1]))
    return ["demo: contracts to be signed 2", *load_indicators(scale, seed)]


def _cities() -> Sequence[Municipality]:
    """Give two cities that handed in an Expression of Interest and have no contract yet."""
    free = Municipality.objects.current().filter(contracts__isnull=True).select_related("organisation")
    found = list(free.order_by("code"))
    levels = levels_of({city.organisation_id for city in found})
    return [city for city in found if levels.get(city.organisation_id) == "eoi"][:2]


def _lead(city: Municipality) -> User:
    return demo_account(role="team", organisation=city.organisation)


def _contract(city: Municipality, name: str, seed: int) -> ContractVersion:
    """Make a contract with parties, promises, actions and money, as a draft."""
    contract = ClimateContract.objects.create(
        public_id=public_id(seed, name),
        title=f"Klimaatcontract {city.common_name}",
        title_en=f"{city.common_name} climate contract",
        standard=ContractStandard.objects.get(code="nzc-v2"),
        target_year=2035,
        sharing=Sharing.NETWORK,
        is_illustrative=True,
    )
    ContractMunicipality.objects.create(contract=contract, municipality=city)
    draft = ContractVersion.objects.create(
        contract=contract, number=1, target_year=2035, summary=SUMMARY, summary_en=SUMMARY_EN
    )
    town = national.Town(city, contract, draft, random.Random(f"{seed}-{name}"))  # noqa: S311 - demo data
    parties = list(national._parties([town]))
    for party in parties:
        if party.name in PLAYERS:
            party.organisation = Organisation.objects.get(code=PLAYERS[party.name])
    Party.objects.bulk_create(parties)
    Commitment.objects.bulk_create(national._commitments(parties))
    actions = list(national._actions([town], parties))
    Action.objects.bulk_create(actions)
    Investment.objects.bulk_create(national._investments([town], actions))
    make_indicators([contract])
    return draft


def _adopt(draft: ContractVersion, lead: User) -> Sequence[Signature]:
    versions.submit(version=draft, actor=lead)
    versions.adopt(version=draft, actor=lead, adopted_on=today() - timedelta(days=30))
    return list(draft.signatures.all())


def _on_paper(draft: ContractVersion, rows: Iterable[Signature], lead: User) -> None:
    giving.record_paper(
        version=draft,
        signatures=list(rows),
        actor=lead,
        signed_on=today() - timedelta(days=12),
        place="Stadhuis",
        event="Ondertekening klimaatcontract (voorbeeld)",
        scan=SimpleUploadedFile("ondertekende-pagina.pdf", PAPER),
    )


def _signed(draft: ContractVersion, lead: User) -> None:
    """Let all sign, the city itself in the portal, and one withdraw afterwards."""
    own, *others = _adopt(draft, lead)
    alderman = demo_account(role="signatory", organisation=own.organisation)
    _on_paper(draft, others, lead)
    # Where a second factor is asked for nobody of the demonstration has one.
    with suppress(NotConfirmed):
        giving.sign(signature=own, actor=alderman, digest=draft.digest, position="Wethouder")
    giving.withdraw(
        signature=others[-6],
        actor=lead,
        withdrawn_on=today() - timedelta(days=2),
        reason="Het bedrijf is opgegaan in een ander bedrijf. (Voorbeeld.)",
    )


def _waiting(draft: ContractVersion, lead: User) -> None:
    """Let some sign on paper, and ask the alderman of the city."""
    own, *others = _adopt(draft, lead)
    _on_paper(draft, others[:5], lead)
    alderman = demo_account(role="signatory", organisation=own.organisation)
    inviting.invite(signature=own, actor=lead, user=alderman)
