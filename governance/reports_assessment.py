"""The report of an assessment: PDF, HTML, XLSX and JSON, of nothing but what its page shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import presenting_assessments as words
from governance.models import Assessment, AssessmentState, ResultSharing
from governance.selectors_assessments import indicators_with_notes, together, years_of
from nss_portal.core import reports
from nss_portal.core.access import Actor
from nss_portal.core.exports import Column, Sheet


@reports.kind("assessment", resource="assessment", formats=("pdf", "html", "xlsx", "json"))
class AssessmentReport(reports.ReportKind):
    """What came of an assessment: figures, conversation and points to act on."""

    label = gettext_lazy("Assessment")
    description = gettext_lazy("Mean and range per indicator, what people added, and what was agreed.")
    template = "reports/print/assessment.html"
    edition = 1

    def find(self, actor: Actor, ref: str) -> Model | None:
        """Give a closed assessment that the actor may see, or None: an open one has nothing to report."""
        found: Model | None = self._closed(actor).filter(public_id=ref).first()
        return found

    def choices(self, actor: Actor) -> Iterable[reports.Choice]:
        """Give the closed assessments that the actor may see."""
        found = self._closed(actor).order_by("-closes_on", "pk")
        return [reports.Choice(one.public_id, str(one), self.organisations(one)) for one in found]

    def _closed(self, actor: Actor) -> Any:
        return Assessment.objects.visible_to(actor).filter(state=AssessmentState.CLOSED)

    def organisations(self, record: Model) -> frozenset[int]:
        """Give who held it."""
        assert isinstance(record, Assessment)  # noqa: S101 - by `find`
        return frozenset({record.organisation_id})

    def is_public(self, record: Model) -> bool:
        """Say whether the result is published."""
        return isinstance(record, Assessment) and record.sharing == ResultSharing.PUBLISHED

    def collect(self, record: Model, actor: Actor) -> reports.Snapshot:
        """Gather what the page of the result shows."""
        assert isinstance(record, Assessment)  # noqa: S101 - by `find`
        talked = indicators_with_notes(record)
        indicators = [one for one, _said in talked]
        data = {
            "title": str(record),
            "subject": record.subject,
            "source": record.instrument.source,
            "illustrative": record.is_illustrative,
            "facts": [[str(label), str(value)] for label, value in words.facts(record)],
            "answers": words.answers_in_words(record),
            "rule": words.rule_in_words(record),
            "rows": words.result_of(record.result, indicators, together(record.instrument_id)),
            "comments": record.result["comments"],
            "years": _years(words.over_years(years_of(actor, record), indicators)),
            "talked_on": record.talked_on,
            "outcome": record.talk_outcome,
            "notes": [[one.label, said] for one, said in talked if said],
            "points": [
                {
                    "what": one.what,
                    "owner": str(one.owner),
                    "due_on": one.due_on,
                    "done_on": one.done_on,
                    "came_of_it": one.came_of_it,
                }
                for one in record.points.select_related("owner")
            ],
        }
        return reports.Snapshot(
            title=record.subject,
            subtitle=record.instrument.label,
            version=_("Answers until {day}").format(day=date_format(record.closes_on, "j F Y")),
            data=data,
        )

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give the template the data and the web."""
        return {**data, "chart": words.radar_of(data["title"], data["source"], data["rows"])}

    def sheets(self, data: Mapping[str, Any]) -> Sequence[Sheet]:
        """Give a sheet of indicators, of statements, and of points to act on."""
        figures = [Column(_("Mean"), 1), Column(_("Lowest"), 0), Column(_("Highest"), 0)]
        names = ("mean", "low", "high")
        return [
            Sheet(
                _("Indicators"),
                [Column(_("Indicator")), *figures, Column(_("Mean of all"), 1)],
                [[row["label"], *(row[name] for name in names), row["of_all"]] for row in data["rows"]],
            ),
            Sheet(
                _("Statements"),
                [Column(_("Indicator")), Column(_("Statement")), *figures],
                [
                    [row["label"], line["text"], *(line[name] for name in names)]
                    for row in data["rows"]
                    for line in row["statements"]
                ],
            ),
            Sheet(
                _("Points to act on"),
                [
                    Column(_("What")),
                    Column(_("Owner")),
                    Column(_("By")),
                    Column(_("Done on")),
                    Column(_("What came of it")),
                ],
                [[p["what"], p["owner"], p["due_on"], p["done_on"], p["came_of_it"]] for p in data["points"]],
            ),
        ]


def _years(table: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give the table of years as plain data."""
    if table is None:
        return None
    rows = [{"label": row["label"], "cells": [value for _head, value in row["cells"]]} for row in table["rows"]]
    return {"heads": [head for head, _one in table["heads"]], "rows": rows}
