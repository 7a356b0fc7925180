"""A programme that grows out of a proposition: nothing that was written or promised gets lost."""

from django.db import transaction

from activities.models import Programme, ProgrammePartner
from activities.models.programme_partner import Answer
from activities.services.programmes.editing import add_lead
from cities.models import Proposition, PropositionSupport
from cities.models.bottleneck import Sharing
from governance.models.organisation import Group
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event
from nss_portal.core.registry import Reading
from nss_portal.core.time import today


@transaction.atomic
def begin_from_proposition(actor: Actor, proposition: Proposition) -> Reading:
    """Begin the programme of a proposition, once: the second time gives the one that is there.

    The caller (`cities.services.propositions.move_proposition`) has checked that the actor may. Supporters come
    along as partners who say yes, with what they bring and why; hours are asked of them later.
    """
    programme = Programme.objects.filter(proposition=proposition).first()
    if programme is None:
        programme = _begun(actor, proposition)
    return Reading(title=programme.title, url=programme.get_absolute_url())


def _begun(actor: Actor, proposition: Proposition) -> Programme:
    owner = proposition.organisation
    programme = Programme.objects.create(
        organisation=owner,
        proposition=proposition,
        title=proposition.title,
        task=proposition.task,
        region=proposition.region,
        challenge="\n\n".join(text for text in (proposition.text, proposition.ask) if text),
        raised_by=owner if owner.group in (Group.MUNICIPALITY, Group.MINISTRY) else None,
        sharing=Sharing.PUBLISHED,
        is_illustrative=proposition.is_illustrative,
        created_by_id=getattr(actor, "pk", None),
    )
    add_lead(programme)
    supports = PropositionSupport.objects.filter(proposition=proposition, left_on=None)
    partners = [_partner(programme, one) for one in supports if one.organisation_id != owner.pk]
    ProgrammePartner.objects.bulk_create(partners)
    audit.record(
        actor=actor,
        event=Event.CREATED,
        obj=programme,
        changes={"proposition": proposition.title, "partners": len(partners)},
        on_behalf_of=owner,
    )
    return programme


def _partner(programme: Programme, support: PropositionSupport) -> ProgrammePartner:
    return ProgrammePartner(
        programme=programme,
        organisation_id=support.organisation_id,
        answer=Answer.YES,
        why=support.why,
        brings=support.brings,
        asked_on=min(support.joined_on, today()),
        answered_on=support.joined_on,
    )
