"""Figures of a contract in words: how far from the target, and where published numbers differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.figures import FACTORS, TOTAL, Check, Claim, Finding, Outlook, Reading
from contracts.models.emission import FigureKind
from nss_portal.core.formats import format_number

UNITS: Mapping[str, str | Promise] = {
    "kg": "kg",
    "ton": gettext_lazy("tons"),
    "kton": gettext_lazy("kt"),
    "Mton": gettext_lazy("megatons"),
    "%": "%",
}


@dataclass(frozen=True)
class Headline:
    """What the figures of a contract come down to: a heading and a sentence."""

    title: str
    text: str


def headline(outlook: Outlook) -> Headline:
    """Say how far the contract ends from its target, and whether the portal worked that out."""
    words = {
        "base": format_number(outlook.base.value),
        "base_year": outlook.base_year,
        "remaining": format_number(outlook.remaining),
        "year": outlook.target_year,
        "place": outlook.base.place,
    }
    text = (
        _(
            "According to %(place)s emissions go down from %(base)s kilotons of CO₂ in %(base_year)s"
            " to %(remaining)s in %(year)s."
        )
        % words
    )
    if outlook.target is None or outlook.gap is None:
        return Headline(_("%(remaining)s kilotons left in %(year)s") % words, text)
    text += " " + _("The target is %(target)s.") % {"target": format_number(outlook.target)}
    if outlook.remaining_is_computed or outlook.gap_is_computed:
        text += " " + _("The portal worked out the difference; the publication gives its terms.")
    if outlook.gap > 0:
        return Headline(_("%(gap)s kilotons to go to the target") % {"gap": format_number(outlook.gap)}, text)
    return Headline(_("The target comes within reach"), text)


@dataclass(frozen=True)
class Side:
    """One of two numbers that differ: the number, and where it stands or what it is the sum of."""

    number: str
    place: str


@dataclass(frozen=True)
class FindingRow:
    """Two numbers that differ, as a page shows them; `note` is what the team says of it."""

    key: str
    title: str
    one: Side
    other: Side
    difference: str
    remark: str
    is_rounding: bool
    note: Mapping[str, object] | None


def plain_number(value: Decimal | None) -> str:
    """Write a number with the decimals it has: 60.400 becomes 60,4; None becomes '–'."""
    if value is None:
        return format_number(None)
    text = f"{value:f}"
    return format_number(value, _decimals(text.rstrip("0")) if "." in text else 0)


def _in_unit(value: Decimal, unit: str, decimals: int) -> str:
    number = format_number(value / FACTORS[unit], decimals)
    return f"{number}%" if unit == "%" else f"{number} {UNITS[unit]}"


def _decimals(printed: str) -> int:
    return len(printed.partition(".")[2])


def _side(reading: Reading) -> Side:
    """Write a printed number as it is printed, and a sum in the unit of its terms."""
    first = reading.claim or reading.terms[0]
    decimals = max(_decimals(term.printed) for term in (reading.terms or (first,)))
    number = _in_unit(reading.value, first.printed_unit, decimals)
    if reading.claim is not None:
        return Side(number, reading.place)
    names = ", ".join(f"{term.label} ({_printed(term)})" for term in reading.terms)
    return Side(number, _("worked out from %(place)s: %(names)s") % {"place": reading.place, "names": names})


def _printed(claim: Claim) -> str:
    """Write a number as its source prints it, in the notation of the page."""
    return format_number(Decimal(claim.printed), _decimals(claim.printed))


def _remark(finding: Finding) -> str:
    if finding.is_rounding:
        return _("Rounding can explain this difference.")
    if not finding.same_boundary:
        return _("These numbers may not count the same things: %(one)s and %(other)s.") % {
            "one": _scope(finding.one.boundary),
            "other": _scope(finding.other.boundary),
        }
    one, other = finding.one.claim, finding.other.claim
    if one and other and one.label != other.label:
        words = {"one": one.label, "other": other.label}
        return _("The publication calls it '%(one)s' here and '%(other)s' there.") % words
    if finding.check == Check.PARTS:
        return _("Perhaps the two do not count the same things; the publication does not say.")
    return _("Rounding cannot explain this difference.")


def _scope(boundary: str) -> str:
    scope, _space, gas = boundary.partition(" ")
    return _("scope %(scope)s, %(gas)s") % {"scope": scope, "gas": gas}


def _inside(label: str) -> str:
    """Give a label as it stands inside a sentence."""
    return label[:1].lower() + label[1:]


def _difference(finding: Finding) -> str:
    """Write the difference in the finer of the two units."""
    sides = [reading.claim or reading.terms[0] for reading in (finding.one, finding.other)]
    finer = min(sides, key=lambda claim: claim.step)
    decimals = _decimals(finer.printed)
    if finer.printed_unit == "%":
        return _("%(number)s percentage points") % {"number": format_number(abs(finding.difference), decimals)}
    return _in_unit(abs(finding.difference), finer.printed_unit, decimals)


def finding_row(finding: Finding, notes: Mapping[str, Mapping[str, object]]) -> FindingRow:
    """Put a finding into words."""
    claim = finding.claim
    kind = str(FigureKind(claim.kind).label).capitalize()
    words = {"kind": kind, "year": claim.year, "sector": _inside(claim.label)}
    return FindingRow(
        key=finding.key,
        title=_("%(kind)s in %(year)s: %(sector)s") % words,
        one=_side(finding.one),
        other=_side(finding.other),
        difference=_difference(finding),
        remark=_remark(finding),
        is_rounding=finding.is_rounding,
        note=notes.get(finding.key),
    )


def reduction_headline(leading: Sequence[Claim], target_year: int) -> Headline | None:
    """Say what a contract in percent comes down to in its target year, or None where it does not say."""
    rows = [
        claim for claim in leading if (claim.unit, claim.kind, claim.year) == ("pct", "reduction", target_year)
    ]
    total = next((claim for claim in rows if claim.sector == TOTAL and claim.value is not None), None)
    if total is None:
        return None
    words = {"value": _printed(total), "year": target_year, "place": total.place}
    parts = ", ".join(f"{_inside(claim.label)} {_printed(claim)}" for claim in rows if claim.sector != TOTAL)
    text = _(
        "According to %(place)s emissions in %(year)s are %(value)s percent lower than in the reference year."
    )
    text = f"{text % words} " + _("In percentage points: %(parts)s.") % {"parts": parts}
    return Headline(_("%(value)s percent less in %(year)s") % {**words, "value": plain_number(total.value)}, text)


@dataclass(frozen=True)
class SectorTable:
    """The leading table of a contract: a heading per kind and year, a row per sector."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unit: str


def sector_table(leading: Sequence[Claim]) -> SectorTable | None:
    """Give the leading table by sector, as printed, or None where it is in percent; gaps are never filled in."""
    if any(claim.unit != "kt" for claim in leading):
        return None
    columns = sorted({(claim.year, claim.kind) for claim in leading})
    sectors = sorted({claim.sector: claim.label for claim in leading}.items(), key=lambda item: item[0] == TOTAL)
    if not columns:
        return None
    held = {(claim.sector, claim.year, claim.kind): claim for claim in leading}
    rows = tuple(
        (label, *(_cell(held.get((sector, year, kind))) for year, kind in columns)) for sector, label in sectors
    )
    head = tuple(f"{FigureKind(kind).label} {year}" for year, kind in columns)
    return SectorTable(head, rows, str(UNITS[leading[0].printed_unit]))


def _cell(claim: Claim | None) -> str:
    if claim is None:
        return ""
    return _printed(claim) if claim.printed else _("not published")


@dataclass(frozen=True)
class FigureCell:
    """One published number with what it counts."""

    label: str
    number: str
    sector: str = ""
    year: int = 0
    is_total: bool = False


def figure_cell(label: str, year: int, claim: Claim) -> FigureCell:
    """Write one number as it is printed; one that is not published says so."""
    number = _("not published")
    if claim.printed:
        number = f"{_printed(claim)} {UNITS[claim.printed_unit]}"
    return FigureCell(f"{label}, {year}", number, label, year, claim.sector == "total")
