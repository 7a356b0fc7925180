"""A contract as a whole: making one, and explaining its figures."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from cities.models import Municipality
from contracts.models import (
    ClimateContract,
    ContractMunicipality,
    ContractStandard,
    ContractVersion,
    FigureNote,
    Party,
)
from contracts.services.errors import Refused
from governance.models.organisation import Group
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted, require
from nss_portal.core.access.standing import LinkActor, Organisations
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import Event


def making_for(actor: Actor) -> Organisations:
    """Give the organisations (municipalities) for which somebody may make a contract."""
    return frozenset().union(*granted(actor, "contract", "change").values())


@transaction.atomic
def create_contract(
    *,
    actor: Actor,
    municipalities: Sequence[Municipality],
    title: str,
    standard: ContractStandard,
    target_year: int,
) -> ClimateContract:
    """Make a contract with a first draft, in which its municipalities are the leading parties.

    A joint contract is made by somebody who may act for each of its municipalities. Raises NotAllowed, Refused
    without a municipality, and ValidationError (a target year outside 2030 to 2050, say).
    """
    if not municipalities:
        raise Refused(_("Choose the municipality whose contract this is."))
    if not {each.organisation_id for each in municipalities} <= making_for(actor):
        raise NotAllowed(_("You can make a contract for your own municipality only."))
    contract = ClimateContract(title=title, standard=standard, target_year=target_year)
    contract.full_clean()
    contract.save()
    links = [
        ContractMunicipality(contract=contract, municipality=each, order=order)
        for order, each in enumerate(municipalities)
    ]
    ContractMunicipality.objects.bulk_create(links)
    draft = ContractVersion.objects.create(contract=contract, number=1, target_year=target_year)
    parties = [
        Party(
            version=draft,
            organisation_id=each.organisation_id,
            order=order,
            name=each.organisation.name,
            group=Group.MUNICIPALITY,
            is_leading=True,
        )
        for order, each in enumerate(municipalities)
    ]
    Party.objects.bulk_create(parties)
    audit.record(actor=actor, event=Event.CREATED, obj=contract, on_behalf_of=municipalities[0].organisation)
    return contract


@transaction.atomic
def explain_figures(
    *, contract: ClimateContract, actor: Actor, finding: str, text: str, revision: int
) -> FigureNote | None:
    """Write, change or (with an empty text) take back what the team says of two numbers that differ.

    `finding` is the key of a `contracts.figures.Finding`. `revision` is 0 where no explanation was there when the
    form was opened. Raises NotAllowed, and EditConflict when a colleague wrote one meanwhile.
    """
    ClimateContract.objects.select_for_update().get(pk=contract.pk)
    require(actor, "contract", "change", contract)
    note = FigureNote.objects.filter(contract=contract, finding=finding).first()
    if note is not None and note.revision != revision:
        raise EditConflict(note)
    text = text.strip()
    before = note.text if note else ""
    if text == before:
        return note
    audit.record(
        actor=actor, event=Event.CHANGED, obj=contract, changes={"explanation": [before, text], "of": finding}
    )
    if not text and note is not None:
        note.delete()
        return None
    note = note or FigureNote(contract=contract, finding=finding, revision=0)
    note.text, note.written_by_label = text, actor.label if isinstance(actor, LinkActor) else str(actor)
    note.revision += 1
    note.full_clean()
    note.save()
    return note
