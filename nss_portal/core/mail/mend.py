"""What a coordinator does about a mail that did not go, or of which nobody knows whether it went."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nss_portal.core import workflow
from nss_portal.core.access import Actor
from nss_portal.core.mail.compose import ask_to_send, is_suppressed
from nss_portal.core.models import MailState, OutgoingMail
from nss_portal.core.workflow import TransitionRefused

WORKFLOW = workflow.Workflow(
    "mail",
    [
        workflow.Step(
            "send_again",
            [MailState.UNCERTAIN, MailState.FAILED, MailState.SUPPRESSED],
            MailState.QUEUED,
            "manage",
            gettext_lazy("Send again"),
        ),
        workflow.Step("arrived", [MailState.UNCERTAIN], MailState.SENT, "manage", gettext_lazy("It has arrived")),
    ],
)


@transaction.atomic
def send_again(*, mail: OutgoingMail, actor: Actor) -> OutgoingMail:
    """Send a mail again, under the same Message-ID.

    Raises NotAllowed, and TransitionRefused while its address is on the list of those that are not mailed, or
    when somebody did this already.
    """
    workflow.take(WORKFLOW, "send_again", mail, actor=actor)
    if is_suppressed(mail.recipient):
        raise TransitionRefused(_("This address is not mailed. Take it off the list first."))
    OutgoingMail.objects.filter(pk=mail.pk).update(rounds=F("rounds") + 1, last_error="")
    mail.refresh_from_db()
    ask_to_send(mail)
    return mail


@transaction.atomic
def note_arrived(*, mail: OutgoingMail, actor: Actor) -> OutgoingMail:
    """Note that an uncertain mail has arrived after all. Raises NotAllowed, TransitionRefused."""
    workflow.take(WORKFLOW, "arrived", mail, actor=actor)
    OutgoingMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
    mail.refresh_from_db()
    return mail
