"""The one address from which files are served."""

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from nss_portal.core import audit
from nss_portal.core.files.access import may_open
from nss_portal.core.files.kinds import KINDS
from nss_portal.core.files.store import opened
from nss_portal.core.models import StoredFile
from nss_portal.core.models.audit import Event

INLINE = frozenset(kind.content_type for kind in KINDS if kind.inline)


@require_safe
def stored_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Serve a file to whoever may see the record it belongs to; to others it does not exist."""
    stored = get_object_or_404(StoredFile, public_id=public_id)
    if not may_open(request.user, stored):
        raise Http404
    if stored.is_confidential:
        with transaction.atomic():
            audit.record(actor=request.user, event=Event.DOWNLOADED, obj=stored)
    try:
        content = opened(stored)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content,
        as_attachment=stored.content_type not in INLINE,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store" if stored.is_confidential else "private, no-cache"
    return response
