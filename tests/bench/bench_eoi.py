"""The analysis of 342 Expressions of Interest: queries and time, beside a bare Django view in the same run.

Required: at most 100 ms of the server, and what `tests.bench.measure` says.
"""

import pytest
from django.test import Client

from cities.models import EoiCall
from cities.services.eoi.demo import load_demo
from cities.services.eoi.reference import load_reference
from cities.services.reference import load_reference as load_cities
from tests.access.cast import Cast
from tests.bench.measure import measure
from tests.figures import Figures

pytestmark = pytest.mark.django_db

PATH = "/gemeenten/eoi/analyse/"
MOST_MILLISECONDS = 100.0


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
    submission = EoiCall.objects.get(code="2022").submissions.order_by("pk")[0]
    pages = {"EoI analysis": PATH, "EoI call": "/gemeenten/eoi/oproep/2022/"}
    if person.own:
        pages["EoI submission"] = submission.get_absolute_url()
    for name, url in pages.items():
        measure(figures, f"{name} as {who}", client, url, most_milliseconds=MOST_MILLISECONDS)
