"""Mail through jobs: one row, one key and one Message-ID per mail, and never twice by accident."""

from nss_portal.core.mail.compose import queue_mail
from nss_portal.core.models import MailState, OutgoingMail

__all__ = ["MailState", "OutgoingMail", "queue_mail"]
