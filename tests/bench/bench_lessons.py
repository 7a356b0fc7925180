"""Lessons at 5,000: the register with filters and search, one of them, and which fit a municipality.

Required: at most 60 ms of server time and 15 queries a page, and at most 8 times the time of a bare view with one
query and one template. Page and bare view take turns; of each the median counts. Each page is also measured as
after a change, when nothing of it is kept.
"""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.models import Lesson
from governance.models import User
from nss_portal.core.registry import demo_loaders, lowest_first
from tests.bench import bare
from tests.bench.bench_pages import medians
from tests.figures import Figures

# Without this mark no test database is made.
pytestmark = pytest.mark.django_db

MOST_MILLISECONDS = 60.0
MOST_QUERIES = 15
MOST_TIMES = 8.0
LESSONS = 5_000


@pytest.fixture(scope="module")
def lessons(django_db_setup, django_db_blocker):
    """The demo data of the three lowest apps at national scale."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        call_command("load_reference", verbosity=0)
        for load in lowest_first(demo_loaders):
            if load.__module__.partition(".")[0] in {"governance", "cities", "activities"}:
                load("national", 1)
        with connection.cursor() as cursor:
            # What PostgreSQL does by itself after so many rows (autovacuum).
            cursor.execute("VACUUM ANALYZE")
        yield
        call_command("flush", interactive=False, verbosity=0)


def user_with(function: str) -> User:
    """A demo account with this function."""
    return User.objects.filter(is_demo=True, memberships__function=function).order_by("pk")[0]


@pytest.mark.parametrize("who", ["visitor", "team", "coordination"])
def test_pages(who: str, lessons: None, django_db_blocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert Lesson.objects.count() >= LESSONS * 0.99
        client = Client()
        if who != "visitor":
            client.force_login(user_with(who))
        one = Lesson.objects.published().filter(sharing="published").order_by("-replicated_count", "pk")[0]
        yardstick = bare.client()
        addresses = {
            "register": "/lessen/",
            "register, filtered": "/lessen/?thema=energy-heat&geleerd=local&inwoners=50-100&wat=werkte-niet",
            "register, by step": "/lessen/?stap=mandate&sort=-nuttig",
            "register, searched": "/lessen/?q=warmte+bewoners",
            "register, most applied": "/lessen/?sort=-toegepast&page=20",
            "record": one.get_absolute_url(),
            "knowledge products": "/lessen/kennisproducten/",
        }
        if who != "visitor":
            addresses["that fit"] = "/lessen/voor/GM0772/"
        for name, url in addresses.items():
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(url)
            # Counted at once: the log of queries is emptied when the next request begins.
            asked = len(queries)
            assert answer.status_code == 200, url

            def anew(url: str = url) -> object:
                cache.clear()
                return client.get(url)

            took, alone = medians(lambda url=url: client.get(url), lambda: yardstick.get("/bare/"))
            fresh = medians(anew, lambda: None)[0][0]
            figures.record(f"{name} as {who}: queries", asked, "", at_most=MOST_QUERIES)
            figures.record(f"{name} as {who}", took[0], "ms", at_most=MOST_MILLISECONDS)
            figures.record(f"{name} as {who}, nothing kept", fresh, "ms", at_most=MOST_MILLISECONDS)
            figures.record(f"{name} as {who}: times the bare view", took[0] / alone[0], "x", at_most=MOST_TIMES)
