"""`manage.py verify_report FILE`: is this a report that the portal made, and which version does it show?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nss_portal.core.reports.services import claims_to_be_ours, recognise


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
        report = recognise(content)
        if report is None:
            hint = " It says that it is one: somebody changed it." if claims_to_be_ours(content) else ""
            raise CommandError(f"{path} is not a report that this portal made.{hint}", returncode=1)
        self.stdout.write(f"kind {report.kind}")
        self.stdout.write(f"object {report.object_ref}")
        self.stdout.write(f"title {report.title}")
        self.stdout.write(f"version {report.version or '-'}")
        self.stdout.write(f"made {report.ready_at.isoformat(timespec='seconds') if report.ready_at else '-'}")
        self.stdout.write(f"data-sha256 {report.data_sha256}")
        self.stdout.write(f"sha256 {report.sha256}")
