"""Finding the municipalities that somebody wants to put beside each other."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from cities.models import Municipality
from cities.selectors import successor_of
from nss_portal.core.access import Actor
from nss_portal.core.time import today

FEWEST, MOST = 2, 5
CODE = re.compile(r"[Gg][Mm]\d{4}")


@dataclass
class Choice:
    """What came of a choice: the municipalities, in the order of asking, and what could not be taken."""

    municipalities: list[Municipality] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    ended: list[tuple[Municipality, Municipality | None]] = field(default_factory=list)
    too_many: int = 0

    @property
    def is_enough(self) -> bool:
        """Say whether there is something to compare."""
        return len(self.municipalities) >= FEWEST

    @property
    def codes(self) -> list[str]:
        """Give the codes of what was chosen."""
        return [municipality.code for municipality in self.municipalities]


def chosen(actor: Actor, values: Iterable[str]) -> Choice:
    """Find municipalities by code or by name, each once; what is over `MOST` is counted.

    One query, and one more where names were given.
    """
    asked = list(dict.fromkeys(value.strip()[:100].replace("\x00", "") for value in values if value.strip()))
    found = _by_value(actor, asked)
    choice = Choice()
    for value in asked:
        municipality = found.get(value.casefold())
        if municipality is None:
            choice.unknown.append(value)
        elif municipality.valid_to is not None and municipality.valid_to < today():
            choice.ended.append((municipality, successor_of(municipality, today())))
        elif municipality in choice.municipalities:
            continue
        elif len(choice.municipalities) == MOST:
            choice.too_many += 1
        else:
            choice.municipalities.append(municipality)
    return choice


def _by_value(actor: Actor, asked: list[str]) -> dict[str, Municipality]:
    """Give municipalities under what they were asked by: their code, their name or another name they have."""
    if not asked:
        return {}
    codes = [value.upper() for value in asked if CODE.fullmatch(value)]
    wanted = Q(code__in=codes)
    for value in asked:
        if not CODE.fullmatch(value):
            wanted |= Q(common_name__iexact=value) | Q(name__iexact=value) | Q(other_names__name__iexact=value)
    rows = Municipality.objects.visible_to(actor).with_level().select_related("organisation", "successor")
    if len(codes) < len(asked):
        rows = rows.prefetch_related("other_names").distinct()
    found: dict[str, Municipality] = {}
    for municipality in rows.filter(wanted).order_by("valid_to", "pk"):
        others = [other.name for other in municipality.other_names.all()] if len(codes) < len(asked) else []
        for name in (municipality.code, municipality.common_name, municipality.name, *others):
            # One that exists comes before one that has ended, and a name of its own before another name.
            there = found.get(name.casefold())
            if there is None or (there.valid_to is not None and municipality.valid_to is None):
                found[name.casefold()] = municipality
    return found


def find_named(actor: Actor, value: str) -> Municipality | None:
    """Give the municipality of today of a name or code; one that ended leads to its successor."""
    choice = chosen(actor, [value])
    if choice.municipalities:
        return choice.municipalities[0]
    return choice.ended[0][1] if choice.ended else None


def names_of_municipalities(actor: Actor) -> list[str]:
    """Give the names of the municipalities of today, to choose from. One query."""
    return list(Municipality.objects.visible_to(actor).current().values_list("common_name", flat=True))
