"""What people are written about pilots and twinnings; every mail has a key, so that the same one twice is one."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from activities.models import Pilot, Twinning
from governance.models import Organisation
from governance.selectors import people_at
from nss_portal.core.mail import address_key, queue_mail

SUBJECTS = {
    "asked": lambda: _("Will you pilot with us? {title}"),
    "joined": lambda: _("{by} takes part in the pilot: {title}"),
    "left": lambda: _("{by} does not take part in the pilot: {title}"),
    "moved": lambda: _("News of the pilot: {title}"),
    "follow": lambda: _("{by} wants to follow your pilot: {title}"),
    "agreed": lambda: _("Your twinning is agreed: {title}"),
    "twinning": lambda: _("News of your twinning: {title}"),
}


def write_to(
    organisation: Organisation, about: Pilot | Twinning, *, kind: str, key: str, by: str = "", text: str = ""
) -> int:
    """Write one mail of a kind to the people of an organisation; gives to how many. Inside a transaction."""
    pilot = about if isinstance(about, Pilot) else about.pilot
    people = people_at([organisation.pk])[organisation.pk]
    for user in people:
        with translation.override(user.language):
            context = {
                "name": user.name,
                "title": pilot.title,
                "kind": kind,
                "by": by,
                "state": about.get_state_display(),
                "text": text,
                "url": str(settings.NSS_BASE_URL) + about.get_absolute_url(),
            }
            subject = SUBJECTS[kind]().format(title=pilot.title, by=by)
            body = render_to_string("activities/mail/pilot.txt", context)
        queue_mail(
            key=f"pilot:{pilot.pk}:{kind}:{key}:{address_key(user.email)}",
            to=user.email,
            subject=subject,
            body=body,
            about=about,
            language=user.language,
        )
    return len(people)


def named(organisation: Organisation) -> str:
    """Give the short name of an organisation, or its name."""
    return organisation.short_name or organisation.name
