"""`manage.py import_municipalities FILE`: bring the municipalities in line with a CSV table."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cities.services.municipalities import import_municipalities
from cities.services.municipality_table import BadTable, decode, read_bytes, read_table
from governance.models import User


class Command(BaseCommand):
    help = "Add and change municipalities from a CSV table with the columns of cities/data/municipalities.csv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        path = Path(str(options["file"]))
        try:
            rows = read_table(decode(read_bytes(path)))
            outcome = import_municipalities(actor=User.objects.system(), rows=rows)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from error
        except BadTable as error:
            lines = [f"{path}: {problem}" for problem in error.shown]
            raise CommandError("\n".join(lines), returncode=2) from error
        self.stdout.write(f"added {len(outcome.added)}")
        self.stdout.write(f"changed {len(outcome.differing)}")
        self.stdout.write(f"same {outcome.same}")
