"""A new database is built quicker than Django does it, and comes out the same."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

DJANGOS = (
    "from django.core.management.commands.migrate import Command; Command().run_from_argv(['', 'migrate', '-v0'])"
)
OURS = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
# All that a database is made of, as it tells it itself.
LOOKS = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length"
    " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    " ORDER BY 1, 2",
    "SELECT app, name FROM django_migrations ORDER BY 1, 2",
)


def built(name: str, way: str) -> list[list[tuple[object, ...]]]:
    """Build a database one way; give what it is made of."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    address = {**connection.get_connection_params(), "dbname": name}
    host, port = address.get("host") or "", address.get("port") or ""
    url = f"postgres://{address.get('user', '')}@{host.replace('/', '%2F')}:{port}/{name}"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import django; django.setup(); {way}"],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nss_portal.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    del address["cursor_factory"], address["context"]
    with psycopg.connect(**address) as there, there.cursor() as cursor:
        found = [cursor.execute(look).fetchall() for look in LOOKS]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
    return found


@pytest.mark.django_db(transaction=True)
def test_both_ways_give_the_same_database() -> None:
    ours = built("nss_built_ours", OURS)
    djangos = built("nss_built_djangos", DJANGOS)
    for one, other in zip(ours, djangos, strict=True):
        assert len(one) > 20
        assert one == other
