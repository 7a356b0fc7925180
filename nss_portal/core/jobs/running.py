"""A job as its handler sees it, and the thread that keeps its lease."""

import logging
import threading
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import Error, connection
from django.db.models.functions import Now

from nss_portal.core.jobs.errors import LeaseLost
from nss_portal.core.models import Job, JobState

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
RENEW_EVERY = 4.0  # seconds
PROGRESS_EVERY = 0.7  # seconds


class RunningJob:
    """What a handler gets: its payload, who asked, and the means to say how far it is."""

    def __init__(self, job: Job, *, keeper: "Keeper | None") -> None:
        self.job = job
        self.payload: dict[str, Any] = job.payload
        self._keeper = keeper

    @property
    def actor(self) -> Any:
        """Who asked for the job: a user, or the named system actor."""
        users: Any = get_user_model()._default_manager
        return self.job.actor or users.system()

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is; cheap, and outside the handler's transaction. Raises LeaseLost."""
        values = {"progress_done": done, "progress_total": total, "progress_text": text[:200]}
        if self._keeper is None:
            Job.objects.filter(pk=self.job.pk).update(**values)
            return
        self._keeper.tell(values)
        if self._keeper.lost.is_set():
            raise LeaseLost(self.job.pk)

    def checkpoint(self) -> None:
        """Make sure that the job is still this worker's, and, in a transaction, that it stays so until its end.

        The lock is one that lets the lease be renewed but keeps the sweeper and other workers off (a claim
        takes FOR UPDATE), so that what the transaction writes is written once. Raises LeaseLost.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM core_job WHERE id = %s AND claims = %s AND state = %s FOR KEY SHARE",
                [self.job.pk, self.job.claims, JobState.RUNNING.value],
            )
            if cursor.fetchone() is None:
                raise LeaseLost(self.job.pk)


class Keeper(threading.Thread):
    """Renews the lease and writes the progress, over a connection of its own.

    Short jobs end before it opens one. While PostgreSQL is away it keeps trying; a lease that ran out is still
    renewed as long as nobody else took the job.
    """

    def __init__(self, job: Job) -> None:
        super().__init__(name=f"lease-{job.pk}", daemon=True)
        self.lost = threading.Event()
        self._job = job
        self._ended = threading.Event()
        self._news = threading.Event()
        self._values: dict[str, Any] = {}
        self._guard = threading.Lock()

    def tell(self, values: dict[str, Any]) -> None:
        """Take over new progress; it is written within a second."""
        with self._guard:
            self._values = values
        self._news.set()

    def stop(self) -> None:
        """End the thread; waits shortly, since what it still writes is fenced."""
        self._ended.set()
        self._news.set()
        self.join(timeout=2)

    def run(self) -> None:
        try:
            while not self._ended.is_set() and not self.lost.is_set():
                if self._news.wait(RENEW_EVERY):
                    self._ended.wait(PROGRESS_EVERY)
                if not self._ended.is_set():
                    self._renew()
        finally:
            connection.close()

    def latest(self) -> dict[str, Any]:
        """Give the progress that was told last."""
        with self._guard:
            self._news.clear()
            return self._values

    def _renew(self) -> None:
        mine = Job.objects.filter(pk=self._job.pk, claims=self._job.claims, state=JobState.RUNNING)
        try:
            if not mine.update(lease_until=Now() + LEASE, **self.latest()):
                self.lost.set()
        except Error as error:
            logger.warning("lease of job %s not renewed: %s", self._job.pk, type(error).__name__)
            connection.close()
            self._ended.wait(1)
