"""Breaking the glass: a named person coordinates for some hours, because no coordinator can log in."""

from datetime import timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance.models import EmergencyRole, Membership, Organisation, User
from governance.models.membership import Function
from governance.selectors import coordinators, current_period
from governance.services import Refused
from governance.services.memberships import finish_membership
from governance.services.staying import staying
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.mail import Mail, queue_mails
from nss_portal.core.models import AuditEvent
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

LONGEST_HOURS = 24


@transaction.atomic
def give_emergency_role(*, actor: Actor, user: User, reason: str, hours: int = LONGEST_HOURS) -> EmergencyRole:
    """Let somebody coordinate for some hours (1 to 24); tells everybody who coordinates or steers, and the person.

    A member of the steering group gives it to somebody else, or the system does for whoever runs the machine. It
    opens no drafts of cities: a mandate was given to the coordination team and is not used in an emergency.
    Raises NotAllowed, and Refused without a reason, for an account that is closed or has no second factor, for
    oneself, for who coordinates already, and while another emergency role runs.
    """
    require(actor, "emergency_role", "give")
    organisation = _coordinating()
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    why = reason.strip()
    _check(actor, user, organisation, why, hours)
    now = timezone.now()
    ends = now + timedelta(hours=hours)
    membership = Membership.objects.create(
        user=user,
        organisation=organisation,
        function=Function.COORDINATION,
        valid_from=today(),
        valid_to=timezone.localdate(ends),
        ended_at=ends,
    )
    giver = actor if isinstance(actor, User) and not actor.is_system else None
    role = EmergencyRole.objects.create(
        user=user, membership=membership, given_by=giver, reason=why, begins_at=now, ends_at=ends
    )
    user.__dict__.pop("standing", None)
    audit.record(
        actor=actor,
        event=Event.GRANTED,
        obj=role,
        changes={"function": Function.COORDINATION.value, "until": ends.isoformat(timespec="minutes")},
        on_behalf_of=organisation,
        reason=why,
    )
    _tell(role, "begun")
    return role


def _coordinating() -> Organisation:
    period = current_period()
    if period is None:
        raise Refused(_("No variant is in force, so nobody coordinates."))
    return period.coordinating_organisation


def _check(actor: Actor, user: User, organisation: Organisation, why: str, hours: int) -> None:
    if not why:
        raise Refused(_("Say why no coordinator can do this: everybody concerned reads it."))
    if not 1 <= hours <= LONGEST_HOURS:
        raise Refused(_("Choose from 1 to {most} hours.").format(most=LONGEST_HOURS))
    if getattr(actor, "pk", None) == user.pk:
        raise Refused(_("Nobody gives this role to themselves. Ask another member of the steering group."))
    if not user.is_active or user.is_system:
        raise Refused(_("{name} cannot log in: the account is closed.").format(name=user))
    if settings.NSS_SECOND_FACTOR and not is_mfa_enabled(user):
        text = _("{name} has no second step of logging in. Let {name} set one up first, or choose somebody else.")
        raise Refused(text.format(name=user))
    if coordinators().filter(pk=user.pk).exists():
        raise Refused(_("{name} coordinates already.").format(name=user))
    running = EmergencyRole.objects.running().select_related("user").first()
    if running is not None:
        raise Refused(_("{name} has the role already. End that one first.").format(name=running.user))


@transaction.atomic
def end_emergency_role(*, actor: User, role: EmergencyRole) -> None:
    """End an emergency role before its time: by the steering group, a coordinator or the person. Twice is no harm.

    Raises NotAllowed for others.
    """
    require(actor, "emergency_role", "end", role)
    fresh = (
        EmergencyRole.objects.select_for_update(of=("self",)).select_related("membership", "user").get(pk=role.pk)
    )
    if not fresh.is_running:
        return
    if fresh.membership.ended_at and fresh.membership.ended_at > timezone.now():
        finish_membership(actor=actor, membership=fresh.membership, at_once=True)
    fresh.ended_at, fresh.ended_by = timezone.now(), actor
    fresh.save(update_fields=["ended_at", "ended_by"])
    _close(fresh, actor)


@transaction.atomic
def close_passed_roles() -> int:
    """Write down the emergency roles that ended by themselves, and tell everybody what was done; gives how many.

    The rights had gone at the very moment: this only notes it.
    """
    passed = EmergencyRole.objects.select_for_update(of=("self",)).filter(
        told_at__isnull=True, ends_at__lte=timezone.now()
    )
    found = list(passed.select_related("membership", "user"))
    for role in found:
        _close(role, User.objects.system())
    return len(found)


def _close(role: EmergencyRole, actor: User) -> None:
    role.told_at = timezone.now()
    role.save(update_fields=["told_at"])
    audit.record(
        actor=actor,
        event=Event.REVOKED,
        obj=role,
        changes={"by_itself": role.ended_at is None, "events": events_during(role)},
        on_behalf_of=role.membership.organisation,
    )
    _tell(role, "ended")


def events_during(role: EmergencyRole) -> int:
    """Count what the person did in the portal while the emergency role was in force; one query."""
    until = role.ended_at or role.ends_at
    return AuditEvent.objects.filter(actor=role.user, at__gte=role.begins_at, at__lte=until).count()


def who_hears(role: EmergencyRole) -> list[User]:
    """Give who is told: the person, all coordinators and the steering group; two queries."""
    steering = staying().filter(function=Function.STEERING).values("user")
    found = User.objects.filter(is_active=True, pk__in=steering) | coordinators()
    return sorted({role.user, *found.distinct()}, key=lambda user: user.pk)


def _tell(role: EmergencyRole, what: str) -> None:
    mails = []
    for user in who_hears(role):
        with translation.override(user.language):
            by = str(role.given_by) if role.given_by else _("whoever runs the portal's machine")
            context = {
                "role": role,
                "by": by,
                "ends": timezone.localtime(role.ended_at or role.ends_at),
                "events": events_during(role) if what == "ended" else 0,
                "url": settings.NSS_BASE_URL + reverse("governance:emergency"),
            }
            subjects = {
                "begun": _("{name} coordinates for some hours: no coordinator can log in"),
                "ended": _("The emergency role of {name} has ended"),
            }
            mails.append(
                Mail(
                    key=f"emergency:{role.public_id}:{what}:{user.pk}",
                    to=user.email,
                    subject=subjects[what].format(name=role.user),
                    body=render_to_string(f"governance/mail/emergency_{what}.txt", context),
                    about=role,
                    language=user.language,
                )
            )
    queue_mails(mails)
