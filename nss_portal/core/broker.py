"""The way to Redis as kombu has it, with one fault mended: a worker outlives a Redis that crashes."""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as upstream
from redis.exceptions import ConnectionError as NoConnection

# The names in an address that mean Redis: 'redis://', 'rediss://', 'redis+socket://'.
SCHEMES = ("redis", "rediss")


class Channel(upstream.Channel):
    """A channel that says so when its connection has gone.

    A job may end after Redis went and its connection was given up; its message is acknowledged then, or put back.
    kombu (5.7) goes by a connection that is no longer there, and falls over it with an AttributeError, which ends
    the worker. As a lost connection it knows what to do with it. The message may come twice or never for that,
    which the job's row in PostgreSQL bears (docs/adr/0003-jobs-and-mail.md).
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise NoConnection("The connection to Redis of this channel has been given up.")
        parameters: dict[str, Any] = super()._connparams(asynchronous)  # type: ignore[misc]
        return parameters


class Transport(upstream.Transport):
    """kombu's transport for Redis with our channel."""

    Channel = Channel


def use() -> None:
    """Have kombu take this transport for addresses of Redis, from now on, in this process."""
    for scheme in SCHEMES:
        TRANSPORT_ALIASES[scheme] = f"{Transport.__module__}:{Transport.__name__}"
