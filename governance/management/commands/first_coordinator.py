"""`manage.py first_coordinator E-MAIL`: the account that nobody can invite."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.services import Refused
from governance.services.first_coordinator import make_first_coordinator


class Command(BaseCommand):
    help = "Make the account of the first coordinator and print a link, good once, to choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument(
            "--variant", default="national-lead", help="where none is in force yet (default: national-lead)"
        )
        parser.add_argument("--organisation", default="vro", help="code of who coordinates in it (default: vro)")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            user, link = make_first_coordinator(
                email=options["email"], variant=options["variant"], organisation=options["organisation"]
            )
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write(f"{user.email}\n{link}")
