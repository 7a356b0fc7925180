"""Calendar feeds: the agenda for everybody, per kind, and one's own by a secret address."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.models import CalendarContent
from governance.services.calendar import reader_of
from nss_portal.core.access import Actor
from nss_portal.core.calendar import CONTENT_TYPE, feed, kinds
from nss_portal.core.portal_name import portal_name

# So long a calendar or a proxy may use its copy without asking.
FRESH_SECONDS = 900


@require_safe
def public_feed(request: HttpRequest) -> HttpResponse:
    """Everything on the agenda that everybody may see, also for who is logged in: an address is shared."""
    return _answer(request, feed(None, name=portal_name().name), "public")


@require_safe
def kind_feed(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind of the public agenda; 404 for a kind that there is not."""
    found = kinds()
    if kind not in found:
        raise Http404
    name = f"{portal_name().name}: {found[kind]}"
    return _answer(request, feed(None, name=name, kind=kind), "public")


@require_safe
def personal_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's own agenda, in their language; 410 for an address that was replaced, stopped or left behind."""
    address = reader_of(token)
    if address is None:
        text = _("This calendar address no longer works. Log in and make a new one under My account.")
        return HttpResponse(f"{text}\n", status=410, content_type="text/plain; charset=utf-8")
    user: Actor = address.user
    with translation.override(address.user.language):
        name = _("{portal}: my agenda").format(portal=portal_name().name)
        mine = address.content == CalendarContent.MINE
        content = feed(user, name=name, mine=mine, owner=address.user.pk)
    return _answer(request, content, "private")


def _answer(request: HttpRequest, content: bytes, scope: str) -> HttpResponse:
    """Send a calendar, or only say that it is unchanged."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type=CONTENT_TYPE)
    response["ETag"] = etag
    response["Cache-Control"] = f"{scope}, max-age={FRESH_SECONDS}"
    response["Content-Disposition"] = 'inline; filename="agenda.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response
