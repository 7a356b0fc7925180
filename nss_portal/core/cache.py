"""The shared cache: Redis, and while that is away this process's own memory.

What lies in it may be lost at any moment (counts of attempts, codes that were used). While Redis is away each
process counts for itself: one can still log in, and nobody gets more than a few times the attempts.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

logger = logging.getLogger(__name__)

AWAY = 5.0  # seconds for which a Redis that did not answer is not asked again


def _shared_or_own(name: str) -> Callable[..., Any]:
    """Give a method that does something in Redis, or in our own memory while Redis is away."""

    def method(self: "SharedCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= SharedCache.away_until:
            try:
                return getattr(super(SharedCache, self), name)(*args, **kwargs)
            except (NoConnection, NoAnswer, OSError) as error:
                SharedCache.away_until = time.monotonic() + AWAY
                logger.warning("Redis does not answer (%s): the cache is our own memory", type(error).__name__)
        return getattr(self.own, name)(*args, **kwargs)

    method.__name__ = name
    method.__doc__ = getattr(RedisCache, name).__doc__
    return method


class SharedCache(RedisCache):
    """Redis with a way out."""

    away_until = 0.0  # for the whole process, by its monotonic clock

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.own = LocMemCache(server, {**params, "OPTIONS": {}})

    add = _shared_or_own("add")
    get = _shared_or_own("get")
    set = _shared_or_own("set")
    touch = _shared_or_own("touch")
    delete = _shared_or_own("delete")
    has_key = _shared_or_own("has_key")
    incr = _shared_or_own("incr")
    get_many = _shared_or_own("get_many")
    set_many = _shared_or_own("set_many")
    delete_many = _shared_or_own("delete_many")
    clear = _shared_or_own("clear")
