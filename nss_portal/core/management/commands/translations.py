"""`manage.py translations`: gather, compile and check the Dutch texts."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from nss_portal.core import translations


class Command(BaseCommand):
    help = "Gather the texts into the Dutch catalogues and compile them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile what is there")
        parser.add_argument("--check", action="store_true", help="change nothing; fail on what is missing")

    def handle(self, *args: object, **options: object) -> None:
        if options["compile"]:
            self.stdout.write(f"compiled {translations.compile_all()}")
            return
        parts = translations.split(translations.extract())
        changed = []
        catalogues = {area: translations.merge(area, entries) for area, entries in parts.items()}
        for area, merged in catalogues.items():
            path = translations.catalogue(area)
            if not path.exists() or path.read_text() != f"{merged}\n":
                changed.append(area)
                if not options["check"]:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(f"{merged}\n")
        gaps = translations.missing()
        if options["check"]:
            if changed or gaps:
                raise CommandError("\n".join([f"not up to date: {changed}", *gaps]), returncode=1)
            self.stdout.write("translations complete")
            return
        translations.compile_all()
        self.stdout.write(
            "\n".join([f"changed: {', '.join(changed) or 'nothing'}", f"missing: {len(gaps)}", *gaps])
        )
