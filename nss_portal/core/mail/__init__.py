"""Mail through jobs: one row, one key and one Message-ID per mail, and never twice by accident."""

from nss_portal.core.mail.compose import Mail, address_key, queue_mail, queue_mails
from nss_portal.core.models import MailState, OutgoingMail

__all__ = ["Mail", "MailState", "OutgoingMail", "address_key", "queue_mail", "queue_mails"]
