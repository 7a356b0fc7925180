"""The national reflection as a report: PDF, HTML, XLSX and JSON of the figures that were kept on closing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models.bottleneck import Sharing
from contracts.models import ClimateContract, ReviewRound
from contracts.models.review import EffortStatus, RoundState
from contracts.presenting.reflection import Reflection
from contracts.presenting.said import STATUSES, label_of
from contracts.selectors.review import visible_contracts
from nss_portal.core import reports
from nss_portal.core.access import Actor
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.formats import format_date

NAME = "national-reflection"


@dataclass(frozen=True)
class Facts:
    """What a reflection needs to know of its round."""

    year: int
    opened_at: datetime
    due_on: date
    closed_at: datetime
    is_illustrative: bool


@reports.kind(NAME, resource="review_round", formats=("pdf", "html", "xlsx", "json"))
class NationalReflection(reports.ReportKind):
    """What all reviews of a year say together; its figures never change, so the same reader gets the same file."""

    label = gettext_lazy("National reflection")
    description = gettext_lazy("What all reviews of a year say together, with a block per contract.")
    template = "reports/print/national_reflection.html"
    lookup = "year"
    edition = 1

    def find(self, actor: Actor, ref: str) -> Model | None:
        """Give the closed round of a year: its reflection is for everybody, as far as its contracts are."""
        closed = ReviewRound.objects.filter(state=RoundState.CLOSED, reflection__isnull=False)
        return closed.filter(year=int(ref)).first() if ref.isdecimal() and len(ref) < 5 else None

    def choices(self, actor: Actor) -> Iterable[reports.Choice]:
        """Give the closed rounds, the newest first."""
        closed = ReviewRound.objects.filter(state=RoundState.CLOSED, reflection__isnull=False)
        return [reports.Choice(str(year), str(year)) for year in closed.values_list("year", flat=True)]

    def is_public(self, record: Model) -> bool:
        """Say whether every contract that takes part is published."""
        assert isinstance(record, ReviewRound)  # noqa: S101 - by `find`
        inside = [block["at"] for block in (record.reflection or {}).get("reviews", [])]
        kept = ClimateContract.objects.filter(public_id__in=inside).exclude(sharing=Sharing.PUBLISHED)
        return not kept.exists()

    def collect(self, record: Model, actor: Actor) -> reports.Snapshot:
        """Gather the figures, with names and texts of the contracts that the actor may see."""
        assert isinstance(record, ReviewRound)  # noqa: S101 - by `find`
        assert record.closed_at is not None  # noqa: S101 - a closed round has it
        visible = visible_contracts(record, actor)
        shown = Reflection(record, visible).shown_data()
        return reports.Snapshot(
            title=_("National reflection %(year)d") % {"year": record.year},
            subtitle=_("Annual review of the climate contracts"),
            version=_("round %(year)d, closed on %(date)s")
            % {"year": record.year, "date": format_date(record.closed_at)},
            data={
                "round": {
                    "year": record.year,
                    "opened_at": timezone.localtime(record.opened_at),
                    "due_on": record.due_on,
                    "closed_at": timezone.localtime(record.closed_at),
                    "is_illustrative": record.is_illustrative,
                },
                "reflection": shown,
            },
        )

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give the template the reflection in words and charts."""
        return {"reflection": _reflection(data)}

    def sheets(self, data: Mapping[str, Any]) -> Sequence[Sheet]:
        """Give a sheet of contracts, one of sums and one of what was said."""
        reflection = _reflection(data)
        return [_contracts(reflection), _sums(reflection), _said(data["reflection"])]


def _reflection(data: Mapping[str, Any]) -> Reflection:
    return Reflection(Facts(**data["round"]), None, data["reflection"])


def _contracts(reflection: Reflection) -> Sheet:
    columns = [
        Column(_("Contract")),
        Column(_("Municipalities")),
        Column(_("Involvement")),
        Column(_("Target year"), year=True),
        Column(_("Parties asked"), 0),
        Column(_("Parties that handed in"), 0),
        *(Column(label_of(status).capitalize(), 0) for status in STATUSES),
        Column(_("Gas")),
        Column(_("Target (kt)"), 3),
        Column(_("By the contract (kt)"), 3),
        Column(_("By this year's answers (kt)"), 3),
        Column(_("Gap (kt)"), 3),
    ]
    rows = []
    for block in reflection.blocks:
        row, position = block.row, block.row["position"] or {}
        rows.append(
            [
                block.title,
                block.municipalities,
                block.level,
                row["target_year"],
                row["parts"]["total"],
                row["parts"]["handed_in"],
                *(block.count.get(status, 0) for status in STATUSES),
                position.get("gas", ""),
                *(_kt(position.get(name)) for name in ("target_kt", "promised_kt", "expected_kt", "gap_kt")),
            ]
        )
    return Sheet(_("Contracts"), columns, rows)


def _sums(reflection: Reflection) -> Sheet:
    columns = [
        Column(_("Target year"), year=True),
        Column(_("Gas")),
        Column(_("Contracts"), 0),
        Column(_("Target (kt)"), 3),
        Column(_("By the contracts (kt)"), 3),
        Column(_("By this year's answers (kt)"), 3),
        Column(_("Gap (kt)"), 3),
    ]
    names = ("target_kt", "promised_kt", "expected_kt", "gap_kt")
    rows = [
        [gap.row["year"], gap.row["gas"], gap.contracts, *(_kt(gap.row[name]) for name in names)]
        for gap in reflection.gaps
    ]
    return Sheet(_("Sums"), columns, rows)


def _said(data: Mapping[str, Any]) -> Sheet:
    labels = dict(EffortStatus.choices)
    columns = [
        Column(_("Contract")),
        Column(_("Party")),
        Column(_("Promise")),
        Column(_("How it stands")),
        Column(_("Promised (kt)"), 3),
        Column(_("Expected (kt)"), 3),
        Column(_("What was said")),
        Column(_("Lesson")),
    ]
    named = [*data["ahead"]["named"], *data["setbacks"]["named"]]
    named += [row for group in data["obstacles"]["groups"] for row in group["named"]]
    rows = [
        [
            row["contract"],
            row["party"],
            row["title"],
            str(labels.get(row["status"], "")),
            _kt(row["planned_kt"]),
            _kt(row["expected_kt"]),
            row.get("obstacle") or row.get("reason") or "",
            row.get("learned", ""),
        ]
        for row in named
    ]
    return Sheet(_("What was said"), columns, rows)


def _kt(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
