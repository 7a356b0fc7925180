"""Emptying the database after a test that commits: only the tables that hold something.

Django truncates every table and then makes its content types and permissions anew; with some 170 tables that
took half a second per browser test.
"""

from functools import cache

from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

# The same after every test: made with the database, and changed by no test.
KEPT = frozenset({"django_content_type", "auth_permission", "django_migrations"})


def empty(alias: str) -> list[str]:
    """Delete all rows of the database `alias` but those of `KEPT`; give the names of the tables that held any.

    Triggers and foreign keys are off meanwhile: what may never change or go in the portal goes here too.
    """
    connection = connections[alias]
    names = [name for name in connection.introspection.table_names() if name not in KEPT]
    looks = [sql.SQL("(SELECT {} FROM {} LIMIT 1)").format(name, sql.Identifier(name)) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(looks))
        filled = [name for (name,) in cursor.fetchall()]
        if filled:
            deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in filled]
            off, on = sql.SQL("SET session_replication_role = replica"), sql.SQL("RESET session_replication_role")
            cursor.execute(sql.SQL("; ").join([off, *deletes, on]))
    return filled


@cache
def _may_switch_off_triggers(alias: str) -> bool:
    """Say whether the suite's role may do so: in its own servers it may, in given ones who knows."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


_djangos_teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _teardown(case: TransactionTestCase) -> None:
    aliases = case._databases_names(include_mirrors=False)  # type: ignore[attr-defined]
    if not all(_may_switch_off_triggers(alias) for alias in aliases):
        _djangos_teardown(case)
        return
    for alias in aliases:
        empty(alias)


def install() -> None:
    """Let every test that commits end this way, where the database lets us."""
    TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]
