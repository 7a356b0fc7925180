"""The analysis of 342 Expressions of Interest: queries and time, beside a bare Django view in the same run.

Required: at most 100 ms of the server, at most 12 queries, at most 8 times the bare view.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cities.models import EoiCall
from cities.services.eoi.demo import load_demo
from cities.services.eoi.reference import load_reference
from cities.services.reference import load_reference as load_cities
from tests.access.cast import Cast
from tests.bench import bare
from tests.bench.bench_pages import medians
from tests.figures import Figures

pytestmark = pytest.mark.django_db

PATH = "/gemeenten/eoi/analyse/"
MOST_QUERIES = 12
MOST_MILLISECONDS = 100.0
MOST_TIMES = 8.0


@pytest.fixture
def country() -> None:
    """All 342 municipalities have handed in."""
    load_cities()
    load_reference()
    load_demo("national", 1)


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("who", ["visitor", "team", "coordinator"])
def test_the_analysis(who: str, figures: Figures) -> None:
    client = Client()
    person = Cast().person(who)
    if person.own:
        client.force_login(person.user)
    yardstick = bare.client()
    submission = EoiCall.objects.get(code="2022").submissions.order_by("pk")[0]
    pages = {"EoI analysis": PATH, "EoI call": "/gemeenten/eoi/oproep/2022/"}
    if person.own:
        pages["EoI submission"] = submission.get_absolute_url()
    for name, url in pages.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        asked = len(queries)  # the requests below empty the log
        assert answer.status_code == 200
        took, alone = medians(lambda url=url: client.get(url), lambda: yardstick.get("/bare/"))
        figures.record(f"{name} as {who}: queries", asked, "", at_most=MOST_QUERIES)
        figures.record(f"{name} as {who}", took[0], "ms", at_most=MOST_MILLISECONDS)
        figures.record(f"{name} as {who}: times the bare view", took[0] / alone[0], "x", at_most=MOST_TIMES)
