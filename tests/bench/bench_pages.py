"""Pages at national scale: queries and time, beside a bare Django view in the same run.

Required: at most 15 queries a page, and at most 8 times the time of a bare view with one query and one template.
Page and bare view take turns, so that whatever else the machine does slows both; of each the median counts. Beside
the time on the clock stands the processor time of the web process, which leaves out the database's.
"""

import statistics
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.bench import bare
from tests.bench.pages import PAGES, Page, person
from tests.figures import Figures

pytestmark = pytest.mark.django_db

WARMING_UP = 3
ROUNDS = 21
MOST_QUERIES = 15
MOST_TIMES = 8.0


def timed(get: Callable[[], object]) -> tuple[float, float]:
    """Give the time of one call on the clock and of the processor, in ms."""
    clock, processor = time.perf_counter(), time.process_time()
    get()
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000


def medians(one: Callable[[], object], other: Callable[[], object]) -> list[tuple[float, float]]:
    """Give of two calls that take turns the median time on the clock and of the processor, in ms."""
    for _ in range(WARMING_UP):
        one(), other()
    rounds = [(timed(one), timed(other)) for _ in range(ROUNDS)]
    return [
        (statistics.median(clock for clock, _ in times), statistics.median(used for _, used in times))
        for times in zip(*rounds, strict=True)
    ]


def queries_of(client: Client, address: str) -> int:
    """Give how many queries a page asks."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(queries)


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
