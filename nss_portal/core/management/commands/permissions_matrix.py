"""`manage.py permissions_matrix`: the matrix as the code has it, in the form of `permissions.csv`."""

from django.core.management.base import BaseCommand

from nss_portal.core.access import Role, resources


class Command(BaseCommand):
    help = "Print who may do what, as the code has it: a row per resource and action, a column per role."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(",".join(["resource", "action", *Role]))
        for name, resource in sorted(resources().items()):
            for action, row in resource.actions.items():
                self.stdout.write(",".join([name, action, *(row[role] for role in Role)]))
