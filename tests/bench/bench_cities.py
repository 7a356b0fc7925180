"""Municipalities at national scale: the list with filters and the map of true boundaries, beside a bare view.

Required: 342 municipalities, 50 a page, with filters and the map: at most 50 ms and 12 queries, and what
`tests.bench.measure` says. The boundaries here are rings with about as many points as the light ones of CBS have
once they are simplified.
"""

import json
import math

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from cities.models import Municipality
from governance.models import User
from nss_portal.core.registry import demo_loaders, lowest_first
from tests.bench.measure import measure
from tests.figures import Figures

pytestmark = pytest.mark.django_db

# The accounts, the levels and the contact persons; the rest of the demonstration plays no part here.
LOADERS = {
    "governance.services.demo",
    "governance.services.demo_national",
    "cities.services.demo",
    "cities.services.demo_contacts",
}
MOST_MILLISECONDS, MOST_QUERIES = 50, 12
POINTS = 14


def outline(lat: float, lon: float) -> list[tuple[float, float]]:
    """Give a ring of so many points around a place."""
    turns = [2 * math.pi * step / POINTS for step in range(POINTS)]
    ring = [
        (lon + 0.06 * math.cos(turn) * (1 + 0.2 * math.sin(7 * turn)), lat + 0.04 * math.sin(turn))
        for turn in turns
    ]
    return [*ring, ring[0]]


@pytest.fixture(scope="module")
def national(django_db_setup, django_db_blocker, tmp_path_factory):
    """All municipalities with boundaries, and the accounts of the demonstration at national scale."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        call_command("load_reference", verbosity=0)
        for load in lowest_first(demo_loaders):
            if load.__module__ in LOADERS:
                load("national", 1)
        features = [
            {
                "type": "Feature",
                "properties": {"statcode": code},
                "geometry": {"type": "Polygon", "coordinates": [outline(lat, lon)]},
            }
            for code, lat, lon in Municipality.objects.current().values_list("code", "lat", "lon")
        ]
        path = tmp_path_factory.mktemp("boundaries") / "boundaries.json"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        call_command("import_boundaries", str(path), verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.mark.parametrize("who", ["visitor", "team"])
def test_lists_of_the_cities(who: str, national: None, django_db_blocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client = Client()
        if who == "team":
            lead = User.objects.filter(
                is_demo=True, memberships__function="team", memberships__is_lead=True
            ).order_by("pk")[0]
            client.force_login(lead)
        pages = {"list": "/gemeenten/", "filtered list": "/gemeenten/?provincie=PV27&omvang=50-100"}
        if who == "team":
            pages |= {"municipality": "/gemeenten/GM0363/", "team": "/gemeenten/GM0363/team/"}
            pages |= {"who's who": "/wie-is-wie/", "who's who by theme": "/wie-is-wie/?thema=finance"}
        for name, url in pages.items():
            most = MOST_QUERIES if name.endswith("list") else 15
            measure(
                figures,
                f"cities: {name} as {who}",
                client,
                url,
                most_queries=most,
                most_milliseconds=MOST_MILLISECONDS,
            )
