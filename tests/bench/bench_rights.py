"""Accounts, rights and retention at national scale: 3,000 accounts, 600 organisations, a review of all of them."""

from collections.abc import Callable

import pytest
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from governance.models import Organisation
from tests.bench.measure import measure
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db
MOST_QUERIES, MOST = 12, 60.0


def _most_people() -> str:
    counted = Organisation.objects.annotate(number=Count("memberships")).order_by("-number", "pk")
    return str(counted.values_list("public_id", flat=True)[0])


PAGES: dict[str, tuple[Callable[[], str], str]] = {
    "rights overview": (lambda: reverse("governance:rights_overview"), "coordinator"),
    "rights overview, all": (lambda: reverse("governance:rights_overview") + "?stand=alles", "coordinator"),
    "rights of most people": (lambda: reverse("governance:rights", args=[_most_people()]), "coordinator"),
    "requests for an account": (lambda: reverse("governance:sign_ups"), "coordinator"),
    "emergency role": (lambda: reverse("governance:emergency"), "steering"),
    "retention": (lambda: reverse("governance:retention"), "coordinator"),
    "keep a kind of record": (lambda: reverse("governance:retention_hold"), "coordinator"),
    "request without an account": (lambda: reverse("governance:privacy_for_address"), "coordinator"),
    "export for the archive": (lambda: reverse("governance:archive"), "coordinator"),
    "take part as an organisation": (lambda: reverse("governance:sign_up"), "visitor"),
}


@pytest.mark.parametrize("name", list(PAGES))
def test_page(name: str, national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> None:
    with django_db_blocker.unblock():
        client = Client()
        address, who = PAGES[name]
        if who != "visitor":
            client.force_login(person(who))
        measure(figures, name, client, address(), most_queries=MOST_QUERIES, most_milliseconds=MOST)
