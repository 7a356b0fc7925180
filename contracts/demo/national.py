"""A made-up contract for every municipality without one: the weight of the whole country, loaded in bulk.

Everything here is illustrative and says so. The same seed gives the same data. Emissions follow the number of
inhabitants, so that big and small differ; they stand in a series of their own and are never mixed with published
ones.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from cities.models import Municipality
from cities.models.bottleneck import Sharing
from contracts.demo.indicators import make_indicators
from contracts.demo.published import address_of, public_id
from contracts.models import (
    Action,
    ClimateContract,
    Commitment,
    ContractMunicipality,
    ContractStandard,
    ContractVersion,
    EmissionFigure,
    EmissionSeries,
    EmissionSource,
    Investment,
    Party,
)
from contracts.models.action import Certainty, Payer, Sector
from contracts.models.emission import FigureKind
from contracts.models.version import VersionState
from contracts.services.taking_over import fix_versions
from governance.models import User
from governance.models.organisation import Group

ACTIONS = 25
YEARS = range(2015, 2025)
TARGET_YEARS = (2030, 2035, 2040, 2045, 2050)
BATCH = 2000
# About 8 tonnes of CO2 per inhabitant and year: an order of size for made-up figures.
KT_PER_INHABITANT = Decimal("0.008")
SHARES = (
    (Sector.BUILT, "Gebouwde omgeving", "Built environment", Decimal("0.30")),
    (Sector.MOBILITY, "Mobiliteit", "Mobility", Decimal("0.30")),
    (Sector.INDUSTRY, "Industrie", "Industry", Decimal("0.25")),
    (Sector.AGRICULTURE, "Landbouw", "Agriculture", Decimal("0.12")),
    (Sector.WASTE, "Afval en water", "Waste and water", Decimal("0.03")),
)
# Eleven parties beside the municipality.
PARTIES = (
    ("Woningcorporatie", "Housing association", Group.CIVIL),
    ("Energiecoöperatie", "Energy cooperative", Group.CIVIL),
    ("Bewonersplatform", "Residents’ platform", Group.CIVIL),
    ("Netbeheerder", "Grid operator", Group.COMPANY),
    ("Warmtebedrijf", "District heating company", Group.COMPANY),
    ("Ondernemersvereniging", "Business association", Group.COMPANY),
    ("Vervoerbedrijf", "Transport operator", Group.COMPANY),
    ("Hogeschool", "University of applied sciences", Group.KNOWLEDGE),
    ("Bank", "Bank", Group.FINANCIAL),
    ("Provincie", "Province", Group.PROVINCE),
    ("Rijksoverheid", "State", Group.MINISTRY),
)
TASKS = (
    ("Woningen isoleren", "Insulate homes", Sector.HOUSING, "woningen-aanpassen"),
    ("Warmtenet aanleggen", "Build district heating", Sector.BUILT, "warmte-infrastructuur"),
    (
        "Gemeentelijke gebouwen verduurzamen",
        "Renovate municipal buildings",
        Sector.SERVICES,
        "utiliteit-aanpassen",
    ),
    ("Zon op grote daken", "Solar on large roofs", Sector.ELECTRICITY, "zon-op-daken"),
    ("Laadpalen plaatsen", "Install charging points", Sector.MOBILITY, "laadinfrastructuur"),
    ("Deelmobiliteit uitbreiden", "Extend shared mobility", Sector.MOBILITY, "deelmobiliteit"),
    ("Nul-emissiezone invoeren", "Introduce a zero-emission zone", Sector.MOBILITY, "nul-emissiezones"),
    ("Fietsroutes aanleggen", "Build cycling routes", Sector.MOBILITY, "ander-vervoer"),
    ("Bedrijventerrein van het gas", "Business park off natural gas", Sector.INDUSTRY, "bedrijven-en-processen"),
    ("Processen elektrificeren", "Electrify processes", Sector.INDUSTRY, "elektrificatie"),
    ("Groen gas opwekken", "Produce green gas", Sector.GREEN_GAS, "groen-gas"),
    ("Grondstoffen terugwinnen", "Recover raw materials", Sector.WASTE, "minder-restafval"),
    ("Veenweide vernatten", "Rewet peat meadows", Sector.AGRICULTURE, "natuur-en-bodem"),
)
PLACES = ("in het centrum", "in de woonwijken", "in het buitengebied")
PLACES_EN = ("in the centre", "in the residential areas", "in the countryside")


@dataclass(frozen=True)
class Town:
    """A municipality with its made-up contract and draft, and the dice that its numbers come from."""

    municipality: Municipality
    contract: ClimateContract
    draft: ContractVersion
    dice: random.Random


@transaction.atomic
def load_national(scale: str, seed: int) -> list[str]:
    """Load a made-up contract for each municipality that has none, on the scale `national` only."""
    if scale != "national":
        return []
    towns = _towns(seed)
    parties = list(_parties(towns))
    Party.objects.bulk_create(parties, batch_size=BATCH)
    Commitment.objects.bulk_create(_commitments(parties), batch_size=BATCH)
    actions = list(_actions(towns, parties))
    Action.objects.bulk_create(actions, batch_size=BATCH)
    Investment.objects.bulk_create(_investments(towns, actions), batch_size=BATCH)
    make_indicators(town.contract for town in towns)
    drafts = [town.draft.pk for town in towns]
    fix_versions(versions=drafts, actor=User.objects.system(), state=VersionState.PUBLISHED)
    figures = _emissions(towns)
    return [f"made-up contracts {len(towns)}, actions {len(actions)}, emission figures {figures}"]


def _towns(seed: int) -> list[Town]:
    standard = ContractStandard.objects.get(code="nzc-v2")
    found = Municipality.objects.current().filter(contracts__isnull=True).select_related("organisation")
    places = list(found.order_by("code"))
    dice = {place.code: random.Random(f"{seed}-{place.code}") for place in places}  # noqa: S311 - demo data
    contracts = [
        ClimateContract(
            public_id=public_id(seed, place.code),
            title=f"Klimaatcontract {place.common_name}",
            title_en=f"{place.common_name} climate contract",
            standard=standard,
            target_year=dice[place.code].choice(TARGET_YEARS),
            sharing=Sharing.PUBLISHED,
            is_illustrative=True,
        )
        for place in places
    ]
    ClimateContract.objects.bulk_create(contracts)
    pairs = list(zip(contracts, places, strict=True))
    ContractMunicipality.objects.bulk_create(
        ContractMunicipality(contract=contract, municipality=place) for contract, place in pairs
    )
    drafts = [
        ContractVersion(contract=contract, number=1, target_year=contract.target_year, base_year=YEARS[0])
        for contract in contracts
    ]
    ContractVersion.objects.bulk_create(drafts)
    return [
        Town(place, contract, draft, dice[place.code])
        for (contract, place), draft in zip(pairs, drafts, strict=True)
    ]


def _parties(towns: list[Town]) -> Iterator[Party]:
    for town in towns:
        organisation = town.municipality.organisation
        yield Party(
            version=town.draft,
            organisation=organisation,
            name=organisation.name,
            group=Group.MUNICIPALITY,
            is_leading=True,
            is_illustrative=True,
        )
        for order, (name, name_en, group) in enumerate(PARTIES, start=1):
            yield Party(
                version=town.draft,
                order=order,
                name=name,
                name_en=name_en,
                group=group,
                contact_email=address_of(name, town.municipality),
                is_illustrative=True,
            )


def _commitments(parties: list[Party]) -> Iterator[Commitment]:
    for party in parties:
        if party.group == Group.MINISTRY:
            yield Commitment(
                version=party.version,
                party=party,
                code="vast-contact",
                title="Een vaste contactpersoon",
                title_en="A permanent contact person",
                is_illustrative=True,
            )


def _size(town: Town) -> Decimal:
    """Give the made-up emission of the first year, in kt."""
    return (town.municipality.population or 20_000) * KT_PER_INHABITANT


def _actions(towns: list[Town], parties: list[Party]) -> Iterator[Action]:
    for number, town in enumerate(towns):
        own = parties[number * (len(PARTIES) + 1) : (number + 1) * (len(PARTIES) + 1)]
        whole = _size(town) * Decimal("0.6") / ACTIONS
        for order in range(ACTIONS):
            task, task_en, sector, measure = TASKS[order % len(TASKS)]
            place = order // len(TASKS)
            factor = Decimal(town.dice.randint(40, 160)) / 100
            yield Action(
                version=town.draft,
                # Everybody has something to do: the first actions go round, the others fall where they fall.
                responsible=own[order] if order < len(own) else town.dice.choice(own),
                code=f"actie-{order + 1}",
                order=order,
                title=f"{task} {PLACES[place]}",
                title_en=f"{task_en} {PLACES_EN[place]}",
                sector=sector,
                measure=measure,
                effect_kt=(whole * factor).quantize(Decimal("0.1")),
                certainty=town.dice.choice(Certainty.values),
                is_illustrative=True,
            )


def _investments(towns: list[Town], actions: list[Action]) -> Iterator[Investment]:
    for number, action in enumerate(actions):
        dice = towns[number // ACTIONS].dice
        yield Investment(
            version=action.version,
            action=action,
            payer=dice.choice(Payer.values),
            amount_meur=Decimal(dice.randint(5, 400)) / 10,
            is_illustrative=True,
        )


def _emissions(towns: list[Town]) -> int:
    """Write ten years of made-up emissions per municipality; gives how many figures."""
    source, _created = EmissionSource.objects.get_or_create(
        code="illustratief",
        defaults={
            "label_nl": "Verzonnen cijfers voor de demonstratie",
            "label_en": "Made-up figures for the demonstration",
            "citation": "Door het portaal verzonnen; geen meting.",
            "is_illustrative": True,
        },
    )
    texts = {"boundary_nl": "Verzonnen.", "boundary_en": "Made up.", "locator_en": "demonstration"}
    series = [
        EmissionSeries(
            source=source,
            municipality=town.municipality,
            locator="demonstratie",
            printed_unit="kton",
            is_leading=True,
            **texts,
        )
        for town in towns
    ]
    EmissionSeries.objects.bulk_create(series, batch_size=BATCH)
    ClimateContract.objects.filter(pk__in=[town.contract.pk for town in towns]).update(publication=source)
    figures = [figure for town, each in zip(towns, series, strict=True) for figure in _years(town, each)]
    EmissionFigure.objects.bulk_create(figures, batch_size=BATCH)
    return len(figures)


def _years(town: Town, series: EmissionSeries) -> Iterator[EmissionFigure]:
    level = _size(town)
    for year in YEARS:
        total = Decimal(0)
        for sector, label, label_en, share in SHARES:
            value = (level * share).quantize(Decimal("0.1"))
            total += value
            yield _figure(series, year, sector, label, label_en, value)
        yield _figure(series, year, EmissionFigure.TOTAL, "Totaal", "Total", total)
        level *= Decimal(town.dice.randint(940, 995)) / 1000


def _figure(
    series: EmissionSeries, year: int, sector: str, label: str, label_en: str, value: Decimal
) -> EmissionFigure:
    return EmissionFigure(
        series=series,
        kind=FigureKind.MEASURED,
        year=year,
        sector=sector,
        sector_label_nl=label,
        sector_label_en=label_en,
        value=value,
        printed=str(value),
    )
