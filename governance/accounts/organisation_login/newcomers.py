"""Somebody without an account, known to the own organisation, whom an invitation waits for."""

import time
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.socialaccount.internal.flows.login import record_authentication as record_social
from allauth.socialaccount.models import SocialLogin
from django.db import transaction
from django.http import HttpRequest

from governance.accounts.second_factor import ORGANISATION
from governance.models import Invitation, User
from governance.services.invitations import accept_by_address, open_for

KEY = "governance.newcomer"
KEPT_FOR = 900  # seconds in which one decides


@dataclass(frozen=True)
class Newcomer:
    """Who is about to accept, by a proven address, and what waits."""

    login: SocialLogin
    email: str
    invitations: list[Invitation]


def is_invited(email: str) -> bool:
    """Say whether an open invitation waits for this address."""
    return open_for(email).exists()


def remember(request: HttpRequest, login: SocialLogin, email: str) -> None:
    """Keep in the session who somebody proved to be, until they accept."""
    request.session[KEY] = {"login": login.serialize(), "email": email, "at": time.time()}


def forget(request: HttpRequest) -> None:
    """Drop what was kept."""
    request.session.pop(KEY, None)


def remembered(request: HttpRequest) -> Newcomer | None:
    """Give who is about to accept; None when that took too long or nothing waits any more."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    if kept is None or time.time() - kept["at"] > KEPT_FOR:
        forget(request)
        return None
    waiting = list(open_for(kept["email"]))
    return Newcomer(SocialLogin.deserialize(kept["login"]), kept["email"], waiting) if waiting else None


@transaction.atomic
def accept(request: HttpRequest, newcomer: Newcomer, *, name: str, language: str) -> User:
    """Make the account, connect the login to it, and note how the person came in. Raises Refused."""
    user = accept_by_address(email=newcomer.email, name=name, language=language)
    newcomer.login.connect(request, user)
    forget(request)
    record_social(request, newcomer.login)
    record_authentication(request, user, ORGANISATION, acr=newcomer.login.state.get("acr"))
    return user
