"""`manage.py review_round open|status|close YEAR`: the annual review from the command line."""

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contracts.models import ReviewRound
from contracts.selectors.review import round_figures
from contracts.services.review.errors import ReviewRefused
from contracts.services.review.rounds import CLOSE_JOB, OPEN_JOB, close_round, open_round
from governance.models import User
from nss_portal.core import jobs
from nss_portal.core.jobs.sweep import sweep

# Seconds between two looks at a job that a worker took.
PAUSE = 0.3


class Command(BaseCommand):
    help = (
        "Open or close a round of annual reviews, or say how far it is. YEAR is the year that is reviewed. "
        "The work is done here, or waited for when a worker was first; the mails are left to the worker."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("open", "status", "close"))
        parser.add_argument("year", type=int)
        parser.add_argument(
            "--due", type=date.fromisoformat, metavar="DATE", help="last day to answer: 2026-12-15"
        )

    def handle(self, *args: object, **options: Any) -> None:
        what, year, due = options["what"], options["year"], options["due"]
        if (what == "open") != (due is not None):
            raise CommandError("--due DATE belongs to open, and open needs it.", returncode=2)
        actor = User.objects.system()
        try:
            if what == "open":
                open_round(year=year, due_on=due, actor=actor)
                self._wait_for(OPEN_JOB, year)
            elif what == "close":
                close_round(year=year, actor=actor)
                self._wait_for(CLOSE_JOB, year)
        except ReviewRefused as error:
            raise CommandError(str(error), returncode=2) from error
        current = ReviewRound.objects.light().filter(year=year).first()
        if current is None:
            raise CommandError(f"There is no round of {year}.", returncode=2)
        self._print(current)

    def _wait_for(self, kind: str, year: int) -> None:
        """Do the job here; where a worker was first, wait for it, and go on where a worker died."""
        job = jobs.find(kind=kind, key=f"{kind}:{year}")
        while job is not None and not job.is_over:
            job = jobs.run_here(job)
            if not job.is_over:
                time.sleep(PAUSE)
                sweep()
                job.refresh_from_db()
        if job is None or job.state == jobs.JobState.FAILED:
            reason = job.last_error if job else "the job is gone"
            raise CommandError(f"The round of {year} was not finished: {reason}", returncode=1)

    def _print(self, current: ReviewRound) -> None:
        figures = round_figures(current)
        self.stdout.write(f"year {current.year}")
        self.stdout.write(f"state {current.state}")
        self.stdout.write(f"due {current.due_on.isoformat()}")
        self.stdout.write(f"contracts {figures.contracts}")
        self.stdout.write(f"reviews {figures.reviews}")
        self.stdout.write(f"submitted {figures.submitted}")
        self.stdout.write(f"closed {figures.closed}")
        self.stdout.write(f"parts {figures.parts}")
        self.stdout.write(f"parts-submitted {figures.parts_submitted}")
        self.stdout.write(f"efforts {figures.efforts}")
        self.stdout.write(f"answered {figures.answered}")
