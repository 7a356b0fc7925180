"""Contributions at national scale: 600 organisations in six years, beside all that they brought and took."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from governance.models import Contribution, Organisation, User
from governance.models.organisation import Group
from nss_portal.core.time import today
from tests.bench.measure import measure
from tests.bench.pages import person
from tests.figures import Figures

pytestmark = pytest.mark.django_db
ORGANISATIONS, YEARS = 600, 6
MOST_QUERIES = 12


@pytest.fixture(scope="module")
def contributions(national: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> Iterator[None]:
    """Fill up to 600 organisations with a contribution in each of six years."""
    with django_db_blocker.unblock():
        there = Organisation.objects.count()
        Organisation.objects.bulk_create(
            Organisation(name=f"Bedrijf {number}", group=Group.COMPANY) for number in range(there, ORGANISATIONS)
        )
        last, now = today().year, timezone.now()
        rows = [
            Contribution(
                organisation=one,
                year=year,
                sharing=("own", "network", "published")[(one.pk + year) % 3],
                pledged_at=now,
                pledged_hours=40 + one.pk % 100,
                confirmed_at=now if year < last else None,
                given_hours=40 + one.pk % 90 if year < last else None,
            )
            for one in Organisation.objects.all()
            for year in range(last - YEARS + 1, last + 1)
        ]
        Contribution.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
        figures.record("contributions", Contribution.objects.count(), "")
        yield
        Contribution.objects.all().delete()


def _user(who: str) -> User:
    return User.objects.get(email="desk@demo.nss.example") if who == "desk" else person(who)


def _own(user: User) -> Organisation:
    return Organisation.objects.filter(memberships__user=user).order_by("pk")[0]


PAGES: dict[str, tuple[tuple[str, ...], Callable[[str], str]]] = {
    "register": (("visitor", "team", "coordinator"), lambda who: reverse("governance:contributions")),
    "one organisation, its own": (
        ("team", "desk"),
        lambda who: reverse("governance:contribution", args=[_own(_user(who)).public_id]),
    ),
    "organisation": (("visitor", "team"), lambda who: _own(person("team")).get_absolute_url()),
}
CASES = [(name, who) for name, (everybody, _address) in PAGES.items() for who in everybody]


@pytest.mark.parametrize(("name", "who"), CASES)
def test_page(
    name: str, who: str, contributions: None, django_db_blocker: DjangoDbBlocker, figures: Figures
) -> None:
    with django_db_blocker.unblock():
        client = Client()
        if who != "visitor":
            client.force_login(_user(who))
        measure(figures, f"{name} as {who}", client, PAGES[name][1](who), most_queries=MOST_QUERIES)
