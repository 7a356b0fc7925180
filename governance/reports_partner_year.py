"""A partner's yearly report: what it pledged and gave, brought and took, promised, and has to do still.

For people of the organisation alone: of what each brings and takes nobody else reads more than sums.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import presenting_contributions as words
from governance.models import AssessmentPoint, Contribution, Decision, DecisionState, Organisation
from governance.models.contribution import EARLIEST_YEAR
from governance.presenting_contributions_own import role_in_words
from governance.selectors_exchange import Line, of_organisation
from governance.services.contributions.giving import given, pledged
from nss_portal.core import reports
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.registry import given_elsewhere, promise_sources
from nss_portal.core.time import today

# In the list to choose from; older years by their name.
YEARS_OFFERED = 4


@reports.kind("partner-year", resource="contribution", formats=("pdf", "html", "xlsx", "json"))
class PartnerYearReport(reports.ReportKind):
    """One organisation and one year: `<public id>/<year>`."""

    label = gettext_lazy("An organisation's year")
    description = gettext_lazy("What an organisation gave, brought and took, its promises and what it has to do.")
    template = "reports/print/partner_year.html"
    edition = 1

    def find(self, actor: Actor, ref: str) -> Model | None:
        """Give the contribution of that year, unsaved where nothing was pledged, to people of the organisation."""
        public_id, _slash, year = ref.partition("/")
        if not (year.isdecimal() and len(year) == 4 and EARLIEST_YEAR <= int(year) <= today().year):
            return None
        organisation = _reported(actor).filter(public_id=public_id).first()
        if organisation is None:
            return None
        row = Contribution.objects.filter(organisation=organisation, year=int(year)).first()
        return row or Contribution(organisation=organisation, year=int(year))

    def choices(self, actor: Actor) -> Iterable[reports.Choice]:
        """Give this year and the last ones of the actor's own organisations."""
        if not standing_of(actor).organisations:
            return []
        years = range(today().year, today().year - YEARS_OFFERED, -1)
        return [
            reports.Choice(f"{one.public_id}/{year}", f"{one}, {year}", frozenset({one.pk}))
            for one in _reported(actor).order_by("name")
            for year in years
        ]

    def organisations(self, record: Model) -> frozenset[int]:
        """Give whose year it is."""
        assert isinstance(record, Contribution)  # noqa: S101 - by `find`
        return frozenset({record.organisation_id})

    def collect(self, record: Model, actor: Actor) -> reports.Snapshot:
        """Gather the year as the organisation's own people see it."""
        assert isinstance(record, Contribution)  # noqa: S101 - by `find`
        organisation, year = record.organisation, record.year
        elsewhere = [
            {
                "label": str(line.label),
                "hours_pledged": line.hours_pledged,
                "hours_given": line.hours_given,
                "euros_pledged": line.euros_pledged,
                "euros_given": line.euros_given,
                "note": str(line.note),
            }
            for source in given_elsewhere
            for line in source(actor, organisation)
            if line.year == year
        ]
        exchange = of_organisation(actor, organisation.pk, [year], year)
        data = {
            "title": str(organisation),
            "year": year,
            "illustrative": record.is_illustrative,
            "facts": _facts(record, actor),
            "is_said": record.pledged_at is not None or record.confirmed_at is not None,
            "elsewhere": elsewhere,
            "brought": [_line(one) for one in exchange.brought],
            "took": [_line(one) for one in exchange.took],
            "promises": [
                {"contract": one.where, "promise": one.what, "due_on": one.due_on, "state": str(one.state)}
                for source in promise_sources
                for one in source(actor, organisation, year)
            ],
            "to_do": _to_do(actor, organisation, year),
        }
        return reports.Snapshot(title=str(organisation), subtitle=str(self.label), version=str(year), data=data)

    def sheets(self, data: Mapping[str, Any]) -> Sequence[Sheet]:
        """Give a sheet per part of the report."""
        return [
            Sheet(_("Contribution"), [Column(_("What")), Column(_("How much"))], data["facts"]),
            Sheet(
                _("Programmes and agenda"),
                [
                    Column(_("For what")),
                    Column(_("Hours pledged"), 0),
                    Column(_("Hours given"), 0),
                    Column(_("Euros pledged"), 0),
                    Column(_("Euros given"), 0),
                    Column(_("Note")),
                ],
                [list(row.values()) for row in data["elsewhere"]],
            ),
            Sheet(
                _("Brought and took"),
                [Column(_("Side")), Column(_("What")), Column(_("Number"), 0), Column(_("Among them"))],
                [
                    [side, row["label"], row["number"], "; ".join(row["titles"])]
                    for side, rows in ((_("brought"), data["brought"]), (_("took"), data["took"]))
                    for row in rows
                ],
            ),
            Sheet(
                _("Promises"),
                [Column(_("Climate contract")), Column(_("Promise")), Column(_("By")), Column(_("How it stands"))],
                [list(row.values()) for row in data["promises"]],
            ),
            Sheet(
                _("To do"),
                [Column(_("What")), Column(_("Comes from")), Column(_("By"))],
                [list(row.values()) for row in data["to_do"]],
            ),
        ]


def _reported(actor: Actor) -> Any:
    """Give the organisations whose year the actor may read whole: the own ones."""
    seen = Organisation.objects.visible_to(actor)
    standing = standing_of(actor)
    return seen if standing.is_system else seen.filter(pk__in=standing.organisations)


def _facts(record: Contribution, actor: Actor) -> list[list[str]]:
    """Give the contribution of the year in words, with the part that the organisation has in the cooperation."""
    state, _tone = words.state_of(record.year, record.pledged_at, record.confirmed_at, record.is_as_pledged)
    part = role_in_words(record.organisation, actor)
    rows = [
        (_("Part in the cooperation"), part.get("part", "")),
        (_("Role"), part.get("role", "")),
        (_("Pledged"), words.in_words(pledged(record)) if record.pledged_at else ""),
        (_("Given"), words.in_words(given(record)) if record.confirmed_at else ""),
        (_("State"), state if record.pk else ""),
        (_("For what"), record.purpose),
        (_("Why it was otherwise"), record.reason),
    ]
    return [[str(label), str(value)] for label, value in rows if value]


def _line(one: Line) -> dict[str, Any]:
    titles = [str(reading.title) for reading in one.readings]
    return {"label": str(one.kind.label), "number": one.numbers[0], "titles": titles}


def _to_do(actor: Actor, organisation: Organisation, year: int) -> list[dict[str, Any]]:
    """Give what the organisation answers for and what is open: decisions and points of that year or before."""
    decisions = Decision.objects.visible_to(actor).filter(
        owner=organisation, state=DecisionState.OPEN, meeting__starts_at__year__lte=year
    )
    points = AssessmentPoint.objects.filter(
        owner=organisation, done_on=None, assessment__closes_on__year__lte=year
    )
    rows = [
        {"what": one.text, "source": str(one.meeting), "due_on": one.due_on}
        for one in decisions.select_related("meeting__body").order_by("due_on", "pk")
    ]
    return rows + [
        {"what": one.what, "source": str(one.assessment), "due_on": one.due_on}
        for one in points.select_related("assessment").order_by("due_on", "pk")
    ]
