"""The report of a programme: PDF, HTML, XLSX and JSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Phase, Programme
from activities.models.programme import BEFORE_COVENANT
from activities.models.programme_outcome import ResultKind
from activities.presenting import programmes as words
from activities.selectors.programmes import Row, Whole, takes_part, whole_of, with_parts
from nss_portal.core import reports
from nss_portal.core.access import Actor, granted, standing_of
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.time import today

NAME = "programme"


@reports.kind(NAME, resource="programme", formats=("pdf", "html", "xlsx", "json"))
class ProgrammeReport(reports.ReportKind):
    """What a programme agreed, did and reached, and what it costs its partners."""

    label = gettext_lazy("Programme")
    description = gettext_lazy("What was agreed, what is done, results, and what partners give.")
    template = "reports/print/programme.html"
    edition = 1

    def choices(self, actor: Actor) -> Iterable[reports.Choice]:
        """Give the programmes that the actor may see, with who takes part."""
        seen = Programme.objects.visible_to(actor).prefetch_related("partners").order_by("title", "pk")
        return [reports.Choice(one.public_id, one.title, self.organisations(one)) for one in seen]

    def organisations(self, record: Model) -> frozenset[int]:
        """Give who leads it and who takes part."""
        assert isinstance(record, Programme)  # noqa: S101 - by `find`
        parts = {
            one.organisation_id for one in record.partners.all() if one.left_on is None and one.answer == "yes"
        }
        return frozenset(parts | {record.organisation_id})

    def is_public(self, record: Model) -> bool:
        """A published programme's report shows to everybody what its page shows a visitor."""
        return False

    def collect(self, record: Model, actor: Actor) -> reports.Snapshot:
        """Gather what the actor may see: what partners share among themselves for who takes part alone."""
        assert isinstance(record, Programme)  # noqa: S101 - by `find`
        whole = whole_of(with_parts(Programme.objects.filter(pk=record.pk)).get())
        sees_all = standing_of(actor).is_system or "all" in granted(actor, "programme", "view")
        data = data_of(whole, inside=sees_all or takes_part(actor, whole))
        return reports.Snapshot(
            title=record.title,
            subtitle=str(Phase(record.phase).label).capitalize(),
            version=_("As it stood on {day}").format(day=date_format(today(), "j F Y")),
            data=data,
        )

    def sheets(self, data: Mapping[str, Any]) -> Sequence[Sheet]:
        """Give a sheet each of partners, milestones and results."""
        return [
            Sheet(
                _("Partners"),
                [
                    Column(_("Organisation")),
                    Column(_("Hours a year"), 0),
                    Column(_("Euros in all"), 0),
                    Column(_("What it brings")),
                    Column(_("Joined")),
                ],
                [[p["name"], p["hours"], p["euros"], p["brings"], p["joined_on"]] for p in data["partners"]],
            ),
            Sheet(
                _("Milestones"),
                [
                    Column(_("Milestone")),
                    Column(_("Planned at first")),
                    Column(_("Planned")),
                    Column(_("Reached")),
                    Column(_("Stands")),
                ],
                [
                    [m["title"], m["first_planned_on"], m["planned_on"], m["done_on"], m["state"]]
                    for m in data["milestones"]
                ],
            ),
            Sheet(
                _("Results"),
                [Column(_("Kind")), Column(_("Result")), Column(_("Anchored in")), Column(_("Reached"))],
                [[r["kind"], r["title"], r["anchored_in"], r["reached_on"]] for r in data["results"]],
            ),
        ]


def data_of(whole: Whole, *, inside: bool) -> dict[str, Any]:
    """Give a programme as plain data; days are dates."""
    programme, covenant = whole.programme, whole.covenant
    agreed = covenant if covenant and (inside or covenant.fixed_at) else None
    return {
        "illustrative": programme.is_illustrative,
        "facts": [[str(label), str(value)] for label, value in words.facts(whole)],
        "challenge": programme.challenge,
        "goal": programme.goal,
        "mandate": programme.mandate,
        "agreed": _read(agreed, "goal", "why", "agreements") if agreed else None,
        "digest": covenant.digest if agreed else "",
        "gazettes": [one.gazette_name for one in words.rounds(whole) if one.gazette],
        "money": [[str(one["value"]), str(one["label"])] for one in words.money(whole, inside=inside)],
        **_from_covenant(whole, shown=inside or programme.phase not in BEFORE_COVENANT),
        "year": _last_year(),
        "groups": [
            {"name": one.name, "task": one.task, "members": [row.organisation for row in one.members]}
            for one in words.groups(whole)
            if one.ended_on is None
        ],
        **_shared_inside(whole if inside else None),
        **_reached(whole),
    }


def _read(record: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _last_year() -> int:
    return today().year - 1


def _from_covenant(whole: Whole, *, shown: bool) -> dict[str, Any]:
    """Give partners and milestones; what partners pledge is public with the covenant alone."""
    milestones = words.milestones(whole) if shown else []
    names = ("title", "first_planned_on", "planned_on", "done_on", "note")
    return {
        "partners": [_partner(whole, one, shown=shown) for one in whole.taking_part],
        "milestones": [{**_read(one, *names), "state": str(one.state)} for one in milestones],
    }


def _partner(whole: Whole, partner: Row, *, shown: bool) -> dict[str, Any]:
    given = (e.hours for e in whole.estimates if e.partner_id == partner.pk and e.year == _last_year())
    return {
        "name": partner.name,
        "hours": partner.hours if shown else None,
        "euros": partner.euros if shown else None,
        "pledge": words.pledge_in_words(partner) if shown else "",
        "brings": partner.brings if shown else "",
        "joined_on": partner.joined_on,
        "given": next(given, None),
    }


def _shared_inside(whole: Whole | None) -> dict[str, Any]:
    """Give what partners share among themselves; nothing of it without a programme."""
    reflections = [one for one in whole.reflections if one.submitted_at] if whole else []
    points = whole.points if whole else []
    return {
        "reflections": [_read(one, "year", "half", "real", "adjust") for one in reflections],
        "points": [_read(one, "what", "owner", "due_on", "done_on", "result") for one in points],
    }


def _reached(whole: Whole) -> dict[str, Any]:
    """Give results, scaling up, and what was handed over."""
    names = ("title", "text", "anchored_in", "reached_on")
    closing = ("what_worked", "what_failed", "handed_to", "hand_over")
    return {
        "results": [{"kind": str(ResultKind(one.kind).label), **_read(one, *names)} for one in whole.results],
        "scalings": [
            {"theme": one.theme, "lines": [[str(label), str(text)] for label, text in one.lines]}
            for one in words.scalings(whole)
        ],
        "closing": _read(whole.closing, *closing) if whole.closing else None,
    }
