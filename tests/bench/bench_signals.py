"""Signals at national scale: 1,000 of them. Required: at most 12 queries and 50 ms a page, 8 times a bare view."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from cities.models import Signal
from cities.models.signal import SignalState
from tests.bench import bare
from tests.bench.bench_pages import medians
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
MOST_TIMES = 8.0
MOST_TIME = 50.0


def _record() -> str:
    signals = Signal.objects.filter(audience="published", state=SignalState.CLOSED, experiment__isnull=True)
    return signals.order_by("pk")[0].get_absolute_url()


PAGES: dict[str, Callable[[], str]] = {
    "signals": lambda: reverse("cities:signals"),
    "late signals": lambda: f"{reverse('cities:signals')}?stand=te-laat",
    "signal": _record,
    "response times": lambda: reverse("cities:signal_times"),
}


@pytest.mark.parametrize("who", ["visitor", "team", "coordinator"])
@pytest.mark.parametrize("name", list(PAGES))
def test_page(name: str, who: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert Signal.objects.count() >= 1_000
        client, yardstick = Client(), bare.client()
        if who != "visitor":
            client.force_login(person(who))
        address = PAGES[name]()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        asked = len(queries)
        assert answer.status_code == 200, address
        took, bare_took = medians(lambda: client.get(address), lambda: yardstick.get("/bare/"))
    page = f"{name} as {who}"
    figures.record(f"{page}: queries", asked, "", at_most=MOST_QUERIES)
    figures.record(f"{page}: time", took[0], "ms", at_most=MOST_TIME)
    figures.record(f"{page}: times the bare view", took[0] / bare_took[0], "x", at_most=MOST_TIMES)
