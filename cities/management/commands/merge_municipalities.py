"""`manage.py merge_municipalities OLD NEW --on DATE`: let one municipality go on in another one."""

from argparse import ArgumentParser
from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cities.models import Municipality, MunicipalityMerger
from cities.models.merger import MergerState
from cities.services.merging import cancel_merger, plan_merger, rehearse_merger
from governance.models import User
from nss_portal.core.workflow import TransitionRefused


def a_day(text: str) -> date:
    """Read a date such as 2027-01-01."""
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Merge municipality OLD into NEW (CBS codes). A day in the future is planned; the clock carries it out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old")
        parser.add_argument("new")
        parser.add_argument("--on", type=a_day, required=True, help="first day of the new situation: 2027-01-01")
        parser.add_argument("--reason", default="", help="the law or decision")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--preview", action="store_true", help="say what would go over, and change nothing")
        way.add_argument("--cancel", action="store_true", help="call the planned merger off")

    def handle(self, *args: object, **options: object) -> None:
        old, new = self._municipality(str(options["old"])), self._municipality(str(options["new"]))
        on = options["on"]
        assert isinstance(on, date)  # noqa: S101
        actor, reason = User.objects.system(), str(options["reason"])
        try:
            if options["preview"]:
                self._print([vars(line) for line in rehearse_merger(actor=actor, old=old, new=new, on=on)])
            elif options["cancel"]:
                self._cancel(old, new, on, actor, reason)
            else:
                self._merge(plan_merger(actor=actor, old=old, new=new, on=on, reason=reason))
        except ValidationError as error:
            raise CommandError("\n".join(error.messages), returncode=2) from error

    def _municipality(self, code: str) -> Municipality:
        found = Municipality.objects.filter(code=code.upper()).select_related("organisation").first()
        if found is None:
            raise CommandError(f"{code}: no municipality has this code", returncode=2)
        return found

    def _merge(self, merger: MunicipalityMerger) -> None:
        if merger.state == MergerState.PLANNED:
            self.stdout.write(f"planned {merger.on.isoformat()}")
            return
        self._print(merger.outcome)

    def _cancel(self, old: Municipality, new: Municipality, on: date, actor: User, reason: str) -> None:
        merger = MunicipalityMerger.objects.planned().filter(old=old, new=new, on=on).first()
        if merger is None:
            raise CommandError("no such merger is planned", returncode=2)
        try:
            cancel_merger(actor=actor, merger=merger, reason=reason)
        except TransitionRefused as error:
            raise CommandError(f"{error} (--reason)", returncode=2) from error
        self.stdout.write("cancelled")

    def _print(self, lines: list[dict[str, object]]) -> None:
        for line in lines:
            stays = f", stays {line['stayed']} ({line['reason']})" if line["stayed"] else ""
            self.stdout.write(f"{line['label']} {line['moved']}{stays}")
