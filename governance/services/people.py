"""Accounts: making one, its own details, logging in."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from governance.models import User
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event

LANGUAGES = ("nl", "en")


@transaction.atomic
def make_account(
    *,
    actor: Actor | None = None,
    email: str,
    name: str,
    password: str | None = None,
    language: str = "nl",
    is_demo: bool = False,
) -> User:
    """Make an account whose address is known to be the person's own.

    Nobody calls this on a whim: an accepted invitation, the first coordinator and the demonstration do, and each
    checks by itself that it may. Without an `actor` the new person is the actor. Raises IntegrityError when there
    is an account with this address.
    """
    user = User.objects.create_user(email, password, name=name.strip(), language=language, is_demo=is_demo)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    audit.record(actor=actor or user, event=Event.CREATED, obj=user, changes={"name": user.name})
    return user


@transaction.atomic
def change_own_details(*, actor: User, name: str, language: str) -> User:
    """Change what people may change of their own account: the name that others see, and the language of mails."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}")
    user = User.objects.select_for_update().get(pk=actor.pk)
    wanted = {"name": name.strip(), "language": language}
    changes = {field: [getattr(user, field), new] for field, new in wanted.items() if getattr(user, field) != new}
    if changes:
        for field, new in wanted.items():
            setattr(user, field, new)
        user.save(update_fields=list(wanted))
        audit.record(actor=actor, event=Event.CHANGED, obj=user, changes=changes)
    return user


@transaction.atomic
def record_login(*, user: User, second_factor: bool = False, through: str = "") -> None:
    """Note that somebody logged in, `through` the login of an organisation; the one before becomes the last visit.

    Called before Django sets `last_login`, which is the beginning of the present visit.
    """
    User.objects.filter(pk=user.pk).update(last_visit=user.last_login)
    user.last_visit = user.last_login
    changes = {"second_factor": second_factor, **({"provider": through} if through else {})}
    audit.record(actor=user, event=Event.LOGIN, obj=user, changes=changes)


@transaction.atomic
def note_security(*, user: User, what: str, provider: str = "") -> None:
    """Keep in the audit log that somebody's way in changed ('password_changed', 'totp_activated', …).

    `provider` is the organisation's login that it is about.
    """
    changes = {"security": what, **({"provider": provider} if provider else {})}
    audit.record(actor=user, event=Event.CHANGED, obj=user, changes=changes)


def is_recent(user: User, seconds: int = 600) -> bool:
    """Say whether the present visit began so few seconds ago."""
    return user.last_login is not None and (timezone.now() - user.last_login).total_seconds() < seconds
