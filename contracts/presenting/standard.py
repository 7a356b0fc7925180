"""The standard approach in words: versions, parts, measures with what they do and cost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contracts.models import StandardMeasure, StandardPromise, StandardSection, StandardVersion
from contracts.models.action import Sector
from contracts.models.standard import StandardItem, StandardState
from contracts.models.standard_measure import CostBasis, EffectBasis
from governance.models.organisation import Group
from nss_portal.core import charts
from nss_portal.core.charts import Chart
from nss_portal.core.formats import format_number
from nss_portal.core.markdown import rendered

# How many facts of a measure stand in one line of a document.
LINE_FACTS = 2
T = TypeVar("T", bound=StandardItem)
# The kinds of parts in addresses.
PATHS = {"section": "onderdeel", "measure": "maatregel", "promise": "afspraak"}
KINDS = {path: kind for kind, path in PATHS.items()}
TONES = {
    StandardState.DRAFT: "neutral",
    StandardState.PROPOSED: "attention",
    StandardState.DECIDED: "info",
    StandardState.PUBLISHED: "good",
    StandardState.SUPERSEDED: "neutral",
}


def tone_of(version: StandardVersion) -> str:
    """Give the tone of a version's mark."""
    return TONES[StandardState(version.state)]


def item_url(version: StandardVersion, kind: str, code: str) -> str:
    """Give the address of what is said about a part of a version."""
    return reverse("contracts:standard_item", args=[version.number, PATHS[kind], code])


def rough(value: Decimal | None) -> str:
    """Write a typical number no more exactly than it is known: two or three digits; a dash where there is none."""
    if value is None:
        return "–"
    size = abs(value)
    decimals = 0 if size >= 100 or not size else 1 if size >= 1 else 2 if size >= Decimal("0.1") else 3
    text = f"{value:.{decimals}f}"
    return format_number(value, 0 if text.endswith(".0") else decimals)


def span(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> str:
    """Write a number with its range: '12,8', '1–3' or '2 (1–3)'; a dash where nothing is known."""
    between = f"{rough(low)}–{rough(high)}" if low is not None and high is not None else ""
    if value is None:
        return between or "–"
    return f"{rough(value)} ({between})" if between else rough(value)


@dataclass(frozen=True)
class MeasureRow:
    """A measure with its numbers in words."""

    measure: StandardMeasure
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Give what is done."""
        return self.measure.title

    @property
    def url(self) -> str:
        """Give the address of the measure in the library."""
        return reverse("contracts:measure", args=[self.measure.code])

    @property
    def sector(self) -> str:
        """Name the sector that the action belongs to."""
        return str(Sector(self.measure.sector).label)

    @property
    def base(self) -> str:
        """Name the sector whose emissions it works on."""
        return str(Sector(self.measure.base_sector).label)

    @property
    def effect(self) -> str:
        """Give the typical effect with its range and unit; a dash where no source gives one."""
        one = self.measure
        text = span(one.effect, one.effect_low, one.effect_high)
        if text == "–":
            return text
        if one.effect_basis == EffectBasis.SHARE:
            return _("%(number)s %% of %(sector)s") % {"number": text, "sector": self.base}
        return _("%(number)s kt per 100,000 inhabitants") % {"number": text}

    @property
    def cost(self) -> str:
        """Give the typical cost with its range and unit; a dash where no source gives one."""
        one = self.measure
        text = span(one.cost, one.cost_low, one.cost_high)
        if text == "–":
            return text
        if one.cost_basis == CostBasis.TONNE:
            return _("%(number)s million euros per kt less a year") % {"number": text}
        return _("%(number)s million euros per 100,000 inhabitants") % {"number": text}

    @property
    def steps(self) -> str:
        """Name the steps of the transition map that it serves."""
        return ", ".join(self.labels.get(code, code) for code in self.measure.steps)

    @property
    def groups(self) -> str:
        """Name who takes part besides the municipality."""
        return ", ".join(str(Group(one).label) for one in self.measure.groups)

    @property
    def size(self) -> str:
        """Say for municipalities of which size it is meant."""
        low, high = self.measure.people_from, self.measure.people_to
        if low and high:
            return _("%(low)s to %(high)s inhabitants") % {"low": _whole(low), "high": _whole(high)}
        if low:
            return _("from %(number)s inhabitants") % {"number": _whole(low)}
        if high:
            return _("up to %(number)s inhabitants") % {"number": _whole(high)}
        return _("all municipalities")

    def lines(self) -> list[str]:
        """Give what is known of it in a few lines for a document, where the sector is a heading already."""
        known = {label: value for label, value in self.facts()[1:] if value != "–"}
        told = [f"{label}: {value}" for label, value in known.items()]
        return [". ".join(told[at : at + LINE_FACTS]) for at in range(0, len(told), LINE_FACTS)]

    def facts(self) -> list[tuple[str, str]]:
        """Give all that is known of it, as label and value."""
        one = self.measure
        years = str(one.years) if one.years else "–"
        return [
            (_("Sector"), self.sector),
            (_("Typical effect"), self.effect),
            (_("Typical cost"), self.cost),
            (_("Who pays"), str(one.get_payer_display())),
            (_("Years until it works in full"), f"{years}, {one.get_curve_display()}" if one.years else years),
            (_("How sure, to begin with"), str(one.get_certainty_display())),
            (_("Who takes part"), self.groups or "–"),
            (_("Fits"), self.size),
            (_("Steps of the transition map"), self.steps or "–"),
        ]


def _whole(number: int) -> str:
    return format_number(Decimal(number), 0)


@dataclass(frozen=True)
class SectionView:
    """A section to read, with how much was said about it."""

    section: StandardSection
    guidance: SafeString
    url: str
    said: int = 0


@dataclass(frozen=True)
class Story:
    """A version as a story to read."""

    version: StandardVersion
    sections: list[SectionView]
    promises: list[tuple[str, list[StandardPromise]]]
    measures: list[MeasureRow]
    said: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        """Give the tone of its mark."""
        return tone_of(self.version)

    @property
    def state(self) -> str:
        """Say where it stands, and since when."""
        version = self.version
        label = str(StandardState(version.state).label)
        day = version.published_on or version.decided_on or version.proposed_on
        return f"{label}, {date_format(day, 'j F Y')}" if day else label

    @property
    def chart(self) -> Chart | None:
        """Draw the typical effects beside each other, with those that count in percent of their sector."""
        return effect_chart([row.measure for row in self.measures])


def story_of(
    version: StandardVersion,
    items: Mapping[str, Sequence[StandardItem]],
    labels: Mapping[str, str],
    said: Mapping[tuple[str, str], int] | None = None,
) -> Story:
    """Put a version in words; `items` are its parts by kind, `said` how many comments each has."""
    counts = said or {}
    by_group: dict[str, list[StandardPromise]] = {}
    for promise in _only(items["promise"], StandardPromise):
        by_group.setdefault(str(Group(promise.group).label), []).append(promise)
    return Story(
        version=version,
        sections=[
            SectionView(
                one,
                rendered(one.guidance, heading=3),
                item_url(version, "section", one.code),
                counts.get(("section", one.code), 0),
            )
            for one in _only(items["section"], StandardSection)
        ],
        promises=list(by_group.items()),
        measures=[MeasureRow(one, labels) for one in _only(items["measure"], StandardMeasure)],
        said=counts,
    )


def _only(items: Iterable[StandardItem], kind: type[T]) -> list[T]:
    return [item for item in items if isinstance(item, kind)]


def effect_chart(measures: Iterable[StandardMeasure]) -> Chart | None:
    """Draw typical effects in percent of the sector, the middle of a range where only that is known."""
    shown = [one for one in measures if one.effect_basis == EffectBasis.SHARE and one.middle is not None]
    if len(shown) < 2:
        return None
    shown.sort(key=lambda one: -(one.middle or Decimal(0)))
    first, last = shown[0], shown[-1]
    return charts.bar(
        charts.BarChart(
            title=_("Typical effect of measures"),
            description=_("From %(first)s (%(high)s %%) to %(last)s (%(low)s %%) of the emissions of the sector.")
            % {
                "first": first.title,
                "high": rough(first.middle),
                "last": last.title,
                "low": rough(last.middle),
            },
            unit=_("% of the emissions of the sector it works on"),
            source=_("Library of measures; the page of each measure names its source."),
            decimals=1,
            categories=[_named(one) for one in shown],
            category_title=_("Measure"),
            series=[charts.Series(_("typical effect"), [one.middle for one in shown], charts.Style.MAIN)],
        )
    )


def _named(measure: StandardMeasure) -> str:
    return _("%(title)s (estimate)") % {"title": measure.title} if measure.is_estimate else measure.title


def version_rows(versions: Sequence[StandardVersion]) -> list[dict[str, Any]]:
    """Give versions for a list, each with its mark and the one before it."""
    numbers = [version.number for version in versions]
    return [
        {
            "version": version,
            "tone": tone_of(version),
            "before": max((number for number in numbers if number < version.number), default=None),
        }
        for version in versions
    ]
