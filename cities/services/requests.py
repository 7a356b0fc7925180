"""A municipality asks to take part, and the coordination team decides."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cities.models import InvolvementRequest, Municipality
from cities.models.involvement import Level
from cities.models.request import RequestState
from cities.services.involvement import change_involvement
from cities.workflow import REQUEST, holds_link, request_purpose
from governance.models import User
from governance.services.ownership import may_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, LinkActor, NotAllowed, granted, require
from nss_portal.core.editing import locked
from nss_portal.core.mail import queue_mail
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

SALT = "cities.involvement-request"
LINK_DAYS = 30
PER_ADDRESS_A_DAY = 5


def may_ask(actor: Actor, municipality: Municipality) -> bool:
    """Say whether somebody may ask for this municipality: everybody by the form, a member for the own one."""
    words = granted(actor, "involvement", "request")
    return "form" in words or may_for(actor, "involvement", "request", municipality.organisation)


@transaction.atomic
def ask_to_take_part(
    *,
    actor: Actor,
    municipality: Municipality,
    name: str,
    email: str,
    position: str,
    motivation: str,
) -> InvolvementRequest:
    """Receive a request; the same person asking twice for one municipality has one request.

    A visitor gets a mail with a link that verifies the address; the request counts from then on. A member's own
    address is known already. Raises NotAllowed for another organisation than the member's own, ValidationError
    when the municipality takes part already or when an address asks too often.
    """
    if not may_ask(actor, municipality):
        raise NotAllowed(_("You can ask this for your own municipality only."))
    municipality = Municipality.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    email = email.strip().lower()
    _check(municipality, email)
    known = getattr(actor, "email", "") == email
    request, created = InvolvementRequest.objects.get_or_create(
        municipality=municipality,
        email=email,
        state=RequestState.RECEIVED,
        defaults={
            "name": name.strip(),
            "position": position.strip(),
            "motivation": motivation.strip(),
            "language": translation.get_language() or settings.LANGUAGE_CODE,
            "verified_at": timezone.now() if known else None,
        },
    )
    if created:
        audit.record(actor=actor, event=Event.REQUESTED, obj=request)
    if request.verified_at is None:
        _mail_link(request)
    return request


def _check(municipality: Municipality, email: str) -> None:
    problems: dict[str, str] = {}
    if municipality.valid_to and municipality.valid_to < today():
        problems["municipality"] = _("This municipality has ended. Choose the one it went on in.")
    elif municipality.involvements.filter(valid_to__isnull=True).exclude(level=Level.OTHER).exists():
        text = _("{name} takes part already. Log in or ask a colleague for an invitation.")
        problems["municipality"] = text.format(name=municipality)
    since = timezone.now() - timedelta(days=1)
    asked = InvolvementRequest.objects.filter(email=email, received_at__gte=since)
    if asked.exclude(municipality=municipality).count() >= PER_ADDRESS_A_DAY:
        problems["email"] = _("This address has asked often today. Try again tomorrow.")
    if problems:
        raise ValidationError(problems)


def link_token(request: InvolvementRequest) -> str:
    """Give the secret part of the asker's personal link."""
    return signing.dumps(request.public_id, salt=SALT)


def request_of_link(token: str) -> InvolvementRequest | None:
    """Give the request of a personal link, or None for a link that is wrong or too old."""
    try:
        public_id = signing.loads(token, salt=SALT, max_age=LINK_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    return InvolvementRequest.objects.filter(public_id=public_id).select_related("municipality").first()


def asker(request: InvolvementRequest) -> LinkActor:
    """Give the holder of the personal link of a request."""
    return LinkActor(
        label=_("asker, by personal link"),
        organisation_id=None,
        purpose=request_purpose(request),
    )


def _require_link(actor: Actor, request: InvolvementRequest) -> None:
    if not (isinstance(actor, LinkActor) and holds_link(actor, request)):
        raise NotAllowed(_("Use the link in the mail that you got."))


@transaction.atomic
def verify_address(*, actor: Actor, request: InvolvementRequest) -> InvolvementRequest:
    """Note that the asker's address is right; twice does no harm. Raises NotAllowed without the link."""
    _require_link(actor, request)
    fresh = locked(request)
    if fresh.verified_at is None and fresh.state == RequestState.RECEIVED:
        fresh.verified_at = timezone.now()
        fresh.save(update_fields=["verified_at"])
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"verified": [False, True]})
    return fresh


@transaction.atomic
def withdraw_request(*, actor: Actor, request: InvolvementRequest, reason: str = "") -> InvolvementRequest:
    """Take a request back, by its personal link or as a colleague of the same municipality.

    Raises NotAllowed, or TransitionRefused when it was decided in the meantime.
    """
    workflow.take(REQUEST, "withdraw", request, actor=actor, reason=reason)
    return request


@transaction.atomic
def confirm_request(*, actor: Actor, request: InvolvementRequest, reason: str) -> InvolvementRequest:
    """Confirm a request: the municipality becomes 'interested' from today, and every asker hears it.

    Requests of colleagues for the same municipality are confirmed with it. Raises NotAllowed, or
    TransitionRefused when it was decided in the meantime or the address is not verified.
    """
    require(actor, "involvement", "decide", request)
    Municipality.objects.select_for_update(of=("self",)).get(pk=request.municipality_id)
    _decide(actor, request, "confirm", reason)
    others = InvolvementRequest.objects.waiting().filter(municipality=request.municipality_id)
    for other in others:
        _decide(actor, other, "confirm", reason)
    municipality = request.municipality
    if not municipality.involvements.filter(valid_to__isnull=True).exclude(level=Level.OTHER).exists():
        change_involvement(
            actor=actor,
            municipality=municipality,
            level=Level.INTERESTED,
            valid_from=today(),
            reason=reason,
        )
    return request


@transaction.atomic
def decline_request(*, actor: Actor, request: InvolvementRequest, reason: str) -> InvolvementRequest:
    """Decline a request with a reason that the asker gets to read; raises as `confirm_request` does."""
    require(actor, "involvement", "decide", request)
    _decide(actor, request, "decline", reason)
    return request


def _decide(actor: Actor, request: InvolvementRequest, step: str, reason: str) -> None:
    workflow.take(REQUEST, step, request, actor=actor, reason=reason)
    request.decision_reason = reason.strip()
    request.save(update_fields=["decision_reason"])
    with translation.override(request.language):
        subject, body = _decision_text(request)
    queue_mail(
        key=f"involvement-request:{request.public_id}:{step}",
        to=request.email,
        subject=subject,
        body=body,
        about=request,
        language=request.language,
    )


def _decision_text(request: InvolvementRequest) -> tuple[str, str]:
    values = {
        "name": request.name,
        "municipality": str(request.municipality),
        "reason": request.decision_reason,
        "url": settings.NSS_BASE_URL + request.municipality.get_absolute_url(),
    }
    if request.state == RequestState.CONFIRMED:
        subject = _("{municipality} is now an interested municipality")
        body = _(
            "Dear {name},\n\nGood news: {municipality} is now an interested municipality of the network of"
            " climate-neutral cities.\n\nReason of the coordination team:\n{reason}\n\n"
            "The page of {municipality}: {url}\n\nYou will get an invitation for an account.\n"
        )
    else:
        subject = _("Your request for {municipality}")
        body = _(
            "Dear {name},\n\nThe coordination team has decided that {municipality} does not become an interested"
            " municipality now.\n\nReason:\n{reason}\n\nYou can ask again when this has changed: {url}\n"
        )
    return subject.format(**values), body.format(**values)


def _mail_link(request: InvolvementRequest) -> None:
    """Send the link, at most once a day for one request."""
    with translation.override(request.language):
        path = reverse("cities:request_link", args=[link_token(request)])
        values = {
            "name": request.name,
            "municipality": str(request.municipality),
            "url": settings.NSS_BASE_URL + path,
            "days": LINK_DAYS,
        }
        subject = _("Confirm your e-mail address for {municipality}").format(**values)
        body = _(
            "Dear {name},\n\nYou asked that {municipality} takes part in the network of climate-neutral cities."
            " Open this link to confirm your e-mail address. Only then does the coordination team see the request."
            "\n\n{url}\n\nThe link works for {days} days. With the same link you can take the request back.\n"
            "Did you not ask this? Then you need not do anything.\n"
        ).format(**values)
    key = f"involvement-request:{request.public_id}:verify:{today().isoformat()}"
    queue_mail(key=key, to=request.email, subject=subject, body=body, about=request, language=request.language)


@transaction.atomic
def forget_unverified_requests(*, before: datetime) -> int:
    """Delete requests received before a moment whose address nobody confirmed: the link has expired with them.

    Nobody but the asker has seen them; the name and address of somebody who may never have asked are not kept.
    Gives their number.
    """
    old = InvolvementRequest.objects.select_for_update().filter(verified_at__isnull=True, received_at__lt=before)
    number = 0
    for request in old:
        audit.record(actor=User.objects.system(), event=Event.DELETED, obj=request)
        request.delete()
        number += 1
    return number
