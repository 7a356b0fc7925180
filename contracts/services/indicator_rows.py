"""Writing the table of indicators: its rows are the indicators of the contract, until a version is fixed."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.models import ContractVersion, Indicator, TableRow, TemplateTable
from contracts.services.errors import Refused
from contracts.services.indicators import discard_indicator
from contracts.tables.indicator_rows import cells_of
from contracts.tables.values import to_json
from nss_portal.core.access import Actor


def _found(version: ContractVersion, ident: str) -> Indicator:
    found = Indicator.objects.filter(contract=version.contract_id, pk=ident).select_related("contract").first()
    if found is None:
        raise Refused(_("This row is not there any more. A colleague took it out."))
    return found


def remove_indicator(*, version: ContractVersion, actor: Actor, ident: str) -> None:
    """Take an indicator out; raises NotAllowed, and Refused while values of years hang on it."""
    held = _found(version, ident)
    years = held.values.count()
    if years:
        text = ngettext(
            "A value of %(number)s year hangs on this indicator. Throw it away on its own page.",
            "Values of %(number)s years hang on this indicator. Throw it away on its own page.",
            years,
        )
        raise Refused(text % {"number": years})
    discard_indicator(actor=actor, indicator=held)


def freeze_indicators(versions: Iterable[ContractVersion]) -> None:
    """Write the indicators as they are now into versions that are about to be fixed; three queries.

    `versions` carry their contract.
    """
    fixed = list(versions)
    standards = {version.contract.standard_id for version in fixed}
    tables = TemplateTable.objects.filter(holds="indicators", standard__in=standards).prefetch_related("columns")
    by_standard = {table.standard_id: table for table in tables.order_by()}
    held: dict[int, list[Indicator]] = {}
    contracts = [version.contract_id for version in fixed if version.contract.standard_id in by_standard]
    for indicator in Indicator.objects.filter(contract__in=contracts).order_by("pk"):
        held.setdefault(indicator.contract_id, []).append(indicator)
    TableRow.objects.bulk_create(
        TableRow(
            version=version,
            table=by_standard[version.contract.standard_id],
            code=indicator.code,
            order=order,
            cells=said_by(
                indicator, [column.key for column in by_standard[version.contract.standard_id].columns.all()]
            ),
            is_illustrative=indicator.is_illustrative,
        )
        for version in fixed
        for order, indicator in enumerate(held.get(version.contract_id, ()))
    )


def said_by(indicator: Indicator, keys: Iterable[str]) -> dict[str, Any]:
    """Give the cells of an indicator as JSON holds them, empty ones left out."""
    return {key: to_json(value) for key, value in cells_of(indicator, keys).items() if value is not None}
