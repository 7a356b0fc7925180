"""Contracts for tests, made as records: quick, and in any state that the database allows."""

from datetime import date
from decimal import Decimal

from contracts.canonical import contents, digest
from contracts.models import (
    Action,
    AnnualReview,
    ClimateContract,
    Commitment,
    ContractMunicipality,
    ContractStandard,
    ContractVersion,
    EmissionFigure,
    EmissionSeries,
    EmissionSource,
    Party,
    PartyReview,
    ReviewRound,
    VersionSnapshot,
)
from contracts.tables.template import Template, template_of
from governance.models import Organisation, User
from governance.models.organisation import Group
from tests.access.cast import Person


def make_standard(code: str = "own") -> ContractStandard:
    """Give a standard, made when it is not there."""
    texts = {"label_nl": "Eigen vorm", "label_en": "Own form"}
    return ContractStandard.objects.get_or_create(code=code, defaults=texts)[0]


def make_contract(*cities: Organisation, sharing: str = "draft", **fields: object) -> ClimateContract:
    """Make a contract of one or more cities (their organisations), without a version."""
    fields.setdefault("title", "Klimaatcontract " + " en ".join(city.name for city in cities))
    contract = ClimateContract.objects.create(standard=make_standard(), sharing=sharing, **fields)
    for order, city in enumerate(cities):
        ContractMunicipality.objects.create(contract=contract, municipality=city.municipality, order=order)
    return contract


def make_version(
    contract: ClimateContract, state: str = "draft", *, number: int = 1, **fields: object
) -> ContractVersion:
    """Make a version with its city as a party, one action and one commitment, in any state."""
    version = ContractVersion.objects.create(contract=contract, number=number, **fields)
    city = contract.municipalities.all()[0].organisation
    party = make_party(version, city, is_leading=True)
    make_action(version, responsible=party)
    make_commitment(party)
    if state == "internal_review":
        ContractVersion.objects.filter(pk=version.pk).update(state=state)
    elif state != "draft":
        fix(version, state)
    version.refresh_from_db()
    return version


def fix(version: ContractVersion, state: str = "adopted") -> ContractVersion:
    """Bring a draft into a state in which it does not change any more."""
    content = contents([version.pk])[version.pk]
    VersionSnapshot.objects.create(version=version, content=content)
    day = date(2025, 10, 15)
    ContractVersion.objects.filter(pk=version.pk).update(
        state=state, digest=digest(content), adopted_on=day, is_public=state == "published"
    )
    version.refresh_from_db()
    return version


def make_party(version: ContractVersion, organisation: Organisation | None = None, **fields: object) -> Party:
    """Add a party to a draft."""
    fields.setdefault("name", organisation.name if organisation else "Regionaal warmtebedrijf")
    fields.setdefault("group", organisation.group if organisation else Group.COMPANY)
    return Party.objects.create(
        version=version, organisation=organisation, order=version.parties.count(), **fields
    )


def make_action(version: ContractVersion, title: str = "Nul-emissiezone", **fields: object) -> Action:
    """Add an action to a draft."""
    order = version.actions.count()
    fields.setdefault("effect_kt", Decimal(49))
    return Action.objects.create(
        version=version, code=f"actie-{order}", title=title, sector="mobility", order=order, **fields
    )


def make_commitment(party: Party, title: str = "Vaste contactpersoon", **fields: object) -> Commitment:
    """Add a promise of a party to a draft."""
    order = party.version.commitments.count()
    return Commitment.objects.create(
        version=party.version, party=party, code=f"afspraak-{order}", title=title, order=order, **fields
    )


def make_published(*cities: Organisation, **fields: object) -> ClimateContract:
    """Make a contract that everybody sees."""
    contract = make_contract(*cities, sharing="published", **fields)
    make_version(contract, "published")
    return contract


def make_source(code: str = "test-ccc", label: str = "Actieplan") -> EmissionSource:
    """Give a publication, made when it is not there."""
    texts = {"label_nl": label, "label_en": label, "citation": label}
    return EmissionSource.objects.get_or_create(code=code, defaults=texts)[0]


def make_series(source: EmissionSource, locator: str = "tabel 1", **fields: object) -> EmissionSeries:
    """Make a series of figures in kilotons."""
    fields.setdefault("printed_unit", "kton")
    return EmissionSeries.objects.create(source=source, locator=locator, **fields)


def make_figure(
    series: EmissionSeries,
    year: int,
    printed: str,
    *,
    sector: str = "total",
    kind: str = "measured",
    **fields: object,
) -> EmissionFigure:
    """Add a number to a series; '' is one that is not published."""
    return EmissionFigure.objects.create(
        series=series,
        year=year,
        kind=kind,
        sector=sector,
        sector_label_nl=sector,
        sector_label_en=sector,
        printed=printed,
        value=Decimal(printed) if printed else None,
        **fields,
    )


def make_round(year: int = 2025, **fields: object) -> ReviewRound:
    """Give a round of reviews, made when it is not there."""
    defaults = {"due_on": date(year + 1, 3, 1), "opened_by": User.objects.system(), **fields}
    return ReviewRound.objects.get_or_create(year=year, defaults=defaults)[0]


def make_review(contract: ClimateContract, state: str = "open", *, year: int = 2025) -> AnnualReview:
    """Make a review of a contract's newest version, with a part for each of its parties."""
    version = contract.versions.all()[0]
    review = AnnualReview.objects.create(round=make_round(year), contract=contract, version=version)
    for party in version.parties.all():
        PartyReview.objects.create(review=review, party=party, link_nonce=f"n{party.pk}")
    if state != review.state:
        review.state = state
        review.save(update_fields=["state"])
    return review


def make_draft(lead: Person, standard: str = "nzc-v2") -> tuple[ContractVersion, Template]:
    """Give a draft of the lead's municipality in a standard form, with that form."""
    contract = make_contract(lead.own)
    contract.standard = ContractStandard.objects.get(code=standard)
    contract.save()
    return make_version(contract), template_of(contract.standard)
