"""Work outside a page: one row in PostgreSQL per effect; Celery only carries messages about it.

A handler can be started again at any point. Redis may be emptied and a worker killed at any moment: nothing is
lost, and with `checkpoint` nothing is done twice.
"""

from nss_portal.core.jobs.errors import GiveUp, LeaseLost, TryLater
from nss_portal.core.jobs.handlers import handler
from nss_portal.core.jobs.queue import Wanted, enqueue, enqueue_many, find
from nss_portal.core.jobs.run import run_all_here, run_here
from nss_portal.core.jobs.running import RunningJob
from nss_portal.core.models import Job, JobState

__all__ = [
    "GiveUp",
    "Job",
    "JobState",
    "LeaseLost",
    "RunningJob",
    "TryLater",
    "Wanted",
    "enqueue",
    "enqueue_many",
    "find",
    "handler",
    "run_all_here",
    "run_here",
]
