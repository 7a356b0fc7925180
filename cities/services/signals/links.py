"""Signals that are about a bottleneck, when that is merged into another."""

from cities.models import Bottleneck, Signal
from cities.selectors_bottleneck_groups import goes_on_in

Links = Signal.bottlenecks.through


class SignalLinks:
    """Moves signals along with a bottleneck; a signal that names both keeps both, as it was sent."""

    def move(self, *, source: Bottleneck, target: Bottleneck) -> list[int]:
        """Let signals about `source` be about `target`; gives which (primary keys)."""
        about_both = Links._default_manager.filter(bottleneck=target).values("signal_id")
        moving = Links._default_manager.filter(bottleneck=source).exclude(signal_id__in=about_both)
        moved = sorted(moving.values_list("signal_id", flat=True))
        Links._default_manager.filter(bottleneck=source, signal_id__in=moved).update(bottleneck=target)
        return moved

    def move_back(self, *, source: Bottleneck, target: Bottleneck, moved: list[int]) -> None:
        """Bring back just the links that were moved, also from where `target` itself went on since."""
        still = Links._default_manager.filter(bottleneck=target, signal_id__in=moved)
        here = set(still.values_list("signal_id", flat=True))
        still.update(bottleneck=source)
        further = Links._default_manager.filter(bottleneck=goes_on_in(target), signal_id__in=set(moved) - here)
        further.update(bottleneck=source)
