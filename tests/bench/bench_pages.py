"""Pages at national scale: queries and time, beside a bare Django view in the same run.

Required: at most 15 queries a page, and at most 8 times the time of a bare view with one query and one template.
"""

import statistics
import time
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from contracts.models import AnnualReview, ClimateContract
from governance.models import User
from tests.bench import bare
from tests.figures import Figures

# Without this mark no test database is made, and the national data would come into, and be flushed out of, the
# database that DATABASE_URL names.
pytestmark = pytest.mark.django_db

ROUNDS = 25
MOST_QUERIES = 15
MOST_TIMES = 8.0


@pytest.fixture(scope="module")
def national(django_db_setup, django_db_blocker):
    """All 342 municipalities with a contract each."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        call_command("load_reference", verbosity=0)
        call_command("load_demo", scale="national", verbosity=0)
        yield
        call_command("flush", interactive=False, verbosity=0)


def milliseconds(get: Callable[[], object]) -> float:
    """Median time of one call, in ms, after three to warm up."""
    for _ in range(3):
        get()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        get()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def bare_view() -> float:
    """Time of the yardstick, in ms."""
    with override_settings(ROOT_URLCONF="tests.bench.bare", MIDDLEWARE=bare.MIDDLEWARE):
        client = Client()
        return milliseconds(lambda: client.get("/bare/"))


def addresses() -> dict[str, str]:
    """The pages that the milestone names, each with real records."""
    contract = ClimateContract.objects.filter(title__contains="Eindhoven").order_by("pk")[0]
    review = AnnualReview.objects.filter(contract=contract).order_by("-round__year")[0]
    return {
        "home": "/",
        "list": "/gemeenten/",
        "municipality": "/gemeenten/GM0772/",
        "contracts": "/klimaatcontracten/",
        "contract": contract.get_absolute_url(),
        "review": review.get_absolute_url(),
    }


@pytest.mark.parametrize("who", ["visitor", "team", "coordinator"])
def test_pages(who: str, national: None, django_db_blocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client = Client()
        if who != "visitor":
            function = {"team": "team", "coordinator": "coordination"}[who]
            user = User.objects.filter(is_demo=True, memberships__function=function).order_by("pk")[0]
            client.force_login(user)
        yardstick = bare_view()
        figures.record(f"bare view ({who})", yardstick, "ms")
        for name, url in addresses().items():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = client.get(url)
            if who == "visitor" and answer.status_code in {302, 404}:
                continue
            assert answer.status_code == 200, url
            took = milliseconds(lambda url=url: client.get(url))
            figures.record(f"{name} as {who}: queries", len(queries), "", at_most=MOST_QUERIES)
            figures.record(f"{name} as {who}: times the bare view", took / yardstick, "x", at_most=MOST_TIMES)
