"""Made-up indicators for contracts of the demonstration: some on course, some behind."""

import random
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.text import slugify

from contracts.models import ClimateContract, Indicator, IndicatorValue
from nss_portal.core.time import today

SOURCE = "Verzonnen voor de demonstratie"
# Name in Dutch and English, unit, value in the first year, target, and how far it is on its way (1: on the line).
MADE_UP = (
    ("Woningen van het aardgas af", "Homes off natural gas", "woningen", 4000, 64000, Decimal("0.8")),
    ("Elektrische bussen", "Electric buses", "%", 12, 100, Decimal("1.1")),
    (
        "Elektriciteit uit zon op grote daken",
        "Electricity from solar on large roofs",
        "GWh",
        35,
        180,
        Decimal("0.4"),
    ),
)
PUBLICATIONS = ("ccc-eindhoven-helmond", "ccc-groningen", "ccc-rotterdam", "ccc-amsterdam")
FIRST_YEAR, YEARS = 2019, 4


def make_indicators(contracts: Iterable[ClimateContract]) -> int:
    """Add the made-up indicators to contracts; before a version is fixed, which keeps them. Gives how many."""
    made = Indicator.objects.bulk_create(
        (
            Indicator(
                contract=contract,
                code=slugify(title)[:40],
                title=title,
                title_en=title_en,
                unit=unit,
                base_year=FIRST_YEAR,
                base_value=base,
                target_year=contract.target_year,
                target_value=target,
                source=SOURCE,
                is_illustrative=True,
            )
            for contract in contracts
            for title, title_en, unit, base, target, _pace in MADE_UP
        ),
        batch_size=2000,
    )
    return len(made)


@transaction.atomic
def load_indicators(scale: str, seed: int) -> list[str]:
    """Add the values of years to the demonstration's indicators that have none; gives lines for the console."""
    names = [title for title, *_rest in MADE_UP]
    found = Indicator.objects.filter(is_illustrative=True, source=SOURCE, title__in=names, values__isnull=True)
    indicators = list(found.select_related("contract").order_by("contract", "pk"))
    last = today().year - 1
    ends = {title: (base, target) for title, _en, _unit, base, target, _pace in MADE_UP}
    paces = {title: pace for title, _en, _unit, _base, _target, pace in MADE_UP}
    dice = random.Random(f"{seed}-indicators")  # noqa: S311 - demo data
    values = []
    for each in indicators:
        pace = paces[each.title] * Decimal(dice.randint(85, 115)) / 100
        base, target = ends[each.title]
        for year in range(last - YEARS + 1, last + 1):
            share = pace * (year - FIRST_YEAR) / (each.contract.target_year - FIRST_YEAR)
            value = base + (target - base) * share
            values.append(IndicatorValue(indicator=each, year=year, value=Decimal(value).quantize(Decimal(1))))
    IndicatorValue.objects.bulk_create(values, batch_size=2000)
    return [f"indicators with values {len(indicators)}"] if indicators else []
