"""What comes out of a pathway, as its page shows it: numbers, a sentence, charts."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from contracts.explorer.document import document_of
from contracts.explorer.inputs import LIFETIME_YEARS, Inputs
from contracts.models.action import Payer
from contracts.pathways import CHANCES, read_case, solve
from contracts.pathways.model import DISCOUNT_RATE
from nss_portal.core import charts
from nss_portal.core.charts import Chart
from nss_portal.core.formats import format_number, format_percent

# Enough for a chance in whole percents, and done in some hundredths of a second.
DRAWS = 2000
SEED = 2030
MOST_BARS = 15


@dataclass(frozen=True)
class PathwayPage:
    """The result of one set of inputs."""

    inputs: Inputs
    result: dict[str, Any]

    @property
    def year(self) -> str:
        """Give the target year as the result writes it."""
        return str(self.inputs.target_year)

    @property
    def trend_percent(self) -> float:
        """Give the change a year without measures, in percent."""
        return self.inputs.trend_rate * 100.0

    @property
    def trend_kt(self) -> float:
        """Give what would be left in the target year without measures, in kt."""
        return float(self.result["trend_kt"]["total"][self.year])

    @property
    def left_kt(self) -> float:
        """Give what is left in the target year with the measures, in kt."""
        return float(self.result["emissions_kt"]["total"][self.year])

    @property
    def gap_kt(self) -> float | None:
        """Give by how much the target is missed (above 0) or passed, in kt."""
        return self.result.get("gap_kt")

    @property
    def chance(self) -> float | None:
        """Give the chance of the target in percent; None without a target."""
        chance = self.result["uncertainty"].get("chance_of_target")
        return None if chance is None else 100.0 * chance

    @cached_property
    def numbers(self) -> list[dict[str, Any]]:
        """Give the numbers at the top: value with unit, and label."""
        found = [
            {
                "value": format_number(self.trend_kt),
                "label": _("kt without measures in %(year)s") % {"year": self.year},
            },
            {"value": format_number(self.left_kt), "label": _("kt with these measures")},
        ]
        if self.gap_kt is not None:
            label = _("kt more than the target") if self.gap_kt > 0 else _("kt under the target")
            found.append({"value": format_number(abs(self.gap_kt)), "label": label})
        if self.compensated_kt:
            label = _("kt compensated beside it")
            found.append({"value": format_number(self.compensated_kt), "label": label})
        if self.chance is not None:
            found.append({"value": format_percent(self.chance), "label": _("chance of the target")})
        return found

    @cached_property
    def sentence(self) -> str:
        """Say in one sentence what comes out."""
        words = {
            "year": self.year,
            "left": format_number(self.left_kt),
            "less": format_number(self.trend_kt - self.left_kt),
        }
        text = _("With these measures %(left)s kilotons are left in %(year)s: %(less)s less than without.") % words
        if self.gap_kt is None:
            return text
        if self.gap_kt > 0:
            return f"{text} " + _("That is %(gap)s kilotons above the target.") % {
                "gap": format_number(self.gap_kt)
            }
        return f"{text} " + _("That reaches the target.")

    @property
    def beside(self) -> str:
        """Say what the publication itself expects where that is another number; empty otherwise."""
        published = self.inputs.published_kt
        if published is None or round(published) == round(self.left_kt):
            return ""
        return _(
            "By the contract's own table %(kt)s kilotons are left in %(year)s (%(place)s). This path counts no"
            " more than the actions that state a reduction, and no decline without measures."
        ) % {"kt": format_number(published), "year": self.year, "place": self.inputs.published_origin}

    @cached_property
    def path(self) -> Chart:
        """Draw trend, path with its uncertainty, and target."""
        years, result = self.result["years"], self.result
        band = result["uncertainty"]["quantiles_kt"]
        target = None
        if self.inputs.target_kt is not None:
            label = _("target %(year)s") % {"year": self.year}
            target = charts.Target(self.inputs.target_kt, label, self.inputs.target_year)
        return charts.line(
            charts.LineChart(
                title=_("Where it is heading"),
                description=f"{self.sentence} " + _("The band holds four out of five draws."),
                unit=_("kt CO₂ a year"),
                source=self.inputs.base.label,
                x=years,
                x_title=_("Year"),
                series=[
                    charts.Series(_("without measures"), _values(result["trend_kt"]["total"]), charts.Style.TREND),
                    charts.Series(
                        _("with these measures"),
                        _values(result["emissions_kt"]["total"]),
                        charts.Style.MAIN,
                        low=_values(band["P10"]),
                        high=_values(band["P90"]),
                        show_value=True,
                    ),
                ],
                target=target,
            )
        )

    @cached_property
    def labels(self) -> dict[str, str]:
        """Give the measures by code."""
        return {measure.code: measure.label for measure in self.inputs.measures}

    @cached_property
    def contributions(self) -> Chart | None:
        """Draw what each measure brings in the target year, the most first; None without measures."""
        found = {code: row["attributed_kt"][self.year] for code, row in self.result["measures"].items()}
        return _bars(
            title=_("What each measure brings in %(year)s") % {"year": self.year},
            description=_(
                "The contributions add up to the whole reduction; measures on one sector share what is left."
            ),
            unit=_("kt CO₂ a year"),
            rows=[
                (self.labels[code], kt) for code, kt in sorted(found.items(), key=lambda item: -item[1]) if kt > 0
            ],
        )

    @cached_property
    def cost_curve(self) -> Chart | None:
        """Draw the cost per tonne of each measure, the cheapest first, with the kt that it brings for that price.

        None where no measure has money.
        """
        priced = {m.code: m.kt for m in self.inputs.measures if m.capex_eur or m.opex_eur or m.savings_eur}
        words = _("%(measure)s (%(kt)s kt a year)")
        rows = [
            (
                words % {"measure": self.labels[code], "kt": format_number(priced[code])},
                self.result["measures"][code]["eur_per_tonne"]["annuity"],
            )
            for code in self.result["macc"]
            if code in priced
        ]
        return _bars(
            title=_("What a tonne costs"),
            description=_(
                "Investment as a yearly instalment over %(years)s years at %(rate)s percent, divided by the"
                " tonnes of a full year, with running costs and savings where the contract gives them by year."
            )
            % {"years": LIFETIME_YEARS, "rate": format_number(100 * DISCOUNT_RATE, 1)},
            unit=_("euro per tonne CO₂"),
            rows=rows,
        )

    @cached_property
    def tornado(self) -> Chart | None:
        """Draw how far the outcome moves either way when one measure turns out otherwise; None without margins."""
        swings = [swing for swing in self.result["uncertainty"]["tornado"] if swing["swing_kt"] > 0][:MOST_BARS]
        if not swings:
            return None
        middle = self.left_kt
        return charts.bar(
            charts.BarChart(
                title=_("Which measure decides most"),
                description=_(
                    "How far emissions in %(year)s move when one measure has its largest or its smallest effect."
                    " Below 0 is less left."
                )
                % {"year": self.year},
                unit=_("kt CO₂ a year"),
                categories=[self.labels[swing["code"]] for swing in swings],
                series=[
                    charts.Series(_("largest effect"), [min(_ends(swing)) - middle for swing in swings]),
                    charts.Series(_("smallest effect"), [max(_ends(swing)) - middle for swing in swings]),
                ],
                category_title=_("Measure"),
            )
        )

    @cached_property
    def budget_chart(self) -> Chart | None:
        """Draw what has been emitted since the first year against the carbon budget; None without one."""
        if self.inputs.budget_kt is None:
            return None
        values = _values(self.result["cumulative_kt"])
        return charts.line(
            charts.LineChart(
                title=_("The carbon budget"),
                description=self.budget,
                unit=_("kt CO₂ in all"),
                source=self.inputs.base.label,
                x=self.result["years"],
                x_title=_("Year"),
                series=[
                    charts.Series(_("emitted since the first year"), values, charts.Style.MAIN, show_value=True)
                ],
                target=charts.Target(self.inputs.budget_kt, _("budget"), self.inputs.target_year),
            )
        )

    @property
    def compensated_kt(self) -> float:
        """Give what the measures compensate in the target year, in kt; it stands beside what is left."""
        return float(sum(row["compensation_kt"][self.year] for row in self.result["measures"].values()))

    @cached_property
    def worked_out(self) -> list[dict[str, Any]]:
        """Give of each measure in the target year what it does alone and together, what is cut off, its price."""
        return [
            {
                "label": self.labels[code],
                "alone": row["standalone_kt"][self.year],
                "together": row["attributed_kt"][self.year],
                "cut": row["clipped_kt"][self.year],
                "compensated": row["compensation_kt"][self.year],
                "price": row["eur_per_tonne"]["annuity"],
            }
            for code, row in self.result["measures"].items()
        ]

    @property
    def interaction_kt(self) -> float:
        """Give by how much the measures together do less than each by itself, in kt in the target year."""
        return float(self.result["interaction_kt"][self.year])

    @property
    def budget(self) -> str:
        """Say how long the carbon budget lasts; empty without one."""
        if self.inputs.budget_kt is None:
            return ""
        used_up = self.result["budget_used_up_in"]
        left = self.result["budget_left_kt"][self.year]
        if used_up is None:
            return _("At the end of %(year)s %(left)s kilotons of the budget are left.") % {
                "year": self.year,
                "left": format_number(left),
            }
        return _("The budget is used up in the course of %(year)s.") % {"year": int(used_up)}

    @property
    def gap_rows(self) -> list[tuple[str, str]]:
        """Give the gap table of the contract's template, in kt; empty without a target."""
        table = self.result.get("gap_table")
        if table is None:
            return []
        names = {
            "baseline_kt": _("emissions in the base year"),
            "target_reduction_kt": _("reduction that the target asks"),
            "plan_reduction_kt": _("reduction by these measures"),
            # The first layout calls residual what the target allows, not what the plan leaves.
            "residual_kt": _("residual that the target allows, at most 20% of the base year")
            if table["layout"] == "v1"
            else _("left after these measures"),
        }
        return [(str(name), _kt(table["total"][key])) for key, name in names.items() if key in table["total"]]

    @property
    def funding(self) -> list[tuple[str, str]]:
        """Give the investment per payer, in million euro; empty where no contract names one."""
        found = self.result.get("funding_eur", {})
        return [(str(Payer(name).label), _meur(amount)) for name, amount in found.items()]

    @property
    def not_counted(self) -> list[str]:
        """Name the measures that count as nothing: too vague, or on no sector of the starting point."""
        return [m.label for m in self.inputs.measures if m.status == "vague" or not (m.sector or m.compensated_kt)]

    @property
    def chances(self) -> str:
        """Tell the chance of each status, beside every result that rests on it."""
        words = {
            "certain": _("certain"),
            "expected": _("expected"),
            "intended": _("intended"),
            "vague": _("vague"),
        }
        return ", ".join(f"{words[name]} {format_percent(100 * chance)}" for name, chance in CHANCES.items())


def explore(inputs: Inputs, *, standard: str = "") -> PathwayPage:
    """Calculate a pathway, with its uncertainty."""
    return PathwayPage(inputs, solve(read_case(document_of(inputs, standard=standard)), draws=DRAWS, seed=SEED))


def _bars(*, title: str, description: str, unit: str, rows: list[tuple[str, float]]) -> Chart | None:
    if not rows:
        return None
    shown = rows[:MOST_BARS]
    return charts.bar(
        charts.BarChart(
            title=title,
            description=description,
            unit=unit,
            categories=[label for label, _value in shown],
            series=[charts.Series(title, [value for _label, value in shown])],
            category_title=_("Measure"),
            horizontal=True,
        )
    )


def _ends(swing: dict[str, Any]) -> tuple[float, float]:
    return swing["low_kt"], swing["high_kt"]


def _values(series: dict[str, float]) -> list[float]:
    return list(series.values())


def _kt(value: float) -> str:
    return f"{format_number(value)} kt"


def _meur(amount: float) -> str:
    return _("%(amount)s million euro") % {"amount": format_number(amount / 1_000_000, 1)}
