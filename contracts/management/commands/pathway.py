"""`manage.py pathway`: listed here for `help`; manage.py runs it without Django, since it needs no settings."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contracts.pathways import command
from contracts.pathways.fields import CaseFaults


class Command(BaseCommand):
    help = "Calculate an emission pathway: reads a case as JSON, writes the result as JSON."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        command.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(command.answer(options["case"], draws=options["draws"], seed=options["seed"]))
        except CaseFaults as error:
            self.stderr.write("\n".join(error.faults))
            sys.exit(2)
