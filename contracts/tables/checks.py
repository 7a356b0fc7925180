"""What is missing or odd in a draft, before it is handed in: read once, then pure functions on the rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.models import ContractVersion, EmissionFigure
from contracts.tables.computed import base_year_of, baseline, work_out
from contracts.tables.holding import Held, Row, held_by
from contracts.tables.template import Template
from contracts.tables.values import number_text
from contracts.tables.vocab import label_of
from governance.models.organisation import Group
from nss_portal.core.time import today

# What may be left in the target year, as the template has it.
MOST_RESIDUAL = Decimal("0.20")
NAMED = 3


@dataclass(frozen=True)
class Finding:
    """Something that is missing or odd, and the table or section in which it is mended."""

    text: str
    table: str = ""
    section: str = ""


@dataclass(frozen=True)
class Checklist:
    """What is missing, and what is odd."""

    missing: tuple[Finding, ...]
    odd: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """Count everything."""
        return len(self.missing) + len(self.odd)


def checklist(
    version: ContractVersion, template: Template, figures: Iterable[EmissionFigure] | None = None
) -> Checklist:
    """Go through a draft; at most seven queries, one less with the contract's `figures` read already."""
    held = held_by(version, template.tables, figures=figures)
    work_out(held)
    codes = {table.concept: table.code for table in template.tables}
    written = set(version.texts.exclude(text="").values_list("section_id", flat=True))

    def found(*checks: Callable[[Held], Iterator[tuple[str, str]]]) -> Iterator[Finding]:
        for concept, text in chain.from_iterable(check(held) for check in checks):
            if concept in codes:
                yield Finding(text, codes[concept])

    empty = [
        Finding(_("Table {code} {title} is empty.").format(code=table.code, title=table.title), table.code)
        for table in template.tables
        if table.record.is_needed and not held.of(table.concept)
    ]
    unwritten = [
        Finding(_("'{title}' has no text.").format(title=section.record.title), section=section.record.code)
        for section in template.sections
        if section.record.asks_text and section.record.pk not in written
    ]
    return Checklist(
        missing=(*empty, *found(_actions_lack, _promises_lack, _silent_parties), *unwritten),
        odd=tuple(found(_divided, _left_over, _dates, _lost_names, _published, _twice)),
    )


def _some(rows: list[Row], key: str, held: Held) -> str:
    """Name a few rows."""
    names = [str(row.cells.get(key)) for row in rows[:NAMED]]
    more = len(rows) - NAMED
    text = ", ".join(f"‘{Truncator(name).chars(60)}’" for name in names)
    return text + (
        ngettext(" and %(number)s more", " and %(number)s more", more) % {"number": more} if more > 0 else ""
    )


def _actions_lack(held: Held) -> Iterator[tuple[str, str]]:
    for key, text in (
        ("responsible", _("Nobody is responsible for: {names}.")),
        ("effect_kt", _("No reduction is given for: {names}.")),
        ("measure", _("No kind of measure is chosen for: {names}. It makes like actions of cities add up.")),
    ):
        lacking = [row for row in held.of("actions") if row.cells.get(key) is None]
        if lacking:
            yield "actions", text.format(names=_some(lacking, "title", held))
    free = [row for row in held.of("actions") if row.computed.get("cost") is None]
    if free:
        yield "investments", _("No money is given for: {names}.").format(names=_some(free, "title", held))


def _promises_lack(held: Held) -> Iterator[tuple[str, str]]:
    for key, text in (
        ("owner", _("These promises have no owner: {names}.")),
        ("due_on", _("These promises have no date: {names}.")),
        ("status", _("Of these promises it is not said how far they are: {names}.")),
    ):
        lacking = [row for row in held.of("commitments") if row.cells.get(key) is None]
        if lacking:
            yield "commitments", text.format(names=_some(lacking, "title", held))


def _silent_parties(held: Held) -> Iterator[tuple[str, str]]:
    busy = {row.cells.get("party") for row in held.of("commitments")}
    busy |= {row.cells.get("responsible") for row in held.of("actions")}
    silent = [row for row in held.of("signatories") if row.cells.get("name") not in busy]
    if silent:
        text = _("These parties promise nothing and do nothing: {names}.")
        yield "commitments", text.format(names=_some(silent, "name", held))
    state = {Group.MINISTRY.value, Group.AGENCY.value}
    if not any(row.cells.get("group") in state for row in held.of("signatories")):
        yield "signatories", _("The state is no party yet. What does the city need of it?")


def _divided(held: Held) -> Iterator[tuple[str, str]]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in held.of("action-impacts"):
        sums[str(row.cells.get("action"))] += row.number("effect") or 0
    for row in held.of("actions"):
        whole = row.number("effect_kt")
        if row.code in sums and whole is not None and sums[row.code] != whole:
            text = _("‘{action}’ does {whole} kt, but divided over sectors that adds up to {sum} kt.")
            words = {"whole": number_text(whole), "sum": number_text(sums[row.code])}
            yield "action-impacts", text.format(action=row.cells["title"], **words)


def _left_over(held: Held) -> Iterator[tuple[str, str]]:
    base = sum(baseline(held).values(), Decimal(0))
    left = [row.number("residual") for row in held.of("emissions-gap")]
    known = [each for each in left if each is not None]
    rest = sum(known, Decimal(0))
    if base and len(known) == len(left) and left and rest > base * MOST_RESIDUAL:
        text = _("{rest} kt remains of {base} kt: more than the 20% that the template allows.")
        yield "emissions-gap", text.format(rest=number_text(rest), base=number_text(base))
    for row in held.of("emissions-gap"):
        sector = shown_sector(row, held)
        start, target = row.number("baseline"), row.number("target")
        if start is None:
            text = _("There are no emissions of ‘{sector}’ in the base year to compare its target with.")
            yield "emissions-gap", text.format(sector=sector)
        elif target is not None and target > start:
            text = _("The target of ‘{sector}’ takes away more than is emitted there.")
            yield "emissions-gap", text.format(sector=sector)
    for row in held.of("emissions"):
        total, parts = row.number("value"), [row.number(f"scope{scope}") for scope in (1, 2, 3)]
        given = [each for each in parts if each is not None]
        if row.cells.get("value") is not None and given and total is not None and sum(given) != total:
            text = _("‘{sector}’ in {year}: the scopes add up to {sum} kt, the total says {total} kt.")
            words = {"sum": number_text(sum(given, Decimal(0))), "total": number_text(total)}
            yield "emissions", text.format(sector=shown_sector(row, held), year=row.cells["year"], **words)


def shown_sector(row: Row, held: Held) -> str:
    """Give the sector of a row in words."""
    return label_of("sector", str(row.cells.get("sector") or ""))


def _dates(held: Held) -> Iterator[tuple[str, str]]:
    late = [
        row
        for row in held.of("commitments")
        if isinstance(row.cells.get("due_on"), date)
        and row.cells["due_on"] < today()  # type: ignore[operator]
        and row.cells.get("status") not in {"done", "stopped"}
    ]
    if late:
        text = _("The date of these promises is past, and they are not done: {names}.")
        yield "commitments", text.format(names=_some(late, "title", held))
    turned = [
        row
        for row in held.of("actions")
        if row.cells.get("starts_in")
        and row.cells.get("ends_in")
        and row.number("ends_in") < row.number("starts_in")  # type: ignore[operator]
    ]
    if turned:
        yield (
            "actions",
            _("These actions end before they begin: {names}.").format(names=_some(turned, "title", held)),
        )
    first, last = base_year_of(held) or 1990, held.version.target_year
    odd = {row.cells["year"] for row in held.of("investments") if row.number("year") is not None}
    outside = sorted(int(str(year)) for year in odd if not first <= int(str(year)) <= last)
    if outside:
        text = _("Money stands in years outside the contract: {years}.")
        yield "investments", text.format(years=", ".join(map(str, outside)))
    dateless = [row for row in held.of("investments") if row.cells.get("year") is None]
    if dateless and len(dateless) < len(held.of("investments")):
        text = ngettext("%(number)s post has no year.", "%(number)s posts have no year.", len(dateless))
        yield "investments", text % {"number": len(dateless)}


def _lost_names(held: Held) -> Iterator[tuple[str, str]]:
    """Rows that refer to a party or an action that was taken out since."""
    refers = {
        "signatory-details": ("party", set(held.names.parties.values())),
        "signatory-actions": ("party", set(held.names.parties.values())),
        "action-impacts": ("action", set(held.names.titles)),
        "indicators": ("action", set(held.names.titles)),
    }
    for concept, (key, known) in refers.items():
        lost = [row for row in held.of(concept) if row.cells.get(key) is not None and row.cells[key] not in known]
        if lost:
            text = _("Rows name something that is not in the contract any more: {names}.")
            yield concept, text.format(names=_some(lost, key, held))


def _published(held: Held) -> Iterator[tuple[str, str]]:
    for concept, rows in held.rows.items():
        differ = sum(
            value != row.computed.get(key)
            for row in rows
            for key, value in row.published.items()
            if key in row.computed
        )
        if differ:
            text = ngettext(
                "%(number)s published number differs from what its own table says. Explain it in the text.",
                "%(number)s published numbers differ from what their own table says. Explain it in the text.",
                differ,
            )
            yield concept, text % {"number": differ}


def _twice(held: Held) -> Iterator[tuple[str, str]]:
    titles: dict[str, int] = defaultdict(int)
    for row in held.of("actions"):
        titles[str(row.cells.get("title")).casefold()] += 1
    double = [row for row in held.of("actions") if titles[str(row.cells.get("title")).casefold()] > 1]
    if double:
        yield (
            "actions",
            _("These actions stand there twice: {names}.").format(names=_some(double[:1], "title", held)),
        )
