"""Governance at national scale: decisions, meetings, and assessments, one of them with 5,000 answers."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from governance.models import Assessment, AssessmentState, Decision, Meeting
from tests.bench.measure import measure
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db
MANY = 5000
# What was asked for: of every page, and of an assessment with 5,000 answers.
MOST_QUERIES = 12
OF_MANY = 150.0


def _large() -> Assessment:
    return Assessment.objects.filter(state=AssessmentState.CLOSED, result__answers__gte=MANY).latest("closes_on")


PAGES: dict[str, tuple[Callable[[], str], float]] = {
    "assessments": (lambda: reverse("governance:assessments"), 60.0),
    "decisions": (lambda: reverse("governance:decisions"), 60.0),
    "decision": (lambda: Decision.objects.published().latest("pk").get_absolute_url(), 60.0),
    "bodies": (lambda: reverse("governance:bodies"), 60.0),
    "body": (lambda: reverse("governance:body", args=["stuurgroep"]), 60.0),
    "meeting": (lambda: Meeting.objects.filter(is_published=True).latest("pk").get_absolute_url(), 60.0),
    "assessment with 5,000 answers": (lambda: _large().get_absolute_url(), OF_MANY),
}


@pytest.mark.parametrize("who", ["visitor", "team", "coordinator"])
@pytest.mark.parametrize("name", list(PAGES))
def test_page(name: str, who: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client = Client()
        if who != "visitor":
            client.force_login(person(who))
        address, most = PAGES[name]
        measure(figures, f"{name} as {who}", client, address(), most_queries=MOST_QUERIES, most_milliseconds=most)
