"""`manage.py report KIND OBJECT --format pdf --output FILE`: make a report from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from nss_portal.core.models import ReportFormat
from nss_portal.core.reports import kinds, services


class Command(BaseCommand):
    help = "Make a report and write it to a file. OBJECT is the record's code, year or public identifier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=f"one of: {', '.join(kinds())}")
        parser.add_argument("object", metavar="OBJECT")
        parser.add_argument("--format", choices=[str(one) for one in ReportFormat.values], default="pdf")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="nl")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args: object, **options: Any) -> None:
        output: Path = options["output"]
        if output.is_dir() or not output.parent.is_dir():
            raise CommandError(f"{output} is no file that can be written.", returncode=2)
        users: Any = get_user_model()._default_manager
        try:
            report, content = services.make_here(
                kind=options["kind"],
                object_ref=options["object"],
                format=options["format"],
                language=options["language"],
                actor=users.system(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
        except services.NotThere as error:
            raise CommandError(str(error), returncode=2) from error
        output.write_bytes(content)
        self.stdout.write(f"{report.title}: {len(content)} bytes, sha256 {report.sha256}")
