"""A file that is far too large is refused before it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import localize
from django.utils.translation import gettext as _

from nss_portal.core.rendering import render

GetResponse = Callable[[HttpRequest], HttpResponse]
# What a form may hold beside its file, in bytes.
BESIDE = 1_000_000
TOO_LARGE = 413


def refuse_too_large(get_response: GetResponse) -> GetResponse:
    """Answer 413 with what to do to a form that says it is larger than any file may be; its body is never read."""

    def answer(request: HttpRequest) -> HttpResponse:
        limit = settings.NSS_UPLOAD_MAX_BYTES
        if _announced(request) <= limit + BESIDE:
            return get_response(request)
        largest = localize(limit // 1_000_000)
        if request.headers.get("X-Requested-With") == "autosave":
            text = _("This file is larger than %s MB.") % largest
            return JsonResponse({"message": text}, status=TOO_LARGE)
        return render(request, "413.html", {"largest": largest}, status=TOO_LARGE)

    return answer


def _announced(request: HttpRequest) -> int:
    """Give how many bytes the sender says will come."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0
