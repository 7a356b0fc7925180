"""What a page worked out, kept in the shared cache until anything changes.

Every write leaves an event in the log, in its own transaction. What was worked out therefore holds as long as
the log has no newer event and every transaction that was under way then still is: one that ends later brings
events with lower numbers along. What changes without an event (a job that failed, the hour of the day) shows
after `SECONDS` at the latest.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from nss_portal.core.access import Actor, standing_of
from nss_portal.core.models.audit import AuditEvent
from nss_portal.core.time import today

T = TypeVar("T")
SECONDS = 60
# Longer ones are nobody's bookmark: they are not worth their place in the cache.
LONGEST_ADDRESS = 300
# The newest event, and the transactions under way that may bring older ones still: those of a server, without
# the ones that are known to be of another database on it. One that ended meanwhile is not left out.
NEWEST = f"""SELECT coalesce(max(id), 0), coalesce(
    (SELECT string_agg(under_way::text, ',') FROM pg_snapshot_xip(pg_current_snapshot()) under_way
     WHERE NOT EXISTS (SELECT FROM pg_stat_activity elsewhere
                       WHERE elsewhere.datname <> current_database() AND elsewhere.backend_xid IS NOT NULL
                       AND elsewhere.backend_xid::text::bigint = under_way::text::bigint % 4294967296)), ''
) FROM {AuditEvent._meta.db_table}"""  # noqa: S608 - the table's own name


def generation() -> str:
    """Name the state that all records are in now; one query."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        newest, under_way = cursor.fetchone()
    return f"{newest}:{under_way}"


def fingerprint(actor: Actor) -> str:
    """Name what somebody may see; two people with the same rights have the same one."""
    held = standing_of(actor)
    parts = [
        sorted((str(role), sorted(organisations)) for role, organisations in held.roles.items()),
        sorted(held.lead_of),
        sorted(held.advised),
        sorted(held.mandates),
        sorted(held.levels.items()),
        held.is_system,
    ]
    return repr(parts)


def kept(
    name: str,
    actor: Actor,
    *parts: object,
    make: Callable[[], T],
    seconds: int = SECONDS,
    state_of: Callable[[], str] = generation,
) -> T:
    """Give what `make` works out, or what it worked out before in the same state, language and day.

    `parts` say what it depends on besides: the record, and the actor's own key where it is not for all with the
    same rights; it is kept for `seconds` at most. `state_of` names the state that the records are in: one query.
    The result has to be picklable, and without anything of the request.
    """
    if not settings.NSS_KEEP_PAGES:
        return make()
    state = repr((state_of(), fingerprint(actor), get_language(), today().isoformat(), parts))
    key = f"kept:{name}:{hashlib.sha256(state.encode()).hexdigest()}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, seconds)
    return found


class KeptPart:
    """A part of a page, drawn anew or given as it was drawn at the same address for somebody with the same rights.

    `make` works out the context, and is not called for a part that is kept. `parts` say what it depends on besides
    the address: the actor's own key where it is not for all with the same rights. Forms in it get the token of
    whoever looks now. In a template: `{% load kept %}{% kept part %}…{% endkept %}`.
    """

    def __init__(
        self, request: HttpRequest, name: str, make: Callable[[], dict[str, Any]], *parts: object
    ) -> None:
        self.request, self.name, self.make, self.parts = request, name, make, parts

    def worked_out(self) -> dict[str, Any]:
        """Give the context, worked out once: of a part that answers what somebody sent, and so is never kept."""
        made = self.make()
        self.make = lambda: made
        return made

    def drawn(self, draw: Callable[[dict[str, Any]], SafeString]) -> SafeString:
        """Give the part; `draw` makes its HTML of a context."""
        address = self.request.get_full_path()
        # Where the token goes. Nobody can guess it, and so write it into a text and have a token put there.
        mark = salted_hmac("nss_portal.core.kept", "token").hexdigest()

        def anew() -> SafeString:
            return draw({**self.make(), "csrf_token": mark})

        # An answer to what somebody sent is theirs alone.
        if self.request.method in ("GET", "HEAD") and len(address) <= LONGEST_ADDRESS:
            part = kept(self.name, self.request.user, address, *self.parts, make=anew, state_of=self._state)
        else:
            part = anew()
        if mark in part:
            # Ours, in letters and digits: nothing in it needs escaping.
            part = mark_safe(part.replace(mark, get_token(self.request)))  # noqa: S308
        return part

    def _state(self) -> str:
        """Name the state that the records are in, for all parts of one page alike: one query a page."""
        found: str | None = getattr(self.request, "kept_generation", None)
        if found is None:
            found = generation()
            setattr(self.request, "kept_generation", found)  # noqa: B010 - a request has no such attribute by itself
        return found


def kept_part(
    request: HttpRequest, template: str, make: Callable[[], dict[str, Any]], *parts: object
) -> SafeString:
    """Give a part of a page that has a template of its own; see `KeptPart`."""
    return KeptPart(request, template, make, *parts).drawn(lambda made: render_to_string(template, made, request))
