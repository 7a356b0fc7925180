"""`manage.py import_boundaries FILE`: load the true boundaries of municipalities for the map."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cities.services.municipality_table import BadTable
from governance.models import User


class Command(BaseCommand):
    help = "Load boundaries from GeoJSON or TopoJSON with CBS codes, in degrees (WGS 84) or the Dutch grid (RD)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="CBS, Kadaster (CC BY 4.0)", help="named under the map")

    def handle(self, *args: object, **options: object) -> None:
        # Read here: other commands do without the libraries for geometry.
        from cities.services.boundaries import import_boundaries
        from cities.services.boundary_file import read_boundaries

        path = Path(str(options["file"]))
        try:
            areas = read_boundaries(path)
            loaded = import_boundaries(actor=User.objects.system(), areas=areas, source=str(options["source"]))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from error
        except BadTable as error:
            lines = [f"{path}: {problem}" for problem in error.shown]
            raise CommandError("\n".join(lines), returncode=2) from error
        self.stdout.write(f"boundaries {loaded.number}")
        self.stdout.write(f"without {len(loaded.without)}")
        for code in loaded.without[:20]:
            self.stdout.write(f"  {code}")
