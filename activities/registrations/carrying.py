"""What of the agenda goes along when a municipality merges into another one, and when bottlenecks merge."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy

from activities.models import Activity
from cities.models import Bottleneck
from cities.selectors_bottleneck_groups import goes_on_in
from nss_portal.core.carrying import Carried
from nss_portal.core.registry import merge_handlers, merger_handlers

Links = Activity.bottlenecks.through


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what of the agenda goes along with a municipality."""
    yield Carried("activities.Activity", "organisation", gettext_lazy("activities that the municipality leads"))
    yield Carried("activities.Activity", "proposed_by", gettext_lazy("activities that the municipality proposed"))
    yield Carried(
        "activities.Activity_invited",
        "organisation",
        gettext_lazy("activities to which the municipality is invited"),
        only=Q(),
        stays=gettext_lazy("the successor is invited already"),
    )
    yield Carried("activities.Participation", "organisation", gettext_lazy("places in activities"))
    yield Carried(
        "activities.ReflectionCapacity",
        "organisation",
        gettext_lazy("what the municipality recorded at reflection sessions"),
        only=Q(),
        stays=gettext_lazy("the successor recorded this itself"),
    )
    yield Carried("activities.TableCase", "organisation", gettext_lazy("cases at case tables"))
    yield Carried("activities.Agreement", "owner", gettext_lazy("agreements that the municipality sees to"))


class ActivityLinks:
    """Lets activities that treat a bottleneck treat the one that it went on in."""

    def move(self, *, source: Bottleneck, target: Bottleneck) -> list[int]:
        """Let activities that treat `source` treat `target`; gives which (primary keys)."""
        both = Links._default_manager.filter(bottleneck=target).values("activity_id")
        moving = Links._default_manager.filter(bottleneck=source).exclude(activity_id__in=both)
        moved = sorted(moving.values_list("activity_id", flat=True))
        Links._default_manager.filter(bottleneck=source, activity_id__in=moved).update(bottleneck=target)
        return moved

    def move_back(self, *, source: Bottleneck, target: Bottleneck, moved: list[int]) -> None:
        """Bring back just the links that were moved, also from where `target` itself went on since."""
        still = Links._default_manager.filter(bottleneck=target, activity_id__in=moved)
        here = set(still.values_list("activity_id", flat=True))
        still.update(bottleneck=source)
        further = Links._default_manager.filter(bottleneck=goes_on_in(target), activity_id__in=set(moved) - here)
        further.update(bottleneck=source)


merge_handlers.register(ActivityLinks)
