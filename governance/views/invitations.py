"""Accepting an invitation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from governance.forms.people import AcceptForm
from governance.models import Invitation, User
from governance.services import Refused
from governance.services.invitations import accept_with_account, accept_with_new_account, find_invitation
from governance.views.account import log_in
from nss_portal.core.rendering import render

GONE = {Invitation.State.ACCEPTED: 410, Invitation.State.WITHDRAWN: 410, Invitation.State.EXPIRED: 410}


@never_cache
@sensitive_post_parameters("password", "password_again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the mail. Looking at it changes nothing: mail scanners look too."""
    found = find_invitation(token)
    if found is None or found.state != Invitation.State.OPEN:
        return _closed(request, found)
    if isinstance(request.user, User):
        return _with_account(request, found, request.user)
    if User.objects.filter(email=found.email).exists():
        return render(request, "governance/invitation_login.html", {"invitation": found, "next": request.path})
    return _newcomer(request, found)


def _closed(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """Say why a link does not work, and what to do."""
    status = GONE[found.state] if found else 404
    return render(request, "governance/invitation_closed.html", {"invitation": found}, status=status)


def _with_account(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    """Somebody who is logged in: confirm, or hear that the invitation is for somebody else."""
    if user.email != found.email:
        return render(
            request, "governance/invitation_other.html", {"invitation": found, "next": request.path}, status=409
        )
    if request.method != "POST":
        return render(request, "governance/invitation_confirm.html", {"invitation": found})
    try:
        accept_with_account(actor=user, invitation=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    messages.success(request, _("You now work for {name}.").format(name=found.organisation))
    return redirect("account")


def _newcomer(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Somebody new: name and password, then straight in."""
    form = AcceptForm(request.POST or None, email=found.email, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_with_new_account(
                invitation=found,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                language=get_language() or "nl",
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        messages.success(request, _("Welcome. Your account is ready."))
        return log_in(request, user, reverse("home"))
    return render(request, "governance/invitation_accept.html", {"form": form, "invitation": found})
