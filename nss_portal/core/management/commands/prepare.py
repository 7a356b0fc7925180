"""`manage.py prepare`: everything that has to be done before the processes start, in one go."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from nss_portal.core.models import Heartbeat


class Command(BaseCommand):
    help = "Compile the texts, migrate, gather static files where they are hashed, load reference and demo data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--alone",
            action="store_true",
            help="no worker and no clock of this portal runs yet: forget when they were last heard from",
        )

    def handle(self, *args: object, **options: Any) -> None:
        call_command("translations", "--compile", stdout=self.stdout)
        call_command("migrate", "--no-input", stdout=self.stdout)
        if "Manifest" in str(settings.STORAGES["staticfiles"]["BACKEND"]):
            call_command("collectstatic", "--no-input", verbosity=0, stdout=self.stdout)
        call_command("load_reference", stdout=self.stdout)
        if settings.NSS_DEMO:
            call_command("load_demo", stdout=self.stdout)
        if options["alone"]:
            Heartbeat.objects.all().delete()
