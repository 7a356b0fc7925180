"""How long it takes until the portal is there, and until it is gone."""

import signal
import time
from collections.abc import Callable
from itertools import pairwise

from nss_portal.supervisor.layout import Layout
from tests.figures import Figures
from tests.supervisor.own import Started, processes_of, wait_until


def test_start_and_end(layout: Layout, start: Callable[..., Started], port: int, figures: Figures) -> None:
    moments = [time.monotonic()]
    portal = start(port)
    portal.wait_ready()
    moments.append(time.monotonic())
    portal.process.send_signal(signal.SIGTERM)
    portal.process.wait(60)
    moments.append(time.monotonic())
    assert processes_of(layout) == {}
    again = start(port)
    again.wait_ready()
    moments.append(time.monotonic())
    again.process.kill()
    wait_until(lambda: not processes_of(layout), "the end of all processes")
    moments.append(time.monotonic())
    first, ended, second, gone = (after - before for before, after in pairwise(moments))
    figures.record("first start on an empty data folder, environment there", first, "s", at_most=120)
    figures.record("end after Ctrl-C", ended, "s", at_most=20)
    figures.record("second start", second, "s", at_most=15)
    figures.record("until nothing is left after kill -9 of the supervisor", gone, "s", at_most=10)
