"""What is written about offers: to the cities that want this, once, and to who made one when a city says yes."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from contracts.models import DemandOffer, OfferAnswer
from governance.models import Organisation, User
from governance.selectors import people_at
from nss_portal.core.mail import Mail, queue_mails

LETTERS_JOB = "contracts.offer_letters"


def tell_cities(offer: DemandOffer, cities: Iterable[Organisation]) -> int:
    """Write once to who leads the work in each city; gives how many mails there are."""
    people = {user.pk: user for held in people_at(city.pk for city in cities).values() for user in held}

    def words() -> tuple[str, str]:
        return (
            _("An offer for {measure}").format(measure=offer.measure.label),
            _(
                "{organisation} makes an offer to cities that want this: {measure}. Your climate contract asks "
                "for it. Read the offer and say whether you are interested; a no is fine too."
            ).format(organisation=offer.organisation.name, measure=offer.measure.label),
        )

    queue_mails([_mail(f"demand-offer:{offer.pk}:{user.pk}", user, offer, words) for user in people.values()])
    return len(people)


def tell_of_interest(answer: OfferAnswer) -> None:
    """Write to who made the offer that a city is interested, and whom to reach there."""
    offer = answer.offer

    def words() -> tuple[str, str]:
        return (
            _("{city} is interested in your offer").format(city=answer.organisation.name),
            _("{city} is interested in your offer for {measure}. Contact: {contact}").format(
                city=answer.organisation.name, measure=offer.measure.label, contact=answer.contact
            ),
        )

    people = people_at([offer.organisation_id]).get(offer.organisation_id, [])
    key = f"demand-answer:{answer.pk}:{answer.revision}"
    queue_mails([_mail(f"{key}:{user.pk}", user, offer, words) for user in people])


def _mail(key: str, user: User, offer: DemandOffer, words: Callable[[], tuple[str, str]]) -> Mail:
    with translation.override(user.language):
        subject, sentence = words()
        url = f"{settings.NSS_BASE_URL}{reverse('contracts:demand_item', args=[offer.measure.code])}#aanbod"
        body = render_to_string("contracts/mail/offer.txt", {"sentence": sentence, "url": url})
        return Mail(key=key, to=user.email, subject=subject, body=body, about=offer, language=user.language)
