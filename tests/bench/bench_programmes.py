"""Programmes at national scale: 120 of them, with partners, milestones and results."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from activities.models import Pilot, Programme
from tests.bench.measure import measure
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db


def _running() -> Programme:
    return Programme.objects.filter(phase="scaling", sharing="published").order_by("pk")[0]


PAGES: dict[str, Callable[[], str]] = {
    "programmes": lambda: reverse("activities:programmes"),
    "programmes of a phase": lambda: f"{reverse('activities:programmes')}?fase=execution",
    "programme": lambda: _running().get_absolute_url(),
    "pilots": lambda: reverse("activities:pilots"),
    "pilot": lambda: Pilot.objects.filter(state="running").order_by("pk")[0].get_absolute_url(),
    "pilots that fit a city": lambda: reverse("activities:pilots_for", args=["GM0193"]),
    "covenant": lambda: reverse("activities:programme_covenant", args=[_running().public_id]),
}


@pytest.mark.parametrize("who", ["visitor", "team", "coordinator"])
@pytest.mark.parametrize("name", list(PAGES))
def test_page(name: str, who: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert Programme.objects.count() >= 120
        client = Client()
        if who != "visitor":
            client.force_login(person(who))
        measure(figures, f"{name} as {who}", client, PAGES[name]())
