"""Indicators of a contract and their yearly values: written by whoever may change the contract."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import ClimateContract, Indicator, IndicatorValue
from contracts.services.draft import free_code
from contracts.services.errors import Refused
from contracts.tables.limits import MOST_INDICATORS
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import EditConflict, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

# Values are of years after this one where an indicator does not say its first year.
FIRST_YEAR = 1990


@transaction.atomic
def add_indicator(*, actor: Actor, contract: ClimateContract, **fields: Any) -> Indicator:
    """Add an indicator to a contract; raises NotAllowed, Refused, ValidationError."""
    require(actor, "contract", "change", contract)
    ClimateContract.objects.select_for_update().get(pk=contract.pk)
    if Indicator.objects.filter(contract=contract).count() >= MOST_INDICATORS:
        raise Refused(_("A contract has %(number)s indicators at most.") % {"number": MOST_INDICATORS})
    indicator = Indicator(contract=contract, **fields)
    if not indicator.code:
        taken = set(Indicator.objects.filter(contract=contract).values_list("code", flat=True))
        indicator.code = free_code(taken, indicator.title)
    indicator.full_clean()
    indicator.save()
    audit.record(actor=actor, event=Event.CREATED, obj=indicator)
    return indicator


@transaction.atomic
def change_indicator(*, actor: Actor, indicator: Indicator, revision: int, **fields: Any) -> Indicator:
    """Change what an indicator says of itself; raises NotAllowed, EditConflict, ValidationError."""
    require(actor, "contract", "change", indicator.contract)
    fresh = Indicator.objects.select_for_update(of=("self",)).select_related("contract").get(pk=indicator.pk)
    changes = {
        name: [getattr(fresh, name), value] for name, value in fields.items() if getattr(fresh, name) != value
    }
    if not changes:
        return fresh
    if fresh.revision != revision:
        raise EditConflict(fresh)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.revision += 1
    fresh.full_clean()
    fresh.save()
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=readable(changes))
    return fresh


@transaction.atomic
def set_value(
    *, actor: Actor, indicator: Indicator, year: int, value: Decimal | None, note: str = ""
) -> IndicatorValue | None:
    """Enter the value of a year, or another one in its place; None takes it away.

    Raises NotAllowed, and Refused for a year before the first one or one that has not come yet.
    """
    require(actor, "contract", "change", indicator.contract)
    first = indicator.base_year or FIRST_YEAR
    if not first < year <= today().year:
        says = _("Give a year after %(first)s, and not later than this one.")
        raise Refused(says % {"first": first})
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    held = IndicatorValue.objects.filter(indicator=indicator, year=year).first()
    before = None if held is None else str(held.value.normalize())
    if value is None:
        if held is not None:
            held.delete()
            _record(actor, indicator, year, before, None)
        return None
    if held is not None and (held.value, held.note) == (value, note):
        return held
    held = held or IndicatorValue(indicator=indicator, year=year)
    held.value, held.note = value, note
    held.full_clean()
    held.save()
    _record(actor, indicator, year, before, str(value.normalize()))
    return held


def _record(actor: Actor, indicator: Indicator, year: int, before: str | None, after: str | None) -> None:
    audit.record(actor=actor, event=Event.CHANGED, obj=indicator, changes={str(year): [before, after]})


@transaction.atomic
def discard_indicator(*, actor: Actor, indicator: Indicator) -> None:
    """Throw an indicator away with its values; the log keeps that it was there. Raises NotAllowed."""
    require(actor, "contract", "change", indicator.contract)
    values = {str(row.year): str(row.value.normalize()) for row in indicator.values.all()}
    audit.record(actor=actor, event=Event.DELETED, obj=indicator, changes=values)
    indicator.delete()
