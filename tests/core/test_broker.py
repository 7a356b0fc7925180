"""The way to Redis: what is asked of a connection that has been given up is a lost connection, nothing worse."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection, Queue
from redis.exceptions import ConnectionError as NoConnection

from nss_portal.celery import app
from nss_portal.core.broker import Channel, Transport
from nss_portal.settings.work import broker_url

QUEUE = Queue("tests.broker", routing_key="tests.broker")


@pytest.fixture
def connection() -> Iterator[Connection]:
    with app.connection() as opened:
        yield opened
    with app.connection() as again:
        QUEUE(again.default_channel).delete()


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:1/0", "rediss://127.0.0.1:1/0", "redis+socket:///tmp/none.sock"]
)
def test_every_address_of_redis_goes_this_way(url: str) -> None:
    assert isinstance(Connection(url).transport, Transport)
    assert Transport.Channel is Channel
    assert isinstance(Connection(broker_url(settings.NSS_REDIS_URL)).transport, Transport)


def test_a_message_taken_before_the_connection_went_is_no_end_of_the_worker(connection: Connection) -> None:
    """What Celery does when Redis goes while a job is at hand: gives the connection up; then the job ends."""
    channel: Any = connection.default_channel
    bound = QUEUE(channel)
    bound.declare()
    connection.Producer().publish({"job": 1}, routing_key=QUEUE.name, declare=[bound])
    message = bound.get()
    assert message is not None
    channel.do_restore = False  # Redis is away, so that nothing can be put back on closing
    connection.collect()
    with pytest.raises(NoConnection):
        channel.basic_ack(message.delivery_tag)
    told: list[str] = []

    class Log:
        def critical(self, text: str, *_args: object, **_kwargs: object) -> None:
            told.append(text)

    message.ack_log_error(Log(), connection.connection_errors)
    assert len(told) == 1
    assert "ack" in told[0]


def test_a_channel_without_connection_is_closed_quietly(connection: Connection) -> None:
    channel: Any = connection.default_channel
    channel.connection.client = None
    with pytest.raises(NoConnection):
        channel._connparams()
    connection.maybe_close_channel(channel)
