"""The register of events: who changed what, when, for whom.

Steering and coordination see all events, and yet no draft of a city: of a record that somebody may not see the log
says that something happened, by whom and when, and keeps its title, its content and the reason to itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from governance.filters import LogFilter
from governance.models import Organisation
from nss_portal.core.access import Actor, NotAllowed, may, standing_of
from nss_portal.core.kept import KeptPart
from nss_portal.core.models import AuditEvent
from nss_portal.core.rendering import render

PER_PAGE = 50
# Records of these apps hold no drafts of anybody: accounts, memberships, variants, jobs.
OPEN_APPS = frozenset({"governance", "core"})


@dataclass(frozen=True)
class Row:
    """One event, and whether its record may be named to whoever looks."""

    event: AuditEvent
    is_named: bool


def rows_for(actor: Actor, events: Iterable[AuditEvent]) -> list[Row]:
    """Give the events with what may be told of each; one query per kind of record, however many events."""
    events = list(events)
    own = {str(pk) for pk in standing_of(actor).organisations}
    kind = Organisation._meta.label_lower
    asked: dict[str, set[str]] = defaultdict(set)
    named = set()
    for event in events:
        is_own = event.on_behalf_of_type == kind and event.on_behalf_of_id in own
        if is_own or event.object_type.partition(".")[0] in OPEN_APPS:
            named.add(event.pk)
        else:
            asked[event.object_type].add(event.object_id)
    seen = {object_type: _seen(actor, object_type, keys) for object_type, keys in asked.items()}
    return [
        Row(event, event.pk in named or event.object_id in seen.get(event.object_type, frozenset()))
        for event in events
    ]


def _seen(actor: Actor, object_type: str, keys: set[str]) -> frozenset[str]:
    """Give those of the records that the actor may see; none of a kind that does not say who sees it."""
    try:
        records = apps.get_model(object_type)._default_manager.filter(pk__in=keys)
    except LookupError:
        return frozenset()
    if not hasattr(records, "visible_to"):
        return frozenset()
    return frozenset(str(pk) for pk in records.visible_to(actor).values_list("pk", flat=True))


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Events that the person may see: all for steering and coordination, for a lead those of the organisation."""
    if not may(request.user, "audit_log", "view"):
        raise NotAllowed
    body = KeptPart(request, "log", lambda: _context(request), request.user.pk)
    return render(request, "governance/log.html", {"body": body})


def _context(request: HttpRequest) -> dict[str, Any]:
    register = LogFilter(request.GET, queryset=AuditEvent.objects.visible_to(request.user))
    page = Paginator(register.qs, PER_PAGE).get_page(request.GET.get("page"))
    return {"filter": register, "page_obj": page, "rows": rows_for(request.user, page.object_list)}
