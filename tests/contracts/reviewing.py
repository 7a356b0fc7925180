"""Contracts, rounds and people for the tests of the annual review; everything is real records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from contracts.models import (
    Action,
    AnnualReview,
    ClimateContract,
    Commitment,
    ContractMunicipality,
    ContractVersion,
    Effort,
    EmissionFigure,
    EmissionSeries,
    EmissionSource,
    Party,
    PartyReview,
    ReviewRound,
)
from contracts.services.review.answers import Answer, save_effort
from contracts.services.review.parts import submit_part
from contracts.services.review.rounds import open_round
from governance.models import Organisation, User
from governance.models.membership import Function
from governance.models.organisation import Group
from nss_portal.core import jobs
from nss_portal.core.time import today
from tests.access.cast import join, make_city, make_user
from tests.contracts.make import fix, make_standard

YEAR = 2025
_number = count(1)


@dataclass
class Contract:
    """A running contract with its city's team and its parties."""

    record: ClimateContract
    version: ContractVersion
    city: Organisation
    parties: list[Party]
    actions: list[Action]
    commitments: list[Commitment]

    def team(self, **fields: object) -> User:
        """Make somebody of the city's transition team."""
        user = make_user(**fields)
        join(user, self.city, Function.TEAM, is_lead=True)
        return user

    def review(self, year: int = YEAR) -> AnnualReview:
        return AnnualReview.objects.select_related("contract", "round").get(contract=self.record, round__year=year)

    def part(self, number: int = 0, year: int = YEAR) -> PartyReview:
        parts = PartyReview.objects.select_related("party", "review__contract", "review__round")
        return parts.get(review=self.review(year), party=self.parties[number])


def make_contract(
    *,
    parties: int = 2,
    actions: int = 2,
    commitments: int = 1,
    title: str = "",
    sharing: str = "network",
    kt: bool = True,
    city: Organisation | None = None,
    emails: bool = True,
    state_party: bool = False,
    organisation: Organisation | None = None,
) -> Contract:
    """Make a contract in force. Party 0 is the city; actions belong to the parties in turn, the first to nobody.

    `organisation` is the one of party 1, whose people then have an account.
    """
    number = next(_number)
    city = city or make_city(name=f"Gemeente Voorbeeld {number}")
    record = ClimateContract.objects.create(
        title=title or f"Klimaatcontract Voorbeeld {number}", standard=make_standard(), sharing=sharing
    )
    ContractMunicipality.objects.create(contract=record, municipality=city.municipality)
    version = ContractVersion.objects.create(contract=record, number=1, base_year=2018)
    made = make_promises(
        version,
        city,
        parties,
        actions,
        commitments,
        emails=emails,
        state_party=state_party,
        organisation=organisation,
    )
    fix(version)
    if kt:
        make_figures(record)
    return Contract(record, version, city, *made)


def make_promises(
    version: ContractVersion,
    city: Organisation,
    parties: int,
    actions: int,
    commitments: int,
    *,
    emails: bool = True,
    state_party: bool = False,
    organisation: Organisation | None = None,
) -> tuple[list[Party], list[Action], list[Commitment]]:
    """Write parties, actions of 100 kt each and commitments into a draft version."""
    number = next(_number)
    groups = [Group.MUNICIPALITY, Group.MINISTRY if state_party else Group.COMPANY] + [Group.COMPANY] * parties
    people = Party.objects.bulk_create(
        Party(
            version=version,
            order=i,
            name=city.name if i == 0 else f"Partij {i}",
            organisation=city if i == 0 else organisation if i == 1 else None,
            group=groups[i],
            is_leading=i == 0,
            contact_position="" if i == 0 else "programmamanager",
            contact_email=f"partij{i}-{number}@voorbeeld.example" if emails and i else "",
        )
        for i in range(parties)
    )
    deeds = Action.objects.bulk_create(
        Action(
            version=version,
            order=i,
            code=f"actie-{i}",
            title=f"Actie {i}",
            sector="built" if i % 2 == 0 else "mobility",
            effect_kt=Decimal(100),
            responsible=people[i % parties] if i else None,
        )
        for i in range(actions)
    )
    promises = Commitment.objects.bulk_create(
        Commitment(
            version=version, party=people[(i + 1) % parties], order=i, code=f"afspraak-{i}", title=f"Afspraak {i}"
        )
        for i in range(commitments)
    )
    return people, deeds, promises


def make_figures(record: ClimateContract, *, target: int = 400, remaining: int = 500) -> EmissionSeries:
    """Give a contract a leading series: 2.000 kt in 2018, what remains in 2030, and its target."""
    number = next(_number)
    source = EmissionSource.objects.create(
        code=f"bron-{number}", label_nl=f"Bron {number}", label_en=f"Source {number}", citation="x"
    )
    series = EmissionSeries.objects.create(
        source=source, contract=record, locator="tabel 1", printed_unit="kton", is_leading=True
    )
    rows = [
        ("measured", 2018, 2000),
        ("measured", 2023, 1600),
        ("forecast", 2030, remaining),
        ("target", 2030, target),
    ]
    EmissionFigure.objects.bulk_create(
        EmissionFigure(
            series=series,
            sector="total",
            sector_label_nl="Totaal",
            sector_label_en="Total",
            kind=kind,
            year=year,
            value=value,
        )
        for kind, year, value in rows
    )
    return series


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def system() -> User:
    return User.objects.system()


def opened(year: int = YEAR, *, due_in: int = 60) -> ReviewRound:
    """Open a round and let the work be done here."""
    current = open_round(year=year, due_on=in_days(due_in), actor=system())
    jobs.run_all_here("contracts.open_round")
    current.refresh_from_db()
    return current


def answer_all(part: PartyReview, actor: object, answers: Sequence[Answer] = ()) -> list[Effort]:
    """Answer everything in a part: with the given answers in turn, else 'on course'."""
    efforts = list(part.efforts.all())
    for number, effort in enumerate(efforts):
        answer = (
            answers[number]
            if number < len(answers)
            else Answer(status="on_course", expected_kt=effort.expected_kt)
        )
        save_effort(effort=effort, answer=answer, revision=effort.revision, actor=actor, final=True)
    return efforts


def hand_in(part: PartyReview, actor: object, answers: Sequence[Answer] = ()) -> PartyReview:
    """Answer everything in a part and hand it in."""
    answer_all(part, actor, answers)
    return submit_part(part=part, actor=actor)
