"""Fifty people register at once with the running portal: granian with its processes, real PostgreSQL."""

import json
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from typing import Any

from nss_portal.supervisor.layout import BASE_DIR, Layout
from tests.activities.registering import press_all
from tests.figures import Figures
from tests.supervisor.own import Started, wait_until

PEOPLE, PLACES = 50, 20


def carry_out(environment: dict[str, str], layout: Layout, call: str) -> dict[str, Any]:
    """Carry out a function of `registering` in a process of its own, beside the portal; gives what it found."""
    note = layout.data_dir / "registering.json"
    code = f"from tests.activities import registering as r; r.write(r.{call}, {str(note)!r})"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(note.read_text()))


def test_fifty_at_once(
    layout: Layout,
    environment: dict[str, str],
    start: Callable[..., Started],
    port: int,
    figures: Figures,
) -> None:
    portal = start(port)
    # The first start loads the demonstration, which takes minutes on a busy machine.
    wait_until(lambda: "Portal ready" in portal.said or portal.process.poll() is not None, "the portal", 600)
    assert portal.process.poll() is None, portal.said
    loaded = carry_out(environment, layout, f"load({PEOPLE}, {PLACES})")
    base = f"http://127.0.0.1:{port}"
    found = press_all(base, loaded)
    assert {one.status for one in found} == {302}, [one.status for one in found]
    came = carry_out(environment, layout, f"outcome({loaded['activity']})")
    assert came == {"registered": PLACES, "waiting": PEOPLE - PLACES, "people": PEOPLE, "in_order": True}
    # Everybody presses twice more: nobody loses or gains a place.
    assert {one.status for one in press_all(base, loaded, times=2)} == {302}
    assert carry_out(environment, layout, f"outcome({loaded['activity']})") == came
    seconds = sorted(one.seconds for one in found)
    figures.record("50 registrations at once for 20 places: got in", came["registered"], "people", at_most=PLACES)
    figures.record("50 registrations at once: on the waiting list, in order", came["waiting"], "people")
    figures.record("50 registrations at once: median answer", median(seconds), "s", at_most=5)
    figures.record("50 registrations at once: slowest answer", seconds[-1], "s", at_most=10)
