"""`manage.py verify_report FILE`: is this a report that the portal made, and which version does it show?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from nss_portal.core.pdf.seal import Seal
from nss_portal.core.reports.verdict import Outcome, Verdict, verdict_on


class Command(BaseCommand):
    help = "Say whether a file is, to the last byte, a report that the portal made. Exit code 0 or 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: object, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from error
        found = verdict_on(content, get_user_model()._default_manager.system())
        if not found.is_ours:
            hint = ""
            if found.outcome == Outcome.CHANGED:
                hint = " It says that it is one: somebody changed it."
            if found.seal == Seal.BROKEN:
                hint += " The seal of the portal on it is broken."
            raise CommandError(f"{path} is not a report that this portal made.{hint}", returncode=1)
        self._tell(found)

    def _tell(self, found: Verdict) -> None:
        report = found.report
        if found.recognised is not None:
            self.stdout.write(f"data {found.recognised.title}")
        if found.outcome == Outcome.SEALED or report is None:
            self.stdout.write(f"kind {found.kind or '-'}")
            self.stdout.write(f"version {found.version or '-'}")
        else:
            made = report.ready_at.isoformat(timespec="seconds") if report.ready_at else "-"
            self.stdout.write(f"kind {report.kind}")
            self.stdout.write(f"object {report.object_ref}")
            self.stdout.write(f"title {report.title}")
            self.stdout.write(f"version {report.version or '-'}")
            self.stdout.write(f"made {made}")
            self.stdout.write(f"data-sha256 {report.data_sha256}")
        self.stdout.write(f"seal {found.seal}")
        self.stdout.write(f"sha256 {found.sha256}")
