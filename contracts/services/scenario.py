"""Keeping pathways that somebody explored, sharing them, and taking them over into a draft of the contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cities.models.bottleneck import Sharing
from contracts.explorer.inputs import Inputs, MeasureInput
from contracts.models import Action, ClimateContract, ContractVersion, PathwayScenario
from contracts.selectors.standard import measures_in_force
from contracts.services.draft import change_effect
from contracts.services.errors import Refused
from contracts.services.standard.making import adapt_measure
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted, require
from nss_portal.core.models.audit import Event

MOST_SCENARIOS = 50  # per contract
MOST_CHANGES = 2000


def may_keep(actor: Actor, contract: ClimateContract) -> bool:
    """Say whether somebody may keep scenarios of a contract; two queries."""
    held = frozenset().union(*granted(actor, "pathway", "change").values())
    return bool(held) and contract.municipalities.filter(organisation__in=held).exists()


@transaction.atomic
def keep_scenario(
    *, actor: Actor, contract: ClimateContract, name: str, changes: Mapping[str, str]
) -> PathwayScenario:
    """Keep changes under a name, for the team itself; raises NotAllowed, Refused, ValidationError (name taken)."""
    if not may_keep(actor, contract):
        raise NotAllowed(_("You can keep scenarios of your own municipality's contract only."))
    ClimateContract.objects.select_for_update().get(pk=contract.pk)
    if PathwayScenario.objects.filter(contract=contract).count() >= MOST_SCENARIOS:
        raise Refused(
            _("There are %(number)s scenarios already. Throw one away first.") % {"number": MOST_SCENARIOS}
        )
    if not changes:
        raise Refused(_("Nothing is changed yet: this is the contract itself."))
    if len(changes) > MOST_CHANGES:
        raise Refused(_("These are more changes than a contract has fields."))
    scenario = PathwayScenario(
        contract=contract, name=name.strip(), changes=dict(changes), created_by_id=getattr(actor, "pk", None)
    )
    scenario.full_clean()
    scenario.save()
    audit.record(actor=actor, event=Event.CREATED, obj=scenario)
    return scenario


@transaction.atomic
def share_scenario(*, actor: Actor, scenario: PathwayScenario, sharing: Sharing) -> PathwayScenario:
    """Set with whom a scenario is shared; raises NotAllowed."""
    require(actor, "pathway", "change", scenario)
    fresh = PathwayScenario.objects.select_for_update().get(pk=scenario.pk)
    if fresh.sharing != sharing:
        changes = {"sharing": [fresh.sharing, str(sharing)]}
        fresh.sharing = sharing
        fresh.save(update_fields=["sharing"])
        event = Event.PUBLISHED if sharing == Sharing.PUBLISHED else Event.CHANGED
        audit.record(actor=actor, event=event, obj=fresh, changes=changes)
    return fresh


@transaction.atomic
def discard_scenario(*, actor: Actor, scenario: PathwayScenario) -> None:
    """Throw a scenario away; raises NotAllowed, and Refused while it is published."""
    require(actor, "pathway", "change", scenario)
    fresh = PathwayScenario.objects.select_for_update().get(pk=scenario.pk)
    if fresh.sharing == Sharing.PUBLISHED:
        raise Refused(_("Others may have used this scenario. Stop publishing it first."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh)
    fresh.delete()


@dataclass(frozen=True)
class Difference:
    """What taking a scenario over changes in one action: kt in the target year, and how sure it is."""

    action: Action
    effect_kt: Decimal
    certainty: str


def differences(chosen: Inputs, draft: ContractVersion) -> list[Difference]:
    """Give what a scenario's inputs change in the actions of a draft; one query.

    Only size and certainty are part of a contract; start, margin and sector are assumptions of the explorer.
    """
    actions = {action.code: action for action in draft.actions.select_related("version__contract")}
    found = []
    for measure in chosen.measures:
        action = actions.get(measure.code)
        if action is None or not measure.is_changed:
            continue
        effect = Decimal(str(round(measure.kt, 3)))
        if (action.effect_kt, action.certainty) != (effect, measure.status):
            found.append(Difference(action, effect, measure.status))
    return found


def additions(chosen: Inputs, draft: ContractVersion) -> list[MeasureInput]:
    """Give the measures of the library that a scenario adds and a draft has no action of yet; one query."""
    there = set(draft.actions.exclude(measure="").values_list("measure", flat=True))
    return [measure for measure in chosen.measures if measure.added and measure.added not in there]


@transaction.atomic
def take_over(*, actor: Actor, scenario: PathwayScenario, chosen: Inputs, draft: ContractVersion) -> int:
    """Put a scenario's sizes and certainties into a draft of its contract; gives how many actions changed or came.

    A measure of the library becomes an action, with what the library says of it and the scenario's size.

    Raises NotAllowed, Refused (no draft, another contract), EditConflict, ValidationError.
    """
    require(actor, "pathway", "change", scenario)
    if draft.contract_id != scenario.contract_id:
        raise Refused(_("This draft belongs to another contract."))
    changed = differences(chosen, draft)
    for each in changed:
        change_effect(
            action=each.action,
            actor=actor,
            revision=each.action.revision,
            effect_kt=each.effect_kt,
            certainty=each.certainty,
        )
    return len(changed) + _add_measures(actor, chosen, draft)


def _add_measures(actor: Actor, chosen: Inputs, draft: ContractVersion) -> int:
    wanted = {measure.added: measure for measure in additions(chosen, draft)}
    for held in measures_in_force().filter(code__in=wanted):
        action, measure = adapt_measure(measure=held, draft=draft, actor=actor), wanted[held.code]
        change_effect(
            action=action,
            actor=actor,
            revision=action.revision,
            effect_kt=Decimal(str(round(measure.kt, 3))),
            certainty=measure.status,
        )
    return len(wanted)
