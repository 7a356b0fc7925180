"""A contract that follows an older version: what changed in the approach since, and taking it over in pieces."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import (
    Action,
    ContractVersion,
    MeasureUse,
    SectionText,
    StandardMeasure,
    StandardPromise,
    StandardSection,
    StandardUse,
    StandardUseAnswer,
    StandardVersion,
    TemplateSection,
)
from contracts.models.standard_change import ChangeAct
from contracts.models.standard_use import UseAnswer
from contracts.models.version import OPEN_STATES
from contracts.selectors.standard import items_of_two
from contracts.services.draft import (
    change_effect,
    lock_open,
    remove_action,
    remove_commitment,
    save_commitment,
)
from contracts.services.errors import Refused
from contracts.services.standard.changes import label_of_actor
from contracts.services.standard.making import adapt_measure, filled, place_of_contract
from contracts.services.standard.scaling import scaled
from contracts.services.tables import save_text
from contracts.standard_diff import ItemDiff, differences
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.models.audit import Event


def pending(use: StandardUse, current: StandardVersion) -> list[ItemDiff]:
    """Give what changed since the version that a contract follows and is not answered yet; four queries."""
    if current.number <= use.follows.number:
        return []
    old, new = items_of_two(use.follows, current)
    rows = StandardUseAnswer.objects.filter(use=use, version=current).values_list("kind", "code")
    answered = set(rows)
    return [one for one in differences(old, new) if (one.kind, one.code) not in answered]


def draft_of(use: StandardUse) -> ContractVersion | None:
    """Give the draft of a contract, if it has one."""
    return ContractVersion.objects.filter(contract=use.contract_id, state__in=OPEN_STATES).first()


@transaction.atomic
def answer_change(
    *, actor: Actor, use: StandardUse, current: StandardVersion, kind: str, code: str, answer: str
) -> None:
    """Take one change over into the draft, or leave it. With the last one the contract follows the new version.

    Raises NotAllowed, Refused (no draft to take it into, answered already, what it needs is missing).
    """
    require(actor, "contract", "change", use.contract)
    fresh = StandardUse.objects.select_for_update(of=("self",)).get(pk=use.pk)
    waiting = pending(fresh, current)
    diff = next((one for one in waiting if (one.kind, one.code) == (kind, code)), None)
    if diff is None:
        raise Refused(_("This change is answered already."))
    if answer not in UseAnswer.values:
        raise Refused(_("Choose to take it over, or to leave it."))
    if answer == UseAnswer.TAKEN:
        draft = draft_of(fresh)
        if draft is None:
            raise Refused(_("There is no draft to take it into. Start a new version of the contract first."))
        _take(actor, lock_open(draft), diff)
    StandardUseAnswer.objects.create(
        use=fresh,
        version=current,
        kind=kind,
        code=code,
        answer=answer,
        answered_by_label=label_of_actor(actor),
    )
    changes: dict[str, object] = {"part": code, "answer": answer, "standard_version": current.number}
    if len(waiting) == 1:
        changes["follows"] = [fresh.follows.number, current.number]
        fresh.follows = current
        fresh.save(update_fields=["follows"])
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh.contract, changes=changes)


def _take(actor: Actor, draft: ContractVersion, diff: ItemDiff) -> None:
    if isinstance(diff.item or diff.old, StandardSection):
        _take_section(actor, draft, diff)
    elif isinstance(diff.item or diff.old, StandardMeasure):
        _take_measure(actor, draft, diff)
    else:
        _take_promise(actor, draft, diff)


def _model(draft: ContractVersion, section: StandardSection) -> str:
    towns = list(draft.contract.municipalities.all())
    numbers = [town.population for town in towns]
    return filled(
        section.model_nl,
        place_name=" en ".join(town.common_name for town in towns),
        people=None if None in numbers else sum(number or 0 for number in numbers),
        target_year=draft.target_year,
        base_year=draft.base_year,
    ).strip()


def _take_section(actor: Actor, draft: ContractVersion, diff: ItemDiff) -> None:
    """Put the new model text in the place of the old one; under it where the city wrote its own."""
    # The form of a contract is that of its standard, whatever the version of the approach.
    section = TemplateSection.objects.filter(standard=draft.contract.standard_id, code=diff.code).first()
    if section is None:
        return
    there = SectionText.objects.filter(version=draft, section=section).first()
    held = there.text.strip() if there else ""
    old = _model(draft, diff.old) if isinstance(diff.old, StandardSection) else ""
    new = _model(draft, diff.item) if isinstance(diff.item, StandardSection) else ""
    if held not in ("", old):
        if not new:
            raise Refused(_("This text was changed by you. Take it out of the draft yourself, or leave it."))
        heading = _("New model text")
        new = held if new in held or new == old else f"{held}\n\n{heading}:\n{new}"
    save_text(
        version=draft,
        actor=actor,
        section=section,
        text=new,
        text_en=there.text_en if there else "",
        revision=there.revision if there else 0,
    )


def _actions(draft: ContractVersion, code: str) -> list[Action]:
    used = MeasureUse.objects.filter(contract=draft.contract, measure_code=code).values("action_code")
    return list(draft.actions.filter(code__in=used).select_related("version__contract"))


def _take_measure(actor: Actor, draft: ContractVersion, diff: ItemDiff) -> None:
    """Add a new measure, take one out, or scale the effect anew; a title or a text of the city's own stays."""
    if diff.act == ChangeAct.ADD and isinstance(diff.item, StandardMeasure):
        adapt_measure(measure=diff.item, draft=draft, actor=actor)
        return
    for action in _actions(draft, diff.code):
        if diff.act == ChangeAct.DROP:
            remove_action(action=action, actor=actor)
        elif isinstance(diff.item, StandardMeasure):
            kt = new_effect(draft, diff.item)
            if kt is not None:
                change_effect(
                    action=action, actor=actor, revision=action.revision, effect_kt=kt, certainty=action.certainty
                )


def new_effect(draft: ContractVersion, measure: StandardMeasure) -> Decimal | None:
    """Give the typical effect of a measure in the municipality of a draft, in kt."""
    return scaled(measure, place_of_contract(draft)).kt


def _take_promise(actor: Actor, draft: ContractVersion, diff: ItemDiff) -> None:
    """Add a promise to every party of its kind, put new words in the place of the old, or take it out."""
    if diff.old is not None:
        held = draft.commitments.filter(title=diff.old.title_nl).select_related("version__contract", "party")
        for commitment in held:
            if not isinstance(diff.item, StandardPromise):
                remove_commitment(commitment=commitment, actor=actor)
            else:
                save_commitment(
                    version=draft,
                    actor=actor,
                    party=commitment.party,
                    title=diff.item.title_nl,
                    due_on=commitment.due_on,
                    commitment=commitment,
                    revision=commitment.revision,
                )
        return
    if not isinstance(diff.item, StandardPromise):
        return
    parties = list(draft.parties.filter(group=diff.item.group))
    if not parties:
        text = _("No party of this kind is in the draft yet: %(kind)s. Add one first, or leave it.")
        raise Refused(text % {"kind": diff.item.get_group_display()})
    for party in parties:
        save_commitment(version=draft, actor=actor, party=party, title=diff.item.title_nl)
