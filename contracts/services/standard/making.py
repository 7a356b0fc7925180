"""A contract out of the approach: its first draft, and copies of measures in a draft that exists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import (
    Action,
    ContractVersion,
    MeasureUse,
    Party,
    StandardMeasure,
    StandardStart,
    StandardUse,
    StandardVersion,
    TemplateSection,
)
from contracts.selectors.standard import place_of
from contracts.services.contract import create_contract
from contracts.services.draft import change_version, lock_open, save_action, save_commitment, save_party
from contracts.services.standard.scaling import Place, scaled
from contracts.services.standard.starting import require_own
from contracts.services.tables import save_text
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.access import Actor, require
from nss_portal.core.formats import format_number

# Kinds of parties that a first draft suggests whatever its measures are: the state and the province promise too,
# but a first draft makes neither responsible for an action.
ALWAYS = (Group.MINISTRY, Group.PROVINCE)


@dataclass(frozen=True)
class PlannedAction:
    """A measure as it goes into the draft: kt in the target year, million euros, how sure."""

    measure: StandardMeasure
    kt: Decimal | None
    meur: Decimal | None
    certainty: str


@dataclass(frozen=True)
class Plan:
    """Everything that a first draft is made of; `texts` maps a section's code to its text."""

    title: str
    target_year: int
    base_year: int | None
    source: str
    actions: Sequence[PlannedAction] = ()
    organisations: Sequence[Organisation] = ()
    others: Sequence[tuple[str, str]] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def filled(text: str, *, place_name: str, people: int | None, target_year: int, base_year: int | None) -> str:
    """Fill in a model text; what is not known becomes an ellipsis, to be seen and filled in."""
    known = {
        "{gemeente}": place_name,
        "{inwoners}": format_number(Decimal(people), 0) if people else "…",
        "{doeljaar}": str(target_year),
        "{basisjaar}": str(base_year) if base_year else "…",
    }
    for mark, value in known.items():
        text = text.replace(mark, value)
    return text


@transaction.atomic
def make_contract(*, actor: Actor, start: StandardStart, plan: Plan) -> ContractVersion:
    """Make the contract with its first draft; asked a second time it gives the contract that was made.

    Raises NotAllowed, Refused, ValidationError.
    """
    require_own(actor, start)
    fresh = StandardStart.objects.select_for_update(of=("self",)).get(pk=start.pk)
    if fresh.contract is not None:
        return fresh.contract.versions.order_by("number")[0]
    contract = create_contract(
        actor=actor,
        municipalities=[fresh.municipality],
        title=plan.title,
        standard=fresh.version.standard,
        target_year=plan.target_year,
    )
    draft = contract.versions.get()
    _write_texts(actor, draft, fresh.version, plan.texts)
    change_version(
        version=draft,
        actor=actor,
        revision=draft.revision,
        target_year=plan.target_year,
        base_year=plan.base_year,
        summary=next((text.strip() for text in plan.texts.values() if text.strip()), ""),
        source=plan.source,
    )
    parties = _add_parties(actor, draft, plan)
    _add_promises(actor, draft, fresh.version, parties)
    for one in plan.actions:
        _add_action(actor, draft, one, parties)
    StandardUse.objects.create(contract=contract, started=fresh.version, follows=fresh.version)
    fresh.contract = contract
    fresh.save(update_fields=["contract"])
    return draft


def _write_texts(actor: Actor, draft: ContractVersion, version: StandardVersion, texts: Mapping[str, str]) -> None:
    """Write the text of each section in the section of the contract's form that has its code."""
    forms = form_sections(version)
    for code, text in texts.items():
        if text.strip() and code in forms:
            save_text(version=draft, actor=actor, section=forms[code], text=text.strip())


def form_sections(version: StandardVersion) -> dict[str, TemplateSection]:
    """Give the sections of the form that contracts of a version follow, by code; one query."""
    return {one.code: one for one in TemplateSection.objects.filter(standard=version.standard_id)}


def _add_parties(actor: Actor, draft: ContractVersion, plan: Plan) -> list[Party]:
    names = {party.name for party in draft.parties.all()}
    wanted: list[tuple[str, str, Organisation | None]] = [(str(one), one.group, one) for one in plan.organisations]
    wanted += [(name, group, None) for name, group in plan.others]
    for name, group, organisation in wanted:
        if name not in names:
            names.add(name)
            save_party(version=draft, actor=actor, name=name, group=group, organisation=organisation)
    return list(draft.parties.order_by("order", "pk"))


def _add_promises(
    actor: Actor, draft: ContractVersion, version: StandardVersion, parties: Iterable[Party]
) -> None:
    """Give each party the model promises of its kind."""
    promises = list(version.promises.order_by("order", "pk"))
    for party in parties:
        for promise in promises:
            if promise.group == party.group:
                save_commitment(version=draft, actor=actor, party=party, title=promise.title_nl)


def _add_action(actor: Actor, draft: ContractVersion, planned: PlannedAction, parties: Sequence[Party]) -> Action:
    """Write a measure into a draft, with the party that fits it best: one of its kinds, else the municipality."""
    measure = planned.measure
    doers = [group for group in measure.groups if group not in ALWAYS]
    by_kind = [party for group in doers for party in parties if party.group == group]
    leading = [party for party in parties if party.is_leading]
    action = save_action(
        version=draft,
        actor=actor,
        title=measure.title_nl,
        sector=measure.sector,
        effect_kt=planned.kt,
        certainty=planned.certainty,
        responsible=next(iter([*by_kind, *leading]), None),
        amount_meur=planned.meur,
        payer=measure.payer,
    )
    where = _("standard approach, version %(number)d") % {"number": measure.version.number}
    action.title_en, action.source_locator = measure.title_en, where
    # What makes it add up with the same action of other cities.
    action.measure = measure.code
    action.save(update_fields=["title_en", "source_locator", "measure"])
    MeasureUse.objects.update_or_create(
        contract=draft.contract,
        action_code=action.code,
        defaults={"measure_code": measure.code, "version": measure.version},
    )
    return action


def place_of_contract(draft: ContractVersion) -> Place:
    """Give what is known of the municipality of a contract; of a joint one only how many people live there."""
    towns = list(draft.contract.municipalities.all())
    if len(towns) == 1:
        return place_of(towns[0])[0]
    numbers = [town.population for town in towns]
    return Place(None if None in numbers or not numbers else sum(number or 0 for number in numbers), {})


@transaction.atomic
def adapt_measure(*, measure: StandardMeasure, draft: ContractVersion, actor: Actor) -> Action:
    """Put a copy of a measure into a draft, scaled to its municipality; twice is once.

    Raises NotAllowed, Refused for a version that is adopted.
    """
    fresh = lock_open(draft)
    require(actor, "contract", "change", fresh.contract)
    used = MeasureUse.objects.filter(contract=fresh.contract, measure_code=measure.code).values("action_code")
    there = fresh.actions.filter(code__in=used).first()
    if there is not None:
        return there
    typical = scaled(measure, place_of_contract(fresh))
    planned = PlannedAction(measure, typical.kt, typical.meur, measure.certainty)
    parties = list(fresh.parties.order_by("order", "pk"))
    return _add_action(actor, fresh, planned, parties)
