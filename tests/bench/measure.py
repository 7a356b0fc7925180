"""Measuring a page beside a bare view: queries and time, with nothing kept and as the portal serves it."""

import statistics
import time
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from tests.bench import bare
from tests.figures import Figures

WARMING_UP = 3
ROUNDS = 21
# What is required of a page.
MOST_QUERIES = 15
MOST_MILLISECONDS = 60.0
MOST_TIMES = 8.0


def timed(get: Callable[[], object]) -> tuple[float, float]:
    """Give the time of one call on the clock and of the processor, in ms."""
    clock, processor = time.perf_counter(), time.process_time()
    get()
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000


def medians(one: Callable[[], object], other: Callable[[], object]) -> list[tuple[float, float]]:
    """Give of two calls that take turns the median time on the clock and of the processor, in ms."""
    for _ in range(WARMING_UP):
        one(), other()
    rounds = [(timed(one), timed(other)) for _ in range(ROUNDS)]
    return [
        (statistics.median(clock for clock, _ in times), statistics.median(used for _, used in times))
        for times in zip(*rounds, strict=True)
    ]


def queries_of(client: Client, address: str) -> int:
    """Give how many queries a page asks."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, address
    # Counted at once: the log of queries is emptied when the next request begins.
    return len(queries)


def measure(
    figures: Figures,
    name: str,
    client: Client,
    address: str,
    *,
    most_queries: int = MOST_QUERIES,
    most_milliseconds: float = MOST_MILLISECONDS,
    most_times: float | None = MOST_TIMES,
) -> None:
    """Note queries and time of a page, beside a bare view that takes turns with it.

    The limits hold for the page as the portal serves it, which keeps what it drew until anything changes. With
    nothing kept the queries hold, and the time of the web process: on the clock it is noted, but other work on the
    machine would decide there.
    """
    yardstick = bare.client()
    first = queries_of(client, address)
    drawn = medians(lambda: client.get(address), lambda: None)[0]
    with override_settings(NSS_KEEP_PAGES=True):
        client.get(address)
        asked = queries_of(client, address)
        took, bare_took = medians(lambda: client.get(address), lambda: yardstick.get("/bare/"))
    figures.record(f"{name}: queries with nothing kept", first, "", at_most=most_queries)
    note = f"{drawn[0]:.1f} ms on the clock"
    figures.record(f"{name}: processor with nothing kept", drawn[1], "ms", at_most=most_milliseconds, note=note)
    figures.record(f"{name}: queries", asked, "", at_most=most_queries)
    note = f"{took[0]:.1f} ms, bare {bare_took[0]:.1f} ms"
    figures.record(f"{name}: times the bare view", took[0] / bare_took[0], "x", at_most=most_times, note=note)
    figures.record(f"{name}: the same, processor", took[1] / bare_took[1], "x", at_most=most_times)
    figures.record(f"{name}: time", took[0], "ms", at_most=most_milliseconds)
