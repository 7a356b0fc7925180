"""The page on which the steering group breaks the glass, and everybody concerned sees what came of it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from governance.accounts.second_factor import NotConfirmed, confirm, passkey_challenge
from governance.forms.emergency import EmergencyForm
from governance.models import EmergencyRole
from governance.services import Refused
from governance.services.emergency import end_emergency_role, give_emergency_role
from governance.views.account import person
from nss_portal.core.access import Role, may
from nss_portal.core.rendering import render

SHOWN = 20


@sensitive_post_parameters("code", "credential")
def emergency(request: HttpRequest) -> HttpResponse:
    """What an emergency role is, who has it now and had it, and for the steering group the form."""
    user = person(request)
    found = EmergencyRole.objects.visible_to(user)
    if not user.standing.has(Role.STEERING, Role.COORDINATOR) and not found.exists():
        raise Http404
    may_give = may(user, "emergency_role", "give")
    form = EmergencyForm(request.POST or None, with_code=settings.NSS_SECOND_FACTOR) if may_give else None
    if request.method == "POST" and form is not None and form.is_valid() and _given(request, form):
        return redirect("governance:emergency")
    roles = list(found.select_related("user", "given_by", "ended_by", "membership__organisation")[:SHOWN])
    asks = form is not None and settings.NSS_SECOND_FACTOR
    context = {
        "form": form,
        "challenge": passkey_challenge(user) if asks else None,
        "running": [role for role in roles if role.is_running],
        "past": [role for role in roles if not role.is_running],
    }
    return render(request, "governance/emergency.html", context)


def _given(request: HttpRequest, form: EmergencyForm) -> bool:
    """Give the role; a refusal stands with the form, in which everything but the code stays."""
    data = form.cleaned_data
    actor = person(request)
    try:
        confirm(actor, data.get("code", ""), data.get("credential", ""))
        role = give_emergency_role(actor=actor, user=data["email"], reason=data["reason"], hours=data["hours"])
    except NotConfirmed as problem:
        form.add_error("code", str(problem))
        return False
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    until = date_format(timezone.localtime(role.ends_at), "DATETIME_FORMAT")
    text = _("{name} coordinates until {until}. Everybody concerned gets a mail.")
    messages.success(request, text.format(name=role.user, until=until))
    return True


@require_POST
def emergency_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End it at once."""
    role = get_object_or_404(EmergencyRole.objects.visible_to(request.user), public_id=public_id)
    end_emergency_role(actor=person(request), role=role)
    messages.success(request, _("The emergency role has ended."))
    gone = not EmergencyRole.objects.visible_to(request.user).exists()
    return redirect("home" if gone else "governance:emergency")
