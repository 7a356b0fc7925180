"""Signals at national scale: 1,000 of them. What is required of a page stands in `tests.bench.measure`."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from cities.models import Signal
from cities.models.signal import SignalState
from tests.bench.measure import measure
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db


def _record() -> str:
    signals = Signal.objects.filter(audience="published", state=SignalState.CLOSED, experiment__isnull=True)
    return signals.order_by("pk")[0].get_absolute_url()


PAGES: dict[str, Callable[[], str]] = {
    "signals": lambda: reverse("cities:signals"),
    "late signals": lambda: f"{reverse('cities:signals')}?stand=te-laat",
    "signal": _record,
    "response times": lambda: reverse("cities:signal_times"),
    "board": lambda: reverse("cities:signal_board"),
}


@pytest.mark.parametrize(
    ("name", "who"),
    [
        (name, who)
        for name in PAGES
        for who in ("visitor", "team", "coordinator")
        if name != "board" or who == "coordinator"
    ],
)
def test_page(name: str, who: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert Signal.objects.count() >= 1_000
        client = Client()
        if who != "visitor":
            client.force_login(person(who))
        measure(figures, f"signals: {name} as {who}", client, PAGES[name]())
