"""`manage.py import_emissions FILE --format FORMAT`: take emission figures of municipalities from a file."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contracts.importing.rows import UnreadableFile
from contracts.models import EmissionImport
from contracts.services.errors import Refused
from contracts.services.importing import IN_FILES, ImportOutcome, RowsRefused, import_emissions, undo_import
from governance.models import User

SHOWN = 50


class Command(BaseCommand):
    help = "Take emission figures of municipalities from a file: all or nothing, unless --partial."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--format", choices=sorted(IN_FILES))
        parser.add_argument(
            "--release", default="", help="the edition of the data set, where the file does not say it"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument(
            "--partial", action="store_true", help="take what is right, also when rows are refused"
        )
        parser.add_argument(
            "--report", type=Path, help="write refused, passed-over and noticed rows to this CSV file"
        )
        parser.add_argument(
            "--undo", type=int, metavar="RUN", help="take the figures of an earlier run away again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["undo"] is not None:
                self._undo(options["undo"])
                return
            if options["file"] is None or options["format"] is None:
                raise CommandError("give a FILE and its --format, or --undo RUN", returncode=2)
            self._take(options)
        except Refused as error:
            raise CommandError(str(error), returncode=2) from error

    def _take(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        try:
            outcome = import_emissions(
                actor=User.objects.system(),
                path=path,
                form=options["format"],
                release=options["release"],
                partial=options["partial"],
                dry_run=options["dry_run"],
            )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from error
        except UnreadableFile as error:
            raise CommandError(f"{path}: {error}", returncode=2) from error
        except RowsRefused as error:
            self._report(options["report"], error.outcome)
            self._tell(error.outcome, path)
            raise CommandError(f"{path}: {error}", returncode=2) from error
        self._report(options["report"], outcome)
        self._tell(outcome, path)
        for row in outcome.noticed[:SHOWN]:
            self.stderr.write(f"{path}: line {row.line}: noticed: {row.reason}")
        for line in outcome.lines:
            self.stdout.write(line)

    def _tell(self, outcome: ImportOutcome, path: Path) -> None:
        for row in outcome.refused[:SHOWN]:
            self.stderr.write(f"{path}: line {row.line}: {row.reason}")
        if len(outcome.refused) > SHOWN:
            self.stderr.write(f"{path}: and {len(outcome.refused) - SHOWN} more; --report FILE lists all of them")

    def _report(self, path: Path | None, outcome: ImportOutcome) -> None:
        if path is None:
            return
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(["line", "what", "reason"])
            told = {"refused": outcome.refused, "passed over": outcome.passed, "noticed": outcome.noticed}
            rows = [(row.line, what, row.reason) for what, each in told.items() for row in each]
            writer.writerows(sorted(rows))

    def _undo(self, number: int) -> None:
        run = EmissionImport.objects.filter(pk=number).first()
        if run is None:
            raise CommandError(f"there is no run {number}", returncode=2)
        self.stdout.write(f"taken away {undo_import(actor=User.objects.system(), run=run)}")
