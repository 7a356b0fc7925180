"""`manage.py archive_export DIR [--year 2026] [--with-restricted]`: what goes to the archive, as a BagIt bag."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nss_portal.core.archive import bag
from nss_portal.core.archive.exporting import export_to


class Command(BaseCommand):
    help = "Write signed contracts, decisions, reflections and closed programmes as PDF/A with MDTO metadata."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that is empty or not there yet")
        parser.add_argument("--year", type=int, help="only what was signed, adopted or closed in this year")
        parser.add_argument(
            "--with-restricted", action="store_true", help="records that are not public too; they are marked"
        )

    def handle(self, *args: object, **options: Any) -> None:
        folder: Path = options["folder"]
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{folder} is no folder.", returncode=2)
        try:
            made = export_to(folder, year=options["year"], with_restricted=options["with_restricted"])
        except FileExistsError as error:
            raise CommandError(f"{folder} is not empty.", returncode=2) from error
        count = bag.verify(folder)
        told = f"{made.records} records ({made.restricted} restricted), {made.size} bytes of PDF/A, {count} files"
        self.stdout.write(f"{folder}: {told}; checksums verified.")
