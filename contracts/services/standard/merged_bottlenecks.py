"""Proposals that name a bottleneck, when that is merged into another."""

from cities.models import Bottleneck
from cities.selectors_bottleneck_groups import goes_on_in
from contracts.models import StandardChange


class ChangeLinks:
    """Moves links of proposals along with a bottleneck; one that names both already just loses the old one."""

    def move(self, *, source: Bottleneck, target: Bottleneck) -> dict[str, list[int]]:
        """Let proposals that name `source` name `target`; gives which, and which named both (primary keys)."""
        named = sorted(StandardChange.objects.filter(bottlenecks=source).values_list("pk", flat=True))
        both = set(StandardChange.objects.filter(bottlenecks=target, pk__in=named).values_list("pk", flat=True))
        for change in StandardChange.objects.filter(pk__in=named):
            change.bottlenecks.remove(source)
            change.bottlenecks.add(target)
        return {"named": named, "both": sorted(both)}

    def move_back(self, *, source: Bottleneck, target: Bottleneck, moved: dict[str, list[int]]) -> None:
        """Bring back just the links that were moved, also from where `target` itself went on since."""
        there = {target.pk, goes_on_in(target)}
        both = set(moved["both"])
        for change in StandardChange.objects.filter(pk__in=moved["named"], bottlenecks__in=there).distinct():
            if change.pk not in both:
                change.bottlenecks.remove(*there)
            change.bottlenecks.add(source)
