"""What lessons do when bottlenecks that they treat are merged into one."""

from activities.models import Lesson
from cities.models import Bottleneck
from cities.selectors_bottleneck_groups import goes_on_in


class LessonLinks:
    """Moves the links of lessons along with a bottleneck."""

    def move(self, *, source: Bottleneck, target: Bottleneck) -> list[int]:
        """Let lessons that treat `source` treat `target`; gives which, except those that treat both."""
        lessons = list(Lesson.objects.filter(bottlenecks=source).exclude(bottlenecks=target).order_by("pk"))
        for lesson in lessons:
            lesson.bottlenecks.remove(source)
            lesson.bottlenecks.add(target)
        return [lesson.pk for lesson in lessons]

    def move_back(self, *, source: Bottleneck, target: Bottleneck, moved: list[int]) -> None:
        """Bring back just the links that were moved, also from where `target` itself went on since."""
        there = {target.pk, goes_on_in(target)}
        for lesson in Lesson.objects.filter(pk__in=moved, bottlenecks__in=there).distinct():
            lesson.bottlenecks.remove(*there)
            lesson.bottlenecks.add(source)
