"""Measures of the library beside a contract's own actions: what would one more do here?"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from contracts.explorer.inputs import EUR_PER_MEUR, Inputs, MeasureInput
from contracts.models import StandardMeasure
from contracts.models.action import Payer
from contracts.services.standard.scaling import ROWS_OF, Place, scaled

# Codes of added measures begin with this, so that none is taken for an action of the contract.
PREFIX = "bieb-"
MOST_ADDED = 12


def codes_in(text: str) -> list[str]:
    """Read the codes of added measures out of the address: 'a,b' gives ['a', 'b'], each once, the first twelve."""
    return list(dict.fromkeys(code.strip() for code in text.split(",") if code.strip()))[:MOST_ADDED]


def with_added(
    inputs: Inputs, measures: Iterable[StandardMeasure], *, people: int | None, start_year: int
) -> Inputs:
    """Give the inputs with measures of the library after the contract's own, scaled to the starting point.

    `people` are the inhabitants, None where they are not known. A measure whose effect can't be told here counts
    as 0 kt until somebody fills it in.
    """
    place = Place(people, {row.code: Decimal(str(row.kt)) for row in inputs.base.rows})
    added = tuple(_measure(each, inputs, place, start_year) for each in measures)
    return replace(inputs, measures=(*inputs.measures, *added))


def _row_of(measure: StandardMeasure, inputs: Inputs) -> str:
    """Give the row that a measure works on, of several the largest; empty where the starting point has none."""
    kt = {row.code: row.kt for row in inputs.base.rows}
    for rows in ROWS_OF.get(measure.base_sector, ((measure.base_sector,),)):
        there = [row for row in rows if row in kt]
        if there:
            return max(there, key=kt.__getitem__)
    return ""


def _measure(measure: StandardMeasure, inputs: Inputs, place: Place, start_year: int) -> MeasureInput:
    found = scaled(measure, place)
    start = min(max(start_year, inputs.base.year), inputs.target_year)
    full = min(start + measure.years, inputs.target_year) if measure.years else inputs.target_year
    amount = float(found.meur or 0) * EUR_PER_MEUR
    paid = amount and measure.payer != Payer.UNKNOWN
    return MeasureInput(
        code=f"{PREFIX}{measure.code}",
        label=measure.title,
        kt=float(found.kt or 0),
        sector=_row_of(measure, inputs),
        start_year=start,
        full_year=full,
        status=measure.certainty,
        spread=_spread(found.kt, found.kt_low, found.kt_high),
        capex_eur={start: amount} if amount else {},
        payers={str(measure.payer): amount} if paid else {},
        origin=_("library of measures: %(source)s") % {"source": measure.source},
        assumptions=tuple(_assumed(measure, found.kt)),
        added=measure.code,
        is_changed=True,
    )


def _spread(kt: Decimal | None, low: Decimal | None, high: Decimal | None) -> float:
    """Give half the range as a share of the typical effect, 0 to 1; 0 where no range is known."""
    if not kt or low is None or high is None:
        return 0.0
    return min(round(float((high - low) / 2 / kt), 2), 1.0)


def _assumed(measure: StandardMeasure, kt: Decimal | None) -> Sequence[str]:
    found = [_("scaled to this starting point")] if kt is not None else [_("no effect known here; fill it in")]
    return [*found, _("an estimate, for illustration")] if measure.is_estimate else found
