"""Writing a mail: a row with one key and one Message-ID, and the job that sends it."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import validate_email
from django.db import connection
from django.db.models import Model
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.utils import translation

from nss_portal.core import jobs
from nss_portal.core.models import MailState, OutgoingMail, SuppressedAddress
from nss_portal.core.portal_name import portal_name

KIND = "core.send_mail"


@dataclass(frozen=True)
class Mail:
    """A mail to one address; see `queue_mail`."""

    key: str
    to: str
    subject: str
    body: str
    html: str = ""
    about: Model | None = None
    language: str = "nl"
    calendar: str = ""


def queue_mail(
    *,
    key: str,
    to: str,
    subject: str,
    body: str,
    html: str = "",
    about: Model | None = None,
    language: str = "nl",
    calendar: str = "",
) -> OutgoingMail:
    """Write a mail to one address, in the transaction of the change that causes it.

    `key` names the mail: the same key twice is one mail, and gives the row that is there. `body` is plain text
    and `html` an optional fragment with the same content; both are set in the portal's letter in `language`.
    `about` is the record that the mail is about, `calendar` an appointment that goes along (iCalendar). Raises
    RuntimeError outside a transaction and ValidationError for an address that is none.
    """
    return queue_mails([Mail(key, to, subject, body, html, about, language, calendar)])[0]


def queue_mails(mails: Sequence[Mail]) -> list[OutgoingMail]:
    """Write many mails at once; gives their rows in order.

    Leaves what as many calls of `queue_mail` would, in five queries. Raises as it does, and then none is written.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("queue_mail() belongs inside the transaction of the change that causes the mail")
    addresses = [clean_address(mail.to) for mail in mails]
    held_back = suppressed(addresses)
    wanted = [
        _row(mail, address, address.lower() in held_back) for mail, address in zip(mails, addresses, strict=True)
    ]
    OutgoingMail.objects.bulk_create(wanted, ignore_conflicts=True)
    held = OutgoingMail.objects.filter(key__in=[row.key for row in wanted]).order_by("pk")
    there = {row.key: row for row in held}
    mine = {row.public_id for row in wanted}
    ask_to_send(*(row for row in there.values() if row.public_id in mine and row.state != MailState.SUPPRESSED))
    return [there[row.key] for row in wanted]


def _row(mail: Mail, address: str, is_held_back: bool) -> OutgoingMail:
    line = clean_line(mail.subject)
    text, page = letter(subject=line, body=mail.body, html=mail.html, language=mail.language)
    about = mail.about
    return OutgoingMail(
        key=mail.key,
        message_id=new_message_id(),
        recipient=address,
        subject=line,
        text=text,
        html=page,
        language=mail.language,
        calendar=mail.calendar,
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        about_label=str(about)[:200] if about else "",
        state=MailState.SUPPRESSED if is_held_back else MailState.QUEUED,
    )


def ask_to_send(*mails: OutgoingMail) -> None:
    """Ask for the sending of mails: one job per mail and round, a new round when a coordinator sends it again."""
    if mails:
        jobs.enqueue_many(
            kind=KIND,
            wanted=[
                jobs.Wanted(
                    key=f"{mail.public_id}.{mail.rounds}",
                    payload={"mail": mail.pk, "round": mail.rounds},
                    title=mail.subject,
                )
                for mail in mails
            ],
        )


def clean_address(address: str) -> str:
    """Give a bare address without blanks around it; raises ValidationError when it is none."""
    bare = address.strip()
    validate_email(bare)
    return bare


def address_key(address: str) -> str:
    """Give a short name for an address, so that keys of mails stay short and hold no personal data."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:24]


def clean_line(text: str) -> str:
    """Make one line of a text, so that it can add no header: line breaks and control characters become blanks."""
    return re.sub(r"[\s\x00-\x1f\x7f\u0085\u2028\u2029]+", " ", text).strip()[:255]


def letter(*, subject: str, body: str, html: str, language: str) -> tuple[str, str]:
    """Set a mail in the portal's letter; gives the plain text and the page ('' without `html`)."""
    context = {
        "subject": subject,
        "body": body.strip(),
        "fragment": html,
        "base_url": settings.NSS_BASE_URL,
        "name": portal_name(),
    }
    with translation.override(language):
        text = render_to_string("core/mail/letter.txt", context)
        page = render_to_string("core/mail/letter.html", {**context, "language": language}) if html else ""
    return text, page


def new_message_id() -> str:
    """Draw a Message-ID in the portal's own domain; it stays with the mail through all tries."""
    domain = urlsplit(settings.NSS_BASE_URL).hostname or ""
    if "." not in domain or domain.replace(".", "").isdigit():
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{secrets.token_hex(12)}@{domain}>"


def suppressed(addresses: Iterable[str]) -> frozenset[str]:
    """Give those of the addresses, in small letters, that are no longer mailed. One query."""
    wanted = [address.lower() for address in addresses]
    held = SuppressedAddress.objects.annotate(small=Lower("address")).filter(small__in=wanted)
    return frozenset(held.values_list("small", flat=True))


def is_suppressed(address: str) -> bool:
    """Say whether an address is no longer mailed."""
    return bool(suppressed([address]))
