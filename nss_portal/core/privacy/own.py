"""Where persons occur in the core's own records, in sessions and in the admin's log."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nss_portal.core.privacy.personal import Person, Personal
from nss_portal.core.registry import Text, personal_records

RUNNING = _("How the portal itself runs; no persons.")


def _about_account(person: Person) -> Q:
    if person.user is None:
        return Q(pk__in=[])
    label = get_user_model()._meta.label_lower
    return Q(object_type=label, object_id=str(person.user.pk))


@personal_records.register
def records() -> Iterator[Personal | tuple[str, Text]]:
    """The core's own models."""
    yield Personal(
        "core.AuditEvent",
        _("What you did (log of changes)"),
        by=("actor",),
        names=("actor_label",),
        logs=("object_label", "on_behalf_of_label", "reason", "changes"),
        words=("object_label", "on_behalf_of_label"),
        # Of a record that one no longer sees, its contents are not told by way of the log.
        hidden=("changes", "object_id", "on_behalf_of_id", "on_behalf_of_type", "object_type"),
        also=_about_account,
    )
    yield Personal("core.Transition", by=("actor",), names=("actor_label",), words=("name",), logs=("reason",))
    yield Personal(
        "core.StoredFile",
        _("Files that you sent or look after"),
        by=("uploaded_by",),
        people=("keeper",),
        names=("uploaded_by_label",),
        words=("name", "owner_type", "owner_id"),
        hidden=("path", "owner_type", "owner_id", "content_type"),
    )
    yield Personal(
        "core.Job",
        by=("actor",),
        names=("actor_label",),
        words=("lease_owner",),
        logs=("title", "payload", "result", "last_error", "progress_text"),
    )
    yield Personal(
        "core.Report",
        _("Reports that you asked for"),
        by=("requested_by",),
        names=("requested_by_label",),
        words=("object_label",),
        logs=("object_label", "title"),
        hidden=("object_ref", "failure"),
    )
    yield Personal(
        "core.OutgoingMail",
        _("Mails that the portal sent you"),
        addresses=("recipient",),
        words=("about_label", "sending_by"),
        logs=("subject", "text", "html", "calendar", "about_label"),
        # A mail can hold a link that logs somebody in.
        hidden=("text", "html", "calendar", "message_id", "about_type", "about_id", "last_error", "sending_by"),
        goes=True,
    )
    yield Personal("core.MailboxMessage", addresses=("recipient",), logs=("subject", "text", "html"), goes=True)
    yield Personal(
        "core.SuppressedAddress",
        _("Addresses that are no longer mailed"),
        addresses=("address",),
        names=("by_label",),
        goes=True,
    )
    yield Personal("core.RetentionHold", names=("by_label", "ended_by_label"))
    yield Personal(
        "account.EmailAddress", _("E-mail addresses"), people=("user",), addresses=("email",), goes=True
    )
    yield Personal("mfa.Authenticator", people=("user",), hidden=("data",), goes=True)
    yield Personal(
        "usersessions.UserSession",
        _("Where you are logged in"),
        people=("user",),
        hidden=("session_key", "data"),
        goes=True,
    )
    yield Personal(
        "socialaccount.SocialAccount", _("Logins through your organisation"), people=("user",), goes=True
    )
    yield "socialaccount.SocialApp", RUNNING
    yield "socialaccount.SocialToken", _("Not kept; it would go with the login.")
    yield Personal("admin.LogEntry", people=("user",), logs=("object_repr", "change_message"))
    for model in (
        "core.Heartbeat",
        "core.ClockEntry",
        "auth.Permission",
        "auth.Group",
        "contenttypes.ContentType",
    ):
        yield model, RUNNING
    yield "account.EmailConfirmation", _("Keys for addresses; they go with the address.")
    yield "sessions.Session", _("Ended with the sessions of the person.")
