"""Django's own `migrate`, quicker on a new database."""

from contextlib import nullcontext
from typing import Any

from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import connections

from nss_portal.core.migrating import new_database


class Command(DjangoCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; see `nss_portal.core.migrating` for what is different where there are no tables."""
        is_new = not connections[options["database"]].introspection.table_names()
        with new_database() if is_new else nullcontext():
            super().handle(*args, **options)
