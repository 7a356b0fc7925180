"""A version of a contract as a document: chapters in words, tables and charts, out of plain data alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from contracts import charting
from contracts.canonical import MORE_OF_PARTY
from contracts.explorer.inputs import Base, Inputs, MeasureInput, SectorBase
from contracts.explorer.page import PathwayPage
from contracts.figure_words import Headline, SectorTable, headline, reduction_headline, sector_table
from contracts.figures import Claim, Outlook, outlook
from contracts.models.action import Payer, Sector
from contracts.models.signature import SignatureState, SignatureWay
from contracts.models.version import VersionState
from contracts.presenting.contract import money
from contracts.presenting.document_actions import Sheetlet, is_capital, sheetlet_of
from contracts.snapshot_words import (
    field_label,
    is_rows,
    number_words,
    pairs,
    part_label,
    row_title,
    unfolded,
    value_words,
)
from governance.models.organisation import Group
from nss_portal.core import charts
from nss_portal.core.charts import Chart
from nss_portal.core.formats import format_date, format_percent

# Parts of the snapshot that have a chapter of their own; all others follow behind them.
KNOWN = frozenset({"schema", "contract", "version", "parties", "commitments", "actions", "investments"})
COLUMNS = 6


@dataclass(frozen=True)
class PartyBlock:
    """A party with what it promises and the actions that it is responsible for."""

    name: str
    group: str
    is_leading: bool
    commitments: Sequence[str]
    actions: Sequence[str]


@dataclass(frozen=True)
class OtherPart:
    """A part of the data that has no chapter of its own: texts, or rows with their fields."""

    title: str
    texts: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass(frozen=True)
class SignatureLine:
    """A signature in words."""

    name: str
    text: str
    tone: str


@dataclass(frozen=True)
class Document:
    """What the template of a contract draws; `data` is that of the report's snapshot."""

    data: Mapping[str, Any]

    @property
    def agreed(self) -> Mapping[str, Any]:
        """Give what the version's hash was taken of."""
        agreed: Mapping[str, Any] = self.data["agreed"]
        return agreed

    @property
    def version(self) -> Mapping[str, Any]:
        """Give number, state, days and hash of the version."""
        version: Mapping[str, Any] = self.data["version"]
        return version

    @property
    def state(self) -> str:
        """Give the state in words."""
        return str(VersionState(self.version["state"]).label)

    @property
    def is_draft(self) -> bool:
        """Say whether nobody has adopted this yet."""
        return self.version["state"] in (VersionState.DRAFT, VersionState.INTERNAL_REVIEW)

    @property
    def is_superseded(self) -> bool:
        """Say whether a later version took its place."""
        return bool(self.version["state"] == VersionState.SUPERSEDED)

    @property
    def is_illustrative(self) -> bool:
        """Say whether all of it, or who is a party, was made up for the demonstration."""
        parts = [*self.agreed["parties"], *self.agreed["actions"]]
        return bool(self.agreed["contract"].get("illustrative")) or any(row.get("illustrative") for row in parts)

    @property
    def summary(self) -> str:
        """Give the summary in the language of the document."""
        return _in_language(self.agreed["version"], "summary")

    @property
    def days(self) -> list[tuple[str, str]]:
        """Give the days that count."""
        names = [
            ("adopted_on", _("Adopted")),
            ("signed_on", _("Signed")),
            ("published_on", _("Public since")),
        ]
        return [(label, format_date(self.version[key])) for key, label in names if self.version[key]]

    # Figures

    @cached_property
    def claims(self) -> list[Claim]:
        """Give the figures of the table that the contract reckons with."""
        return [Claim(**row) for row in self.data["figures"]]

    @cached_property
    def outlook(self) -> Outlook | None:
        """Give where the contract ends up, where its publication says."""
        years = {"base_year": self.version["base_year"], "target_year": self.version["target_year"]}
        return outlook(self.claims, **years)

    @cached_property
    def headline(self) -> Headline | None:
        """Give the figures in a heading and a sentence."""
        if self.outlook is not None:
            return headline(self.outlook)
        return reduction_headline(self.claims, self.version["target_year"])

    @cached_property
    def figures_chart(self) -> Chart | None:
        """Draw what the publication prints."""
        place = self.claims[0].place if self.claims else ""
        source = ", ".join(filter(None, (self.data["publication"], place)))
        reduction = charting.reduction_chart(self.claims, source=source)
        if reduction is not None:
            return reduction
        expected = self.outlook.remaining if self.outlook else None
        year = self.version["target_year"]
        return charting.emissions_chart(self.claims, target_year=year, expected=expected, source=source)

    @cached_property
    def sectors(self) -> list[SectorTable]:
        """Give the figures by sector, a table per six columns: more do not fit a page."""
        whole = sector_table(self.claims)
        if whole is None:
            return []
        places = range(0, len(whole.head), COLUMNS)
        return [
            SectorTable(
                whole.head[at : at + COLUMNS],
                tuple((row[0], *row[at + 1 : at + 1 + COLUMNS]) for row in whole.rows),
                whole.unit,
            )
            for at in places
        ]

    @cached_property
    def pathway(self) -> PathwayPage | None:
        """Give the calculated pathway, where the figures allow one."""
        held = self.data["inputs"]
        return PathwayPage(_inputs(held), self.data["pathway"]) if held else None

    # What was agreed

    @cached_property
    def actions(self) -> list[tuple[str, list[Sheetlet]]]:
        """Give the actions as sheets, by sector, numbered through."""
        order = list(Sector.values)
        rows = sorted(self.agreed["actions"], key=lambda row: order.index(row["sector"]))
        found: list[tuple[str, list[Sheetlet]]] = []
        number = 0
        for sector, group in groupby(rows, key=lambda row: row["sector"]):
            sheetlets = []
            for row in group:
                number += 1
                sheetlets.append(sheetlet_of(number, row, self._names, self.data["measures"]))
            found.append((str(Sector(sector).label).capitalize(), sheetlets))
        return found

    @cached_property
    def all_actions(self) -> list[Sheetlet]:
        """Give all actions in the order of their numbers."""
        return [sheet for _sector, sheets in self.actions for sheet in sheets]

    @cached_property
    def parties(self) -> list[PartyBlock]:
        """Give the parties with what each of them does."""
        numbers = {sheet.code: f"{sheet.number}. {sheet.title}" for sheet in self.all_actions}
        found = []
        for row in self.agreed["parties"]:
            promises = [each for each in self.agreed["commitments"] if each["party"] == row["name"]]
            actions = [each for each in self.agreed["actions"] if each["responsible"] == row["name"]]
            found.append(
                PartyBlock(
                    name=_in_language(row, "name"),
                    group=" · ".join(filter(None, [str(Group(row["group"]).label), *_more_of(row)])),
                    is_leading=bool(row["leading"]),
                    commitments=[_promise(each) for each in promises],
                    actions=[numbers[each["code"]] for each in actions],
                )
            )
        return found

    @cached_property
    def _names(self) -> dict[str, str]:
        return {row["name"]: _in_language(row, "name") for row in self.agreed["parties"]}

    @cached_property
    def commitments(self) -> list[tuple[str, str, str]]:
        """Give all promises: what, who, by when."""
        return [
            (row_title(row), self._names.get(row["party"], row["party"]), value_words("due_on", row["due_on"]))
            for row in self.agreed["commitments"]
        ]

    @cached_property
    def effect_kt(self) -> Decimal | None:
        """Give what all actions bring together in the target year (kt); None where none says."""
        given = [Decimal(row["effect_kt"]) for row in self.agreed["actions"] if row["effect_kt"] is not None]
        return sum(given, Decimal(0)) if given else None

    @property
    def effect(self) -> str:
        """Give the sum of the effects in words."""
        return number_words(self.effect_kt)

    # Money

    @cached_property
    def _money(self) -> list[tuple[str, str, Decimal]]:
        """Give every post of capital: sector, payer, million euro."""
        own = [
            (action["sector"], post["payer"], Decimal(post["amount_meur"]))
            for action in self.agreed["actions"]
            for post in action["investments"]
            if is_capital(post)
        ]
        loose = [post for post in self.agreed["investments"] if is_capital(post)]
        return own + [("", post["payer"], Decimal(post["amount_meur"])) for post in loose]

    @cached_property
    def amount_meur(self) -> Decimal | None:
        """Give all capital together (million euro); None where none is given."""
        return sum((row[2] for row in self._money), Decimal(0)) if self._money else None

    @property
    def amount(self) -> str:
        """Give all money in words."""
        return money(self.amount_meur)

    @cached_property
    def by_payer(self) -> list[tuple[str, str, str]]:
        """Give the money per payer: name, million euro, share."""
        return self._shares({str(key): str(label) for key, label in Payer.choices}, 1)

    @cached_property
    def by_sector(self) -> list[tuple[str, str, str]]:
        """Give the money per sector: name, million euro, share."""
        labels = {str(key): str(label) for key, label in Sector.choices}
        return self._shares({**labels, "": _("belongs to no action")}, 0)

    def _shares(self, labels: Mapping[str, str], column: int) -> list[tuple[str, str, str]]:
        sums: dict[str, Decimal] = {}
        for row in self._money:
            key = str(row[column])
            sums[key] = sums.get(key, Decimal(0)) + row[2]
        whole = self.amount_meur or Decimal(1)
        ordered = sorted(sums.items(), key=lambda item: -item[1])
        return [
            (labels.get(key, key), number_words(amount), format_percent(amount / whole * 100))
            for key, amount in ordered
        ]

    @cached_property
    def payer_chart(self) -> Chart | None:
        """Draw the money per payer."""
        if len(self.by_payer) < 2:
            return None
        sums = {
            label: sum((row[2] for row in self._money if row[1] == key), Decimal(0)) for key, label in _payers()
        }
        rows = sorted(((label, amount) for label, amount in sums.items() if amount), key=lambda row: -row[1])
        return charts.bar(
            charts.BarChart(
                title=_("Who pays"),
                description=_("{payer} pays most.").format(payer=rows[0][0].capitalize()),
                unit=_("million euros"),
                categories=[label for label, _amount in rows],
                series=[charts.Series(_("million euros"), [amount for _label, amount in rows])],
                horizontal=True,
            )
        )

    # Other parts and signatures

    @cached_property
    def others(self) -> list[OtherPart]:
        """Give what else the data hold: texts and tables of the form that the contract follows."""
        whole = unfolded(self.agreed, self.data["names"])
        return [_other(key, value) for key, value in whole.items() if key not in KNOWN and value]

    @cached_property
    def signatures(self) -> list[SignatureLine]:
        """Give who signed, who has not and who withdrew."""
        return [_line(row) for row in self.data["signatures"]]

    @cached_property
    def withdrawn(self) -> list[SignatureLine]:
        """Give who withdrew; stands on the cover too."""
        rows = [row for row in self.data["signatures"] if row["state"] == SignatureState.WITHDRAWN]
        return [_line(row) for row in rows]

    @property
    def signed_count(self) -> str:
        """Say how many signed."""
        rows = [row for row in self.data["signatures"] if row["state"] != SignatureState.WITHDRAWN]
        signed = sum(row["state"] == SignatureState.SIGNED for row in rows)
        text = ngettext("%(signed)d of %(all)d parties signed", "%(signed)d of %(all)d parties signed", signed)
        return text % {"signed": signed, "all": len(rows)}


def _payers() -> list[tuple[str, str]]:
    return [(str(key), str(label)) for key, label in Payer.choices]


def _more_of(party: Mapping[str, Any]) -> list[str]:
    return [str(party.get(name) or "") for name in MORE_OF_PARTY]


def _in_language(row: Mapping[str, Any], key: str) -> str:
    text = row.get(f"{key}_en") if get_language() == "en" else ""
    return str(text or row.get(key) or "")


def _promise(row: Mapping[str, Any]) -> str:
    due = value_words("due_on", row["due_on"])
    return _("{promise} (by {day})").format(promise=row_title(row), day=due) if due else row_title(row)


def _other(key: str, value: object) -> OtherPart:
    if is_rows(value):
        rows: Any = value
        return OtherPart(part_label(key), [], [(row_title(row), _cells(row)) for row in rows])
    texts = pairs(value) if isinstance(value, Mapping) else [(field_label(key), value_words(key, value))]
    return OtherPart(part_label(key), texts, [])


def _cells(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the fields of a row; of a text just the text, in the language of the document."""
    if "text" in row:
        return [("", _in_language(row, "text"))]
    return pairs(row, ("title", "name", "code", "label"))


def _line(row: Mapping[str, Any]) -> SignatureLine:
    name = _in_language(row, "name")
    if row["joined_later"]:
        name = _("{name} (joined later)").format(name=name)
    if row["state"] == SignatureState.WITHDRAWN:
        text = _("withdrew on %(day)s: %(reason)s")
        words = {"day": format_date(row["withdrawn_on"]), "reason": row["withdrawal_reason"]}
        return SignatureLine(name, text % words, "bad")
    if row["state"] != SignatureState.SIGNED:
        return SignatureLine(name, _("not signed yet"), "attention")
    parts = [_("signed on %(day)s") % {"day": format_date(row["signed_on"])}, str(SignatureWay(row["way"]).label)]
    return SignatureLine(name, ", ".join([*parts, *filter(None, [row["position"]])]), "good")


def _inputs(held: Mapping[str, Any]) -> Inputs:
    """Make the inputs of a pathway out of plain data again."""
    base = {**held["base"], "rows": tuple(SectorBase(**row) for row in held["base"]["rows"])}
    measures = tuple(MeasureInput(**row) for row in held["measures"])
    return Inputs(**{**held, "base": Base(**base), "bases": (), "measures": measures})
