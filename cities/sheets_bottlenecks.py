"""Tables of bottlenecks to take along."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.models.bottleneck import BottleneckQuerySet, BottleneckState, Severity
from cities.selectors_bottleneck_themes import ThemeTable
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.exports.sheets import Cell

COLUMNS = (
    "public_id",
    "title",
    "description",
    "organisation__name",
    "organisation__municipality__code",
    "organisation__municipality__province",
    "theme__label_nl",
    "step__label_nl",
    "severity",
    "state",
    "since_year",
    "behind",
    "changed_at",
    "is_illustrative",
)


def register_sheet(bottlenecks: BottleneckQuerySet) -> Sheet:
    """Give the register as a table, one row per bottleneck; `bottlenecks` comes from `with_behind`. One query."""
    language = "en" if get_language() == "en" else "nl"
    names = [name.replace("label_nl", f"label_{language}") for name in COLUMNS]
    severities = {severity.value: str(severity.label) for severity in Severity}
    states = {state.value: str(state.label) for state in BottleneckState}

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in bottlenecks.values_list(*names):
            *before, severity, state, since, behind, changed, illustrative = row
            day = timezone.localdate(changed)
            made_up = _("illustrative") if illustrative else ""
            yield (*before, severities.get(severity, ""), states[state], since, behind, day, made_up)

    columns = [
        Column("id"),
        Column(_("Bottleneck")),
        Column(_("Description")),
        Column(_("Of")),
        Column(_("CBS code")),
        Column(_("Province")),
        Column(_("Theme")),
        Column(_("Step of the transition map")),
        Column(_("How badly")),
        Column(_("State")),
        Column(_("Since")),
        Column(_("Cities behind it")),
        Column(_("Last changed")),
        Column(_("illustrative")),
    ]
    return Sheet(_("Bottlenecks"), columns, list(rows()))


def theme_sheets(table: ThemeTable) -> list[Sheet]:
    """Give themes by step as two tables: the cities behind them, and the number of bottlenecks."""
    steps = [*table.steps, None] if table.has_stepless else list(table.steps)
    keys = [step.pk if step else None for step in steps]
    names = [step.label if step else _("No step named") for step in steps]
    head = [Column(_("Theme")), Column(_("All steps"), 0), *(Column(name, 0) for name in names)]
    cities: list[tuple[Cell, ...]] = [
        (row.theme.label, row.cities, *(row.cities_per_step.get(key, 0) for key in keys)) for row in table.rows
    ]
    numbers: list[tuple[Cell, ...]] = [
        (row.theme.label, row.bottlenecks, *(row.bottlenecks_per_step.get(key, 0) for key in keys))
        for row in table.rows
    ]
    note = _("Open bottlenecks that you may see. A city counts once for each theme.")
    return [
        Sheet(_("Cities behind it"), head, cities, note),
        Sheet(_("Bottlenecks"), head, numbers, note),
    ]
