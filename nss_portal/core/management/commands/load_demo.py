"""`manage.py load_demo`: demo data of all apps; only in demo mode."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from nss_portal.core.registry import demo_loaders, lowest_first


class Command(BaseCommand):
    help = "Load demo data after the reference data. The same seed gives the same data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=("small", "national"), default="small")
        parser.add_argument("--seed", type=int, default=1, help="whole number, default 1")

    def handle(self, *args: object, **options: Any) -> None:
        if not settings.NSS_DEMO:
            raise CommandError("Demo data is loaded in demo mode only. Set NSS_DEMO=1.", returncode=2)
        for load in lowest_first(demo_loaders):
            for line in load(options["scale"], options["seed"]) or ():
                self.stdout.write(str(line))
        # Until the database has counted what came in, it plans queries as for empty tables.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
