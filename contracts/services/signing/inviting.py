"""Asking people to sign: whoever signs for a party, by mail; and reminding who has not."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from contracts.models import ContractVersion, SignatoryInvitation, Signature
from contracts.models.signature import SignatureState
from contracts.models.version import IN_FORCE_STATES
from contracts.services.errors import Refused
from contracts.services.signing.rows import ensure_rows, lock_signature, lock_version, require_in_force
from governance.models import Invitation, Membership, Organisation, User
from governance.models.membership import Function, MembershipQuerySet
from governance.services import Refused as InvitationRefused
from governance.services.invitations import invite as invite_to_portal
from nss_portal.core import audit
from nss_portal.core.access import Actor, may, require
from nss_portal.core.mail import Mail, queue_mails
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

# Who does not answer is reminded every so many days, this many days long.
REMINDED_EVERY = timedelta(days=7)
REMINDED_FOR = timedelta(days=56)


def signatories_of(organisation: Organisation | None, actor: Actor) -> MembershipQuerySet:
    """Give who signs for an organisation, as far as the actor may see them as contacts, or may invite there."""
    there = Membership.objects.current(today()).filter(function=Function.SIGNATORY, organisation=organisation)
    if organisation is None:
        return there.none()
    if not may(actor, "account", "invite", organisation):
        there = there.filter(pk__in=Membership.objects.visible_to(actor).order_by().values("pk"))
    return there.select_related("user").order_by("user__name", "pk")


@transaction.atomic
def invite(*, signature: Signature, actor: User, user: User | None = None, email: str = "") -> SignatoryInvitation:
    """Ask somebody by mail to sign for a party: a signatory with an account, or an address.

    Who may invite people for that organisation invites the address as its signatory at the same time; else the
    mail says who can. Raises NotAllowed, Replaced, Refused (signed already, asked already, no signatory), and
    ValidationError for an address that is none.
    """
    fresh = lock_signature(signature)
    require(actor, "contract", "adopt", fresh.version.contract)
    require_in_force(fresh.version)
    if not fresh.is_open:
        raise Refused(_("This party has signed or withdrawn already."))
    address = (user.email if user else email).strip().lower()
    there = Membership.objects.current(today()).filter(
        function=Function.SIGNATORY, organisation=fresh.organisation_id
    )
    holder = there.filter(user__email=address).select_related("user").first()
    if user is not None and holder is None:
        raise Refused(_("This person does not sign for this organisation."))
    if not address:
        raise Refused(_("Choose a person, or fill in an e-mail address."))
    if fresh.invitations.filter(email=address).exists():
        raise Refused(_("This person is asked already. Send a reminder instead."))
    row = SignatoryInvitation(signature=fresh, email=address, invited_by=actor, invited_on=today())
    row.user = holder.user if holder else None
    row.account_invitation = None if holder else _account(fresh.organisation, address, actor)
    row.full_clean(exclude=["signature"])
    row.save()
    _write([row], kind="signing_invitation", key="contract-signing")
    changes = {"party": fresh.name, "invited": row.pk}
    audit.record(actor=actor, event=Event.INVITED, obj=fresh.version, changes=changes)
    return row


def _account(organisation: Organisation | None, address: str, actor: User) -> Invitation | None:
    """Invite an address as signatory where the actor may; an invitation that is under way already will do."""
    if organisation is None or not may(actor, "account", "invite", organisation):
        return None
    try:
        return invite_to_portal(actor=actor, email=address, organisation=organisation, function=Function.SIGNATORY)
    except InvitationRefused:
        held = Invitation.objects.filter(email=address, organisation=organisation, function=Function.SIGNATORY)
        return held.order_by("-pk").first()


@transaction.atomic
def remind(*, version: ContractVersion, actor: User) -> int:
    """Remind everybody who was asked and whose party has not signed; nobody twice on one day. Gives how many.

    Raises NotAllowed and Replaced.
    """
    fresh = lock_version(version)
    require(actor, "contract", "adopt", fresh.contract)
    require_in_force(fresh)
    ensure_rows(fresh)
    return _remind(_unanswered().filter(signature__version=fresh), before=today())


def remind_due(day: date) -> int:
    """Write the reminders that are due on a day: a week after the last mail, for eight weeks. Gives how many."""
    recent = _unanswered().filter(invited_on__gte=day - REMINDED_FOR)
    return _remind(recent, before=day - REMINDED_EVERY + timedelta(days=1))


def _unanswered() -> QuerySet[SignatoryInvitation]:
    """Give the invitations of parties that have yet to sign a version in force."""
    return SignatoryInvitation.objects.filter(
        signature__state=SignatureState.OPEN, signature__version__state__in=IN_FORCE_STATES
    )


def _remind(invitations: QuerySet[SignatoryInvitation], *, before: date) -> int:
    quiet = Q(reminded_on__isnull=True, invited_on__lt=before) | Q(reminded_on__lt=before)
    with transaction.atomic():
        due = list(invitations.filter(quiet).select_for_update(of=("self",)).order_by("pk"))
        for row in due:
            row.reminded_on = today()
        SignatoryInvitation.objects.bulk_update(due, ["reminded_on"])
        _write(due, kind="signing_reminder", key=f"contract-signing-reminder:{today().isoformat()}")
    return len(due)


def _write(rows: Iterable[SignatoryInvitation], *, kind: str, key: str) -> None:
    whole = SignatoryInvitation.objects.filter(pk__in=[row.pk for row in rows]).select_related(
        "user", "account_invitation", "signature__organisation", "signature__version__contract"
    )
    queue_mails([_mail(row, kind, f"{key}:{row.pk}") for row in whole])


def _mail(row: SignatoryInvitation, kind: str, key: str) -> Mail:
    language = row.user.language if row.user else "nl"
    version = row.signature.version
    with translation.override(language):
        address = [version.contract.public_id, version.number, row.signature.public_id]
        context = {
            "contract": version.contract.name,
            "number": version.number,
            "party": row.signature.label,
            "digest": version.digest,
            "url": f"{settings.NSS_BASE_URL}{reverse('contracts:sign', args=address)}",
            "has_account": row.user is not None,
            "gets_account": row.account_invitation is not None,
            "on_paper": row.signature.organisation_id is None,
        }
        subject = _("Reminder: {contract} waits for your signature") if kind == "signing_reminder" else ""
        return Mail(
            key=key,
            to=row.email,
            subject=(subject or _("Please sign: {contract}")).format(contract=version.contract.name),
            body=render_to_string(f"contracts/mail/{kind}.txt", context),
            about=version,
            language=language,
        )
