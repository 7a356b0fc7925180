"""What pages keep: as long as nothing changed, for whoever may see the same, in one language."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils.translation import override

from cities.services.involvement import change_involvement
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.kept import generation, kept, kept_part
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from tests.access.cast import Cast, make_city


@pytest.fixture(autouse=True)
def keeping(settings):
    """Pages keep what they worked out, as in the portal."""
    settings.NSS_KEEP_PAGES = True
    cache.clear()
    yield
    cache.clear()


class Counted:
    """A thing to work out that counts how often it was."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times

    def kept(self, actor: Actor, *parts: object) -> int:
        return kept("test", actor, *parts, make=self)


def holds(made: Callable[[], object]) -> bool:
    """Tell whether two in a row are the same.

    A transaction in another worker's database that ends just between the two counts as a change here: never wrong,
    but for that one time not kept. Twenty times in a row it cannot be that.
    """
    return any(made() == made() for _time in range(20))


@pytest.mark.django_db
def test_it_holds_until_somebody_writes(django_assert_num_queries) -> None:
    user, made = Cast().person("team").user, Counted()
    assert holds(lambda: made.kept(user))
    with django_assert_num_queries(1):
        before = made.kept(user)
    with transaction.atomic():
        audit.record(actor=user, event=Event.CHANGED, obj=user, changes={"x": 1})
    assert made.kept(user) > before


@pytest.mark.django_db
def test_it_is_for_the_same_rights_language_and_record_alone() -> None:
    cast, made = Cast(), Counted()
    team, coordinator = cast.person("team").user, cast.person("coordinator").user
    first = made.kept(team, 1)
    assert made.kept(team, 2) != first
    assert made.kept(coordinator, 1) != first
    with override("en"):
        assert made.kept(team, 1) != first
    assert holds(lambda: made.kept(team, 1))


@pytest.mark.django_db(transaction=True)
def test_a_change_that_was_under_way_is_noticed_although_a_later_one_was_quicker() -> None:
    user, made = Cast().person("team").user, Counted()
    written, go_on = Signal(), Signal()

    def slow() -> None:
        with transaction.atomic():
            audit.record(actor=user, event=Event.CHANGED, obj=user, changes={"slow": 1})
            written.set()
            go_on.wait(10)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    assert written.wait(10)
    with transaction.atomic():
        audit.record(actor=user, event=Event.CHANGED, obj=user, changes={"quick": 1})
    during, before = generation(), made.kept(user)
    go_on.set()
    thread.join()
    assert generation() != during
    assert made.kept(user) > before


@pytest.mark.django_db(transaction=True)
def test_home_and_municipality_show_a_change_at_once(client: Client) -> None:
    cast = Cast()
    town = make_city("other", name="Gemeente Delft").municipality
    user = cast.person("coordinator").user
    client.force_login(user)
    for _time in range(2):
        assert "Delft" not in client.get("/").content.decode()
        assert client.get(town.get_absolute_url()).status_code == 200
    change_involvement(
        actor=user,
        municipality=town,
        level="interested",
        valid_from=today() - timedelta(days=1),
        reason="Wil meedoen",
    )
    assert "Wil meedoen" in client.get(town.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_form_in_a_part_that_is_kept_has_the_token_of_who_looks(rf) -> None:
    made = Counted()
    tokens = []

    def drawn() -> int:
        request = rf.get("/ergens/")
        request.user = AnonymousUser()
        part = kept_part(request, "components/logout_form.html", lambda: {"times": made()})
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w{64})"', part)
        assert token is not None
        tokens.append(token[1])
        return made.times

    assert holds(drawn)
    assert len(set(tokens)) == len(tokens)
