"""One's own data: what the portal has, a copy of it, and being forgotten."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance.models import PrivacyKind, PrivacyRequest, PrivacyState, User
from governance.models.privacy import OPEN_STATES
from governance.services import Refused
from governance.services.privacy import asking, copying
from governance.views.account import person
from nss_portal.core.files import StoredFile, opened
from nss_portal.core.privacy import all_personal
from nss_portal.core.rendering import render

View = Callable[..., HttpResponseBase]


def confirmed(view: View) -> View:
    """Let somebody who logged in long ago confirm with password or second step first."""
    decorated: View = reauthentication_required(view)
    return decorated


def _latest(user: User, kind: PrivacyKind) -> PrivacyRequest | None:
    return PrivacyRequest.objects.filter(user=user, kind=kind).exclude(state=PrivacyState.WITHDRAWN).first()


@require_safe
def account_privacy(request: HttpRequest) -> HttpResponse:
    """What I can ask about my data, and where that stands."""
    user = person(request)
    copy = _latest(user, PrivacyKind.COPY)
    erasure = _latest(user, PrivacyKind.ERASURE)
    context = {
        "copy": copy,
        "is_being_made": copy is not None and copy.state in OPEN_STATES,
        "can_download": copy is not None and copy.can_be_downloaded(),
        "erasure": erasure if erasure is not None and erasure.state in OPEN_STATES else None,
    }
    return render(request, "governance/privacy/account.html", context)


@require_POST
@confirmed
def account_privacy_copy(request: HttpRequest) -> HttpResponse:
    """Ask for a copy; who logged in long ago confirms that first."""
    asking.ask_for_copy(actor=person(request))
    messages.success(request, _("We make your copy. You get a mail when it is ready, mostly within a minute."))
    return redirect("account_privacy")


@require_safe
@never_cache
@confirmed
def account_privacy_download(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Download one's own copy; somebody else's does not exist."""
    user = person(request)
    found = get_object_or_404(PrivacyRequest.objects.filter(user=user).select_related("file"), public_id=public_id)
    try:
        stored = copying.open_copy(actor=user, request=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("account_privacy")
    return _served(stored)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """The copy of somebody without an account, by a personal link; a button, so that no mail scanner opens it."""
    found = copying.by_link(token)
    if found is None:
        return render(request, "governance/privacy/link_over.html", status=404)
    if request.method == "POST":
        return _served(copying.open_copy(actor=None, request=found, by_token=True))
    return render(request, "governance/privacy/link.html", {"until": found.expires_at})


def _served(stored: StoredFile) -> FileResponse:
    try:
        content = opened(stored)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def account_forget(request: HttpRequest) -> HttpResponse:
    """See what goes, what stays and why, and ask to be forgotten."""
    user = person(request)
    if user.is_demo and request.method == "POST":
        raise PermissionDenied(_("Accounts of the demonstration are everybody's and are not forgotten."))
    if request.method == "POST":
        try:
            asked = asking.ask_to_be_forgotten(actor=user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("account_forget")
        day = date_format(asked.due_on, "j F Y") if asked.due_on else ""
        messages.success(request, _("We forget you on {day}. Until then you can take it back.").format(day=day))
        return redirect("account_privacy")
    stays = {str(one.because): None for one in all_personal() if one.because}
    context = {
        "obstacles": list(asking.obstacles_of(user)),
        "stays": list(stays),
        "grace_days": settings.NSS_ERASURE_GRACE_DAYS,
        "is_everybodys": user.is_demo,
    }
    return render(request, "governance/privacy/forget.html", context)


@require_POST
def account_stay(request: HttpRequest) -> HttpResponse:
    """Take back that one wants to be forgotten."""
    user = person(request)
    open_ones = PrivacyRequest.objects.filter(user=user, kind=PrivacyKind.ERASURE, state__in=OPEN_STATES)
    found = get_object_or_404(open_ones)
    try:
        asking.take_back(actor=user, request=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You stay. Nothing has changed."))
    return redirect(reverse("account_privacy"))
