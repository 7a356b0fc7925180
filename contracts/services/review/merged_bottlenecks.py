"""Answers of reviews that named a bottleneck, when that is merged into another."""

from cities.models import Bottleneck
from cities.selectors_bottleneck_groups import goes_on_in
from contracts.models import Effort


class EffortLinks:
    """Moves answers along with a bottleneck, also those of closed reviews: of these just this tie may change."""

    def move(self, *, source: Bottleneck, target: Bottleneck) -> list[int]:
        """Let answers that named `source` name `target`; gives which (primary keys)."""
        moving = Effort.objects.filter(bottleneck=source)
        moved = sorted(moving.values_list("pk", flat=True))
        moving.update(bottleneck=target)
        return moved

    def move_back(self, *, source: Bottleneck, target: Bottleneck, moved: list[int]) -> None:
        """Bring back just the answers that were moved, also from where `target` itself went on since."""
        there = {target.pk, goes_on_in(target)}
        Effort.objects.filter(bottleneck__in=there, pk__in=moved).update(bottleneck=source)
