"""An organisation arrives: its first person asks for an account, and who may invite for it decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance.models import Organisation, SignUp, SignUpState, User
from governance.models.membership import Function
from governance.selectors import leads_of
from governance.services import Refused
from governance.services.invitations import invite
from governance.services.sign_up_domains import Fit, Match, add_domain, fit, is_free, known_domains
from governance.workflow_sign_up import SIGN_UP, holds_link, sign_up_purpose
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, LinkActor, NotAllowed
from nss_portal.core.locks import lock
from nss_portal.core.mail import queue_mail
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

SALT = "governance.sign-up"
LINK_DAYS = 14
PER_ADDRESS_A_DAY = 3
# How long what came to nothing is kept, and what became an invitation.
KEEP_DECLINED = timedelta(weeks=6)
KEEP_CONFIRMED = timedelta(days=365)


@dataclass(frozen=True)
class Newcomer:
    """An organisation that does not stand in the register yet."""

    name: str
    group: str
    website: str = ""


@transaction.atomic
def ask_for_account(
    *,
    actor: Actor,
    organisation: Organisation | None,
    newcomer: Newcomer | None,
    name: str,
    email: str,
    position: str,
    motivation: str,
) -> None:
    """Receive a request; it counts once the address is confirmed by the link that is mailed to it.

    Whoever has an account gets a mail that says so instead: the page tells nobody who has one. The same person
    asking twice for one organisation has one request. Raises ValidationError (by field) for an address of a
    provider where anybody has one, and when an address asks too often.
    """
    address = email.strip().lower()
    # The same request sent twice at once is one, and nobody asks more often by pressing quickly.
    lock(f"sign-up of {address}")
    _check(address)
    language = translation.get_language() or settings.LANGUAGE_CODE
    if User.objects.filter(email=address).exists():
        _mail_known(address, language)
        return
    new = newcomer if organisation is None else None
    if organisation is None and new is None:
        raise ValidationError({"organisation": _("Choose an organisation, or name a new one.")})
    wanted = {"organisation": organisation, "new_name": new.name.strip() if new else ""}
    request = SignUp.objects.filter(email=address, state=SignUpState.RECEIVED, **wanted).first()
    if request is None:
        request = SignUp.objects.create(
            **wanted,
            new_group=new.group if new else "",
            new_website=new.website if new else "",
            name=name.strip(),
            email=address,
            position=position.strip(),
            motivation=motivation.strip(),
            language=language,
        )
        audit.record(actor=actor, event=Event.REQUESTED, obj=request, on_behalf_of=organisation)
    if request.verified_at is None:
        _mail_link(request)


def _check(address: str) -> None:
    if is_free(address):
        text = _(
            "Use your address at work. Anybody can have an address at {domain}, so it does not show for which"
            " organisation somebody works."
        )
        raise ValidationError({"email": text.format(domain=address.rpartition("@")[2])})
    since = timezone.now() - timedelta(days=1)
    if SignUp.objects.filter(email=address, received_at__gte=since).count() >= PER_ADDRESS_A_DAY:
        raise ValidationError({"email": _("This address has asked often today. Try again tomorrow.")})


def link_token(request: SignUp) -> str:
    """Give the secret part of the asker's personal link."""
    return signing.dumps(request.public_id, salt=SALT)


def request_of_link(token: str) -> SignUp | None:
    """Give the request of a personal link, or None for a link that is wrong or too old."""
    try:
        public_id = signing.loads(token, salt=SALT, max_age=LINK_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    return SignUp.objects.filter(public_id=public_id).select_related("organisation").first()


def asker(request: SignUp) -> LinkActor:
    """Give the holder of the personal link of a request."""
    label = _("asker, by personal link")
    return LinkActor(label=label, organisation_id=None, purpose=sign_up_purpose(request))


@transaction.atomic
def verify_address(*, actor: Actor, request: SignUp) -> SignUp:
    """Note that the asker's address is right; twice does no harm. Raises NotAllowed without the link."""
    if not (isinstance(actor, LinkActor) and holds_link(actor, request)):
        raise NotAllowed(_("Use the link in the mail that you got."))
    fresh = SignUp.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if fresh.verified_at is None and fresh.state == SignUpState.RECEIVED:
        fresh.verified_at = timezone.now()
        fresh.save(update_fields=["verified_at"])
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"verified": [False, True]})
    return fresh


@transaction.atomic
def withdraw_sign_up(*, actor: Actor, request: SignUp) -> None:
    """Take a request back by its personal link; raises NotAllowed, TransitionRefused when it was decided."""
    workflow.take(SIGN_UP, "withdraw", request, actor=actor)


def fit_of(request: SignUp) -> Fit:
    """Compare the asker's address with what the portal knows of the organisation; one query at most."""
    if request.organisation is None:
        return fit(address=request.email, known=(), website=request.new_website)
    return fit(
        address=request.email, known=known_domains(request.organisation), website=request.organisation.website
    )


@transaction.atomic
def confirm_sign_up(*, actor: User, request: SignUp, keep_domain: bool = False) -> SignUp:
    """Confirm a request: a new organisation is made, its domain kept, and the asker invited.

    The first person leads, and so invites colleagues. An address at another domain than the known ones is kept
    as a domain only with `keep_domain`. Raises NotAllowed; TransitionRefused when it was decided in the meantime;
    Refused when the invitation cannot be (there is an open one, or the organisation ended).
    """
    workflow.take(SIGN_UP, "confirm", request, actor=actor)
    organisation = request.organisation or _make_organisation(actor, request)
    if organisation.valid_to is not None and organisation.valid_to < today():
        raise Refused(
            _("{organisation} has ended. Decline with the name of its successor.").format(
                organisation=organisation
            )
        )
    how = fit_of(request).match
    if keep_domain or how != Match.OTHER:
        add_domain(actor=actor, organisation=organisation, domain=request.domain)
    invitation = invite(
        actor=actor,
        email=request.email,
        organisation=organisation,
        function=Function.STAFF,
        is_lead=not leads_of(organisation).exists(),
        name=request.name,
        position=request.position,
        language=request.language,
    )
    request.organisation, request.invitation = organisation, invitation
    request.decided_by, request.decided_at = actor, timezone.now()
    request.save(update_fields=["organisation", "invitation", "decided_by", "decided_at"])
    return request


def _make_organisation(actor: User, request: SignUp) -> Organisation:
    try:
        with transaction.atomic():
            made = Organisation.objects.create(
                name=request.new_name, group=request.new_group, website=request.new_website, valid_from=today()
            )
    except IntegrityError as error:
        text = _("{name} stands in the register by now. Invite the asker there, and decline this request.")
        raise Refused(text.format(name=request.new_name)) from error
    audit.record(actor=actor, event=Event.CREATED, obj=made, changes={"group": made.group}, on_behalf_of=made)
    return made


@transaction.atomic
def decline_sign_up(*, actor: User, request: SignUp, reason: str) -> SignUp:
    """Decline a request with a reason that the asker gets by mail.

    Raises NotAllowed, and TransitionRefused without a reason or when it was decided in the meantime.
    """
    workflow.take(SIGN_UP, "decline", request, actor=actor, reason=reason)
    request.decision_reason = reason.strip()
    request.decided_by, request.decided_at = actor, timezone.now()
    request.save(update_fields=["decision_reason", "decided_by", "decided_at"])
    _mail(request, "declined", _subject_declined)
    return request


def _subject_declined(request: SignUp) -> str:
    return _("Your request for an account for {organisation}").format(organisation=request)


def _subject_link(request: SignUp) -> str:
    return _("Confirm your e-mail address for {organisation}").format(organisation=request)


def _mail_link(request: SignUp) -> None:
    """Send the link, at most once a day for one request."""
    _mail(request, "verify", _subject_link, stage=f":{today().isoformat()}")


def _mail(request: SignUp, what: str, subject: object, stage: str = "") -> None:
    assert callable(subject)  # noqa: S101 one of the two above
    with translation.override(request.language):
        path = reverse("governance:sign_up_link", args=[link_token(request)])
        context = {"request": request, "url": settings.NSS_BASE_URL + path, "days": LINK_DAYS}
        queue_mail(
            key=f"sign-up:{request.public_id}:{what}{stage}",
            to=request.email,
            subject=subject(request),
            body=render_to_string(f"governance/mail/sign_up_{what}.txt", context),
            about=request,
            language=request.language,
        )


def _mail_known(address: str, language: str) -> None:
    """Tell whoever has an account that there is one; at most once a day."""
    user = User.objects.get(email=address)
    with translation.override(user.language or language):
        context = {"url": settings.NSS_BASE_URL + reverse("account_login")}
        queue_mail(
            key=f"sign-up:known:{user.pk}:{today().isoformat()}",
            to=address,
            subject=_("You have an account already"),
            body=render_to_string("governance/mail/sign_up_known.txt", context),
            language=user.language,
        )


@transaction.atomic
def forget_old_sign_ups(*, now: datetime) -> int:
    """Delete what nobody confirmed, what was declined or taken back, and what has long been an invitation.

    Gives their number. Names and addresses of who came to nothing here are not kept.
    """
    system, number = User.objects.system(), 0
    for state, before in (
        (SignUpState.DECLINED, now - KEEP_DECLINED),
        (SignUpState.WITHDRAWN, now - KEEP_DECLINED),
        (SignUpState.CONFIRMED, now - KEEP_CONFIRMED),
    ):
        number += _forget(system, state=state, received_at__lt=before)
    unverified = now - timedelta(days=LINK_DAYS)
    return number + _forget(
        system, state=SignUpState.RECEIVED, verified_at__isnull=True, received_at__lt=unverified
    )


def _forget(system: User, **conditions: object) -> int:
    old = list(SignUp.objects.select_for_update().filter(**conditions))
    for request in old:
        audit.record(actor=system, event=Event.DELETED, obj=request)
        request.delete()
    return len(old)
