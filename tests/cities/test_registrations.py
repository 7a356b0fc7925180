"""What the cities app adds to my work, the news, the home page and the navigation."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cities.registrations import bottlenecks, municipalities
from cities.services import requests as services
from cities.services.involvement import change_involvement
from nss_portal.core.time import today
from tests.access.cast import Cast, make_city
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db


def wait(name: str) -> None:
    request = services.ask_to_take_part(
        actor=None,
        municipality=make_city("other", name=name).municipality,
        name="x",
        email="x@stad.example",
        position="x",
        motivation="x",
    )
    services.verify_address(actor=services.asker(request), request=request)


def test_a_coordinator_is_asked_to_decide_once_for_all() -> None:
    user = Cast().person("coordinator").user
    assert list(municipalities.requests_that_wait(user)) == []
    for name in ("Delft", "Gouda", "Ede", "Epe"):
        wait(name)
    (item,) = municipalities.requests_that_wait(user)
    assert (item.minutes, item.url) == (20, "/gemeenten/aanmeldingen/")
    assert "Delft, Gouda, Ede" in item.detail


@pytest.mark.parametrize("role", ["team", "ministry", "publisher"])
def test_others_are_not_asked_to_decide(role: str) -> None:
    wait("Delft")
    assert list(municipalities.requests_that_wait(Cast().person(role).user)) == []


def test_a_city_is_asked_to_finish_its_own_drafts() -> None:
    cast = Cast()
    person = cast.person("team")
    draft = make_bottleneck(person.own, origin_label="Herijking 2025")
    make_bottleneck(person.own, "network")
    make_bottleneck(cast.other)
    (item,) = bottlenecks.drafts_that_wait(person.user)
    assert (item.url, item.detail) == (f"/knelpunten/{draft.public_id}/bewerken/", "Herijking 2025")
    assert list(bottlenecks.drafts_that_wait(cast.person("coordinator").user)) == []


def test_news_tells_of_levels_and_of_bottlenecks_that_one_may_see() -> None:
    cast = Cast()
    since = timezone.now() - timedelta(days=1)
    town = make_city("other", name="Delft").municipality
    change_involvement(
        actor=cast.person("coordinator").user,
        municipality=town,
        level="interested",
        valid_from=today(),
        reason="x",
    )
    make_bottleneck(cast.other, "network", title="Net vol")
    make_bottleneck(cast.other, title="Geheim concept")
    member = cast.person("team").user
    assert "Delft" in [item.subject for item in municipalities.changes_of_level(member, since)]
    assert [item.url for item in bottlenecks.shared_bottlenecks(member, since)] != []
    texts = " ".join(item.text for item in bottlenecks.shared_bottlenecks(member, since))
    assert "Net vol" in texts
    assert "Geheim" not in texts
    assert list(bottlenecks.shared_bottlenecks(member, timezone.now())) == []


def test_the_page_of_a_municipality_shows_its_bottlenecks(client: Client) -> None:
    city = make_city()
    make_bottleneck(city, "published", title="Net vol")
    make_bottleneck(city, title="Geheim concept")
    text = client.get(city.municipality.get_absolute_url()).content.decode()
    assert "Net vol" in text
    assert "Geheim" not in text
