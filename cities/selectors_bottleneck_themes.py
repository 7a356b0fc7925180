"""The transversal themes: how many cities stand behind them, per step of the transition map."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count

from cities.models import Bottleneck, BottleneckJoin, Theme, TransitionStep
from cities.models.bottleneck import BottleneckQuerySet, BottleneckState
from cities.selectors_bottleneck_groups import PRESENT
from nss_portal.core.access import Actor

# Who stands behind the open bottlenecks that somebody sees: owners, owners of what was merged into them, and
# cities that joined; each city once per theme and step, and then counted per theme, per step and per both.
CITIES = """
WITH RECURSIVE way (id, onward) AS (
    SELECT id, merged_into_id FROM cities_bottleneck WHERE state = 'merged'
    UNION ALL
    SELECT way.id, next.merged_into_id FROM way JOIN cities_bottleneck AS next ON next.id = way.onward
    WHERE next.state = 'merged'
),
seen (id, theme, step, organisation) AS NOT MATERIALIZED ({seen}),
readable (id, organisation) AS NOT MATERIALIZED ({readable}),
joined (bottleneck, organisation) AS NOT MATERIALIZED ({joined}),
behind (theme, step, organisation) AS (
    SELECT theme, step, organisation FROM seen
    UNION
    SELECT seen.theme, seen.step, joined.organisation FROM seen JOIN joined ON joined.bottleneck = seen.id
    UNION
    SELECT seen.theme, seen.step, readable.organisation
    FROM way JOIN seen ON seen.id = way.onward JOIN readable ON readable.id = way.id
    UNION
    SELECT seen.theme, seen.step, joined.organisation
    FROM way JOIN seen ON seen.id = way.onward JOIN joined ON joined.bottleneck = way.id
),
{present}
SELECT theme, step, grouping(step) = 1, count(DISTINCT onward)
FROM behind JOIN present ON present.id = behind.organisation GROUP BY GROUPING SETS ((theme), (theme, step))
"""


@dataclass(frozen=True)
class ThemeRow:
    """One theme: the cities behind it, its open bottlenecks, and both per step (None: no step was named)."""

    theme: Theme
    cities: int
    bottlenecks: int
    cities_per_step: Mapping[int | None, int]
    bottlenecks_per_step: Mapping[int | None, int]


@dataclass(frozen=True)
class ThemeTable:
    """All themes, those with most cities behind them first, and the steps in their order."""

    rows: list[ThemeRow]
    steps: list[TransitionStep]

    @property
    def has_stepless(self) -> bool:
        """Say whether there are bottlenecks without a step."""
        return any(row.bottlenecks_per_step.get(None) for row in self.rows)


def transversal_themes(actor: Actor) -> ThemeTable:
    """Count the open bottlenecks that the actor may see, and the cities behind them, by theme and step.

    A city counts once for a theme, however many bottlenecks it has there. Four queries.
    """
    visible = Bottleneck.objects.visible_to(actor)
    seen = visible.filter(state=BottleneckState.OPEN, theme__isnull=False)
    cities = _cities(actor, visible, seen)
    numbers: dict[int, dict[int | None, int]] = {}
    for theme, step, number in seen.order_by().values_list("theme", "step").annotate(number=Count("pk")):
        numbers.setdefault(theme, {})[step] = number
    rows = [
        ThemeRow(
            theme=theme,
            cities=cities.get((theme.pk, None, True), 0),
            bottlenecks=sum(numbers.get(theme.pk, {}).values()),
            cities_per_step={step: n for (key, step, total), n in cities.items() if key == theme.pk and not total},
            bottlenecks_per_step=numbers.get(theme.pk, {}),
        )
        for theme in Theme.objects.all()
    ]
    rows.sort(key=lambda row: (-row.cities, -row.bottlenecks, row.theme.order))
    return ThemeTable(rows, list(TransitionStep.objects.all()))


def _cities(
    actor: Actor, visible: BottleneckQuerySet, seen: BottleneckQuerySet
) -> dict[tuple[int, int | None, bool], int]:
    """Give the number of cities by theme, step, and whether it is the sum over all steps."""
    parts = {
        "seen": seen.order_by().values("pk", "theme", "step", "organisation"),
        "readable": visible.order_by().filter(state=BottleneckState.MERGED).values("pk", "organisation"),
        "joined": BottleneckJoin.objects.known_to(actor).order_by().values("bottleneck", "organisation"),
    }
    texts: dict[str, str] = {}
    values: list[Any] = []
    for name, queryset in parts.items():
        texts[name], found = queryset.query.sql_with_params()
        values += found
    with connection.cursor() as cursor:
        cursor.execute(CITIES.format(**texts, present=PRESENT), values)
        return {(theme, step, total): number for theme, step, total, number in cursor.fetchall()}
