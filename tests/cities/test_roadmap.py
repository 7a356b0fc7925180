"""Writing how far a city is, and the texts of the roadmap."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cities.models import BuildingBlock, CityRoadmap, Progress, ProgressChange, RoadmapStep, TransitionStep
from cities.models.bottleneck import Sharing
from cities.models.roadmap import Status
from cities.selectors_roadmap import derived, progress_of, roadmap_steps
from cities.services import roadmap as services
from cities.services import roadmap_reference as texts
from cities.services.demo_roadmap import load_demo
from cities.services.reference import load_reference
from cities.services.roadmap import Stand
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.time import today
from tests.access.cast import Cast, Person
from tests.cities.matrix_roadmap import make_roadmap, make_steps, tell

pytestmark = pytest.mark.django_db


def record(person: Person, version: int, *said: tuple[BuildingBlock, str, str], **more: object) -> CityRoadmap:
    stands = {(block.step_id, block.pk): Stand(status, note) for block, status, note in said}
    return services.record_progress(
        actor=person.user, organisation=person.own, version=version, stands=stands, **more
    )


@pytest.mark.parametrize("role", ["member", "team"])
def test_a_city_says_how_far_it_is(role: str) -> None:
    person = Cast().person(role)
    first, second, *_rest = make_steps()
    roadmap = record(person, 0, (first, "done", "Vastgesteld"), (second, "under-way", ""))
    assert (roadmap.version, roadmap.sharing) == (1, "draft")
    assert {entry.block: entry.status for entry in roadmap.entries.all()} == {first: "done", second: "under-way"}
    assert [(c.block, c.before, c.after, c.on) for c in roadmap.changes.order_by("block__order")] == [
        (first, "", "done", today()),
        (second, "", "under-way", today()),
    ]
    event = AuditEvent.objects.get(object_type="cities.cityroadmap")
    assert event.changes == {"stap1-blok1": "done", "stap1-blok2": "under-way"}
    assert event.on_behalf_of_label == str(person.own)


@pytest.mark.parametrize(
    "role", ["visitor", "advisor", "signatory", "ministry", "partner", "publisher", "steering", "coordinator"]
)
def test_others_do_not(role: str) -> None:
    cast = Cast()
    person = cast.person(role)
    block = make_steps()[0]
    with pytest.raises(NotAllowed):
        services.record_progress(
            actor=person.user,
            organisation=cast.mandating,
            version=0,
            stands={(block.step_id, block.pk): Stand("done")},
        )
    assert not CityRoadmap.objects.exists()


def test_what_was_not_started_leaves_nothing_behind() -> None:
    person = Cast().person("team")
    first, second, *_rest = make_steps()
    record(person, 0, (first, "not-started", ""), (second, "looked-at", ""))
    assert [entry.block for entry in Progress.objects.all()] == [second]
    record(person, 1, (second, "not-started", ""))
    assert not Progress.objects.exists()
    assert not ProgressChange.objects.exists(), "changed and changed back on one day"


def test_one_row_of_history_per_day_and_block() -> None:
    person = Cast().person("team")
    block = make_steps()[0]
    earlier = today() - timedelta(days=30)
    record(person, 0, (block, "looked-at", ""), on=earlier)
    record(person, 1, (block, "under-way", "Begonnen"))
    record(person, 2, (block, "done", "Toch klaar"))
    rows = ProgressChange.objects.order_by("on").values_list("on", "before", "after", "note")
    assert list(rows) == [(earlier, "", "looked-at", ""), (today(), "looked-at", "done", "Toch klaar")]


def test_not_for_us_needs_a_reason_and_nothing_is_half_saved() -> None:
    person = Cast().person("team")
    first, second, *_rest = make_steps()
    with pytest.raises(ValidationError):
        record(person, 0, (first, "done", ""), (second, "not-for-us", "  "))
    assert not CityRoadmap.objects.exists()
    record(person, 0, (second, "not-for-us", "De regio doet dit"))
    assert Progress.objects.get().note == "De regio doet dit"


def test_bad_input_is_refused() -> None:
    person = Cast().person("team")
    first, *_rest, last = make_steps()
    with pytest.raises(ValidationError):
        record(person, 0, (first, "klaar", ""))
    with pytest.raises(ValidationError):
        record(person, 0, (first, "done", "x" * 501))
    with pytest.raises(ValidationError):
        record(person, 0, (first, "done", ""), on=today() + timedelta(days=1))
    with pytest.raises(ValidationError):
        services.record_progress(
            actor=person.user,
            organisation=person.own,
            version=0,
            stands={(first.step_id, last.pk): Stand("done")},
        )


def test_a_colleague_who_was_first_is_not_overwritten() -> None:
    person = Cast().person("team")
    block = make_steps()[0]
    record(person, 0, (block, "done", "Van de collega"))
    with pytest.raises(EditConflict):
        record(person, 0, (block, "under-way", "Van mij"))
    assert Progress.objects.get().note == "Van de collega"
    same = record(person, 0, (block, "done", "Van de collega"))
    assert same.version == 1, "the same form twice is one change"


def test_sharing_is_the_citys_own_choice() -> None:
    cast = Cast()
    person, reader = cast.person("team"), cast.person("ministry")
    block = make_steps()[0]
    roadmap = record(person, 0, (block, "done", ""))
    assert not CityRoadmap.objects.visible_to(reader.user).exists()
    record(person, 1, sharing=Sharing.NETWORK)
    assert list(CityRoadmap.objects.visible_to(reader.user)) == [roadmap]


def test_still_right_counts_as_looked_at() -> None:
    cast = Cast()
    person = cast.person("team")
    roadmap = make_roadmap(person.own)
    CityRoadmap.objects.update(changed_at=roadmap.changed_at - timedelta(days=300))
    fresh = services.confirm_progress(actor=person.user, roadmap=roadmap)
    assert fresh.changed_at.date() == roadmap.changed_at.date()
    with pytest.raises(NotAllowed):
        services.confirm_progress(actor=cast.person("coordinator").user, roadmap=roadmap)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["done", "done"], "done"),
        (["done", "not-for-us"], "done"),
        (["done", "not-started"], "under-way"),
        (["under-way", "looked-at"], "under-way"),
        (["looked-at", "not-started"], "looked-at"),
        (["not-for-us", "not-for-us"], "not-started"),
        ([], "not-started"),
    ],
)
def test_a_step_stands_where_its_blocks_say(statuses: list[str], expected: str) -> None:
    assert derived([Status(status) for status in statuses]) == expected


def test_what_a_city_says_of_a_step_goes_before() -> None:
    person = Cast().person("team")
    block = make_steps()[0]
    roadmap = make_roadmap(person.own)
    tell(roadmap, block, "done")
    services.record_progress(
        actor=person.user,
        organisation=person.own,
        version=1,
        stands={(block.step_id, None): Stand("done", "Voor ons is dit genoeg")},
    )
    progress = progress_of(person.user, person.own.pk)
    first, second = roadmap_steps()
    assert (progress.of_step(first).status, progress.of_step(first).is_said) == ("done", True)
    assert (progress.of_step(second).status, progress.of_step(second).is_said) == ("not-started", False)


def test_the_reference_is_complete_and_repeatable() -> None:
    load_reference()
    texts.load_roadmap()
    assert (RoadmapStep.objects.count(), TransitionStep.objects.count()) == (6, 6)
    for record_ in [*RoadmapStep.objects.all(), *BuildingBlock.objects.all()]:
        assert record_.source
        for field in record_._meta.get_fields():
            if field.name.endswith(("_nl", "_en")):
                assert getattr(record_, field.name), f"{record_}: {field.name}"
    assert texts.load_roadmap() == ["roadmap steps added 0", "building blocks added 0"]
    BuildingBlock.objects.filter(code="lessons").update(title_nl="Lessen")
    assert any("lessons title_nl: portal Lessen" in line for line in texts.load_roadmap())
    assert BuildingBlock.objects.get(code="lessons").title_nl == "Lessen"


def test_coordinators_keep_the_texts_with_history() -> None:
    cast = Cast()
    block = make_steps()[0]
    values = {name: getattr(block, name) for name in texts.BLOCK_TEXTS}
    coordinator = cast.person("coordinator").user
    texts.change_block(actor=coordinator, block=block, version=1, texts={**values, "title_nl": "Anders"})
    event = AuditEvent.objects.get(object_type="cities.buildingblock")
    assert event.changes == {"title_nl": ["Blok 1.1", "Anders"]}
    with pytest.raises(EditConflict):
        texts.change_block(actor=coordinator, block=block, version=1, texts={**values, "title_nl": "Te laat"})
    for role in ("team", "ministry", "publisher"):
        with pytest.raises(NotAllowed):
            texts.change_block(actor=cast.person(role).user, block=block, version=2, texts=values)
    new = texts.add_block(actor=coordinator, step=block.step, code="nieuw", texts={**values, "title_nl": "Nieuw"})
    assert (new.order, [str(b) for b in roadmap_steps()[0].blocks][-1]) == (4, "Nieuw")
    texts.change_block(actor=coordinator, block=new, version=1, texts={**values, "is_current": False})
    assert new not in roadmap_steps()[0].blocks


def test_the_demonstration_tells_two_years_and_tells_them_once() -> None:
    load_reference()
    texts.load_roadmap()
    (line,) = load_demo("small", 1)
    assert line.startswith("demo: roadmaps 13,"), "the twelve, and the one interested municipality there is"
    assert not CityRoadmap.objects.filter(is_illustrative=False).exists()
    first = ProgressChange.objects.order_by("on").values_list("on", flat=True)[0]
    assert 600 < (today() - first).days <= 730
    assert ProgressChange.objects.filter(on__gt=today()).count() == 0
    assert load_demo("small", 1) == ["demo: roadmaps are there already"]
    assert load_demo("national", 1)[0].startswith("demo: roadmaps 329,")
    assert load_demo("national", 1) == ["demo: roadmaps are there already"]
