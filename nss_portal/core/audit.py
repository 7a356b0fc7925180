"""Who changed what, when, for whom: one event per change, in the change's own transaction."""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from nss_portal.core.access.standing import Actor, LinkActor
from nss_portal.core.models.audit import AuditEvent, Event

_origin: ContextVar[str] = ContextVar("origin", default="")


def record(
    *,
    actor: Actor,
    event: Event,
    obj: Model,
    changes: Mapping[str, object] | None = None,
    on_behalf_of: Model | None = None,
    reason: str = "",
) -> AuditEvent:
    """Write one audit event.

    `changes` maps a field to [before, after] or to its value. Raises RuntimeError outside a transaction, since
    an event that could outlive or miss its change would be worth nothing.
    """
    _require_transaction()
    made = _event(actor, event, obj, changes or {}, on_behalf_of, reason)
    made.save(force_insert=True)
    return made


def record_many(*, actor: Actor, event: Event, rows: Sequence[tuple[Model, Mapping[str, object]]]) -> None:
    """Write an event of each of many records, with what changed in it, in a few queries; see `record`."""
    _require_transaction()
    AuditEvent.objects.bulk_create(
        (_event(actor, event, obj, changes, None, "") for obj, changes in rows), batch_size=1000
    )


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record() belongs inside the transaction of the change it records")


def _event(
    actor: Actor, event: Event, obj: Model, changes: Mapping[str, object], on_behalf_of: Model | None, reason: str
) -> AuditEvent:
    return AuditEvent(
        actor_id=getattr(actor, "pk", None),
        actor_label=actor.label if isinstance(actor, LinkActor) else str(actor),
        event=event,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        changes=dict(changes),
        on_behalf_of_type=on_behalf_of._meta.label_lower if on_behalf_of else "",
        on_behalf_of_id=str(on_behalf_of.pk) if on_behalf_of else "",
        on_behalf_of_label=str(on_behalf_of)[:200] if on_behalf_of else "",
        reason=reason,
        origin=_origin.get(),
    )


def client_address(request: HttpRequest) -> str:
    """Give the address that a request came from, past as many proxies as are trusted (NSS_TRUSTED_PROXIES)."""
    direct: str = request.META.get("REMOTE_ADDR", "")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    named = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return named[-proxies][:60] if 0 < proxies <= len(named) else direct


class RequestContextMiddleware:
    """Remember where a request came from, for the events written while it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _origin.set(client_address(request))
        try:
            return self.get_response(request)
        finally:
            _origin.reset(token)
