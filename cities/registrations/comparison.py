"""What is known of every municipality, beside each other: facts and bottlenecks."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cities.models import Bottleneck, Municipality, Theme
from cities.models.bottleneck import BottleneckState
from cities.models.involvement import Level
from cities.presenting import grouped
from nss_portal.core.access import Actor
from nss_portal.core.registry import ComparedRow, ComparedValue, comparison_rows


@comparison_rows.register
def facts_beside(actor: Actor, municipalities: list[Municipality]) -> Iterator[ComparedRow]:
    """Inhabitants, province, involvement and since when: of municipalities that come `with_level`."""
    group = _("The municipality")
    yield ComparedRow(
        group=group,
        label=_("Inhabitants"),
        values=[_inhabitants(municipality) for municipality in municipalities],
        order=10,
        is_number=True,
        source=_("Inhabitants: CBS (CC BY 4.0)."),
    )
    values = [ComparedValue(text=municipality.province) for municipality in municipalities]
    yield ComparedRow(group=group, label=_("Province"), values=values, order=10)
    yield ComparedRow(
        group=group,
        label=_("Involvement"),
        values=[_level(municipality) for municipality in municipalities],
        order=10,
    )


def _inhabitants(municipality: Municipality) -> ComparedValue:
    if municipality.population is None:
        return ComparedValue()
    number = municipality.population
    note = _("1 January {year}").format(year=municipality.population_year)
    return ComparedValue(text=grouped(number), note=note, raw=str(number))


def _level(municipality: Municipality) -> ComparedValue:
    level, since = Level(getattr(municipality, "level")), getattr(municipality, "level_since")  # noqa: B009
    note = _("since {day}").format(day=format_date(since, "j F Y")) if since else ""
    return ComparedValue(text=level.label, note=note, raw=level.value)


@comparison_rows.register
def bottlenecks_beside(actor: Actor, municipalities: list[Municipality]) -> Iterator[ComparedRow]:
    """Open bottlenecks that the actor may see, in all and by theme that one of them has. One query."""
    organisations = [municipality.organisation_id for municipality in municipalities]
    visible = Bottleneck.objects.visible_to(actor).filter(
        organisation__in=organisations, state=BottleneckState.OPEN
    )
    counts: dict[int | None, dict[int, int]] = defaultdict(dict)
    themes: dict[int, Theme] = {}
    fields = ("organisation", "theme", "theme__order", "theme__label_nl", "theme__label_en")
    for row in visible.values(*fields).annotate(count=Count("pk")).order_by("theme__order", "theme"):
        counts[row["theme"]][row["organisation"]] = row["count"]
        if row["theme"] is not None:
            themes[row["theme"]] = Theme(label_nl=row["theme__label_nl"], label_en=row["theme__label_en"])
    if not counts:
        return
    totals = {pk: sum(found.get(pk, 0) for found in counts.values()) for pk in organisations}
    yield _counted(_("All themes"), municipalities, totals, link=True)
    for pk, theme in themes.items():
        yield _counted(str(theme), municipalities, counts[pk])


def _counted(
    label: str, municipalities: list[Municipality], counts: dict[int, int], *, link: bool = False
) -> ComparedRow:
    base = f"{reverse('cities:bottlenecks')}?stand={BottleneckState.OPEN}"
    values = []
    for municipality in municipalities:
        count = counts.get(municipality.organisation_id, 0)
        url = f"{base}&{urlencode({'q': municipality.common_name})}" if link and count else ""
        values.append(ComparedValue(text=str(count), url=url, raw=str(count)))
    return ComparedRow(group=_("Open bottlenecks"), label=label, values=values, order=40, is_number=True)
