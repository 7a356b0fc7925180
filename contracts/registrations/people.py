"""What contracts add when people come and go: what somebody hands over, and what a newcomer has to know."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Municipality
from contracts.models import AnnualReview, Commitment, ContractVersion, Party, PartyReview
from contracts.models.review import ReviewState, RoundState
from contracts.models.version import IN_FORCE_STATES, VersionState
from contracts.services.review.links import new_nonce
from governance.models import Organisation, User
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor
from nss_portal.core.handing import Held
from nss_portal.core.models.audit import Event
from nss_portal.core.registry import Section, briefing_sections, hand_over_handlers

COMMITMENTS_SHOWN = 8


@hand_over_handlers.register
def contact_of_parties(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the contracts for which somebody is the contact person of the organisation. One query."""
    parties = _parties_of(user, organisation)
    titles = dict.fromkeys(party.version.contract.name for party in parties)
    yield Held(
        "contract_contact",
        gettext_lazy("Contact person for climate contracts and their reviews"),
        list(titles),
        lambda successor, actor: give_contact(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )


def _parties_of(user: User, organisation: Organisation) -> list[Party]:
    found = Party.objects.filter(organisation=organisation, contact_email__iexact=user.email)
    return list(found.exclude(version__state="superseded").select_related("version__contract").order_by("pk"))


@transaction.atomic
def give_contact(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague be reached for the organisation's part of contracts and running reviews.

    The personal links that went to whoever leaves stop at once. The caller has checked that the actor may.
    """
    parties = _parties_of(user, organisation)
    for party in parties:
        party.contact_email = successor.email
        party.save(update_fields=["contact_email"])
        changes = {"contact_person": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=party, changes=changes, on_behalf_of=organisation)
    running = PartyReview.objects.filter(
        party__in=parties, review__round__state__in=[RoundState.OPENING, RoundState.OPEN]
    )
    for part in running:
        part.link_nonce = new_nonce()
        part.save(update_fields=["link_nonce"])


@briefing_sections.register
def what_was_agreed(actor: Actor, municipality: Municipality) -> Section | None:
    """What the municipality's contracts say, who promised what, and who decided it when and why."""
    versions = (
        ContractVersion.objects.visible_to(actor)
        .filter(contract__municipalities=municipality, state__in=IN_FORCE_STATES)
        .select_related("contract")
        .order_by("contract__title", "pk")
    )
    agreed = [_agreed(version) for version in versions]
    reviews = AnnualReview.objects.visible_to(actor).filter(
        contract__municipalities=municipality,
        round__state__in=[RoundState.OPENING, RoundState.OPEN],
        state=ReviewState.OPEN,
    )
    running = list(reviews.select_related("contract", "round").defer("prefilled", "outcome"))
    if not agreed and not running:
        return None
    context = {"agreed": agreed, "running": running}
    return Section(
        "afspraken", _("What we agreed, with whom and why"), "contracts/includes/briefing.html", context, 30
    )


def _agreed(version: ContractVersion) -> dict[str, object]:
    promises = Commitment.objects.filter(version=version).select_related("party").order_by("party__order", "order")
    labels = {state.value: str(state.label) for state in VersionState}
    decisions = [
        {"text": labels.get(row.target, row.target), "when": row.at, "who": row.actor_label, "reason": row.reason}
        for row in workflow.history(version)
    ]
    return {
        "version": version,
        "contract": version.contract,
        "commitments": list(promises[:COMMITMENTS_SHOWN]),
        "parties": version.parties.count(),
        "decisions": decisions,
    }
