"""`manage.py break_glass E-MAIL --reason TEXT`: for when no coordinator can log in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from governance.models import User
from governance.services import Refused
from governance.services.emergency import LONGEST_HOURS, give_emergency_role


class Command(BaseCommand):
    help = "Let somebody with an account coordinate for some hours. Everybody who coordinates or steers is told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL")
        parser.add_argument(
            "--reason", required=True, help="why no coordinator can do it; mailed and kept in the log"
        )
        parser.add_argument("--hours", type=int, default=LONGEST_HOURS, help=f"1 to {LONGEST_HOURS} (the default)")

    def handle(self, *args: object, **options: Any) -> None:
        address = options["email"].strip().lower()
        user = User.objects.filter(email=address, is_system=False).first()
        if user is None:
            raise CommandError(f"There is no account with the address {address}.", returncode=2)
        try:
            role = give_emergency_role(
                actor=User.objects.system(), user=user, reason=options["reason"], hours=options["hours"]
            )
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        until = timezone.localtime(role.ends_at).strftime("%Y-%m-%d %H:%M")
        self.stdout.write(f"{user.email} coordinates until {until}; everybody who coordinates or steers is told.")
