"""What people are written about joint applications; every mail has a key, so that the same one twice is one."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from activities.models.desk_call import JointApplication
from governance.models import Organisation
from governance.selectors import people_at
from nss_portal.core.mail import address_key, queue_mail

SUBJECTS = {
    "begun": lambda: _("Apply together? %(title)s"),
    "asked": lambda: _("Will you apply along with us? %(title)s"),
    "joined": lambda: _("%(by)s joins your application: %(title)s"),
    "left": lambda: _("%(by)s does not take part in your application: %(title)s"),
    "moved": lambda: _("News of the joint application: %(title)s"),
}


def write_to(
    organisation: Organisation,
    application: JointApplication,
    *,
    kind: str,
    by: str = "",
    step: str = "",
    text: str = "",
) -> int:
    """Write one mail of a kind to the people of an organisation; gives to how many. Inside a transaction."""
    people = people_at([organisation.pk])[organisation.pk]
    for user in people:
        with translation.override(user.language):
            context = {
                "name": user.name,
                "application": application,
                "lead": application.organisation.short_name or application.organisation.name,
                "entry": application.entry.local_name,
                "by": by,
                "state": application.get_state_display(),
                "text": text,
                "kind": kind,
                "url": str(settings.NSS_BASE_URL) + application.get_absolute_url(),
            }
            subject = SUBJECTS[kind]() % {"title": application.title, "by": by}
            body = render_to_string("activities/desk/mail/application.txt", context)
        what = f"{kind}:{step}:{by}" if kind in {"joined", "left", "moved"} else kind
        queue_mail(
            key=f"joint:{application.pk}:{application.changed_at:%y%m%d%H%M%S}:{address_key(what + user.email)}",
            to=user.email,
            subject=subject,
            body=body,
            about=application,
            language=user.language,
        )
    return len(people)
