"""Locks by name, held in PostgreSQL until the end of the transaction."""

import hashlib

from django.db import connection


def _number(name: str) -> int:
    """Give the 64-bit number that stands for a name in PostgreSQL."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def lock(name: str) -> None:
    """Wait for the lock of this name and hold it until the transaction ends. RuntimeError outside one."""
    _need_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(name)])


def try_lock(name: str) -> bool:
    """Take the lock of this name until the transaction ends, or say no at once. RuntimeError outside one."""
    _need_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(name)])
        row = cursor.fetchone()
    return bool(row and row[0])


def _need_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a lock belongs inside a transaction, which ends it")
