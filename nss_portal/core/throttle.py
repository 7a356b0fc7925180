"""Hold off who sends a public form too often: a count per network address in the shared cache."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def too_often(request: HttpRequest, *, form: str, most: int, seconds: int) -> bool:
    """Count one sending of a form from the visitor's address; say whether that is more than `most` in `seconds`.

    An address that cannot be told (a proxy that says nothing) counts as one visitor. An emptied cache starts the
    count again; the limit per e-mail address is kept in the database.
    """
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:
        address = "unknown"
    key = f"throttle:{form}:{address}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:
        return False
