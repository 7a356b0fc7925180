"""The cache while Redis is away: this process's own memory, so that a page still answers and limits still hold."""

import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.test import Client

from governance.services.people import make_account
from nss_portal.core.cache import AWAY, SharedCache

GONE = "redis://127.0.0.1:1/0"


@pytest.fixture
def gone(settings) -> Iterator[SharedCache]:
    """The portal's cache at an address where nothing answers."""
    settings.CACHES = {"default": {"BACKEND": "nss_portal.core.cache.SharedCache", "LOCATION": GONE}}
    found = caches["default"]
    assert isinstance(found, SharedCache)
    yield found
    found.own.clear()


def test_the_portal_uses_it() -> None:
    assert isinstance(caches["default"], SharedCache)
    cache.set("here", 1)
    assert SharedCache.away_until == 0.0, "Redis took it"
    assert caches["default"].own.get("here") is None


def test_each_kind_of_use_works_without_redis(gone: SharedCache) -> None:
    assert gone.get("a", "nothing") == "nothing"
    gone.set("a", 1, 60)
    assert gone.add("a", 2) is False
    assert gone.incr("a") == 2
    assert gone.has_key("a")
    assert gone.touch("a", 60) is True
    assert gone.get_many(["a", "b"]) == {"a": 2}
    assert gone.set_many({"b": 3}) == []
    gone.delete_many(["b"])
    assert gone.delete("a") is True
    assert gone.get_or_set("c", 4) == 4
    gone.clear()
    assert gone.get("c") is None
    with pytest.raises(ValueError, match="a"):
        gone.incr("a")


def test_a_redis_that_is_away_is_asked_again_after_a_while(
    gone: SharedCache, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 1000.0
    monkeypatch.setattr("nss_portal.core.cache.time.monotonic", lambda: now)
    with caplog.at_level(logging.WARNING, logger="nss_portal.core.cache"):
        for _each in range(5):
            gone.set("a", 1)
        assert len(caplog.records) == 1, "asked once"
        now += AWAY
        gone.get("a")
        assert len(caplog.records) == 2


def test_it_is_shared_again_once_redis_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    again = SharedCache(settings.NSS_REDIS_URL, {"KEY_PREFIX": settings.CACHES["default"]["KEY_PREFIX"]})
    monkeypatch.setattr(SharedCache, "away_until", 10**12)
    again.set("shared", 1)
    monkeypatch.setattr(SharedCache, "away_until", 0.0)
    assert again.get("shared") is None, "it lay in our own memory"
    again.set("shared", 2)
    assert cache.get("shared") == 2
    again.own.clear()


@pytest.mark.django_db
def test_one_logs_in_without_redis_and_the_limit_on_attempts_holds(gone: SharedCache, client: Client) -> None:
    password = "een zin die alleen ik ken"
    make_account(email="iemand@voorbeeld.example", name="Iemand", password=password)
    wrong = {"login": "iemand@voorbeeld.example", "password": "fout"}
    said = [client.post("/account/inloggen/", wrong).content.decode() for _each in range(6)]
    assert ["te veel pogingen" in page for page in said] == [False] * 5 + [True]
    gone.own.clear()
    answer = client.post("/account/inloggen/", {"login": "iemand@voorbeeld.example", "password": password})
    assert answer.status_code == 302
