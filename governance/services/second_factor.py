"""Taking somebody's lost second factor off, so that a new one can be set up."""

import secrets

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance.accounts.second_factor import is_missing_for
from governance.models import User
from governance.services import Refused
from nss_portal.core import audit
from nss_portal.core.access import NotAllowed, Role
from nss_portal.core.mail import queue_mail
from nss_portal.core.models.audit import Event


def may_remove_second_factor(actor: User) -> bool:
    """Say whether somebody may take off the second factor of others: the coordination team, with one of their own.

    The system actor may too: behind it is whoever has the machine (`manage.py remove_second_factor`).
    """
    if actor.standing.is_system:
        return True
    return actor.standing.has(Role.COORDINATOR) and not is_missing_for(actor)


@transaction.atomic
def remove_second_factor(*, actor: User, user: User, reason: str) -> None:
    """Take off somebody's second factor and its recovery codes, end their sessions, and tell them by mail.

    `reason` says how the actor knows who asks; it is kept in the log. Where the role asks for a second factor, the
    portal asks to set up a new one after the next login (`SecondFactorMiddleware`). Raises NotAllowed, and Refused
    for oneself, for staff of the admin (the machine's own command does that), and where there is none.
    """
    if not may_remove_second_factor(actor):
        raise NotAllowed(_("Only the coordination team takes a second step off, with a second step of their own."))
    if not reason.strip():
        raise Refused(_("Say how you know that it is this person."))
    if actor.pk == user.pk:
        raise Refused(_("Ask somebody else of the coordination team to take off your own second step."))
    if user.is_staff and not actor.standing.is_system:
        raise Refused(_("This person manages the portal technically: only somebody else who does can help."))
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not is_mfa_enabled(locked):
        raise Refused(_("This person has no second step."))
    Authenticator.objects.filter(user=locked).delete()
    for session in UserSession.objects.filter(user=locked):
        session.end()
    changes = {"security": "second_factor_removed"}
    audit.record(actor=actor, event=Event.CHANGED, obj=locked, changes=changes, reason=reason.strip())
    _tell(actor, locked)


def _tell(actor: User, user: User) -> None:
    """Write to the person whose second factor was taken off."""
    with translation.override(user.language):
        context = {
            "who": _("technical management") if actor.standing.is_system else _("the coordination team"),
            "when": timezone.localtime(),
            "url": settings.NSS_BASE_URL,
        }
        queue_mail(
            key=f"account.{secrets.token_hex(12)}",
            to=user.email,
            subject=_("The second step of logging in was taken off."),
            body=render_to_string("governance/mail/second_factor_removed.txt", context),
            language=user.language,
        )
