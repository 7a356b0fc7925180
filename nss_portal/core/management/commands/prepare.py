"""`manage.py prepare`: everything that has to be done before the processes start, in one go."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile the texts, migrate, gather static files where they are hashed, load reference and demo data."

    def handle(self, *args: object, **options: object) -> None:
        call_command("translations", "--compile", stdout=self.stdout)
        call_command("migrate", "--no-input", stdout=self.stdout)
        if "Manifest" in str(settings.STORAGES["staticfiles"]["BACKEND"]):
            call_command("collectstatic", "--no-input", verbosity=0, stdout=self.stdout)
        call_command("load_reference", stdout=self.stdout)
        if settings.NSS_DEMO:
            call_command("load_demo", stdout=self.stdout)
