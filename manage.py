#!/usr/bin/env python
"""Run a command of the portal; it brings up the embedded servers when none are given and none are running."""

import os
import sys


def main() -> int:
    """Run the command on the command line; exit code 2 when this machine or its settings stand in the way."""
    if sys.argv[1:2] == ["pathway"]:
        # A calculation alone: it works on a machine where no settings are made.
        from contracts.pathways.command import main as pathway

        return pathway(sys.argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nss_portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from nss_portal.supervisor.commands import servers_for
    from nss_portal.supervisor.errors import SupervisorError

    try:
        with servers_for(sys.argv):
            execute_from_command_line(sys.argv)
    except (SupervisorError, ImproperlyConfigured) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
