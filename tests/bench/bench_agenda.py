"""The agenda at national scale: 2,000 activities, with filters, and the pages of activities."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from activities.models import Activity, AgendaPeriod, AgendaProposal, DatePoll
from activities.models.activity import Kind
from tests.bench.measure import measure
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db


def _agenda(query: str = "") -> Callable[[], str]:
    return lambda: f"{reverse('activities:agenda')}{query}"


def _record(**lookups: object) -> Callable[[], str]:
    """Give the page of an activity that everybody may read."""
    found = Activity.objects.filter(sharing="published", state="closed", **lookups)
    return lambda: found.order_by("pk")[0].get_absolute_url()


PAGES: dict[str, Callable[[], str]] = {
    "agenda": _agenda(),
    "what has been": _agenda("?wanneer=geweest"),
    "agenda of a theme, a kind and words": _agenda("?thema=energy-heat&soort=deep-dive&q=net"),
    "agenda of a step": _agenda("?stap=learn&wanneer=geweest"),
    "Deep Dive": _record(kind=Kind.DEEP_DIVE),
    "event": _record(kind=Kind.EVENT),
}


@pytest.mark.parametrize("who", ["visitor", "team", "coordinator"])
@pytest.mark.parametrize("name", list(PAGES))
def test_page(name: str, who: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert Activity.objects.count() >= 2_000
        client = Client()
        if who != "visitor":
            client.force_login(person(who))
        measure(figures, f"{name} as {who}", client, PAGES[name]())


def test_date_poll(national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        assert DatePoll.objects.count() >= 20
        client = Client()
        client.force_login(person("coordinator"))
        poll = DatePoll.objects.order_by("pk")[0]
        measure(figures, "date poll of an activity", client, poll.get_absolute_url())


def test_overview(national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(person("coordinator"))
        measure(figures, "overview of the agenda", client, reverse("activities:agenda_overview"))


PLANNING: dict[str, Callable[[], str]] = {
    "proposals": lambda: reverse("activities:proposals"),
    "proposal": lambda: AgendaProposal.objects.filter(state="open").order_by("pk")[0].get_absolute_url(),
    "agenda of a period, adopted": lambda: AgendaPeriod.objects.order_by("starts_on")[0].get_absolute_url(),
    "agenda of a period, in the vote": lambda: AgendaPeriod.objects.order_by("-starts_on")[0].get_absolute_url(),
    "planning board": lambda: reverse("activities:board"),
    "planning board as a table, by leader": lambda: f"{reverse('activities:board')}?als=tabel&per=trekker",
}


@pytest.mark.parametrize("name", list(PLANNING))
def test_planning(name: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(person("coordinator"))
        measure(figures, f"{name} as coordinator", client, PLANNING[name]())
