"""Roadmap, comparison and propositions at national scale: queries and time, beside a bare Django view."""

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from cities.models import Proposition
from governance.models import User
from tests.bench.measure import measure
from tests.figures import Figures

# Without this mark no test database is made, and the national data would come into the one that is named.
pytestmark = pytest.mark.django_db

CITY = "GM0344"
PAGES = {
    "roadmap": "/routekaart/",
    "step of the roadmap": "/routekaart/portfolio/",
    "roadmap of a city": f"/routekaart/gemeente/{CITY}/",
    "what cities like mine did next": f"/routekaart/gemeente/{CITY}/vergelijkbaar/",
    "form of progress": f"/routekaart/gemeente/{CITY}/bijwerken/",
    "five municipalities compared": f"/gemeenten/vergelijken/?g={CITY}&g=GM0363&g=GM0599&g=GM0772&g=GM0193",
    "propositions": "/proposities/",
    "proposition": "",
}


@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    """The team of Utrecht opens the page."""
    with django_db_blocker.unblock():
        found = User.objects.filter(is_demo=True, memberships__organisation__municipality__code=CITY)
        client = Client()
        client.force_login(found.filter(memberships__function="team").order_by("pk")[0])
        address = PAGES[name] or Proposition.objects.filter(state="open").order_by("pk")[0].get_absolute_url()
        measure(figures, f"{name}: team", client, address)
