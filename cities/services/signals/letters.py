"""What people are written about signals; every mail has a key, so that the same one twice is one."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cities.models import Signal, SignalAddressee
from cities.selectors_signals import holder_of
from cities.services.signals.people import people_at, senders_of
from governance.models import Organisation, User
from governance.variants import coordinating_organisation_id
from nss_portal.core.mail import address_key, queue_mail
from nss_portal.core.time import today


def write(people: Iterable[User], *, kind: str, key: str, signal: Signal, **words: object) -> int:
    """Write one mail of a kind about one signal to each; gives to how many. Call it inside a transaction."""
    number = 0
    for user in people:
        with translation.override(user.language):
            context = {
                "name": user.name,
                "signal": signal,
                "sender": str(signal.organisation),
                "url": settings.NSS_BASE_URL + signal.get_absolute_url(),
                "is_name": False,
                "due_on": "",
                "by": "",
                **{name: said(value) for name, value in words.items()},
            }
            subject = SUBJECTS[kind]() % {"title": signal.title}
            body = render_to_string(f"cities/mail/signal_{kind}.txt", context)
        queue_mail(
            key=f"{key}:{address_key(user.email)}",
            to=user.email,
            subject=subject,
            body=body,
            about=signal,
            language=user.language,
        )
        number += 1
    return number


def said(value: object) -> object:
    """Write a date in words, in the language of the mail."""
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else value


SUBJECTS = {
    "asked": lambda: _("A signal asks for your answer: %(title)s"),
    "cosign": lambda: _("Will you co-sign this signal? %(title)s"),
    "answered": lambda: _("There is an answer to your signal: %(title)s"),
    "passed_on": lambda: _("Your signal has another addressee: %(title)s"),
    "closed": lambda: _("A signal was closed: %(title)s"),
}


def write_to_addressee(addressee: SignalAddressee, signal: Signal) -> int:
    """Tell an addressee that something is asked; gives how many people were written to."""
    holder = holder_of(addressee)
    return write(
        people_at([holder.pk])[holder.pk],
        kind="asked",
        key=f"signal-asked:{addressee.pk}",
        signal=signal,
        is_name=addressee.task == "name",
        due_on=addressee.due_on,
    )


def write_to_senders(signal: Signal, *, kind: str, key: str, **words: object) -> int:
    """Tell all senders of a signal; gives how many people were written to."""
    organisations = senders(signal)
    people = people_at(organisation.pk for organisation in organisations)
    coordinating = coordinating_organisation_id(today())
    users = {
        user.pk: user for organisation in organisations for user in senders_of(organisation, people, coordinating)
    }
    return write(users.values(), kind=kind, key=key, signal=signal, **words)


def senders(signal: Signal) -> list[Organisation]:
    """Give the organisations that sent a signal: whose it is, and those that co-signed."""
    signed = signal.cosigners.filter(state="signed").select_related("organisation")
    return [signal.organisation, *(one.organisation for one in signed)]
