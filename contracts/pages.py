"""What the page of a contract and that of a version are made of: read once, put into words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.urls import reverse

from cities.models import Municipality
from contracts import charting
from contracts.canonical import parts_in
from contracts.figure_words import (
    FigureCell,
    FindingRow,
    Headline,
    SectorTable,
    figure_cell,
    finding_row,
    headline,
    plain_number,
    reduction_headline,
    sector_table,
)
from contracts.figures import Claim, Outlook, findings, outlook
from contracts.models import (
    Action,
    AnnualReview,
    ClimateContract,
    Commitment,
    ContractVersion,
    EmissionFigure,
    Party,
    VersionSnapshot,
)
from contracts.presenting.contract import (
    Mark,
    RegisterRow,
    StepMark,
    effort_mark,
    facts_of,
    promise_mark,
    state_mark,
    steps_of,
)
from contracts.selectors.contract import (
    actions_of,
    claim,
    commitments_of,
    figures_of,
    last_statuses,
    latest_figures_of,
    newest_handed_in,
    reviews_of,
    totals_of,
)
from governance.models.organisation import Group
from nss_portal.core.access import Actor
from nss_portal.core.charts import Chart

# A part that publications print by itself, and the sectors that it consists of.
PARTS: Mapping[str, Sequence[str]] = {"urban": ("built", "mobility")}
STATE_GROUPS = (Group.MINISTRY, Group.AGENCY)
TOP = 5


@dataclass(frozen=True)
class ActionRow:
    """An action with what its party said of it last."""

    action: Action
    mark: Mark | None

    @property
    def title(self) -> str:
        """Give what is done."""
        return self.action.label

    @property
    def who(self) -> str:
        """Give the party that is responsible; empty where the contract does not say."""
        return self.action.responsible.label if self.action.responsible else ""

    @property
    def effect(self) -> str:
        """Give the reduction in the target year (kt); '–' where it is not known."""
        return plain_number(self.action.effect_kt)

    @property
    def amount(self) -> str:
        """Give the money (million euro); '–' where it is not known."""
        return plain_number(getattr(self.action, "amount_meur", None))


@dataclass(frozen=True)
class PromiseRow:
    """A promise with how it stands."""

    commitment: Commitment
    mark: Mark

    @property
    def title(self) -> str:
        """Give what is promised."""
        return self.commitment.label


@dataclass(frozen=True)
class OtherSeries:
    """Figures of another source about the same municipality: never drawn into the contract's own."""

    source: str
    place: str
    municipality: str
    counts: str
    boundary: str
    is_illustrative: bool
    figures: tuple[FigureCell, ...]

    @property
    def years(self) -> str:
        """The year of the figures, or the first and the last."""
        found = sorted({figure.year for figure in self.figures})
        return "–".join(str(year) for year in dict.fromkeys([*found[:1], *found[-1:]]))

    @property
    def parts(self) -> list[FigureCell]:
        """The figures of sectors."""
        return [figure for figure in self.figures if not figure.is_total]

    @property
    def total(self) -> str:
        """The sum as the source prints it; empty where it gives none."""
        return next((figure.number for figure in self.figures if figure.is_total), "")


@dataclass(frozen=True)
class VersionParts:
    """What a version says: actions (what does most first), promises and parties."""

    version: ContractVersion
    actions: tuple[Action, ...]
    commitments: tuple[Commitment, ...]
    parties: tuple[Party, ...]
    statuses: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def action_rows(self) -> list[ActionRow]:
        """Give all actions with their last status."""
        return [self._row(action) for action in self.actions]

    def _row(self, action: Action) -> ActionRow:
        return ActionRow(action, effort_mark(self.statuses.get(action.code, "")))

    @cached_property
    def top_actions(self) -> list[ActionRow]:
        """Give the actions that do most."""
        return [self._row(action) for action in self.actions[:TOP]]

    @cached_property
    def has_effects(self) -> bool:
        """Say whether any action has a reduction in tonnes."""
        return any(action.effect_kt is not None for action in self.actions)

    @cached_property
    def has_amounts(self) -> bool:
        """Say whether any action has money."""
        return self.amount_meur is not None

    @cached_property
    def has_statuses(self) -> bool:
        """Say whether a review said anything of the actions."""
        return any(action.code in self.statuses for action in self.actions)

    @cached_property
    def promise_rows(self) -> list[PromiseRow]:
        """Give all promises with how they stand."""
        return [self._promise(each) for each in self.commitments]

    @cached_property
    def state_promises(self) -> list[PromiseRow]:
        """Give what the state promised."""
        return [self._promise(each) for each in self.commitments if each.party.group in STATE_GROUPS]

    def _promise(self, commitment: Commitment) -> PromiseRow:
        return PromiseRow(commitment, promise_mark(commitment, self.statuses.get(commitment.code, "")))

    @cached_property
    def amount_meur(self) -> Decimal | None:
        """Give the money of all actions together (million euro), or None where none is given."""
        amounts = [getattr(action, "amount_meur", None) for action in self.actions]
        given = [amount for amount in amounts if amount is not None]
        return sum(given, Decimal(0)) if given else None

    @cached_property
    def has_illustrative_parties(self) -> bool:
        """Say whether parties were made up, and with them who is responsible for what."""
        return any(party.is_illustrative for party in self.parties)


def parts_of(version: ContractVersion, statuses: Mapping[str, str] | None = None) -> VersionParts:
    """Read what a version says: three queries."""
    parties = {party.pk: party for party in version.parties.order_by("order", "pk")}
    actions, commitments = tuple(actions_of(version)), tuple(commitments_of(version))
    for action in actions:
        action.responsible = parties[action.responsible_id] if action.responsible_id else None
    for commitment in commitments:
        commitment.party = parties[commitment.party_id]
    return VersionParts(
        version=version,
        actions=actions,
        commitments=tuple(sorted(commitments, key=lambda each: (each.party.order, each.order, each.pk))),
        parties=tuple(parties.values()),
        statuses=statuses or {},
    )


def frozen_parts_of(version: ContractVersion, statuses: Mapping[str, str]) -> VersionParts:
    """Read what a version says from the data that its hash was taken of, where it has them: one query.

    The records have no primary key; `parts_of` gives those that a page leads to.
    """
    kept = VersionSnapshot.objects.filter(version=version).values_list("content", flat=True)
    held = None if version.is_open else next((parts_in(content) for content in kept), None)
    if held is None:
        return parts_of(version, statuses)
    return VersionParts(
        version=version,
        actions=tuple(sorted(held.actions, key=_what_does_most)),
        commitments=tuple(sorted(held.commitments, key=lambda each: each.party.order)),
        parties=tuple(held.parties),
        statuses=statuses,
    )


def _what_does_most(action: Any) -> tuple[Decimal, Decimal]:
    """Order actions by effect, then by money, the largest first and unknown ones last."""
    unknown = Decimal("Infinity")
    return (
        unknown if action.effect_kt is None else -action.effect_kt,
        unknown if action.amount_meur is None else -action.amount_meur,
    )


@dataclass(frozen=True)
class Figures:
    """The figures of a contract: its own publication's, and those of other sources beside them."""

    contract: ClimateContract
    version: ContractVersion
    rows: tuple[EmissionFigure, ...]

    @property
    def is_joint(self) -> bool:
        """Say whether the contract is of several municipalities."""
        return len(getattr(self.contract, "places", ())) > 1

    @cached_property
    def own(self) -> list[EmissionFigure]:
        """Give the figures of the contract's own publication."""
        return [row for row in self.rows if row.series.source_id == self.contract.publication_id]

    @cached_property
    def leading(self) -> list[Claim]:
        """Give the figures of the table that the contract reckons with."""
        return [claim(row) for row in self.own if row.series.is_leading]

    @cached_property
    def boundary(self) -> str:
        """Say what the leading table counts."""
        return next((row.series.boundary for row in self.own if row.series.is_leading), "")

    @cached_property
    def outlook(self) -> Outlook | None:
        """Give where the contract ends up, or None where its publication does not say."""
        return outlook(self.leading, base_year=self.version.base_year, target_year=self.version.target_year)

    @cached_property
    def headline(self) -> Headline | None:
        """Give the figures in a heading and a sentence."""
        if self.outlook is not None:
            return headline(self.outlook)
        return reduction_headline(self.leading, self.version.target_year)

    @cached_property
    def chart(self) -> Chart | None:
        """Draw what the publication prints, or give None where that is too little."""
        publication = self.contract.publication
        place = self.leading[0].place if self.leading else ""
        source = f"{publication.label}, {place}" if publication and place else ""
        reduction = charting.reduction_chart(self.leading, source=source)
        if reduction is not None:
            return reduction
        expected = self.outlook.remaining if self.outlook else None
        year = self.version.target_year
        return charting.emissions_chart(self.leading, target_year=year, expected=expected, source=source)

    @cached_property
    def sectors(self) -> SectorTable | None:
        """Give the leading table by sector."""
        return sector_table(self.leading)

    @cached_property
    def findings(self) -> list[FindingRow]:
        """Give where the publication contradicts itself, with what the team says of it."""
        notes = {note["finding"]: note for note in getattr(self.contract, "notes", ())}
        found = findings(
            [claim(row, is_joint=self.is_joint) for row in self.own],
            leading=self.leading,
            base_year=self.version.base_year,
            parts=PARTS,
        )
        return [finding_row(each, notes) for each in found]

    @property
    def contradictions(self) -> list[FindingRow]:
        """Give the findings that rounding cannot explain."""
        return [row for row in self.findings if not row.is_rounding]

    @property
    def roundings(self) -> list[FindingRow]:
        """Give the findings that rounding can explain."""
        return [row for row in self.findings if row.is_rounding]

    @cached_property
    def others(self) -> list[OtherSeries]:
        """Give the figures of other sources, a series each."""
        rest = [row for row in self.rows if row.series.source_id != self.contract.publication_id]
        grouped = [list(rows) for _key, rows in groupby(rest, key=lambda row: row.series_id)]
        return [_other(rows, str(rows[0].series.municipality or "")) for rows in grouped]


def _other(rows: list[EmissionFigure], city: str = "") -> OtherSeries:
    series = rows[0].series
    return OtherSeries(
        source=series.source.label,
        place=series.place,
        municipality=city,
        counts=series.counts,
        boundary=series.boundary,
        is_illustrative=series.source.is_illustrative,
        figures=tuple(figure_cell(row.sector_label, row.year, claim(row)) for row in rows),
    )


def series_of(municipality: Municipality) -> list[OtherSeries]:
    """Give the emission figures of a municipality, a series per source and of each its last year: one query.

    Those of a municipality that went on in this one bear its name.
    """
    found = []
    for _key, group in groupby(latest_figures_of(municipality), key=lambda row: row.series_id):
        held = list(group)
        owner = held[0].series.municipality
        city = str(owner) if owner is not None and owner.pk != municipality.pk else ""
        found.append(_other(held, city))
    return found


def figures_for(contract: ClimateContract, version: ContractVersion) -> Figures:
    """Read the figures of a contract: two queries."""
    return Figures(contract, version, figures_of(contract))


@dataclass(frozen=True)
class ContractPage:
    """The page of a contract: the version that is shown, its parts, figures and reviews."""

    contract: ClimateContract
    version: ContractVersion
    parts: VersionParts
    figures: Figures
    reviews: tuple[AnnualReview, ...]

    @cached_property
    def last_review(self) -> AnnualReview | None:
        """Give the review that the states of actions come from, if it says anything of them."""
        return newest_handed_in(self.reviews) if self.parts.statuses else None

    @cached_property
    def mark(self) -> Mark:
        """Give number and state of the version that is shown."""
        return state_mark(self.version)

    @cached_property
    def steps(self) -> list[StepMark]:
        """Give the row of steps."""
        return steps_of(self.version, self.reviews)

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """Give the facts beside it."""
        return facts_of(
            self.contract,
            self.version,
            parties=len(self.parts.parties),
            amount_meur=self.parts.amount_meur,
            reviews=self.reviews,
        )


def page_of(contract: ClimateContract, version: ContractVersion, actor: Actor) -> ContractPage:
    """Read the page of a contract: five queries, and two more for a draft."""
    reviews = reviews_of(contract, actor)
    parts = frozen_parts_of(version, last_statuses(reviews))
    return ContractPage(contract, version, parts, figures_for(contract, version), tuple(reviews))


def register_rows(contracts: Iterable[Any]) -> list[RegisterRow]:
    """Put contracts of `selectors.registered` into rows of the register: one query for their versions."""
    held = list(contracts)
    versions = totals_of(contract.shown_id for contract in held if contract.shown_id)
    base = reverse("contracts:list")
    return [
        RegisterRow(contract, versions.get(contract.shown_id), f"{base}{contract.public_id}/") for contract in held
    ]
