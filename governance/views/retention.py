"""For the coordination team: requests of people without an account, terms, holds, and what goes next month."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.forms.privacy import AddressForm, HoldForm
from governance.models import PrivacyKind, PrivacyRequest
from governance.models.privacy import OPEN_STATES
from governance.services.privacy import asking
from governance.views.account import person
from governance.views.doing import one_thing, posted
from nss_portal.core import retention
from nss_portal.core.access import require
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

AHEAD = timedelta(days=31)
SHOWN = 50
# A request is answered within a month (AVG, article 12(3)).
ANSWERED_WITHIN = timedelta(days=30)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Requests that are open, the terms with what goes next month, and holds."""
    require(request.user, "retention", "manage")
    body = KeptPart(request, "retention", _overview)
    return render(request, "governance/privacy/retention.html", {"body": body})


def _overview() -> dict[str, Any]:
    now = timezone.now()
    soon, held = retention.counted(now + AHEAD), retention.holds()
    rows = [
        {
            "label": kept.label,
            "term": retention.in_words(kept.term),
            "happens": kept.happens.value,
            "soon": soon.get(kept.key, 0),
            "hold": held.get(kept.key),
            "key": kept.key,
        }
        for kept in retention.all_kept()
        if kept.due is not None
    ]
    return {"rows": rows, "requests": _requests(now), "by": timezone.localdate(now + AHEAD)}


def _requests(now: Any) -> list[dict[str, Any]]:
    """Give the latest requests; of people with an account no name, since it is theirs alone. One query."""
    latest = PrivacyRequest.objects.order_by("-requested_at", "-pk")[:SHOWN]
    return [
        {
            "request": one,
            "who": one.email or _("somebody with an account"),
            "is_late": one.state in OPEN_STATES and one.requested_at < now - ANSWERED_WITHIN,
            "can_be_taken_back": one.user_id is None
            and one.kind == PrivacyKind.ERASURE
            and one.state in OPEN_STATES,
        }
        for one in latest
    ]


def for_address(request: HttpRequest) -> HttpResponse:
    """Ask for a copy or an erasure for somebody without an account."""
    require(request.user, "retention", "manage")
    form = AddressForm(posted(request))
    return one_thing(
        request,
        form,
        lambda data: asking.ask_for_address(actor=person(request), **data),
        title=_("For somebody without an account"),
        intro=_("People who asked the desk something, were invited, or answered over a personal link."),
        action=_("Carry out"),
        back=reverse("governance:retention"),
        done=_("The request has been noted."),
        consequences=[
            _("A copy goes to the address itself. You do not get to see it."),
            _("Being forgotten happens after some days; until then it can be taken back here."),
        ],
    )


@require_POST
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back that somebody without an account is forgotten."""
    require(request.user, "retention", "manage")
    found = get_object_or_404(PrivacyRequest.objects.filter(user__isnull=True), public_id=public_id)
    asking.take_back(actor=person(request), request=found)
    messages.success(request, _("The request has been taken back."))
    return redirect("governance:retention")


def hold(request: HttpRequest) -> HttpResponse:
    """Keep a kind of record for the time being."""
    require(request.user, "retention", "manage")
    form = HoldForm(posted(request))
    return one_thing(
        request,
        form,
        lambda data: retention.hold(actor=request.user, **data),
        title=_("Keep a kind of record for now"),
        intro=_("Nothing of this kind goes until you let it go again, whatever its term says."),
        action=_("Keep it"),
        back=reverse("governance:retention"),
        done=_("This kind of record is kept for now."),
    )


@require_POST
def end_hold(request: HttpRequest, kind: str) -> HttpResponse:
    """Let a kind of record go its way again."""
    require(request.user, "retention", "manage")
    retention.end_hold(actor=request.user, kind=kind)
    messages.success(request, _("The term counts again for this kind of record."))
    return redirect("governance:retention")
