"""A version of the standard approach as a report: a sealed PDF with its data inside, HTML, XLSX and JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import StandardMeasure, StandardVersion
from contracts.models.standard import StandardItem, StandardState
from contracts.presenting.standard import MeasureRow, Story, story_of
from contracts.presenting.standard_changes import causes_of
from contracts.selectors import standard as selectors
from contracts.services.standard.changes import read_values
from contracts.services.standard.document import KIND
from contracts.services.standard.versions import ITEMS
from contracts.sheets_standard import data_of, sheets_of
from contracts.standard_diff import ItemDiff, differences
from nss_portal.core import reports
from nss_portal.core.access import Actor
from nss_portal.core.exports import Sheet, json_bytes
from nss_portal.core.formats import format_date
from nss_portal.core.markdown import rendered
from nss_portal.core.pdf.archive import Attached

# Below the h2 of a chapter and the h3 of a section.
GUIDANCE_HEADING = 4


@reports.kind(KIND, resource="contract_standard", formats=("pdf", "html", "xlsx", "json"))
class StandardReport(reports.ReportKind):
    """One version whole; named by its number. Of a public version it shows nothing that a visitor does not see."""

    label = gettext_lazy("Standard approach")
    description = gettext_lazy(
        "Sections with guidance and model texts, model promises, and all measures with sources."
    )
    template = "reports/print/standard_approach.html"
    lookup = "number"
    edition = 1
    is_sealed = True

    def find(self, actor: Actor, ref: str) -> Model | None:
        """Give the version of this number that the actor may see."""
        if not (ref.isdecimal() and len(ref) < 5):
            return None
        return next((one for one in selectors.versions_for(actor) if one.number == int(ref)), None)

    def choices(self, actor: Actor) -> Iterable[reports.Choice]:
        """Give the versions that the actor sees, the newest first."""
        return [
            reports.Choice(str(one.number), f"{one} ({one.get_state_display()})")
            for one in selectors.versions_for(actor)
        ]

    def is_public(self, record: Model) -> bool:
        """Say whether the version is or was in force."""
        assert isinstance(record, StandardVersion)  # noqa: S101 - by `find`
        return record.is_public

    def collect(self, record: Model, actor: Actor) -> reports.Snapshot:
        """Gather what the version says, and what it says otherwise than the one before it."""
        assert isinstance(record, StandardVersion)  # noqa: S101 - by `find`
        items = selectors.items_of(record)
        before, changes = _changed(record, items, AnonymousUser() if record.is_public else actor)
        return reports.Snapshot(
            title=_("The Dutch standard approach"),
            subtitle=_("A climate contract for every municipality"),
            version=_since(record),
            data={
                **data_of(record, items),
                "since": _since(record),
                "steps": selectors.step_labels(),
                "before": before.number if before else None,
                "changes": changes,
            },
        )

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give the template the version in words, with its chart."""
        return {"document": Document(data)}

    def attached(self, data: Mapping[str, Any]) -> Sequence[Attached]:
        """Give the data of the version, as the portal hands them out beside the document."""
        name = f"standaardaanpak-{data['version']}.json"
        day = data["published_on"]
        made_at = datetime.combine(date.fromisoformat(day) if day else date(2000, 1, 1), time(), tzinfo=UTC)
        return [Attached(name, json_bytes(_plain(data)).decode(), _("The data of this version"), made_at)]

    def sheets(self, data: Mapping[str, Any]) -> Sequence[Sheet]:
        """Give sheets of sections, measures and model promises."""
        document = Document(data)
        return sheets_of(document.items, data["steps"])


@dataclass(frozen=True)
class Document:
    """A version in words for its document, out of plain data."""

    data: Mapping[str, Any]

    @cached_property
    def version(self) -> StandardVersion:
        """Give the version as a record that is never saved."""
        names = ("intro_nl", "intro_en", "state")
        return StandardVersion(number=self.data["version"], **{name: self.data[name] for name in names})

    @cached_property
    def items(self) -> dict[str, list[StandardItem]]:
        """Give the parts as records that are never saved, by kind."""
        return {kind: [_item(kind, row) for row in self.data[f"{kind}s"]] for kind in ITEMS}

    @cached_property
    def story(self) -> Story:
        """Give the version as a story, as its page tells it."""
        return story_of(self.version, self.items, self.data["steps"])

    @property
    def sections(self) -> list[tuple[str, SafeString, str]]:
        """Give per section its title, its guidance and the text to take over."""
        return [
            (one.section.title, rendered(one.section.guidance, heading=GUIDANCE_HEADING), one.section.model)
            for one in self.story.sections
        ]

    @cached_property
    def by_sector(self) -> list[tuple[str, list[MeasureRow]]]:
        """Give the measures by sector, in the order in which the sectors come first."""
        found: dict[str, list[MeasureRow]] = {}
        for row in self.story.measures:
            found.setdefault(row.sector, []).append(row)
        return [(sector[:1].upper() + sector[1:], rows) for sector, rows in found.items()]

    @property
    def estimates(self) -> int:
        """Count the measures whose numbers are the portal's own estimate."""
        return sum(isinstance(one, StandardMeasure) and one.is_estimate for one in self.items["measure"])

    @property
    def is_in_force(self) -> bool:
        """Say whether this was the version in force when the document was made."""
        return bool(self.data["state"] == StandardState.PUBLISHED)

    @property
    def is_superseded(self) -> bool:
        """Say whether a later version took the place of this one."""
        return bool(self.data["state"] == StandardState.SUPERSEDED)


def _item(kind: str, row: Mapping[str, Any]) -> StandardItem:
    values = {name: value for name, value in row.items() if name != "code"}
    made: StandardItem = ITEMS[kind](code=row["code"], **read_values(kind, values))
    return made


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the document adds to the data of a version."""
    return {name: value for name, value in data.items() if name not in ("since", "steps", "before", "changes")}


def _since(version: StandardVersion) -> str:
    """Say which version a document shows: 'version 2, in force since 3 March 2027'."""
    number = {"number": version.number}
    if version.published_on and version.state == StandardState.PUBLISHED:
        return _("version %(number)d, in force since %(day)s") % {
            **number,
            "day": format_date(version.published_on),
        }
    return _("version %(number)d, %(state)s") % {**number, "state": version.get_state_display()}


def _changed(
    version: StandardVersion, items: Mapping[str, Sequence[StandardItem]], reader: Actor
) -> tuple[StandardVersion | None, list[dict[str, Any]]]:
    """Give the version before this one, and what changed since with what that comes out of, for a reader."""
    before = next((one for one in selectors.versions_for(reader) if one.number < version.number), None)
    if before is None:
        return None, []
    found = differences(selectors.items_of(before), items, selectors.changes_between(reader, before, version))
    causes = causes_of([change for item in found for change in item.changes], reader)
    return before, [_change(item, causes) for item in found]


def _change(item: ItemDiff, causes: Mapping[int, list[dict[str, str]]]) -> dict[str, Any]:
    return {
        "title": item.title,
        "kind": item.kind_label,
        "act": item.act_label,
        "because": [
            {
                "title": one.title,
                "reason": one.reason,
                "by": str(one.organisation),
                "illustrative": one.is_illustrative,
                "causes": [cause["label"] for cause in causes[one.pk]],
            }
            for one in item.changes
        ],
    }
