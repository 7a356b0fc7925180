"""Handing one mail to the mail server, and saying for certain whether it took it."""

import smtplib
import time
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import sanitize_address
from django.utils.translation import override

from nss_portal.core.mail.secrets import opened
from nss_portal.core.models import OutgoingMail
from nss_portal.core.portal_name import portal_name

# A connection that was not used for so long (seconds) is not trusted any more.
IDLE = 20.0


class Refused(Exception):
    """The mail was certainly not taken. `permanent`: trying again is of no use; `unknown`: no such address."""

    def __init__(self, text: str, *, permanent: bool = False, unknown: bool = False) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.unknown = unknown


class Unclear(Exception):
    """The connection broke after the mail had begun to go: nobody knows whether it was taken."""


class Post:
    """A connection to the mail server that a worker keeps between mails.

    `open` comes before a mail is marked as being sent, so that a server that is away leaves no doubt behind.
    """

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._used = 0.0

    def open(self) -> None:
        """Reach the mail server, over the connection that is there if it still answers. Raises Refused."""
        if self._backend is not None and not self._is_fresh():
            self.close()
        if self._backend is None:
            self._backend = get_connection()
            try:
                self._backend.open()
                if isinstance(self._backend, SmtpBackend) and self._backend.connection is not None:
                    self._backend.connection.ehlo_or_helo_if_needed()
            except (OSError, smtplib.SMTPException) as error:
                self.close()
                raise Refused(f"mail server not reached: {_words(error)}") from error
        self._used = time.monotonic()

    def close(self) -> None:
        """Leave the mail server; never raises."""
        backend, self._backend = self._backend, None
        if backend is not None:
            try:
                backend.close()
            except (OSError, smtplib.SMTPException):
                return

    def deliver(self, mail: OutgoingMail) -> None:
        """Hand over one mail. Raises Refused when it was certainly not taken, Unclear when nobody knows."""
        backend = self._backend
        if backend is None:
            raise Refused("no connection")
        message = as_message(mail)
        if not isinstance(backend, SmtpBackend) or backend.connection is None:
            backend.send_messages([message])
            return
        built: Any = message.message()
        content: bytes = built.as_bytes(linesep="\r\n")
        recipient = sanitize_address(mail.recipient, "utf-8")
        try:
            _hand_over(backend.connection, recipient, content)
        except (Refused, Unclear):
            self.close()
            raise
        self._used = time.monotonic()

    def _is_fresh(self) -> bool:
        backend = self._backend
        if not isinstance(backend, SmtpBackend):
            return False
        if backend.connection is None or time.monotonic() - self._used > IDLE:
            return False
        try:
            return bool(backend.connection.noop()[0] == 250)
        except (OSError, smtplib.SMTPException):
            return False


def as_message(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Make the message that goes over the line; the same row gives the same Message-ID every time."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=opened(mail.text),
        from_email=sender(mail.language),
        to=[mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    if mail.html:
        message.attach_alternative(opened(mail.html), "text/html")
    if mail.calendar:
        message.attach("agenda.ics", mail.calendar, "text/calendar")
    return message


def sender(language: str) -> str:
    """Give the sender with the portal's name in the reader's language."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    with override(language):
        return formataddr((name or portal_name().name, address))


def _hand_over(smtp: smtplib.SMTP, recipient: str, content: bytes) -> None:
    """Speak SMTP step by step: up to DATA a broken connection leaves no doubt, after it, it does."""
    try:
        _expect(smtp.mail(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]), "MAIL FROM")
        _expect(smtp.rcpt(recipient), "RCPT TO")
    except (smtplib.SMTPException, OSError) as error:
        raise Refused(f"connection lost before the mail went: {_words(error)}") from error
    try:
        reply = smtp.data(content)
    except smtplib.SMTPDataError as error:  # the server refused the word DATA itself
        _expect((error.smtp_code, _bytes(error.smtp_error)), "DATA")
        raise Refused("DATA not answered") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unclear(_words(error)) from error
    _expect(reply, "DATA")


def _expect(reply: tuple[int, bytes], step: str) -> None:
    code, text = reply
    if 200 <= code < 300:
        return
    words = text.decode("utf-8", "replace")
    unknown = step == "RCPT TO" and code >= 500 and words.startswith(("5.1.", "5.2.1"))
    raise Refused(f"{step}: {code} {words}"[:500], permanent=code >= 500, unknown=unknown)


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _words(error: Exception) -> str:
    """Name an error without what may be secret: of an SMTP reply the code, of others the type."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"login refused ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_bytes(error.smtp_error).decode('utf-8', 'replace')}"[:300]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
