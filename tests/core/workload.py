"""Work for a worker that is going to be killed: rows, each with a mail. Loaded by workers of the tests only.

With `NSS_TEST_QUICK_LEASE` leases are short, so that a test need not wait for real ones.
"""

import os
import time
from datetime import timedelta

from django.db import transaction

from nss_portal.core import jobs
from nss_portal.core.jobs import run, running, sweep
from nss_portal.core.mail import queue_mail
from nss_portal.core.models import Transition

KIND = "test.rows"
ROW = "test.row"

if os.environ.get("NSS_TEST_QUICK_LEASE"):
    running.LEASE = run.LEASE = timedelta(seconds=2)
    running.RENEW_EVERY = 0.5
    sweep.LOST_AFTER = timedelta(seconds=2)


@jobs.handler(KIND)
def write_rows(job: jobs.RunningJob) -> dict[str, object]:
    """Write so many rows, each in a transaction of its own with its mail; go on where an earlier try stopped."""
    total, pause = int(job.payload["rows"]), float(job.payload["pause"])
    for number in range(total):
        with transaction.atomic():
            job.checkpoint()
            if not Transition.objects.filter(object_type=ROW, object_id=str(number)).exists():
                Transition.objects.create(
                    object_type=ROW, object_id=str(number), name="x", source="a", target="b", actor_label="x"
                )
                if job.payload["mails"]:
                    queue_mail(
                        key=f"row:{number}", to=f"row{number}@stad.example", subject=f"Rij {number}", body="x"
                    )
        job.progress(number + 1, total)
        time.sleep(pause)
    return {"rows": total}


@jobs.handler("test.nothing")
def do_nothing(job: jobs.RunningJob) -> None:
    """Do nothing, to measure what a job costs."""


def ask(rows: int, pause: float, mails: bool = True, key: str = "one") -> None:
    """Ask for the rows."""
    with transaction.atomic():
        jobs.enqueue(kind=KIND, key=key, payload={"rows": rows, "pause": pause, "mails": mails})


def ask_for_nothing(number: int) -> None:
    """Ask for so many jobs that do nothing."""
    with transaction.atomic():
        for each in range(number):
            jobs.enqueue(kind="test.nothing", key=str(each), payload={})


def write_mails(number: int, subject: str = "Herijking") -> None:
    """Write so many mails."""
    with transaction.atomic():
        for each in range(number):
            queue_mail(key=f"{subject}:{each}", to=f"stad{each}@stad.example", subject=subject, body="x" * 2000)
