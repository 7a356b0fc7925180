"""Whether the portal answers: database, broker, worker."""

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from nss_portal.core.clock import heard_from
from nss_portal.core.models import Heartbeat

OK = "ok"
NO_ANSWER = "does not answer"
SILENT = "not heard from for a minute"
UNKNOWN = "unknown: the database does not answer"


def check_health() -> dict[str, str]:
    """Ask each part how it is; 'ok' or what is the matter. The clock is told, but the portal can do without."""
    database = _database()
    there = database == OK
    return {
        "database": database,
        "broker": _broker(),
        "worker": _process(Heartbeat.Part.WORKER) if there else UNKNOWN,
        "clock": _process(Heartbeat.Part.CLOCK) if there else UNKNOWN,
    }


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker and worker are there, else 503; the body says which is not."""
    parts = check_health()
    failing = [part for part in ("database", "broker", "worker") if parts[part] != OK]
    body = {"status": "failing" if failing else OK, "failing": failing, "parts": parts}
    return JsonResponse(body, status=503 if failing else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return NO_ANSWER
    return OK


def _broker() -> str:
    client = Redis.from_url(settings.NSS_REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        client.ping()
    except (RedisError, OSError):
        return NO_ANSWER
    finally:
        client.close()
    return OK


def _process(part: str) -> str:
    try:
        return OK if heard_from(part) else SILENT
    except Error:
        connection.close()
        return NO_ANSWER
