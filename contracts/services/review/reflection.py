"""The national reflection: what all reviews of a round say together, from their outcomes alone.

Only contracts that their cities share take part, the others are counted. Kilotons are added up only for contracts
that count the same gas towards the same year; the rest is named, never guessed. Numbers are text in JSON.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cities.models import Municipality
from cities.models.bottleneck import Bottleneck, Sharing
from cities.models.involvement import Level
from contracts.models import AnnualReview, ContractMunicipality, Effort, ReviewRound
from contracts.models.action import Sector
from contracts.models.review import EffortStatus
from contracts.services.review.outcome import NOT_FILLED_IN
from governance.models.organisation import Group

SCHEMA = 1
LEVELS = (Level.MISSION.value, Level.EOI.value, Level.INTERESTED.value, Level.OTHER.value)
SETBACKS = (EffortStatus.BEHIND.value, EffortStatus.STOPPED.value)
# How many of each kind the reflection names; all of them are counted.
NAMED = 30
# A promise of the state stands in very many contracts, and is said once: all of them have to be there for it.
NAMED_OF_STATE = 1000


@dataclass(frozen=True)
class Row:
    """One review with what the reflection needs of its contract."""

    review: AnnualReview
    outcome: dict[str, Any]
    municipalities: tuple[str, ...]
    level: str


def reflection_of(round: ReviewRound) -> dict[str, Any]:
    """Give the figures of a round whose reviews are closed; six queries, whatever their number."""
    reviews = list(
        AnnualReview.objects.filter(round=round)
        .select_related("contract", "version")
        .order_by("contract__title", "pk")
    )
    rows = _rows([review for review in reviews if review.contract.sharing != Sharing.DRAFT])
    efforts = [{**effort, **_whose(row)} for row in rows for effort in row.outcome["efforts"]]
    return {
        "schema": SCHEMA,
        "year": round.year,
        "contracts": len(rows),
        "not_shared": len(reviews) - len(rows),
        "illustrative": sum(row.review.contract.is_illustrative for row in rows),
        "handed_in": sum(bool(row.outcome["handed_in"]) for row in rows),
        "parts": _parts(rows),
        "counts": counts(efforts),
        "sectors": _by_sector(efforts),
        "levels": _by_level(rows),
        "gaps": _gaps(rows),
        "no_gap": [_no_gap(row) for row in rows if row.outcome["position"] is None],
        "ahead": _named(efforts, [EffortStatus.AHEAD.value]),
        "setbacks": _named(efforts, SETBACKS),
        "obstacles": _obstacles(efforts),
        "state": _state(efforts),
        "reviews": [_block(row) for row in rows],
    }


def counts(efforts: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Count answers per status, 'none' for what was not filled in; every status has a number."""
    found = Counter(effort["status"] or NOT_FILLED_IN for effort in efforts)
    return {status: found[status] for status in (*EffortStatus.values, NOT_FILLED_IN)}


def _rows(reviews: Sequence[AnnualReview]) -> list[Row]:
    names: dict[int, list[str]] = defaultdict(list)
    levels: dict[int, set[str]] = defaultdict(set)
    links = ContractMunicipality.objects.filter(contract__in=[review.contract_id for review in reviews]).order_by(
        "order", "pk"
    )
    pairs = list(links.values_list("contract", "municipality"))
    known = Municipality.objects.with_level().in_bulk({municipality for _contract, municipality in pairs})
    for contract, municipality in pairs:
        names[contract].append(known[municipality].name)
        levels[contract].add(getattr(known[municipality], "level"))  # noqa: B009 - annotated
    return [
        Row(
            review,
            review.outcome or {},
            tuple(names[review.contract_id]),
            next((level for level in LEVELS if level in levels[review.contract_id]), Level.OTHER.value),
        )
        for review in reviews
    ]


def _whose(row: Row) -> dict[str, str]:
    contract = row.review.contract
    return {"at": contract.public_id, "contract": contract.title, "contract_en": contract.title_en}


def _parts(rows: Sequence[Row]) -> dict[str, int]:
    asked = [part for row in rows for part in row.outcome["parts"] if part["asked"]]
    return {"total": len(asked), "handed_in": sum(bool(part["handed_in"]) for part in asked)}


def _by_sector(efforts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for effort in efforts:
        if effort["sector"]:
            groups[effort["sector"]].append(effort)
    return [
        {"sector": sector, "counts": counts(groups[sector]), "total": len(groups[sector])}
        for sector in Sector.values
        if sector in groups
    ]


def _by_level(rows: Sequence[Row]) -> list[dict[str, Any]]:
    found = []
    for level in LEVELS:
        mine = [row for row in rows if row.level == level]
        if mine:
            efforts = [effort for row in mine for effort in row.outcome["efforts"]]
            handed_in = sum(bool(row.outcome["handed_in"]) for row in mine)
            found.append(
                {"level": level, "contracts": len(mine), "handed_in": handed_in, "counts": counts(efforts)}
            )
    return found


def _gaps(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Add up where contracts stand: apart for every gas and target year, and made-up contracts apart."""
    groups: dict[tuple[bool, int, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        position = row.outcome["position"]
        if position is not None:
            groups[row.review.contract.is_illustrative, position["year"], position["gas"]].append(position)
    return [
        {
            "gas": gas,
            "year": year,
            "illustrative": illustrative,
            "contracts": len(positions),
            **{name: _sum(position[name] for position in positions) for name in SUMMED},
        }
        for (illustrative, year, gas), positions in sorted(groups.items())
    ]


SUMMED = ("target_kt", "promised_kt", "expected_kt", "promised_gap_kt", "gap_kt")


def _sum(values: Iterable[str]) -> str:
    return str(sum((Decimal(value) for value in values), Decimal(0)))


def _no_gap(row: Row) -> dict[str, str]:
    unit = row.review.prefilled.get("figures", {}).get("unit", "")
    return {**_whose(row), "why": "percent" if unit == "pct" else "figures"}


def _named(efforts: Sequence[dict[str, Any]], statuses: Sequence[str]) -> dict[str, Any]:
    """Give the efforts with these answers, those that matter most in kt first, and how many there are."""
    found = [effort for effort in efforts if effort["status"] in statuses]
    found.sort(key=_weight, reverse=True)
    return {"total": len(found), "named": [_line(effort) for effort in found[:NAMED]]}


def _weight(effort: dict[str, Any]) -> tuple[Decimal, Decimal]:
    planned = Decimal(effort["planned_kt"] or 0)
    expected = Decimal(effort["expected_kt"] or 0) if effort["expected_kt"] is not None else planned
    return abs(planned - expected), planned


def _line(effort: dict[str, Any]) -> dict[str, Any]:
    return {key: effort[key] for key in LINE if key in effort}


LINE = (
    "at",
    "contract",
    "contract_en",
    "title",
    "title_en",
    "party",
    "sector",
    "status",
    "planned_kt",
    "expected_kt",
    "reason",
    "learned",
    "obstacle",
)


def _obstacles(efforts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Group obstacles by the theme that the city gave the bottleneck they became, else by the action's sector."""
    blocked = [effort for effort in efforts if effort["status"] == EffortStatus.BLOCKED]
    themes = _themes([effort["effort"] for effort in blocked])
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for effort in blocked:
        theme = themes.get(effort["effort"])
        groups[theme or ("", "", effort["sector"])].append(effort)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "total": len(blocked),
        "groups": [
            {
                "label_nl": label_nl,
                "label_en": label_en,
                "sector": sector,
                "total": len(found),
                "contracts": len({effort["at"] for effort in found}),
                "named": [_line(effort) for effort in sorted(found, key=_weight, reverse=True)[:NAMED]],
            }
            for (label_nl, label_en, sector), found in ordered
        ],
    }


def _themes(keys: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    efforts = Effort.objects.filter(pk__in=keys, bottleneck__theme__isnull=False).select_related(
        "bottleneck__theme"
    )
    found: dict[int, tuple[str, str, str]] = {}
    for effort in efforts:
        bottleneck = effort.bottleneck
        if isinstance(bottleneck, Bottleneck) and bottleneck.theme is not None:
            found[effort.pk] = (bottleneck.theme.label_nl, bottleneck.theme.label_en, "")
    return found


def _state(efforts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Give what ministries promised and what they say of it: the state answers like everybody else."""
    found = [effort for effort in efforts if effort["group"] == Group.MINISTRY]
    return {
        "total": len(found),
        "counts": counts(found),
        "named": [_line(effort) for effort in found[:NAMED_OF_STATE]],
    }


def _block(row: Row) -> dict[str, Any]:
    """Give one contract's own block."""
    outcome = row.outcome
    figures = row.review.prefilled.get("figures", {})
    asked = [part for part in outcome["parts"] if part["asked"]]
    return {
        **_whose(row),
        "municipalities": list(row.municipalities),
        "level": row.level,
        "sharing": row.review.contract.sharing,
        "illustrative": row.review.contract.is_illustrative,
        "target_year": row.review.version.target_year,
        "handed_in": outcome["handed_in"],
        "parts": {"total": len(asked), "handed_in": sum(bool(part["handed_in"]) for part in asked)},
        "counts": counts(outcome["efforts"]),
        "position": outcome["position"],
        "latest": figures.get("latest"),
        "base": figures.get("base"),
        "path": figures.get("path", []),
        "unit": figures.get("unit", ""),
        "conclusion": outcome["conclusion"],
        "changed": [_line(effort) for effort in _changed(outcome["efforts"])],
    }


def _changed(efforts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give what is not simply on course, heaviest first: at most four, for a short block."""
    found = [effort for effort in efforts if effort["status"] not in ("", EffortStatus.ON_COURSE.value)]
    return sorted(found, key=_weight, reverse=True)[:4]
