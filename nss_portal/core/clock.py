"""The clock: Celery's beat with its memory in PostgreSQL, and the heartbeats of clock and worker."""

import logging
import socket
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import crontab
from django.db import Error, close_old_connections, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from nss_portal.core import jobs
from nss_portal.core.jobs.queue import SCHEDULED
from nss_portal.core.models import ClockEntry, Heartbeat

logger = logging.getLogger(__name__)

BEAT_EVERY = 10.0  # seconds between two heartbeats
SILENT_AFTER = timedelta(seconds=60)
FORGET_AFTER = timedelta(days=1)


def beat(part: str, name: str) -> bool:
    """Note that a process was heard from just now; says whether PostgreSQL took it."""
    try:
        Heartbeat.objects.update_or_create(part=part, name=name[:120], defaults={"at": Now()})
        Heartbeat.objects.filter(at__lt=Now() - FORGET_AFTER).delete()
    except Error as error:
        logger.warning("heartbeat of %s not written: %s", name, type(error).__name__)
        connection.close()
        return False
    return True


def heard_from(part: str) -> datetime | None:
    """Give when a process of this part was last heard from; None when that is more than a minute ago."""
    recent = Heartbeat.objects.filter(part=part, at__gt=Now() - SILENT_AFTER)
    return recent.order_by("-at").values_list("at", flat=True).first()


class WorkerPulse(threading.Thread):
    """Writes a worker's heartbeat as long as its main loop turns, also while its children do long jobs.

    The main loop only sets a mark (`tick`), so that a PostgreSQL that is away does not hold it up.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name="pulse", daemon=True)
        self._worker = name
        self._ticked = time.monotonic()
        self._ended = threading.Event()

    def tick(self, **_kwargs: object) -> None:
        """Mark that the main loop turns."""
        self._ticked = time.monotonic()

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self.join(timeout=2)

    def run(self) -> None:
        while not self._ended.is_set():
            if time.monotonic() - self._ticked < 2 * BEAT_EVERY:
                beat(Heartbeat.Part.WORKER, self._worker)
                connection.close()
            self._ended.wait(BEAT_EVERY)


class DatabaseScheduler(Scheduler):
    """Beat that remembers in PostgreSQL when it last set each task going.

    A clock that was off at the moment of a daily task sets it going when it is on again. Tasks of the clock
    bear being set going twice, so that two clocks at once do no harm.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._beaten = 0.0
        self._missed = False
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Read the settings' schedule and what is known of its last runs."""
        super().setup_schedule()
        self._recall()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Set going what is due; gives the seconds until something is again. Beats by itself."""
        wait = float(super().tick(*args, **kwargs))
        if time.monotonic() - self._beaten >= BEAT_EVERY:
            self._beaten = time.monotonic()
            close_old_connections()
            if beat(Heartbeat.Part.CLOCK, socket.gethostname()) and self._missed:
                self._recall()
        return min(wait, BEAT_EVERY / 2)

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        """Set a due task going: as a job where it comes at set times, as a message where every few seconds.

        A message may be lost, a job may not. Raises what beat logs; what could not be written down for want of
        PostgreSQL is caught up with when it is back.
        """
        if not isinstance(entry.schedule, crontab):
            return super().apply_async(entry, *args, **kwargs)
        self.reserve(entry)
        try:
            return set_going(str(entry.name), str(entry.task), list(entry.args or ()), dict(entry.kwargs or {}))
        except Error:
            self._missed = True
            connection.close()
            raise

    def _recall(self) -> None:
        """Bring back to mind when each task last ran; what was missed since is due at once."""
        try:
            remembered = dict(ClockEntry.objects.values_list("name", "last_run_at"))
        except Error as error:
            logger.warning("last runs not read: %s", type(error).__name__)
            connection.close()
            self._missed = True
            return
        for name, last in remembered.items():
            if name in self.schedule:
                self.schedule[name].last_run_at = timezone.localtime(last)
        self._missed = False
        self._heap = None


def set_going(name: str, task: str, args: list[object], kwargs: dict[str, object]) -> jobs.Job:
    """Ask for the job that carries out a scheduled task, once a minute at most, and remember that."""
    now = timezone.now()
    with transaction.atomic():
        ClockEntry.objects.update_or_create(name=name, defaults={"last_run_at": now})
        return jobs.enqueue(
            kind=SCHEDULED,
            key=f"{name}@{now:%Y-%m-%dT%H:%MZ}",
            payload={"task": task, "args": args, "kwargs": kwargs},
            title=name,
        )
