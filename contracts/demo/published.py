"""The four published contracts: real figures with their source; parties and promises are made up and say so."""

import json
import random
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from cities.models import Municipality
from cities.models.bottleneck import Sharing
from contracts.demo.indicators import PUBLICATIONS, make_indicators
from contracts.models import (
    Action,
    ClimateContract,
    Commitment,
    ContractMunicipality,
    ContractStandard,
    ContractVersion,
    EmissionSource,
    Investment,
    Measure,
    Party,
)
from contracts.models.version import VersionState
from contracts.services.reference import DATA, add_figures, add_series
from contracts.services.taking_over import fix_versions
from governance.models import Organisation, User
from governance.models.organisation import Group
from nss_portal.core import audit
from nss_portal.core.ids import ALPHABET, SHORTEST
from nss_portal.core.models.audit import Event

# Which organisation of the demonstration plays a party, so that its people have something to do.
PLAYERS: dict[str, dict[str, Any]] = {
    "ministry": {"group": Group.MINISTRY, "short_name": "VRO"},
    "partner": {"group": Group.FINANCIAL},
}

FIELD_OF = {
    "built": "built",
    "housing": "built",
    "services": "built",
    "mobility": "mobility",
    "industry": "energy",
    "energy": "energy",
    "green_gas": "energy",
    "agriculture": "nature",
}


def public_id(*seed: object) -> str:
    """Draw a public identifier that is the same for the same seed."""
    draw = random.Random("-".join(map(str, seed)))  # noqa: S311 - identifiers of demo data, no secret
    return "".join(draw.choice(ALPHABET) for _ in range(SHORTEST))


@transaction.atomic
def load_published(scale: str, seed: int) -> list[str]:
    """Load the published contracts that are not there yet; gives lines for the console."""
    added = [row for row in json.loads((DATA / "contracts.json").read_text()) if _load(row, seed)]
    return [f"published contracts added {len(added)}"]


def _load(row: dict[str, Any], seed: int) -> bool:
    source = EmissionSource.objects.get(code=row["publication"])
    cities = list(Municipality.objects.filter(code__in=row["municipalities"]).select_related("organisation"))
    if len(cities) < len(row["municipalities"]) or source.contracts.exists():
        return False
    contract = _contract(row, source, cities, seed)
    version = _version(row, contract, source)
    parties = _parties(row, version, cities)
    _commitments(row, version, parties)
    _actions(row, version, parties)
    for series in row["series"]:
        held = add_series({"source": source.code, **series}, contract=contract)
        add_figures([(held, figure) for figure in series["figures"]])
    if source.code in PUBLICATIONS:
        make_indicators([contract])
    system = User.objects.system()
    fix_versions(versions=[version.pk], actor=system, state=VersionState.PUBLISHED)
    audit.record(actor=system, event=Event.CREATED, obj=contract, reason=source.citation)
    return True


def _contract(
    row: dict[str, Any], source: EmissionSource, cities: list[Municipality], seed: int
) -> ClimateContract:
    contract = ClimateContract.objects.create(
        public_id=public_id(seed, row["publication"]),
        title=row["title"],
        title_en=row["title_en"],
        standard=ContractStandard.objects.get(code=row["standard"]),
        target_year=row["target_year"],
        sharing=Sharing.PUBLISHED,
        source=source.citation,
        publication=source,
        mission_label_on=date.fromisoformat(row["mission_label_on"]),
    )
    order = {code: place for place, code in enumerate(row["municipalities"])}
    ContractMunicipality.objects.bulk_create(
        ContractMunicipality(contract=contract, municipality=city, order=order[city.code]) for city in cities
    )
    return contract


def _version(row: dict[str, Any], contract: ClimateContract, source: EmissionSource) -> ContractVersion:
    return ContractVersion.objects.create(
        contract=contract,
        number=1,
        target_year=row["target_year"],
        base_year=row["base_year"],
        summary=row["summary"],
        summary_en=row["summary_en"],
        source=source.citation,
    )


def _parties(row: dict[str, Any], version: ContractVersion, cities: list[Municipality]) -> dict[str, Party]:
    """Write the parties; gives them by the name (or code of the municipality) that actions and promises use."""
    leading = {city.code: city.organisation for city in cities}
    parties = {
        code: Party(
            version=version,
            organisation=leading[code],
            order=order,
            name=leading[code].name,
            group=Group.MUNICIPALITY,
            is_leading=True,
        )
        for order, code in enumerate(row["municipalities"])
    }
    for order, party in enumerate(row["parties"], start=len(parties)):
        organisation = _player(party.get("link"))
        parties[party["name"]] = Party(
            version=version,
            organisation=organisation,
            contact_email="" if organisation else address_of(party["name"], cities[0]),
            order=order,
            name=party["name"],
            name_en=party["name_en"],
            group=party["group"],
            is_illustrative=True,
        )
    Party.objects.bulk_create(parties.values())
    return parties


def address_of(name: str, city: Municipality) -> str:
    """Who has no account is reached by mail; these addresses lead to the demonstration's mailbox only."""
    return f"{slugify(name)}@{slugify(city.common_name)}.example"


def _player(link: str | None) -> Organisation | None:
    if link is None:
        return None
    return Organisation.objects.filter(**PLAYERS[link], memberships__isnull=False).order_by("pk").first()


def _commitments(row: dict[str, Any], version: ContractVersion, parties: dict[str, Party]) -> None:
    Commitment.objects.bulk_create(
        Commitment(
            version=version,
            party=parties[promise["party"]],
            code=promise["code"],
            order=order,
            title=promise["title"],
            title_en=promise["title_en"],
            due_on=date.fromisoformat(promise["due_on"]) if promise["due_on"] else None,
            is_illustrative=True,
        )
        for order, promise in enumerate(row["commitments"])
    )


def _actions(row: dict[str, Any], version: ContractVersion, parties: dict[str, Party]) -> None:
    known = set(Measure.objects.values_list("code", flat=True))
    for order, each in enumerate(row["actions"]):
        action = Action.objects.create(
            version=version,
            responsible=parties[each["responsible"]],
            code=each["code"],
            order=order,
            title=each["title"],
            title_en=each["title_en"],
            sector=each["sector"],
            field=FIELD_OF.get(each["sector"], ""),
            # Codes of actions are those of kinds of measures, where they are such.
            measure=each["code"] if each["code"] in known else "",
            effect_kt=Decimal(each["effect_kt"]) if each["effect_kt"] else None,
            source_locator=each["source_locator"],
        )
        if each["amount_meur"]:
            Investment.objects.create(
                version=version,
                action=action,
                amount_meur=Decimal(each["amount_meur"]),
                source_locator=each["source_locator"],
            )
