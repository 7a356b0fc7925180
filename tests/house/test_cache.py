"""The suite's cache empties its own part alone."""

from django.conf import settings
from django.core.cache import cache
from redis import Redis


def test_emptying_the_cache_leaves_what_others_keep_there() -> None:
    server = Redis.from_url(settings.NSS_REDIS_URL)
    server.set("nss-test-of-another-process:1:count", 5, ex=60)
    cache.set("count", 3)
    cache.clear()
    assert cache.get("count") is None
    assert server.get("nss-test-of-another-process:1:count") == b"5"
