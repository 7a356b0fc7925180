"""Lessons at 5,000: the register with filters and search, one of them, and which fit a municipality.

Required: at most 60 ms and 15 queries a page, and at most 8 times the time of a bare view; see `measure`.
"""

import pytest
from django.test import Client

from activities.models import Lesson
from governance.models import User
from tests.bench.measure import measure
from tests.figures import Figures

# Without this mark no test database is made.
pytestmark = pytest.mark.django_db

LESSONS = 5_000


def user_with(function: str) -> User:
    """A demo account with this function."""
    return User.objects.filter(is_demo=True, memberships__function=function).order_by("pk")[0]


@pytest.mark.parametrize("who", ["visitor", "team", "coordination"])
def test_pages(who: str, national: None, django_db_blocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert Lesson.objects.count() >= LESSONS * 0.99
        client = Client()
        if who != "visitor":
            client.force_login(user_with(who))
        one = Lesson.objects.published().filter(sharing="published").order_by("-replicated_count", "pk")[0]
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
            measure(figures, f"{name} as {who}", client, url)
