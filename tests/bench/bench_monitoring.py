"""Emissions, indicators, comparison and the explorer at national scale: queries and time, beside a bare view.

Required of the explorer: a change of one of 25 measures is answered in 150 ms of server time, its draws included.
"""

import pytest
from django.test import Client
from django.test.utils import override_settings
from pytest_django.plugin import DjangoDbBlocker

from contracts.models import ClimateContract
from governance.models import User
from tests.bench.measure import measure, medians, queries_of
from tests.figures import Figures

# Without this mark no test database is made, and the national data would come into the one that is named.
pytestmark = pytest.mark.django_db

CITY = "GM0344"
MEASURES = 25
MOST_MILLISECONDS = 150.0
PAGES = {
    "emissions of a municipality": f"/gemeenten/{CITY}/uitstoot/",
    "emissions of a made-up municipality": "/gemeenten/GM0034/uitstoot/",
    "cities compared": "/uitstoot/vergelijken/",
    "all cities compared": "",
    "sum of all contracts": "/uitstoot/",
    "indicators": "indicatoren/",
}


def contract() -> ClimateContract:
    """A made-up contract with 25 actions."""
    return ClimateContract.objects.filter(municipalities__code="GM0034").get()


def team() -> Client:
    """The team of Utrecht."""
    found = User.objects.filter(is_demo=True, memberships__organisation__municipality__code=CITY)
    client = Client()
    client.force_login(found.filter(memberships__function="team").order_by("pk")[0])
    return client


@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        address = PAGES[name]
        if name == "indicators":
            address = contract().get_absolute_url() + address
        elif not address:
            source = contract().publication_id
            address = f"/uitstoot/vergelijken/?bron={source}--CO2&gemeente=GM0034"
        measure(figures, f"{name}: team", team(), address)


def test_explorer(national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock(), override_settings(NSS_KEEP_PAGES=False):
        held = contract()
        assert held.versions.get().actions.count() == MEASURES
        changes = "actie-1-kt=12&actie-2-start=2024&actie-3-zeker=intended&actie-4-marge=30"
        address = f"{held.get_absolute_url()}pad/?{changes}"
        client = team()
        queries = queries_of(client, address)
        # As a script asks for it, and as a form with a button.
        script = {"HX-Request": "true"}
        clock, processor = medians(lambda: client.get(address, headers=script), lambda: None)[0]
        whole = medians(lambda: client.get(address), lambda: None)[0]
        figures.record("explorer, a change with 25 measures: queries", queries, "", at_most=15)
        figures.record("explorer, a change with 25 measures: time", clock, "ms", at_most=MOST_MILLISECONDS)
        figures.record(
            "explorer, a change with 25 measures: processor", processor, "ms", at_most=MOST_MILLISECONDS
        )
        note = f"{whole[0]:.1f} ms on the clock"
        figures.record("explorer, the whole page: processor", whole[1], "ms", at_most=MOST_MILLISECONDS, note=note)
