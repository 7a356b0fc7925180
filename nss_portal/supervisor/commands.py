"""Which of Django's commands need the database, and bringing it up around them."""

import contextlib
from collections.abc import Iterator, Sequence

from nss_portal.supervisor.layout import Layout
from nss_portal.supervisor.leases import leases, needed
from nss_portal.supervisor.prepared import PreparedNote

# They read files or settings only. A command that is not named here gets its servers.
WITHOUT_SERVERS = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "pathway",
        "permissions_matrix",
        "seal_key",
        "startapp",
        "startproject",
        "translations",
        "version",
    }
)
# After these the database has to be prepared again before the portal starts.
UNPREPARING = frozenset({"flush", "migrate", "restore"})


def needs_servers(arguments: Sequence[str]) -> bool:
    """Say whether `manage.py` with these arguments (its own name first) needs database and broker."""
    if len(arguments) < 2 or arguments[1].startswith("-"):
        return False
    if arguments[1] == "makemigrations" and "--check" in arguments:
        return False
    return arguments[1] not in WITHOUT_SERVERS and not {"-h", "--help"} & set(arguments)


@contextlib.contextmanager
def servers_for(arguments: Sequence[str]) -> Iterator[None]:
    """Have the servers that a command needs, for its duration; those that run already are shared."""
    names = needed() if needs_servers(arguments) else []
    layout = Layout.from_environment()
    with leases(layout, names):
        if names and arguments[1] in UNPREPARING:
            PreparedNote(layout).withdraw()
        yield
