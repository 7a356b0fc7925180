"""The analysis of Expressions of Interest in words, charts and sheets, from its plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.models.involvement import Level
from nss_portal.core import charts
from nss_portal.core.charts import Chart
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.exports.sheets import Cell
from nss_portal.core.formats import format_percent

NAMED = 12  # cities that are named beside an answer; more stand on a page of their own


def level_name(level: str) -> str:
    """Give the name of a level of involvement."""
    return str(Level(level).label)


@dataclass(frozen=True)
class Row:
    """One answer with how many cities gave it."""

    row: Mapping[str, Any]
    total: int
    levels: Sequence[str]
    years: Sequence[int]

    @property
    def code(self) -> str:
        return str(self.row["code"])

    @property
    def rank(self) -> int:
        return int(self.row["rank"])

    @property
    def label(self) -> str:
        return str(self.row["label"])

    @property
    def group(self) -> str:
        return str(self.row["group"])

    @property
    def count(self) -> int:
        return int(self.row["count"])

    @property
    def share(self) -> str:
        """The share of the cities that handed in."""
        return format_percent(100 * self.count / self.total) if self.total else ""

    @property
    def per_level(self) -> list[int]:
        return [self.row["levels"].get(level, 0) for level in self.levels]

    @property
    def per_year(self) -> list[int]:
        return [self.row["earlier"].get(str(year), 0) for year in self.years]

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What coordinators marked, with the tone."""
        marks = []
        if self.row["nzc_covers"]:
            marks.append((_("NZC covers this"), "good"))
        if self.row["asks_translation"]:
            marks.append((_("asks for a Dutch translation"), "attention"))
        return marks

    @property
    def cities(self) -> list[Mapping[str, str]]:
        """The cities behind it that this reader may see."""
        return list(self.row["cities"])

    @property
    def named(self) -> SafeString:
        """The first of them with links, joined here: a template is slow at hundreds of them."""
        base = reverse("cities:eoi")
        links = ((base, city["at"], city["name"]) for city in self.cities[:NAMED])
        return format_html_join(", ", '<a href="{}{}/">{}</a>', links)

    @property
    def more(self) -> int:
        """How many that may be named are left out here."""
        return max(0, len(self.cities) - NAMED)

    @property
    def unnamed(self) -> int:
        """How many gave this answer and are not named to this reader."""
        return self.count - len(self.cities)


@dataclass(frozen=True)
class Question:
    """One question of the analysis."""

    data: Mapping[str, Any]
    analysis: "Analysis"

    @property
    def code(self) -> str:
        return str(self.data["code"])

    @property
    def label(self) -> str:
        return str(self.data["label"])

    @property
    def answered(self) -> int:
        return int(self.data["answered"])

    @property
    def worded(self) -> int:
        return int(self.data["worded"])

    @cached_property
    def rows(self) -> list[Row]:
        whole = self.analysis
        return [Row(row, whole.total, whole.split_levels, whole.earlier) for row in self.data["rows"]]

    @property
    def has_marks(self) -> bool:
        return any(row.marks for row in self.rows)

    @property
    def has_cities(self) -> bool:
        return any(row.cities for row in self.rows)

    @property
    def lead(self) -> str:
        """What is named most, in a sentence."""
        top = [row for row in self.rows[:3] if row.count]
        if not top:
            return _("No city has answered this yet.")
        named = "; ".join(f"{row.label} ({row.count})" for row in top)
        text = ngettext(
            "Named most, of {total} city: {named}.", "Named most, of {total} cities: {named}.", self.analysis.total
        )
        return text.format(total=self.analysis.total, named=named)

    @cached_property
    def chart(self) -> Chart | None:
        """Bars that lie, the answer named most on top; by level where that tells nobody's answer."""
        if not self.rows or not self.answered:
            return None
        levels = self.analysis.split_levels
        if len(levels) > 1:
            series = [
                charts.Series(level_name(level), [row.row["levels"].get(level, 0) for row in self.rows])
                for level in levels
            ]
        else:
            series = [charts.Series(_("cities"), [row.count for row in self.rows])]
        return charts.bar(
            charts.BarChart(
                title=self.label,
                description=self.lead,
                unit=_("cities"),
                source=self.analysis.source,
                categories=[row.label for row in self.rows],
                category_title=_("Answer"),
                series=series,
                stacked=len(series) > 1,
            )
        )


class Analysis:
    """The whole analysis for one reader."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    @property
    def total(self) -> int:
        return int(self.data["total"])

    @property
    def year(self) -> int:
        return int(self.data["year"])

    @property
    def earlier(self) -> list[int]:
        """The years before, the newest first."""
        return list(self.data["earlier"])

    @property
    def notes(self) -> list[str]:
        """What is not in the figures and why, a sentence each."""
        left_out, notes = int(self.data.get("left_out", 0)), []
        if left_out:
            text = ngettext(
                "{number} city shares its answers with nobody. The figures would give them away: it is left out.",
                "{number} cities share their answers with nobody. The figures would give them away: they are left "
                "out.",
                left_out,
            )
            notes.append(text.format(number=left_out))
        for year in self.data.get("waiting", []):
            text = _("The figures of {year} follow as soon as three cities have handed in or changed something.")
            notes.append(text.format(year=year))
        return notes

    @property
    def split_levels(self) -> list[str]:
        """The levels by which figures are told apart; none inside one level."""
        if self.data["level"]:
            return []
        levels = [row["level"] for row in self.data["levels"]]
        return levels if len(levels) > 1 else []

    @property
    def level_labels(self) -> list[str]:
        return [level_name(level) for level in self.split_levels]

    @property
    def source(self) -> str:
        """Call and year, and whether the answers are made up."""
        text = f"{self.data['name']}, {self.year}"
        return (
            text + " (" + _("answers made up for the demonstration") + ")" if self.data["illustrative"] else text
        )

    @cached_property
    def questions(self) -> list[Question]:
        return [Question(question, self) for question in self.data["questions"]]

    @property
    def ranked(self) -> list[Question]:
        """The questions with options."""
        return [question for question in self.questions if question.data["rows"]]

    @property
    def worded(self) -> list[Question]:
        """The questions with own words or numbers."""
        return [question for question in self.questions if question.worded]

    @property
    def lead(self) -> str:
        """The first sentence."""
        text = ngettext(
            "What {total} city named in {year}, from most to least.",
            "What {total} cities named in {year}, from most to least.",
            self.total,
        )
        return text.format(total=self.total, year=self.year)


def ranking_sheet(analysis: Analysis) -> Sheet:
    """Give every answer with its rank and counts, a row each."""
    columns = [
        Column(_("Question")),
        Column(_("Rank"), 0),
        Column(_("Answer"), width=50),
        Column(_("Group")),
        Column(_("Cities"), 0),
        Column(_("Of"), 0),
        *(Column(label.capitalize(), 0) for label in analysis.level_labels),
        *(Column(str(year), 0) for year in analysis.earlier),
        Column(_("NZC covers this")),
        Column(_("Asks for a Dutch translation")),
        Column(_("Cities that you may see"), width=50),
    ]
    yes, no = _("yes"), _("no")
    rows: list[list[Cell]] = [
        [
            question.label,
            row.rank,
            row.label,
            row.group,
            row.count,
            analysis.total,
            *row.per_level,
            *row.per_year,
            yes if row.row["nzc_covers"] else no,
            yes if row.row["asks_translation"] else no,
            ", ".join(city["name"] for city in row.cities),
        ]
        for question in analysis.ranked
        for row in question.rows
    ]
    return Sheet(_("Ranking"), columns, rows, note=analysis.source)


def words_sheet(analysis: Analysis, words: Sequence[Mapping[str, Any]]) -> Sheet:
    """Give what cities said in their own words, a row each."""
    labels = {question.code: question.label for question in analysis.questions}
    columns = [Column(_("Question")), Column(_("City")), Column(_("Own words"), width=60)]
    rows = [[labels.get(row["question"], row["question"]), row["city"], row["text"]] for row in words]
    return Sheet(_("Own words"), columns, rows, note=analysis.source)
