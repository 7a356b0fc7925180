"""Reads of the roadmap: its texts, how far a city is, how far all are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from cities.models import BuildingBlock, CityRoadmap, Municipality, Progress, ProgressChange, RoadmapStep
from cities.models.roadmap import TAKEN_UP, CityRoadmapQuerySet, Status
from nss_portal.core.access import Actor


@dataclass(frozen=True)
class Step:
    """A step of the roadmap with its building blocks in use."""

    text: RoadmapStep
    blocks: list[BuildingBlock]


def roadmap_steps() -> list[Step]:
    """Give all steps in order, with their building blocks in use. Two queries."""
    texts = RoadmapStep.objects.select_related("step").order_by("step__order", "step")
    steps = {text.step_id: Step(text, []) for text in texts}
    for block in BuildingBlock.objects.current():
        if block.step_id in steps:
            block.step = steps[block.step_id].text.step
            steps[block.step_id].blocks.append(block)
    return list(steps.values())


@dataclass(frozen=True)
class Stand:
    """Where a city stands with one thing."""

    status: Status = Status.NOT_STARTED
    note: str = ""
    # Of a step: the city said so itself, rather than that it follows from its building blocks.
    is_said: bool = False


@dataclass
class CityProgress:
    """How far a city is: what it said of steps and building blocks."""

    roadmap: CityRoadmap
    said: dict[tuple[int, int | None], Stand] = field(default_factory=dict)

    def of_block(self, block: BuildingBlock) -> Stand:
        """Give where the city stands with a building block."""
        return self.said.get((block.step_id, block.pk), Stand())

    def of_step(self, step: Step) -> Stand:
        """Give where the city stands with a step: what it says, else what follows from the building blocks."""
        said = self.said.get((step.text.step_id, None))
        return said or Stand(derived([self.of_block(block).status for block in step.blocks]))

    def taken_up(self, blocks: Iterable[BuildingBlock]) -> int:
        """Count the building blocks that the city works on or has done."""
        return sum(self.of_block(block).status in TAKEN_UP for block in blocks)

    def done(self, blocks: Iterable[BuildingBlock]) -> int:
        """Count the building blocks that are done."""
        return sum(self.of_block(block).status == Status.DONE for block in blocks)


def derived(statuses: Iterable[Status]) -> Status:
    """Say where a step stands by its building blocks; those that are not for the city do not count.

    Done when all are, under way when one is done or under way, looked at when one was looked at.
    """
    counting = [status for status in statuses if status != Status.NOT_FOR_US]
    if counting and all(status == Status.DONE for status in counting):
        return Status.DONE
    if any(status in TAKEN_UP for status in counting):
        return Status.UNDER_WAY
    return Status.LOOKED_AT if Status.LOOKED_AT in counting else Status.NOT_STARTED


def progress_of(actor: Actor, organisation: int) -> CityProgress | None:
    """Give how far a city is, or None when the actor may not see it. One query."""
    visible = with_said().visible_to(actor).filter(organisation=organisation)
    return next(iter(progresses(visible.select_related("organisation__municipality"))), None)


def counted(actor: Actor) -> QuerySet[CityRoadmap]:
    """Give the roadmaps that the actor sees with `done`, `busy` and `total`: numbers of building blocks."""
    in_use = Q(entries__block__is_current=True)
    total = BuildingBlock.objects.current().order_by().values("is_current").annotate(count=Count("pk"))
    return CityRoadmap.objects.visible_to(actor).annotate(
        done=Count("entries", filter=in_use & Q(entries__status=Status.DONE)),
        busy=Count("entries", filter=in_use & Q(entries__status=Status.UNDER_WAY)),
        total=Coalesce(Subquery(total.values("count")), 0),
    )


@lru_cache(maxsize=1)
def with_said() -> CityRoadmapQuerySet:
    """Give all roadmaps, to be read by `progresses`; putting the query together takes longer than the database."""
    rows = Progress.objects.filter(roadmap=OuterRef("pk")).order_by("pk")
    said = ArraySubquery(rows.values_list(JSONObject(step="step", block="block", status="status", note="note")))
    return CityRoadmap.objects.annotate(said=said)


def progresses(roadmaps: QuerySet[CityRoadmap]) -> list[CityProgress]:
    """Give roadmaps out of `with_said` with what the cities said. One query."""
    return [
        CityProgress(
            roadmap,
            {
                (row["step"], row["block"]): Stand(Status(row["status"]), row["note"], is_said=True)
                for row in getattr(roadmap, "said")  # noqa: B009 - the annotation adds it
            },
        )
        for roadmap in roadmaps
    ]


def history_of(roadmap: CityRoadmap) -> list[ProgressChange]:
    """Give what changed in a roadmap, the latest first. One query."""
    return list(roadmap.changes.select_related("step", "block__step").order_by("-on", "-pk"))


def cities_per_step(actor: Actor) -> dict[int, Counter[str]]:
    """Count per step, of cities whose progress the actor may see, who has a block under way or done. One query."""
    visible = CityRoadmap.objects.visible_to(actor).values("pk")
    rows = (
        Progress.objects.filter(roadmap__in=visible, block__isnull=False, status__in=TAKEN_UP)
        .values("step", "status")
        .annotate(cities=Count("roadmap", distinct=True))
        .order_by()
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row["step"]][row["status"]] = row["cities"]
    return found


def cities_per_block(actor: Actor, step: int) -> dict[int, Counter[str]]:
    """Count the same per building block of one step. One query."""
    visible = CityRoadmap.objects.visible_to(actor).values("pk")
    rows = Progress.objects.filter(roadmap__in=visible, step=step, block__isnull=False, status__in=TAKEN_UP)
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows.values("block", "status").annotate(cities=Count("pk")).order_by():
        found[row["block"]][row["status"]] = row["cities"]
    return found


def next_block(progress: CityProgress, steps: Iterable[Step]) -> BuildingBlock | None:
    """Give the first building block in the order of the roadmap that the city has not taken up or refused."""
    for step in steps:
        for block in step.blocks:
            if progress.of_block(block).status in {Status.NOT_STARTED, Status.LOOKED_AT}:
                return block
    return None


def first_taken_up(changes: Iterable[ProgressChange]) -> Mapping[int, date]:
    """Give per building block the first day on which a city took it up."""
    found: dict[int, date] = {}
    for change in sorted(changes, key=lambda change: (change.on, change.pk)):
        if change.block_id is not None and change.after in TAKEN_UP:
            found.setdefault(change.block_id, change.on)
    return found


def own_city(actor: Actor) -> Municipality | None:
    """Give the municipality whose roadmap the actor may keep, the first by name where there are more."""
    from governance.services.ownership import organisations_for

    mine = organisations_for(actor, "roadmap_progress", "change").values("pk")
    return Municipality.objects.current().filter(organisation__in=mine).select_related("organisation").first()
