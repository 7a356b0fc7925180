"""Asking for a copy of one's data or to be forgotten, taking that back, and what stands in the way."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.models import Membership, PrivacyKind, PrivacyRequest, PrivacyState, User
from governance.models.privacy import OPEN_STATES
from governance.services import Refused
from governance.services.leaving import colleagues_of
from governance.services.memberships import finish_membership
from nss_portal.core import audit, jobs
from nss_portal.core.access import Actor, NotAllowed, may
from nss_portal.core.handing import held_by
from nss_portal.core.mail import queue_mail
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

COPY_JOB = "governance.privacy_copy"
ERASURE_JOB = "governance.privacy_erasure"
# What a lead arranges, not the person who leaves; that somebody leads is looked after by ending the membership.
NOT_THEIRS_TO_GIVE = frozenset({"lead", "signature"})
DIGITS = 4


@dataclass(frozen=True)
class Obstacle:
    """What has to be done before somebody can be forgotten, and where."""

    text: str
    url: str = ""


def may_handle(actor: Actor) -> bool:
    """Say whether the actor handles requests of people without an account: the coordination team."""
    return may(actor, "retention", "manage")


def pseudonym_of(request: PrivacyRequest) -> tuple[str, str]:
    """Give the pseudonym of a request, and the address that goes with it; the same ones every time.

    Worked out from the request's identifier, so that it tells nothing about the person. Longer where it is taken.
    """
    code = hashlib.sha256(f"nss:{request.public_id}:{request.pk}".encode()).hexdigest().upper()
    length = DIGITS
    name = f"Voormalig deelnemer {code[:length]}"
    while PrivacyRequest.objects.filter(pseudonym=name).exclude(pk=request.pk).exists():
        length += 1
        name = f"Voormalig deelnemer {code[:length]}"
    return name, f"vervallen-{code[:12].lower()}@portaal.invalid"


def obstacles_of(user: User) -> Iterator[Obstacle]:
    """Give what somebody has to hand over first. Where nobody can take over there is nothing to wait for."""
    current = Membership.objects.current(today()).filter(user=user).select_related("organisation", "user")
    for membership in current.order_by("organisation__name", "pk"):
        organisation = membership.organisation
        if colleagues_of(user, organisation).exists():
            kinds = [held for held in held_by(user, organisation) if held.key not in NOT_THEIRS_TO_GIVE]
            if kinds:
                named = ", ".join(str(held.label).lower() for held in kinds)
                text = _("You still look after something for {organisation}: {kinds}. Hand it over first.")
                url = reverse("governance:hand_over", args=[organisation.public_id, membership.pk])
                yield Obstacle(text.format(organisation=organisation, kinds=named), url)
        if refusal := _would_refuse(membership):
            yield Obstacle(refusal)


def _would_refuse(membership: Membership) -> str:
    """Try to end a membership and take that back; gives why it cannot be ended, '' when it can."""
    with transaction.atomic():
        found = ""
        try:
            with transaction.atomic():
                finish_membership(actor=User.objects.system(), membership=membership, at_once=True)
                raise _TakeBack
        except Refused as refusal:
            found = str(refusal)
        except _TakeBack:
            pass
    return found


class _TakeBack(Exception):
    pass


@transaction.atomic
def ask_for_copy(*, actor: User) -> PrivacyRequest:
    """Ask for a copy of all that the portal has about the actor; the one that is being made is given back."""
    open_one = _open(actor, PrivacyKind.COPY)
    if open_one is not None:
        return open_one
    request = PrivacyRequest.objects.create(
        kind=PrivacyKind.COPY, state=PrivacyState.RUNNING, user=actor, language=translation.get_language()
    )
    audit.record(actor=actor, event=Event.REQUESTED, obj=request)
    _make_copy(request, actor)
    return request


def _make_copy(request: PrivacyRequest, actor: Actor) -> None:
    jobs.enqueue(
        kind=COPY_JOB,
        key=request.public_id,
        payload={"request": request.pk},
        actor=actor,
        title=_("A copy of personal data"),
    )


def _open(user: User, kind: PrivacyKind) -> PrivacyRequest | None:
    found = PrivacyRequest.objects.select_for_update(of=("self",)).filter(user=user, kind=kind)
    return found.filter(state__in=OPEN_STATES).first()


@transaction.atomic
def ask_to_be_forgotten(*, actor: User) -> PrivacyRequest:
    """Ask to be forgotten after some days, in which that can be taken back. One that waits is given back.

    Raises Refused while something stands in the way.
    """
    User.objects.select_for_update().get(pk=actor.pk)
    waiting = _open(actor, PrivacyKind.ERASURE)
    if waiting is not None:
        return waiting
    obstacles = list(obstacles_of(actor))
    if obstacles:
        raise Refused(" ".join(one.text for one in obstacles))
    request = wait(PrivacyRequest(kind=PrivacyKind.ERASURE, user=actor, language=translation.get_language()))
    audit.record(actor=actor, event=Event.REQUESTED, obj=request, changes={"due_on": str(request.due_on)})
    _tell_of_erasure(request, actor.email)
    return request


def wait(request: PrivacyRequest) -> PrivacyRequest:
    """Keep a new request, with the day on which it is carried out and its pseudonym."""
    request.state = PrivacyState.WAITING
    request.due_on = today() + timedelta(days=settings.NSS_ERASURE_GRACE_DAYS)
    request.save()
    request.pseudonym = pseudonym_of(request)[0]
    request.save(update_fields=["pseudonym"])
    return request


def _tell_of_erasure(request: PrivacyRequest, address: str) -> None:
    with translation.override(request.language):
        day = date_format(request.due_on, "j F Y") if request.due_on else ""
        body = _(
            "You asked the portal to forget you. That happens on {day}; until then you can take it back on the "
            "page of your account. Afterwards no message follows: we do not have your address any more."
            "\n\n{url}\n\n"
            "Was it not you? Take it back at once, and choose a new password."
        ).format(day=day, url=f"{settings.NSS_BASE_URL}{reverse('account_privacy')}")
        subject = _("We forget you on {day}").format(day=day)
    _write(request, address, subject, body)


def tell_of_end(request: PrivacyRequest, address: str) -> None:
    """Mail somebody who left long ago that the account goes."""
    with translation.override(request.language):
        day = date_format(request.due_on, "j F Y") if request.due_on else ""
        body = _(
            "You left the portal two years ago or longer, so we forget you on {day}. What you did for an "
            "organisation stays, under a pseudonym. Would you rather keep your account? Say so before that "
            "day:\n\n{url}"
        ).format(day=day, url=f"{settings.NSS_BASE_URL}{reverse('account_privacy')}")
        subject = _("We forget you on {day}").format(day=day)
    _write(request, address, subject, body)


def _write(request: PrivacyRequest, address: str, subject: str, body: str) -> None:
    queue_mail(
        key=f"governance.privacy.erasure:{request.public_id}",
        to=address,
        subject=subject,
        body=body,
        about=request,
        language=request.language,
    )


@transaction.atomic
def take_back(*, actor: User, request: PrivacyRequest) -> PrivacyRequest:
    """Take back a request to be forgotten. Raises NotAllowed for somebody else's, Refused when it is too late."""
    fresh = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    is_own = fresh.user_id == actor.pk
    if not is_own and not (fresh.user_id is None and may_handle(actor)):
        raise NotAllowed
    if fresh.state != PrivacyState.WAITING:
        raise Refused(_("This can no longer be taken back."))
    fresh.state = PrivacyState.WITHDRAWN
    fresh.save(update_fields=["state"])
    audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh)
    return fresh


@transaction.atomic
def ask_for_address(*, actor: User, kind: str, email: str, identity_note: str, language: str) -> PrivacyRequest:
    """Ask for somebody without an account, known by an e-mail address; how the identity was checked is noted.

    A copy goes to that address by a personal link: the coordinator cannot open it. The same request while one runs
    is given back: no second mail. Raises NotAllowed, ValidationError for an address that is none, and
    Refused for that of an account: that person asks alone.
    """
    if not may_handle(actor):
        raise NotAllowed
    address = email.strip().lower()
    validate_email(address)
    if not identity_note.strip():
        raise Refused(_("Note how you checked who is asking."))
    if User.objects.filter(email__iexact=address, is_active=True).exists():
        raise Refused(_("This address has an account. The person asks for it on the page of the account."))
    # The coordinator's own row is the lock: a button pressed twice waits here for the first.
    User.objects.select_for_update().get(pk=actor.pk)
    same = PrivacyRequest.objects.filter(user=None, kind=kind, email=address, state__in=OPEN_STATES).first()
    if same is not None:
        return same
    request = PrivacyRequest(
        kind=PrivacyKind(kind),
        email=address,
        handled_by=actor,
        identity_note=identity_note.strip(),
        language=language,
    )
    if request.kind == PrivacyKind.ERASURE:
        wait(request)
    else:
        request.state = PrivacyState.RUNNING
        request.save()
        _make_copy(request, None)
    audit.record(actor=actor, event=Event.REQUESTED, obj=request)
    return request
