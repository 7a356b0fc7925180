"""Tables of a contract, versions beside each other, the standard approach and joint demand, at national scale.

The contract has 25 actions, 12 parties and 25 rows in each table of its draft. A draft is drawn anew each time, so
its pages are held to time and queries, and not to a bare view as those that the portal keeps.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from contracts.exchange.plan import Plan
from contracts.models import ClimateContract, ContractVersion, SectionText, TableRow
from contracts.models.template import TemplateColumn
from contracts.models.version import OPEN_STATES
from contracts.services.exchange import take_paste
from contracts.services.version import new_version
from contracts.tables.template import Table, template_of
from contracts.tables.vocab import choices
from governance.models import User
from tests.bench.measure import MOST_TIMES, measure
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db

ROWS = 25
MEASURE = "warmte-infrastructuur"
MOST_MILLISECONDS = 100.0
MOST_SECONDS = 3.0
MOST_OF_A_LONG_TABLE = 400.0
# Pages that the portal keeps until anything changes.
KEPT = frozenset({"joint demand", "standard approach", "beginning a contract"})
# Columns of a row that is pasted two thousand times; {n} is its number.
MANY = {
    "actions": {"title": "Actie {n}", "sector": "mobility", "effect_kt": "{n},5", "description": "Wat wij doen."},
    "investments": {"action": "Actie {n}", "kind": "capital", "year": "2030", "amount_meur": "{n},5"},
}
# Pages of the draft, by their address below it.
OF_DRAFT = {
    "version": "",
    "sections": "inhoud/",
    "checklist": "controle/",
    "section with text": "inhoud/introduction/",
    "table of rows": "tabellen/A-2.2/",
    "table of promises": "tabellen/6/",
    "table of emissions": "tabellen/A-1.3/",
    "table of the gap": "tabellen/A-2.1/",
    "table of actions": "tabellen/B-2.2/",
    "table of money": "tabellen/IP-B2/",
    "table of indicators": "tabellen/B-3.1/",
    "form of a row": "tabellen/B-2.2/rij/",
    "paste": "tabellen/B-2.2/plakken/",
    "upload": "invoer/",
    "form of a promise": "afspraken/nieuw/",
    "form of an action": "acties/nieuw/",
    "signatures": "ondertekenen/",
    "two versions": "vergelijken/1/",
}
OTHERS: dict[str, Callable[[], str]] = {
    "joint demand": lambda: reverse("contracts:demand"),
    "demand for one kind": lambda: reverse("contracts:demand_item", args=[MEASURE]),
    "standard approach": lambda: reverse("contracts:standard"),
    "proposed approach": lambda: reverse("contracts:standard_version", args=[2]),
    "its changes": lambda: reverse("contracts:standard_changes", args=[2]),
    "going through it": lambda: reverse("contracts:standard_going", args=[2]),
    "beginning a contract": lambda: reverse("contracts:start"),
}


def team() -> User:
    """Give who leads the team of Utrecht."""
    found = User.objects.filter(is_demo=True, memberships__organisation__municipality__code="GM0344")
    return found.filter(memberships__function="team").order_by("pk")[0]


def draft() -> ContractVersion:
    """Give a draft after the version in force, with rows in every table and a text in every section."""
    contract = ClimateContract.objects.get(municipalities__code="GM0344")
    there = contract.versions.filter(state__in=OPEN_STATES).first()
    if there is not None:
        return there
    made = new_version(contract=contract, actor=User.objects.system())
    template = template_of(contract.standard)
    actions = list(made.actions.values_list("code", flat=True))
    parties = list(made.parties.values_list("name", flat=True))
    assert (len(actions), len(parties)) == (25, 12)
    rows = [
        TableRow(
            version=made,
            table=table.record,
            code=f"r{number}",
            order=number,
            cells={column.key: _cell(column, number, parties, actions) for column in table.typed},
        )
        for table in template.tables
        if table.holds == "rows"
        for number in range(ROWS)
    ]
    TableRow.objects.bulk_create(rows)
    SectionText.objects.bulk_create(
        SectionText(version=made, section=section.record, text="Wat wij doen en waarom. " * 60)
        for section in template.sections
    )
    return made


def _cell(column: TemplateColumn, number: int, parties: list[str], actions: list[str]) -> Any:
    listed = [value for value, _label in choices(column.vocabulary)] if column.kind == "choice" else [""]
    simple = {
        "number": str(10 + number),
        "signed": str(10 - number),
        "year": 2026 + number % 5,
        "date": "2027-01-01",
        "yesno": True,
        "party": parties[number % len(parties)],
        "action": actions[number % len(actions)],
        "sector": ["built", "mobility", "energy", "industry", "agriculture"][number % 5],
        "choice": listed[number % len(listed)],
        "long": "Een paar regels die zeggen wat er speelt en wie wat doet. " * 4,
    }
    return simple.get(column.kind, f"{column.title_nl} {number}")


@pytest.mark.parametrize("name", OF_DRAFT)
def test_page_of_a_draft(name: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(team())
        address = f"{draft().get_absolute_url()}{OF_DRAFT[name]}"
        measure(
            figures, f"{name} of a draft", client, address, most_milliseconds=MOST_MILLISECONDS, most_times=None
        )


@pytest.mark.parametrize("who", ["visitor", "team", "coordinator"])
@pytest.mark.parametrize("name", OTHERS)
def test_other_page(
    name: str, who: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures
) -> None:
    with django_db_blocker.unblock():
        client = Client()
        if who != "visitor":
            client.force_login(team() if who == "team" else person(who))
        answer = client.get(OTHERS[name]())
        if answer.status_code != 200:
            pytest.skip("not for them")
        times = MOST_TIMES if name in KEPT else None
        most = MOST_MILLISECONDS
        measure(figures, f"{name} as {who}", client, OTHERS[name](), most_milliseconds=most, most_times=times)


@pytest.mark.parametrize("concept", MANY)
def test_two_thousand_rows(
    concept: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures
) -> None:
    with django_db_blocker.unblock():
        version = draft()
        if concept == "investments":
            table, text = _pasted(version, "actions")
            seen, _ = _took(version, table, text, "")
            _took(version, table, text, seen.fingerprint)
        table, text = _pasted(version, concept)
        seen, seconds = _took(version, table, text, "")
        figures.record(f"2,000 pasted rows of {concept}, looked at", seconds, "s", at_most=MOST_SECONDS)
        assert len(seen.new) == 2000
        _plan, seconds = _took(version, table, text, seen.fingerprint)
        figures.record(f"2,000 pasted rows of {concept}, taken", seconds, "s", at_most=MOST_SECONDS)
        client = Client()
        client.force_login(team())
        address = reverse("contracts:table", args=[version.contract.public_id, version.number, table.code])
        page, seconds = _timed(lambda: client.get(address))
        assert page.status_code == 200
        long = f"page of {concept} with 2,000 rows"
        figures.record(long, seconds * 1000, "ms", at_most=MOST_OF_A_LONG_TABLE)


def _pasted(version: ContractVersion, concept: str) -> tuple[Table, str]:
    """Give the table of a concept, and 2,000 rows of it as a spreadsheet would paste them."""
    table = next(each for each in template_of(version.contract.standard).tables if each.concept == concept)
    heads = "\t".join(table.column(key).title for key in MANY[concept])
    lines = "".join("\t".join(MANY[concept].values()).format(n=n) + "\n" for n in range(2000))
    return table, f"{heads}\n{lines}"


def _took(version: ContractVersion, table: Table, text: str, fingerprint: str) -> tuple[Plan, float]:
    (plan, _taken), seconds = _timed(
        lambda: take_paste(version=version, actor=team(), table=table, text=text, fingerprint=fingerprint)
    )
    return plan, seconds


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """Give what came of it, and the time of the processor in seconds."""
    began = time.process_time()
    return act(), time.process_time() - began
