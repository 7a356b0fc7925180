"""Companies and financiers answer a joint demand: one offer per organisation and kind of measure.

The cities that want this hear of it once, by mail and in 'my work', and say whether they are interested.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contracts.models import Action, DemandOffer, Measure, OfferAnswer
from contracts.models.demand import OfferStatus
from contracts.models.version import IN_FORCE_STATES
from contracts.services.demand_letters import LETTERS_JOB, tell_of_interest
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core import audit, jobs
from nss_portal.core.access import Actor, NotAllowed, Role, granted, standing_of
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import Event

# Who has something to offer; a province or an umbrella organisation joins a contract as a party instead.
OFFERING = (Group.COMPANY, Group.FINANCIAL, Group.KNOWLEDGE, Group.CIVIL)


def offering_for(actor: Actor) -> list[Organisation]:
    """Give the organisations for which somebody may answer; at most one query."""
    held = standing_of(actor).roles.get(Role.PARTNER, frozenset())
    if not held:
        return []
    return list(Organisation.objects.filter(pk__in=held, group__in=OFFERING).order_by("name"))


@transaction.atomic
def save_offer(
    *,
    actor: Actor,
    measure: Measure,
    organisation: Organisation,
    text: str,
    contact: str,
    status: str = OfferStatus.OPEN,
    revision: int = 0,
) -> DemandOffer:
    """Answer a demand for one's own organisation, or change that answer.

    Raises NotAllowed, EditConflict when a colleague saved meanwhile, and ValidationError. The words of an offer
    are for the cities that want this: they stand in no log.
    """
    if organisation.pk not in {each.pk for each in offering_for(actor)}:
        raise NotAllowed(_("You can answer for your own company or financial institution only."))
    Measure.objects.select_for_update().get(pk=measure.pk)
    held = DemandOffer.objects.filter(measure=measure, organisation=organisation).first()
    offer = held or DemandOffer(measure=measure, organisation=organisation)
    wanted = {"text": text.strip(), "contact": contact.strip(), "status": status}
    changed = [name for name, value in wanted.items() if getattr(offer, name) != value]
    if held is not None and not changed:
        return held
    if held is not None and held.revision != revision:
        raise EditConflict(held)
    for name, value in wanted.items():
        setattr(offer, name, value)
    offer.revision += 1
    offer.full_clean()
    offer.save()
    event = Event.CHANGED if held else Event.CREATED
    audit.record(
        actor=actor, event=event, obj=offer, changes=dict.fromkeys(changed, True), on_behalf_of=organisation
    )
    if held is None and offer.status != OfferStatus.WITHDRAWN:
        jobs.enqueue(
            kind=LETTERS_JOB,
            key=f"{LETTERS_JOB}:{offer.pk}",
            payload={"offer": offer.pk},
            actor=actor,
            title=_("Tell cities of an offer"),
        )
    return offer


def answering_for(actor: Actor, measure: Measure) -> list[Organisation]:
    """Give the cities for which somebody may answer offers: those that want this; at most one query."""
    held = granted(actor, "contract", "change").get("own", frozenset())
    return list(cities_wanting(measure).filter(pk__in=held).order_by("name")) if held else []


def cities_wanting(measure: Measure) -> QuerySet[Organisation]:
    """Give the municipalities whose contract in force has an action of this kind."""
    wants = Action.objects.filter(measure=measure.code, version__state__in=IN_FORCE_STATES).order_by()
    return Organisation.objects.filter(
        pk__in=wants.values("version__contract__municipalities__organisation")
    ).order_by()


@transaction.atomic
def answer_offer(
    *,
    actor: Actor,
    offer: DemandOffer,
    organisation: Organisation,
    is_interested: bool,
    text: str = "",
    contact: str = "",
    revision: int = 0,
) -> OfferAnswer:
    """Say for a city whether an offer interests it, or change that; who made the offer hears of a yes.

    Raises NotAllowed, EditConflict when a colleague saved meanwhile, and ValidationError. The words stand in no
    log.
    """
    fresh = DemandOffer.objects.select_for_update(of=("self",)).select_related("measure").get(pk=offer.pk)
    if not fresh.is_open or organisation.pk not in {each.pk for each in answering_for(actor, fresh.measure)}:
        raise NotAllowed(_("You can answer for your own municipality only, when its contract asks for this."))
    held = OfferAnswer.objects.filter(offer=fresh, organisation=organisation).first()
    answer = held or OfferAnswer(offer=fresh, organisation=organisation)
    wanted = {"is_interested": is_interested, "text": text.strip(), "contact": contact.strip()}
    changed = [name for name, value in wanted.items() if getattr(answer, name) != value]
    if held is not None and not changed:
        return held
    if held is not None and held.revision != revision:
        raise EditConflict(held)
    was = held is not None and held.is_interested
    for name, value in wanted.items():
        setattr(answer, name, value)
    answer.revision += 1
    answer.full_clean()
    answer.save()
    audit.record(
        actor=actor,
        event=Event.CHANGED if held else Event.CREATED,
        obj=answer,
        changes={"is_interested": is_interested},
        on_behalf_of=organisation,
    )
    if is_interested and not was:
        tell_of_interest(answer)
    return answer
