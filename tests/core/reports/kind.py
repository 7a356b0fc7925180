"""A kind of report for the tests: a real record, a real template, every format."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from nss_portal.core import charts, reports
from nss_portal.core.access import Actor
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.reports import Choice, Snapshot


class MunicipalityReport(reports.ReportKind):
    """Facts of a municipality."""

    label = _("Municipality")
    template = "tests/report.html"
    lookup = "code"

    def choices(self, actor: Actor) -> Iterable[Choice]:
        for one in Municipality.objects.visible_to(actor).order_by("code"):
            yield Choice(one.code, one.name, self.organisations(one))

    def organisations(self, record: Model) -> frozenset[int]:
        assert isinstance(record, Municipality)
        return frozenset({record.organisation_id})

    def is_public(self, record: Model) -> bool:
        return record.name.startswith("Openbaar")

    def collect(self, record: Model, actor: Actor) -> Snapshot:
        assert isinstance(record, Municipality)
        data = {"name": record.name, "code": record.code, "remark": "=1+1", "years": [2024, 2025], "kt": [2, 1]}
        return Snapshot(title=f"Feiten {record.name}", data=data, version="versie 1")

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        chart = charts.line(
            charts.LineChart(
                title="Uitstoot",
                description="Daalt.",
                unit="kt CO₂",
                x=data["years"],
                series=[charts.Series("uitstoot", data["kt"])],
            )
        )
        return {**data, "chart": chart}

    def sheets(self, data: Mapping[str, Any]) -> Sequence[Sheet]:
        rows = list(zip(data["years"], data["kt"], strict=True))
        return [Sheet("Uitstoot", [Column("Jaar", year=True), Column("kt CO₂", 1)], rows, note=data["remark"])]
