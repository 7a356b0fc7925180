"""Invitations: the only way to an account."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance.models import Invitation, Membership, Organisation, User
from governance.models.invitation import InvitationQuerySet
from governance.models.membership import LEADING_FUNCTIONS, Function
from governance.models.organisation import Group
from governance.services import Refused
from governance.services.memberships import start_membership
from governance.services.people import make_account
from nss_portal.core import audit
from nss_portal.core.access import Actor, granted, require, standing_of
from nss_portal.core.mail import queue_mail
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

VALID_FOR = timedelta(days=14)
# What a lead gives to colleagues; steering, coordination and advice are given by the coordination team only.
FUNCTIONS_OF_A_LEAD = (Function.STAFF, Function.TEAM, Function.SIGNATORY)


def hash_of(token: str) -> str:
    """Give what is stored of a link's token: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str, language: str = "nl") -> str:
    """Give the full address under which an invitation is accepted."""
    with translation.override(language):
        return f"{settings.NSS_BASE_URL}{reverse('invitation', args=[token])}"


def functions_for(actor: Actor, organisation: Organisation) -> list[Function]:
    """Give the functions in this organisation that the actor may invite for."""
    from_above = standing_of(actor).is_system or "all" in granted(actor, "account", "invite")
    functions = list(Function) if from_above else list(FUNCTIONS_OF_A_LEAD)
    if organisation.group != Group.MUNICIPALITY:
        functions.remove(Function.TEAM)
    return functions


@transaction.atomic
def invite(
    *,
    actor: User,
    email: str,
    organisation: Organisation,
    function: Function = Function.STAFF,
    is_lead: bool = False,
    name: str = "",
    position: str = "",
    language: str = "nl",
) -> Invitation:
    """Invite somebody by mail to join an organisation; an expired invitation makes way for the new one.

    Raises NotAllowed when the actor may not invite for the organisation or for this function, Refused when the
    person is in it already or has an open invitation.
    """
    invitation, token = make_invitation(
        actor=actor,
        email=email,
        organisation=organisation,
        function=function,
        is_lead=is_lead,
        name=name,
        position=position,
    )
    with translation.override(language):
        context = {
            "invitation": invitation,
            "url": link_of(token, language),
            "inviter": actor,
            "until": timezone.localtime(invitation.expires_at),
        }
        queue_mail(
            key=f"governance.invitation.{invitation.public_id}",
            to=invitation.email,
            subject=_("Invitation: work along in the portal for {organisation}").format(organisation=organisation),
            body=render_to_string("governance/mail/invitation.txt", context),
            about=invitation,
            language=language,
        )
    return invitation


@transaction.atomic
def make_invitation(
    *,
    actor: User,
    email: str,
    organisation: Organisation,
    function: Function,
    is_lead: bool = False,
    name: str = "",
    position: str = "",
) -> tuple[Invitation, str]:
    """Write an invitation; gives it with the token of its link, which is shown once and kept nowhere."""
    require(actor, "account", "invite", organisation)
    if function not in functions_for(actor, organisation):
        raise Refused(_("You cannot invite people for this function."))
    if is_lead and function not in LEADING_FUNCTIONS:
        raise Refused(_("Only staff or a team member can lead."))
    address = email.strip().lower()
    now = timezone.now()
    _make_room(address, organisation, function)
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=address,
                name=name.strip(),
                organisation=organisation,
                function=function,
                is_lead=is_lead,
                position=position.strip(),
                invited_by=actor,
                invited_at=now,
                token_hash=hash_of(token),
                expires_at=now + VALID_FOR,
            )
    except IntegrityError as error:
        raise Refused(_("There is an open invitation for this person already.")) from error
    audit.record(
        actor=actor,
        event=Event.INVITED,
        obj=invitation,
        changes={"function": function.value, "is_lead": is_lead},
        on_behalf_of=organisation,
    )
    return invitation, token


def _make_room(address: str, organisation: Organisation, function: Function) -> None:
    """Refuse who is in already; take an expired invitation out of the way."""
    members = Membership.objects.current(today()).filter(organisation=organisation, function=function)
    if members.filter(user__email=address).exists():
        raise Refused(_("This person has this function already."))
    Invitation.objects.filter(
        email=address,
        organisation=organisation,
        function=function,
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__lte=timezone.now(),
    ).update(withdrawn_at=timezone.now())


@transaction.atomic
def withdraw_invitation(*, actor: User, invitation: Invitation) -> None:
    """Make the link of an open invitation worthless. Raises NotAllowed, and Refused when it was accepted."""
    fresh = Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=invitation.pk)
    require(actor, "account", "invite", fresh.organisation)
    if fresh.state == Invitation.State.ACCEPTED:
        raise Refused(_("This invitation has been accepted. End the membership instead."))
    if fresh.withdrawn_at is None:
        fresh.withdrawn_at = timezone.now()
        fresh.save(update_fields=["withdrawn_at"])
        audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh, on_behalf_of=fresh.organisation)


def find_invitation(token: str) -> Invitation | None:
    """Give the invitation that a link belongs to, or None."""
    return (
        Invitation.objects.filter(token_hash=hash_of(token)).select_related("organisation", "invited_by").first()
    )


@transaction.atomic
def accept_with_new_account(*, invitation: Invitation, name: str, password: str, language: str = "nl") -> User:
    """Make the account and the membership that an invitation offers, for somebody without an account.

    Having the link is the right: it went to the invited address. Raises Refused when the invitation is no longer
    open or there is an account with the address (its owner logs in first).
    """
    fresh = _open(invitation)
    try:
        with transaction.atomic():
            user = make_account(email=fresh.email, name=name, password=password, language=language)
    except IntegrityError as error:
        raise Refused(_("There is an account with this e-mail address already. Log in to accept.")) from error
    _take(fresh, user)
    return user


def open_for(email: str) -> InvitationQuerySet:
    """Give the open invitations for an address, the oldest first."""
    return (
        Invitation.objects.filter(
            email=email.strip().lower(),
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .select_related("organisation", "invited_by")
        .order_by("invited_at", "pk")
    )


@transaction.atomic
def accept_by_address(*, email: str, name: str, language: str = "nl") -> User:
    """Make the account and all memberships that wait for an address, for somebody who proved to have it.

    The proof is the login of the organisation that the address belongs to, which is as good as having the link.
    The account has no password. Raises Refused when nothing waits (any more) or an account has the address.
    """
    waiting = [_open(invitation) for invitation in open_for(email)]
    if not waiting:
        raise Refused(_("This invitation is no longer open."))
    try:
        with transaction.atomic():
            user = make_account(email=email, name=name, language=language)
    except IntegrityError as error:
        raise Refused(_("There is an account with this e-mail address already. Log in to accept.")) from error
    for invitation in waiting:
        _take(invitation, user)
    return user


@transaction.atomic
def accept_with_account(*, actor: User, invitation: Invitation) -> Membership:
    """Add the membership that an invitation offers to the account of the invited address.

    Raises Refused when the invitation is no longer open or is for another address.
    """
    fresh = _open(invitation)
    if actor.email != fresh.email:
        raise Refused(_("This invitation is for another e-mail address than the one of your account."))
    return _take(fresh, actor)


def _open(invitation: Invitation) -> Invitation:
    """Lock an invitation and make sure that it is open: of two who press at once, one gets it."""
    fresh = Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=invitation.pk)
    if fresh.state != Invitation.State.OPEN:
        raise Refused(_("This invitation is no longer open."))
    return fresh


def _take(invitation: Invitation, user: User) -> Membership:
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return start_membership(
        actor=user,
        user=user,
        organisation=invitation.organisation,
        function=Function(invitation.function),
        is_lead=invitation.is_lead,
        position=invitation.position,
    )
