"""The yearly report of an organisation: what it shows, to whom, and that many rows cost no more queries."""

import io
import json
from datetime import date
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from contracts.models import Commitment
from contracts.models.party import CommitmentStatus
from governance.models import AssessmentPoint, Decision
from nss_portal.core import reports
from nss_portal.core.reports import services
from nss_portal.core.reports.making import make
from nss_portal.core.reports.offer import offers
from nss_portal.core.time import today
from tests.access.cast import Cast, Person
from tests.contracts.make import fix, make_commitment, make_contract, make_party, make_version
from tests.governance.making_assessments import make_assessment
from tests.governance.matrix_contributions import make_contribution
from tests.governance.matrix_meetings import make_meeting

pytestmark = pytest.mark.django_db
THIS = today().year
QUERIES = 11
NAME = "partner-year"


@pytest.fixture
def partner() -> Person:
    return Cast().person("partner")


def fill(person: Person, number: int = 1, state: str = "adopted") -> None:
    """Give an organisation a year: a contribution, promises, and what it has to do."""
    make_contribution(person.own, THIS, pledged_hours=120, pledged_in_kind="Onze zaal", purpose="Deep Dives")
    for each in range(number):
        version = make_version(make_contract(person.cast.other, sharing="published", title=f"Contract {each}"))
        party = make_party(version, person.own)
        make_commitment(party, f"Warmte {each}", due_on=date(2029, 5, 1), status="running")
        if state != "draft":
            fix(version, state)
        Decision.objects.create(
            meeting=make_meeting("adopted", starts_at=timezone.now()),
            number=1,
            text=f"Signaal {each}",
            owner=person.own,
        )
        AssessmentPoint.objects.create(
            assessment=make_assessment(person.cast.other, "closed", closes_on=today()),
            what=f"Casus {each}",
            owner=person.own,
            due_on=today(),
        )


def snapshot(person: Person, year: int = THIS) -> reports.Snapshot:
    kind = reports.kind_named(NAME)
    record = kind.find(person.user, f"{person.own.public_id}/{year}")
    assert record is not None
    return kind.collect(record, person.user)


def test_a_year_in_four_forms(partner: Person) -> None:
    fill(partner)
    kind, found = reports.kind_named(NAME), snapshot(partner)
    made = {
        form: make(kind, found, format=form, language="nl", digest="x") for form in ("html", "json", "xlsx", "pdf")
    }
    page = made["html"].decode()
    for word in (
        "120 uur, Onze zaal",
        "Deep Dives",
        "Warmte 0",
        "Contract 0",
        CommitmentStatus.RUNNING.label,
        "Signaal 0",
        "Casus 0",
    ):
        assert str(word) in page, word
    data = json.loads(made["json"])["data"]
    assert [row["promise"] for row in data["promises"]] == ["Warmte 0"]
    assert [row["what"] for row in data["to_do"]] == ["Signaal 0", "Casus 0"]
    with ZipFile(io.BytesIO(made["xlsx"])) as book:
        cells = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "Warmte 0" in cells
    assert made["pdf"].startswith(b"%PDF")


def test_a_year_of_which_nothing_is_known(partner: Person) -> None:
    found = snapshot(partner, THIS - 1)
    page = make(reports.kind_named(NAME), found, format="html", language="nl", digest="x").decode()
    assert "Voor dit jaar is niets toegezegd of bevestigd." in page
    assert found.data["promises"] == found.data["to_do"] == []


def test_what_is_done_or_of_a_later_year_is_not_asked(partner: Person) -> None:
    fill(partner)
    Decision.objects.update(state="done")
    AssessmentPoint.objects.update(done_on=today(), came_of_it="Gedaan")
    assert snapshot(partner).data["to_do"] == []
    Decision.objects.update(state="open")
    assert snapshot(partner, THIS - 1).data["to_do"] == []


def test_a_draft_of_a_contract_stays_with_its_city(partner: Person) -> None:
    fill(partner, state="draft")
    assert Commitment.objects.filter(title="Warmte 0").exists()
    assert snapshot(partner).data["promises"] == []


@pytest.mark.parametrize("role", ["visitor", "partner", "team", "publisher", "steering", "coordinator"])
def test_only_its_own_people_read_it(partner: Person, role: str) -> None:
    fill(partner)
    other = partner.cast.person(role).user
    with pytest.raises(services.NotThere):
        services.find(kind=NAME, object_ref=f"{partner.own.public_id}/{THIS}", actor=other)
    offered = [choice.ref for one in offers(other) if one.kind.name == NAME for choice in one.choices]
    assert f"{partner.own.public_id}/{THIS}" not in offered
    mine = [choice.ref for one in offers(partner.user) if one.kind.name == NAME for choice in one.choices]
    assert mine[0] == f"{partner.own.public_id}/{THIS}"
    report = services.request_report(
        kind=NAME, object_ref=mine[0], format="pdf", language="nl", actor=partner.user
    )
    assert not report.is_public


@pytest.mark.parametrize("ref", ["", "x", "/2026", "{own}", "{own}/", "{own}/2014", "{own}/9999", "{own}/26"])
def test_what_is_no_year_of_an_organisation(partner: Person, ref: str) -> None:
    with pytest.raises(services.NotThere):
        services.find(kind=NAME, object_ref=ref.format(own=partner.own.public_id), actor=partner.user)


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_one_as_for_three(
    partner: Person, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    fill(partner, number)
    assert partner.user.standing.organisations
    with django_assert_num_queries(QUERIES):
        assert len(snapshot(partner).data["promises"]) == number


def test_the_command_makes_it(partner: Person, tmp_path: object) -> None:
    fill(partner)
    target = tmp_path / "jaar.json"
    call_command("report", NAME, f"{partner.own.public_id}/{THIS}", "--format", "json", "--output", str(target))
    assert "Warmte 0" in target.read_text()
    with pytest.raises(CommandError):
        call_command("report", NAME, "niets/2026", "--output", str(target))
