"""One's own account: details, memberships, sessions."""

from dataclasses import dataclass

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from governance.accounts.devices import describe
from governance.accounts.second_factor import is_required_for
from governance.forms.people import OwnDetailsForm
from governance.models import User
from governance.selectors import memberships_with_roles
from governance.services.people import change_own_details
from nss_portal.core.access import may
from nss_portal.core.rendering import render


@dataclass(frozen=True)
class SessionRow:
    """One place where somebody is logged in."""

    pk: int
    device: str
    ip: str
    since: object
    is_current: bool


def person(request: HttpRequest) -> User:
    """Give the logged-in person; the middleware lets nobody else come here."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What the portal knows of me, what I may do for whom, and how I come in."""
    user = person(request)
    context = {
        "memberships": memberships_with_roles(user),
        "sessions": UserSession.objects.filter(user=user).count(),
        "has_second_factor": is_mfa_enabled(user),
        "needs_second_factor": is_required_for(user),
        "has_password": user.has_usable_password(),
        "may_keep": may(user, "retention", "manage"),
        "may_see_log": may(user, "audit_log", "view"),
        "facts": [
            (_("Name"), user.name),
            (_("E-mail address"), user.email),
            (_("Language"), user.get_language_display()),
        ],
    }
    return render(request, "governance/account.html", context)


def account_details(request: HttpRequest) -> HttpResponse:
    """Change one's own name and language."""
    user = person(request)
    form = OwnDetailsForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        change_own_details(actor=user, name=form.cleaned_data["name"], language=form.cleaned_data["language"])
        messages.success(request, _("Your details have been saved."))
        return redirect("account")
    return render(request, "governance/account_details.html", {"form": form})


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """The places where one is logged in, the newest first."""
    rows = [
        SessionRow(
            pk=session.pk,
            device=describe(session.user_agent),
            ip=session.ip,
            since=session.created_at,
            is_current=session.session_key == request.session.session_key,
        )
        for session in UserSession.objects.purge_and_list(person(request))
    ]
    rows.sort(key=lambda row: (not row.is_current, -row.pk))
    return render(request, "usersessions/usersession_list.html", {"sessions": rows})


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Log out in one other place."""
    session = get_object_or_404(UserSession.objects.filter(user=person(request)), pk=pk)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    session.end()
    messages.success(request, _("You are logged out there."))
    return redirect("usersessions_list")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Log out everywhere but here."""
    others = UserSession.objects.filter(user=person(request)).exclude(session_key=request.session.session_key)
    for session in others:
        session.end()
    messages.success(request, _("You are logged out everywhere else."))
    return redirect("usersessions_list")


def log_in(request: HttpRequest, user: User, next_url: str) -> HttpResponse:
    """Log somebody in who proved who they are in another way than by password, and go on to a page."""
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=next_url))
    return response
