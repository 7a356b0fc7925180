"""What pages and reports say of an assessment, in words, rows and a chart."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.models import Assessment, AssessmentState, Indicator
from governance.models.assessment import STRUCTURE
from governance.services.assessments.counting import FEWEST
from nss_portal.core import charts
from nss_portal.core.formats import format_number
from nss_portal.core.time import today

TONES = {
    AssessmentState.DRAFT: "neutral",
    AssessmentState.OPEN: "attention",
    AssessmentState.CLOSED: "good",
    AssessmentState.WITHDRAWN: "neutral",
}


def result_of(
    result: Mapping[str, Any], indicators: Sequence[Indicator], of_all: Mapping[int, float]
) -> list[dict[str, Any]]:
    """Give what is shown per indicator: its figures, those of its statements, and the mean of all."""
    by_indicator = {row["number"]: row for row in result["indicators"]}
    by_statement = {row["number"]: row for row in result["statements"]}
    return [
        {
            "number": one.number,
            "label": one.label,
            "of_all": of_all.get(one.number),
            **{name: by_indicator[one.number][name] for name in ("mean", "low", "high")},
            "statements": [
                {"text": line.text, **{name: by_statement[line.number][name] for name in ("mean", "low", "high")}}
                for line in one.statements.all()
            ],
        }
        for one in indicators
    ]


def radar_of(title: str, source: str, rows: Sequence[Mapping[str, Any]]) -> charts.Chart | None:
    """Give the web of a result, or None where no indicator has figures."""
    if len(rows) < 3 or all(row["mean"] is None for row in rows):
        return None
    series = [
        charts.Series(
            _("mean"),
            [row["mean"] for row in rows],
            charts.Style.MAIN,
            low=[row["low"] for row in rows],
            high=[row["high"] for row in rows],
        )
    ]
    if any(row["of_all"] is not None for row in rows):
        series.append(
            charts.Series(_("mean of all programmes"), [row["of_all"] for row in rows], charts.Style.TREND)
        )
    return charts.radar(
        charts.RadarChart(
            title=title,
            description=in_words(rows),
            unit=_("score from 1 to 5"),
            source=source,
            decimals=1,
            axes=[str(row["label"]) for row in rows],
            axis_title=_("Indicator"),
            band_label=_("lowest to highest score"),
            series=series,
        )
    )


def in_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say which indicators score highest and lowest."""
    known = [row for row in rows if row["mean"] is not None]
    if not known:
        return ""
    best, least = max(known, key=lambda row: row["mean"]), min(known, key=lambda row: row["mean"])
    return _("Highest: {best} ({high}). Lowest: {least} ({low}).").format(
        best=best["label"],
        high=format_number(best["mean"], 1),
        least=least["label"],
        low=format_number(least["mean"], 1),
    )


def answers_in_words(assessment: Assessment) -> str:
    """Say how many answered, from five up."""
    result = assessment.result
    if result["answers"] is None:
        return _("Fewer than five people answered. That is too few for figures, and it stays so.")
    return ngettext(
        "{answers} of {invited} person answered.", "{answers} of {invited} people answered.", result["invited"]
    ).format(answers=result["answers"], invited=result["invited"])


def facts(assessment: Assessment) -> list[tuple[str, Any]]:
    """Give the facts of an assessment, for facts.html."""
    found = [
        (_("Instrument"), assessment.instrument.label),
        (_("Organised by"), assessment.organisation),
        (_("Open until"), date_format(assessment.closes_on, "j F Y")),
    ]
    if assessment.state == AssessmentState.CLOSED:
        found[2] = (_("Answers until"), date_format(assessment.closes_on, "j F Y"))
        found.append((_("Result shared with"), assessment.get_sharing_display()))
    return found


def over_years(found: Sequence[Assessment], indicators: Sequence[Indicator]) -> dict[str, Any] | None:
    """Give a table of the years of one thing: heads, and a row per indicator; None for fewer than two."""
    if len(found) < 2:
        return None
    years = [one.closes_on.year for one in found]
    heads = [
        str(one.closes_on.year) if years.count(one.closes_on.year) == 1 else date_format(one.closes_on, "F Y")
        for one in found
    ]
    columns = [{row["number"]: row["mean"] for row in one.result["indicators"]} for one in found]
    rows = [
        {
            "label": one.label,
            "cells": [(head, column.get(one.number)) for head, column in zip(heads, columns, strict=True)],
        }
        for one in indicators
    ]
    whole = {
        "label": _("All together"),
        "cells": [(h, one.result["mean"]) for h, one in zip(heads, found, strict=True)],
    }
    return {"heads": [(head, one) for head, one in zip(heads, found, strict=True)], "rows": [*rows, whole]}


def point_rows(points: Sequence[Any], mine: frozenset[int], *, manages: bool) -> list[dict[str, Any]]:
    """Give the points to act on with how they stand; `mine` are the organisations one may answer for."""
    day = today()
    return [
        {
            "point": point,
            "is_late": point.done_on is None and point.due_on < day,
            "may_finish": point.done_on is None and (manages or point.owner_id in mine),
        }
        for point in points
    ]


def rule_in_words(assessment: Assessment) -> str:
    """Say when figures are shown."""
    text = _("Figures are shown from {fewest} scores per statement up, once, after the closing.")
    compared = _("The mean of all is shown from three programmes up.")
    about = text.format(fewest=FEWEST)
    return about if assessment.subject_kind == STRUCTURE else f"{about} {compared}"
