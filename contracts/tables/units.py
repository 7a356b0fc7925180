"""Units as people write them, and what one of each is in the unit of the portal."""

import re
from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# What one of a unit is in the unit of the portal. 'mt' in small letters is left out: megatons or metric tons?
UNITS: Mapping[str, Mapping[str, Decimal]] = {
    "kt": {
        "kg": Decimal("0.000001"),
        "t": Decimal("0.001"),
        "ton": Decimal("0.001"),
        "tons": Decimal("0.001"),
        "tonne": Decimal("0.001"),
        "tonnes": Decimal("0.001"),
        "kt": Decimal(1),
        "kton": Decimal(1),
        "kiloton": Decimal(1),
        "kilotons": Decimal(1),
        "Mt": Decimal(1000),
        "Mton": Decimal(1000),
        "megaton": Decimal(1000),
        "megatons": Decimal(1000),
    },
    "MEUR": {
        "eur": Decimal("0.000001"),
        "euro": Decimal("0.000001"),
        "euros": Decimal("0.000001"),
        "€": Decimal("0.000001"),
        "keur": Decimal("0.001"),
        "k€": Decimal("0.001"),
        "meur": Decimal(1),
        "m€": Decimal(1),
        "mln": Decimal(1),
        "mln euro": Decimal(1),
        "mln eur": Decimal(1),
        "mln €": Decimal(1),
        "million": Decimal(1),
        "million euro": Decimal(1),
        "million euros": Decimal(1),
        "million eur": Decimal(1),
        "miljoen": Decimal(1),
        "miljoen euro": Decimal(1),
        "mld euro": Decimal(1000),
        "miljard euro": Decimal(1000),
        "billion euro": Decimal(1000),
        "bn eur": Decimal(1000),
    },
    "MWh": {
        "kwh": Decimal("0.001"),
        "mwh": Decimal(1),
        "gwh": Decimal(1000),
        "twh": Decimal(1_000_000),
    },
}
UNIT_LABELS: Mapping[str, str | Promise] = {
    "kt": "kt CO₂",
    "MEUR": gettext_lazy("million euros"),
    "MEUR/kt": gettext_lazy("million euros per kt"),
}
GAS = re.compile(r"\s*(co2|co₂)(\s*-?\s*(equivalenten|equivalents|equivalent|eq|e))?\.?", re.IGNORECASE)
PER_YEAR = re.compile(r"\s*(/|per)\s*(yr|year|jaar|jr|a)\b\.?", re.IGNORECASE)


def unit_label(unit: str) -> str:
    """Give a unit as people read it."""
    return str(UNIT_LABELS.get(unit, unit))


def unit_of(text: str, wanted: str) -> Decimal | None:
    """Give what one of a written unit is in the wanted one, or None where that is not clear."""
    bare = PER_YEAR.sub("", GAS.sub("", text)).strip(" .()[]")
    known = UNITS.get(wanted, {wanted: Decimal(1), wanted.casefold(): Decimal(1)})
    if bare in known:
        return known[bare]
    if wanted == "kt" and bare.casefold() == "mt":
        return known["Mt"] if bare.startswith("M") else None
    return {name.casefold(): factor for name, factor in known.items()}.get(bare.casefold())
