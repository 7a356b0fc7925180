"""`manage.py remove_second_factor E-MAIL`: for who lost phone and recovery codes, when no coordinator can help."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.models import User
from governance.services import Refused
from governance.services.second_factor import remove_second_factor


class Command(BaseCommand):
    help = "Take off somebody's second factor, so that a new one can be set up. First make sure who asks for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument("--reason", required=True, help="how you know that it is this person; kept in the log")

    def handle(self, *args: object, **options: Any) -> None:
        address = options["email"].strip().lower()
        user = User.objects.filter(email=address, is_system=False).first()
        if user is None:
            raise CommandError(f"There is no account with the address {address}.", returncode=2)
        try:
            remove_second_factor(actor=User.objects.system(), user=user, reason=options["reason"])
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write(f"{user.email}: the second factor is off, sessions have ended, a mail is on its way.")
