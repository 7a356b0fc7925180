"""Typical roadmaps of cities, and the roadmap's own texts in small."""

from collections.abc import Iterator
from datetime import timedelta

from cities.models import BuildingBlock, CityRoadmap, Progress, ProgressChange, RoadmapStep, TransitionStep
from governance.models import Organisation
from nss_portal.core.time import today
from tests.access.cast import Person, make_city
from tests.access.matrix import Sample, records_of


def make_steps(*, steps: int = 2, blocks: int = 3) -> list[BuildingBlock]:
    """Make a small roadmap: blocks are called 'stap1-blok1' and so on; gives the blocks in order."""
    made = []
    for number in range(1, steps + 1):
        texts = {"label_nl": f"Stap {number}", "label_en": f"Step {number}"}
        step = TransitionStep.objects.create(code=f"stap{number}", order=number, **texts)
        RoadmapStep.objects.create(
            step=step, lead_nl="Begin hier", what_nl="Doe dit", who_nl="Het college", source="Kaart"
        )
        made += [
            BuildingBlock.objects.create(
                code=f"stap{number}-blok{place}",
                step=step,
                order=place,
                title_nl=f"Blok {number}.{place}",
                text_nl="Wat het is",
                who_nl="Het team",
                source="Kaart",
            )
            for place in range(1, blocks + 1)
        ]
    return made


def make_roadmap(organisation: Organisation, sharing: str = "draft") -> CityRoadmap:
    """Make the roadmap of a city; there is one, so a second time it is shared anew."""
    values = {"sharing": sharing, "version": 1}
    return CityRoadmap.objects.update_or_create(organisation=organisation, defaults=values)[0]


def tell(roadmap: CityRoadmap, block: BuildingBlock, status: str, *, days_ago: int = 0, note: str = "") -> None:
    """Bring a building block to a status on a day, with its history."""
    there = Progress.objects.filter(roadmap=roadmap, block=block).first()
    Progress.objects.update_or_create(
        roadmap=roadmap, step=block.step, block=block, defaults={"status": status, "note": note}
    )
    ProgressChange.objects.create(
        roadmap=roadmap,
        step=block.step,
        block=block,
        before=there.status if there else "",
        after=status,
        note=note,
        on=today() - timedelta(days=days_ago),
        who="Medewerker",
    )


@records_of("roadmap_progress")
def roadmaps(person: Person) -> Iterator[Sample]:
    """Roadmaps by whose they are and how widely they are shared."""
    cast = person.cast
    if person.own:
        yield Sample.of("own, kept to ourselves", make_roadmap(person.own), "own")
    if person.own != cast.other:
        yield Sample.of("of another, kept to itself", make_roadmap(cast.other), hidden=True)
    yield Sample.of("of another, for the network", make_roadmap(cast.mandating, "network"), "network")
    yield Sample.of("published", make_roadmap(make_city(), "published"), "network", "published")
    yield Sample.of("another city, unshared", make_roadmap(make_city()), hidden=True)
    yield Sample.of("of the advised city, shared", make_roadmap(cast.advised, "network"), "advised", "network")
