"""The register of bottlenecks at 20,000: suggestions while typing, and its pages beside a bare view.

Required: at most 50 ms for suggestions; of a page what `tests.bench.measure` says.
"""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from cities.models import Bottleneck
from cities.models.bottleneck import BottleneckState
from cities.selectors_bottlenecks import similar_bottlenecks
from governance.models import User
from nss_portal.core.registry import demo_loaders, lowest_first
from tests.bench.measure import measure, medians
from tests.figures import Figures

# Without this mark no test database is made.
pytestmark = pytest.mark.django_db

MOST_MILLISECONDS = 50.0
BOTTLENECKS = 20_000
TYPED = {
    "one rare word": "netcongestie",
    "a part of a compound word": "congestie",
    "common words only": "gemeente jaar bewoners",
    "a sentence": "Aansluitingen op het stroomnet duren te lang voor scholen en appartementen",
    "a description": "Voor de woningen is de vergunning rond, maar er is geen ruimte op het elektriciteitsnet. De"
    " netbeheerder kan pas over vier jaar verzwaren en bewoners kiezen daarom toch weer voor een ketel op gas.",
}


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """The demo data of the two lowest apps at national scale."""
    with django_db_blocker.unblock():
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        call_command("load_reference", verbosity=0)
        for load in lowest_first(demo_loaders):
            if load.__module__.partition(".")[0] in {"governance", "cities"}:
                load("national", 1)
        with connection.cursor() as cursor:
            # What PostgreSQL does by itself after so many rows (autovacuum).
            cursor.execute("VACUUM ANALYZE")
        yield
        call_command("flush", interactive=False, verbosity=0)


def user_with(function: str) -> User:
    """A demo account with this function."""
    return User.objects.filter(is_demo=True, memberships__function=function).order_by("pk")[0]


@pytest.mark.parametrize("who", ["team", "coordination"])
def test_suggestions(who: str, register: None, django_db_blocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert Bottleneck.objects.count() >= BOTTLENECKS * 0.99
        user = user_with(who)
        for name, text in TYPED.items():
            assert similar_bottlenecks(user, text), text
            took = medians(lambda text=text: similar_bottlenecks(user, text), lambda: None)[0][0]
            figures.record(f"suggestions for {name} ({who})", took, "ms", at_most=MOST_MILLISECONDS)
        client = Client()
        client.force_login(user)
        if who == "team":
            ask = {"title": TYPED["a sentence"]}
            took = medians(lambda: client.get("/knelpunten/vergelijkbaar/", ask), lambda: None)[0][0]
            figures.record("suggestions as the form asks for them", took, "ms", at_most=MOST_MILLISECONDS)


@pytest.mark.parametrize("who", ["visitor", "team", "coordination"])
def test_pages(who: str, register: None, django_db_blocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client = Client()
        if who != "visitor":
            client.force_login(user_with(who))
        one = Bottleneck.objects.filter(sharing="published", state=BottleneckState.OPEN).order_by(
            "-cities_behind", "pk"
        )[0]
        addresses = {
            "register": "/knelpunten/",
            "register, filtered": "/knelpunten/?thema=energy-heat&stand=open&niveau=mission",
            "register, searched": "/knelpunten/?q=stroomnet+wachten",
            "register, latest first": "/knelpunten/?sort=-gewijzigd&page=40",
            "themes": "/knelpunten/themas/",
            "record": one.get_absolute_url(),
        }
        for name, url in addresses.items():
            measure(figures, f"bottlenecks: {name} as {who}", client, url)
