"""Pages at national scale: queries and time, beside a bare Django view in the same run.

Required: at most 15 queries a page, and at most 8 times the time of a bare view with one query and one template.
Page and bare view take turns, so that whatever else the machine does slows both; of each the median counts. Beside
the time on the clock stands the processor time of the web process, which leaves out the database's.
"""

import pytest
from django.test import Client
from django.test.utils import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.bench import bare
from tests.bench.measure import MOST_QUERIES, MOST_TIMES, medians, queries_of
from tests.bench.pages import PAGES, Page, person
from tests.figures import Figures

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "who"),
    [pytest.param(page, who, id=f"{page.name} as {who}") for page in PAGES for who in page.who],
)
def test_page(page: Page, who: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client, yardstick = Client(), bare.client()
        if who != "visitor":
            client.force_login(person(who))
        address = page.address()
        first = queries_of(client, address)
        # As in the portal: pages keep what they worked out until anything changes.
        with override_settings(NSS_KEEP_PAGES=True):
            client.get(address)
            asked = queries_of(client, address)
            took, bare_took = medians(lambda: client.get(address), lambda: yardstick.get("/bare/"))
    name = f"{page.name} as {who}"
    figures.record(f"{name}: queries with nothing kept", first, "")
    note = f"{took[0]:.1f} ms, bare {bare_took[0]:.1f} ms"
    figures.record(f"{name}: queries", asked, "", at_most=MOST_QUERIES)
    figures.record(f"{name}: times the bare view", took[0] / bare_took[0], "x", at_most=MOST_TIMES, note=note)
    figures.record(f"{name}: the same, processor", took[1] / bare_took[1], "x", at_most=MOST_TIMES)
