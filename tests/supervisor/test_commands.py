import pytest

from nss_portal.supervisor.commands import needs_servers
from nss_portal.supervisor.leases import needed


@pytest.mark.parametrize(
    ("arguments", "needs"),
    [
        ("migrate", True),
        ("load_reference", True),
        ("runserver 8001", True),
        ("makemigrations", True),
        ("makemigrations --check --dry-run", False),
        ("pathway case.json", False),
        ("translations --check", False),
        ("check --deploy", False),
        ("migrate --help", False),
        ("--version", False),
        ("", False),
    ],
)
def test_servers_come_up_for_commands_that_need_them(arguments: str, needs: bool) -> None:
    assert needs_servers(["manage.py", *arguments.split()]) is needs


def test_only_servers_without_an_address_are_ours() -> None:
    assert needed({}) == ["postgres", "redis"]
    assert needed({"DATABASE_URL": "postgres://db/nss"}) == ["redis"]
    assert needed({"DATABASE_URL": "postgres://db/nss", "REDIS_URL": "redis://broker"}) == []
