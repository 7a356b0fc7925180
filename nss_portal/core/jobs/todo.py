"""What the running of the portal asks of a coordinator, for 'my work'."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nss_portal.core.access import Actor, may
from nss_portal.core.jobs.handlers import unlisted_kinds
from nss_portal.core.models import Job, JobState, MailState, OutgoingMail
from nss_portal.core.registry import WorkItem, work_items


@work_items.register
def work_of_coordinators(user: Actor) -> Iterator[WorkItem]:
    """Give an item for jobs that stopped, and one for mails of which nobody knows whether they went."""
    if may(user, "job", "manage"):
        stopped = Job.objects.filter(state=JobState.FAILED).exclude(kind__in=unlisted_kinds()).count()
        if stopped:
            yield WorkItem(
                title=ngettext(
                    "%(number)d task of the portal has stopped",
                    "%(number)d tasks of the portal have stopped",
                    stopped,
                )
                % {"number": stopped},
                url=reverse("jobs") + "?stand=failed",
                action_label=_("See what stopped"),
                minutes=5,
            )
    if may(user, "mail", "manage"):
        uncertain = OutgoingMail.objects.filter(state=MailState.UNCERTAIN).count()
        if uncertain:
            yield WorkItem(
                title=ngettext("Did %(number)d mail go?", "Did %(number)d mails go?", uncertain)
                % {"number": uncertain},
                url=reverse("mails") + "?stand=uncertain",
                action_label=_("See these mails"),
                minutes=5,
                detail=_("The portal was interrupted while it sent mail. You decide whether to send again."),
            )
