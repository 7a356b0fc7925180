"""The national reflection in words and charts, from the figures that were kept when the round closed.

`visible` are the public identifiers of the contracts that the reader may see (None: all that take part). Numbers
over all contracts stay the same for everybody; a contract's name, answers and texts show only to who may see it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cities.models.involvement import Level
from contracts.models.action import Sector
from contracts.models.review import EffortStatus
from contracts.presenting.review import Mark
from contracts.presenting.review_city import path_chart
from contracts.presenting.said import STATUSES, Naming, Repeated, Said, kilotons, label_of, repeated
from nss_portal.core import charts
from nss_portal.core.charts import Chart
from nss_portal.core.formats import format_number, format_percent


@dataclass(frozen=True)
class Obstacles:
    """Obstacles of one theme (or sector, where the city gave no theme)."""

    label: str
    total: int
    contracts: int
    named: list[Said]


@dataclass(frozen=True)
class Gap:
    """Where contracts of one gas and target year stand together."""

    row: Mapping[str, Any]

    @property
    def label(self) -> str:
        made_up = " (" + _("made up") + ")" if self.row["illustrative"] else ""
        return f"{self.row['year']}, {self.row['gas'] or 'CO₂'}{made_up}"

    @property
    def contracts(self) -> int:
        return int(self.row["contracts"])

    def _kt(self, name: str) -> str:
        return kilotons(self.row[name], self.row["gas"] or "CO₂")

    @property
    def target(self) -> str:
        return self._kt("target_kt")

    @property
    def promised(self) -> str:
        return self._kt("promised_kt")

    @property
    def expected(self) -> str:
        return self._kt("expected_kt")

    @property
    def gap(self) -> str:
        return self._kt("gap_kt")

    @property
    def sentence(self) -> str:
        """What the answers of this year change, in a sentence."""
        change = Decimal(self.row["expected_kt"]) - Decimal(self.row["promised_kt"])
        head = ngettext(
            "%(count)d contract with target year %(year)d:",
            "%(count)d contracts with target year %(year)d:",
            self.contracts,
        )
        if change > 0:
            tail = _("%(change)s more remains than was promised. Gap to the target: %(gap)s.")
        elif change < 0:
            tail = _("%(change)s less remains than was promised. Gap to the target: %(gap)s.")
        else:
            tail = _("what remains is as promised. Gap to the target: %(gap)s.")
        words = {"change": kilotons(abs(change), self.row["gas"] or "CO₂"), "gap": self.gap}
        return f"{head % {'count': self.contracts, 'year': self.row['year']}} {tail % words}"


@dataclass(frozen=True)
class Block:
    """One contract in the reflection."""

    row: Mapping[str, Any]
    year: int

    @property
    def title(self) -> str:
        return str((get_language() == "en" and self.row.get("contract_en")) or self.row["contract"])

    @property
    def url(self) -> str:
        return reverse("contracts:review", args=[self.row["at"], self.year])

    @property
    def level(self) -> str:
        return str(dict(Level.choices)[self.row["level"]])

    @property
    def municipalities(self) -> str:
        return ", ".join(self.row["municipalities"])

    @property
    def mark(self) -> Mark:
        if self.row["handed_in"]:
            return Mark(_("handed in"), "good")
        return Mark(_("not handed in"), "attention")

    @property
    def parts(self) -> str:
        return _("%(done)d of %(total)d") % {
            "done": self.row["parts"]["handed_in"],
            "total": self.row["parts"]["total"],
        }

    @property
    def count(self) -> dict[str, int]:
        return dict(self.row["counts"])

    @property
    def answers(self) -> str:
        """'12 on course, 3 behind, 1 not filled in'."""
        return ", ".join(f"{self.count[one]} {label_of(one)}" for one in STATUSES if self.count.get(one))

    @property
    def gap(self) -> str:
        position = self.row["position"]
        return kilotons(position["gap_kt"], position["gas"] or "CO₂") if position else ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What matters in a few lines, for `facts.html`."""
        rows = [
            (_("Involvement"), self.level),
            (_("Target year"), str(self.row["target_year"])),
            (_("Parties that handed in"), self.parts),
        ]
        position, latest = self.row["position"], self.row["latest"]
        if latest:
            gas = (position or {}).get("gas") or "CO₂"
            rows.append((_("Newest emission figure"), f"{kilotons(latest['kt'], gas)} ({latest['year']})"))
        if position:
            rows.append((_("Gap to the target"), self.gap))
        return rows

    @property
    def conclusion(self) -> str:
        return str(self.row["conclusion"])

    @property
    def changed(self) -> list[Said]:
        return [Said(row) for row in self.row["changed"]]

    @cached_property
    def chart(self) -> Chart | None:
        """Measured totals and what remains in the target year; None without figures."""
        position = self.row["position"]
        if not position or not self.row["path"]:
            return None
        numbers = {key: Decimal(str(value)) for key, value in position.items() if key.endswith("_kt")}
        latest = self.row["latest"] or {}
        source = f"{latest.get('source', '')}, {latest.get('locator', '')}"
        return path_chart(self.row["path"], numbers, int(position["year"]), source, position["gas"] or "CO₂")


class RoundFacts(Protocol):
    """What a reflection needs to know of its round."""

    @property
    def year(self) -> int: ...


class Reflection:
    """The whole reflection for one reader; `data` are its figures where they are not those of the round itself."""

    def __init__(
        self, round: RoundFacts, visible: frozenset[str] | None, data: Mapping[str, Any] | None = None
    ) -> None:
        self.round = round
        self.data: Mapping[str, Any] = data if data is not None else getattr(round, "reflection", None) or {}
        self.visible = visible

    def shown_data(self) -> dict[str, Any]:
        """Give the figures with the names and texts that this reader may see, and no others."""
        shown = dict(self.data)
        for key in ("ahead", "setbacks", "state"):
            shown[key] = {**self.data[key], "named": self._seen(self.data[key]["named"])}
        groups = [{**one, "named": self._seen(one["named"])} for one in self.data["obstacles"]["groups"]]
        shown["obstacles"] = {**self.data["obstacles"], "groups": groups}
        shown["no_gap"] = [
            row if self.visible is None or row["at"] in self.visible else {"at": "", "why": row["why"]}
            for row in self.data["no_gap"]
        ]
        shown["reviews"] = self._seen(self.data["reviews"])
        return shown

    def _seen(self, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [row for row in rows if self.visible is None or row["at"] in self.visible]

    @property
    def is_whole(self) -> bool:
        """Say whether the reader may see every contract that takes part."""
        return len(self.blocks) == len(self.data["reviews"])

    @property
    def answered(self) -> int:
        return sum(self.data["counts"][status] for status in EffortStatus.values)

    @property
    def total(self) -> int:
        return sum(self.data["counts"].values())

    @property
    def lead(self) -> str:
        """The first sentence: what this year comes down to."""
        counts, answered = self.data["counts"], self.answered
        if not answered:
            return _("Nobody handed in an answer this year.")
        good = counts[EffortStatus.ON_COURSE] + counts[EffortStatus.AHEAD]
        blocked = counts[EffortStatus.BLOCKED]
        return ngettext(
            "%(share)s of what was answered is on course or ahead; %(blocked)d promise is blocked.",
            "%(share)s of what was answered is on course or ahead; %(blocked)d promises are blocked.",
            blocked,
        ) % {"share": format_percent(Decimal(100 * good) / answered), "blocked": blocked}

    @property
    def numbers(self) -> list[dict[str, object]]:
        """The figures at the top, for `numbers.html`."""
        parts = self.data["parts"]
        return [
            {"value": format_number(self.data["contracts"]), "label": _("climate contracts"), "url": ""},
            {
                "value": f"{format_number(parts['handed_in'])} / {format_number(parts['total'])}",
                "label": _("parties that answered"),
                "url": "",
            },
            {
                "value": f"{format_number(self.answered)} / {format_number(self.total)}",
                "label": _("promises looked back on"),
                "url": "",
            },
        ]

    @property
    def statuses(self) -> list[tuple[str, int]]:
        """How often each answer was given."""
        return [(label_of(status), self.data["counts"][status]) for status in STATUSES]

    @cached_property
    def sector_chart(self) -> Chart | None:
        """Answers about actions, per sector."""
        rows = self.data["sectors"]
        if not rows:
            return None
        names = dict(Sector.choices)
        return charts.bar(
            charts.BarChart(
                title=_("How actions stand, by sector"),
                description=_("Number of actions per sector, by what their party says of them."),
                unit=_("actions"),
                categories=[str(names.get(row["sector"], row["sector"])).capitalize() for row in rows],
                category_title=_("Sector"),
                series=[
                    charts.Series(label_of(status), [row["counts"][status] for row in rows])
                    for status in STATUSES
                    if any(row["counts"][status] for row in rows)
                ],
                stacked=True,
                source=_("Annual review %(year)d of the climate contracts") % {"year": self.round.year},
            )
        )

    @property
    def levels(self) -> list[dict[str, object]]:
        """Per level of involvement: contracts, handed in, answers."""
        names = dict(Level.choices)
        return [
            {
                "label": str(names[row["level"]]).capitalize(),
                "contracts": row["contracts"],
                "handed_in": row["handed_in"],
                "counts": [row["counts"][status] for status in STATUSES],
            }
            for row in self.data["levels"]
        ]

    @property
    def status_labels(self) -> list[str]:
        return [label_of(status) for status in STATUSES]

    @property
    def gaps(self) -> list[Gap]:
        return [Gap(row) for row in self.data["gaps"]]

    @property
    def in_percent(self) -> list[Block]:
        """Contracts whose figures are percentages: nothing to add up."""
        return self._without("percent")

    @property
    def without_figures(self) -> list[Block]:
        return self._without("figures")

    def _without(self, why: str) -> list[Block]:
        names = {row["at"] for row in self.data["no_gap"] if row["why"] == why}
        return [block for block in self.blocks if block.row["at"] in names]

    @cached_property
    def ahead(self) -> Naming:
        return self._naming("ahead")

    @cached_property
    def setbacks(self) -> Naming:
        return self._naming("setbacks")

    @cached_property
    def state(self) -> Naming:
        return self._naming("state")

    @cached_property
    def state_promises(self) -> list[Repeated]:
        """What ministries promised, each promise once, however many contracts name it."""
        return repeated(self.state.named)

    @property
    def state_counts(self) -> list[tuple[str, int]]:
        counts = self.data["state"]["counts"]
        return [(label_of(status), counts[status]) for status in STATUSES if counts[status]]

    def _naming(self, key: str) -> Naming:
        rows = enumerate(self.data[key]["named"])
        seen = [Said(row, number) for number, row in rows if self.visible is None or row["at"] in self.visible]
        return Naming(self.data[key]["total"], seen)

    @cached_property
    def obstacles(self) -> list[Obstacles]:
        return [
            Obstacles(
                label=self._theme(group),
                total=group["total"],
                contracts=group["contracts"],
                named=[Said(row) for row in self._seen(group["named"])],
            )
            for group in self.data["obstacles"]["groups"]
        ]

    def _theme(self, group: Mapping[str, Any]) -> str:
        label = group["label_en"] if get_language() == "en" else group["label_nl"]
        if label:
            return str(label)
        sector = dict(Sector.choices).get(group["sector"])
        return str(sector).capitalize() if sector else _("Promises without a sector")

    @cached_property
    def blocks(self) -> Sequence[Block]:
        return [Block(row, self.round.year) for row in self._seen(self.data["reviews"])]
