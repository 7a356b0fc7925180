"""What is written about proposals: to who proposed it, what became of it."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from activities.models.proposal import AgendaProposal
from governance.models import Membership, User
from nss_portal.core.mail import Mail, address_key, queue_mails
from nss_portal.core.time import today


def proposers_of(proposal: AgendaProposal) -> list[User]:
    """Give who hears of a proposal: whoever wrote it, or after that person left who leads. One query."""
    members = Membership.objects.current(today()).filter(
        organisation=proposal.organisation_id, user__is_active=True
    )
    there = list(members.select_related("user").order_by("user__email"))
    wrote = [one.user for one in there if one.user_id == proposal.created_by_id]
    return list(dict.fromkeys(wrote[:1] or [one.user for one in there if one.is_lead]))


def tell_proposer(proposal: AgendaProposal, *, step: str, reason: str) -> int:
    """Write what became of a proposal; gives to how many. Belongs in the transaction of the step."""
    mails = []
    for user in proposers_of(proposal):
        with translation.override(user.language):
            subjects = {
                "take_up": _("Taken up: {title}"),
                "decline": _("Not on the agenda: {title}"),
                "reopen": _("Open again: {title}"),
            }
            words = {
                "name": user.name,
                "proposal": proposal,
                "step": step,
                "reason": reason.strip(),
                "url": settings.NSS_BASE_URL + proposal.get_absolute_url(),
            }
            mails.append(
                Mail(
                    key=f"proposal:{proposal.pk}:{step}:{proposal.version}:{address_key(user.email)}",
                    to=user.email,
                    subject=subjects[step].format(title=proposal.title),
                    body=render_to_string("activities/mail/proposal.txt", words),
                    about=proposal,
                    language=user.language,
                )
            )
    queue_mails(mails)
    return len(mails)
