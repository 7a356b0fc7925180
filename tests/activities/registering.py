"""Many people press 'register' at once, over HTTP: what is loaded for it, the pressing, and what came of it."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlencode, urlsplit

TOKEN = "a" * 32


@dataclass(frozen=True)
class Pressed:
    """What one person got: the status, and after how many seconds."""

    status: int
    seconds: float


def load(people: int, capacity: int) -> dict[str, Any]:
    """Make an activity with so many places, and so many people of one city with a session each."""
    from django.conf import settings
    from django.test import Client

    from tests.access.cast import Function, join, make_city, make_user
    from tests.activities.matrix_activity import make_activity

    city = make_city()
    activity = make_activity(make_city(), capacity=capacity, audience="everybody", title="Stormloop")
    sessions = []
    for _number in range(people):
        user = make_user()
        join(user, city, Function.TEAM)
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return {
        "activity": activity.pk,
        "path": f"/agenda/{activity.public_id}/aanmelden/",
        "organisation": city.pk,
        "sessions": sessions,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }


def outcome(activity: int) -> dict[str, Any]:
    """Count who got in and who waits, and say whether nobody stands there twice and the order is right."""
    from activities.models import Participation

    rows = Participation.objects.filter(activity=activity).order_by("queued_at", "pk")
    states = list(rows.values_list("state", flat=True))
    return {
        "registered": states.count("registered"),
        "waiting": states.count("waiting"),
        "people": len(set(rows.values_list("user", flat=True))),
        # Whoever came first is in: in order of the queue no place comes after somebody who waits.
        "in_order": states == sorted(states),
    }


def press_all(base: str, loaded: dict[str, Any], *, times: int = 1) -> list[Pressed]:
    """Let everybody press at the same moment, each `times` times at once (a double click)."""
    together = Barrier(len(loaded["sessions"]) * times, timeout=60)

    def press(session: str) -> Pressed:
        address = urlsplit(base)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        body = urlencode({"organisation": loaded["organisation"]})
        cookies = f"{loaded['session_cookie']}={session}; {loaded['csrf_cookie']}={TOKEN}"
        headers = {
            "Cookie": cookies,
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        together.wait()
        began = time.monotonic()
        connection.request("POST", loaded["path"], body, headers)
        status = connection.getresponse().status
        seconds = time.monotonic() - began
        connection.close()
        return Pressed(status, seconds)

    everybody = loaded["sessions"] * times
    with ThreadPoolExecutor(len(everybody)) as pool:
        return list(pool.map(press, everybody))


def write(found: dict[str, Any], path: str) -> None:
    """Leave something for the process that asked."""
    Path(path).write_text(json.dumps(found))
