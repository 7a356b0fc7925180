"""What the other parties are written when one of them withdraws."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from contracts.models import Signature
from governance.models import User
from governance.selectors import people_at
from nss_portal.core.formats import format_date
from nss_portal.core.mail import Mail, queue_mails


def tell_of_withdrawal(signature: Signature, actor: User) -> int:
    """Write once to who leads the work at each other party, and in the city; gives how many mails there are."""
    rows = signature.version.signatures.standing().exclude(organisation=None)
    parties = set(rows.order_by().values_list("organisation", flat=True)) - {signature.organisation_id}
    cities = set(signature.version.contract.municipalities.values_list("organisation", flat=True))
    found = people_at(parties | cities)
    people = {user.pk: user for held in found.values() for user in held if user.pk != actor.pk}
    queue_mails([_mail(signature, user) for user in people.values()])
    return len(people)


def _mail(signature: Signature, user: User) -> Mail:
    version = signature.version
    with translation.override(user.language):
        address = reverse("contracts:signing", args=[version.contract.public_id, version.number])
        words = {
            "party": signature.label,
            "contract": version.contract.name,
            "day": format_date(signature.withdrawn_on),
            "reason": signature.withdrawal_reason,
            "url": f"{settings.NSS_BASE_URL}{address}",
        }
        return Mail(
            key=f"contract-withdrawal:{signature.pk}:{user.pk}",
            to=user.email,
            subject=_("{party} withdraws from {contract}").format(**words),
            body=render_to_string("contracts/mail/withdrawal.txt", words),
            about=version,
            language=user.language,
        )
