"""`manage.py load_reference`: reference data of all apps, repeatable without harm."""

from django.core.management.base import BaseCommand

from nss_portal.core.registry import lowest_first, reference_loaders


class Command(BaseCommand):
    help = (
        "Load the reference data: add what is missing, report what differs, overwrite nothing that people edited."
    )

    def handle(self, *args: object, **options: object) -> None:
        for load in lowest_first(reference_loaders):
            for line in load() or ():
                self.stdout.write(str(line))
