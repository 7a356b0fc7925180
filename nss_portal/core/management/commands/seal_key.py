"""`manage.py seal_key FOLDER`: make a self-signed key for the seal, to begin with."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nss_portal.core.pdf.seal import self_signed


class Command(BaseCommand):
    help = "Make a self-signed key with which contracts can be sealed, and print its path for NSS_SEAL_KEY."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            self.stdout.write(str(self_signed(options["folder"])))
        except OSError as error:
            raise CommandError(
                f"{options['folder']} cannot be written: {error.strerror}.", returncode=2
            ) from error
