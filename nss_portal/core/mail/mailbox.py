"""A delivery backend of our own: mails land in a mailbox page, where no mail server is set (demo mode)."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from nss_portal.core.models import MailboxMessage

NAME = "nss_portal.core.mail.mailbox.EmailBackend"


def is_in_use() -> bool:
    """Say whether mails land in the mailbox page: in demo mode without a mail server."""
    return bool(settings.NSS_DEMO and settings.NSS_MAIL_LANDS_HERE)


class EmailBackend(BaseEmailBackend):
    """Writes each mail into the mailbox; the same Message-ID twice is one mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            built = message.message()
            html = ""
            if isinstance(message, EmailMultiAlternatives):
                html = next((str(part[0]) for part in message.alternatives if part[1] == "text/html"), "")
            for recipient in message.recipients():
                MailboxMessage.objects.get_or_create(
                    message_id=str(built["Message-ID"]),
                    defaults={
                        "recipient": recipient[:254],
                        "subject": str(message.subject)[:255],
                        "text": str(message.body),
                        "html": html,
                    },
                )
        return len(email_messages)
