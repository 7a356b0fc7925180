"""The register of events: who changed what, when, for whom."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.filters import LogFilter
from nss_portal.core.access import NotAllowed, may
from nss_portal.core.models import AuditEvent

PER_PAGE = 50


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Events that the person may see: all for steering and coordination, for a lead those of the organisation."""
    if not may(request.user, "audit_log", "view"):
        raise NotAllowed
    register = LogFilter(request.GET, queryset=AuditEvent.objects.visible_to(request.user))
    page = Paginator(register.qs, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "governance/log.html", {"filter": register, "page_obj": page})
