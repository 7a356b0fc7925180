"""For whom a lesson is published, its versions, and taking it back."""

import pytest

from activities.models import Lesson, LessonVersion
from activities.services import lesson_uses, lesson_versions
from activities.services import lessons as services
from activities.services.lessons import Details
from cities.models import Theme
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import OutgoingMail
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person, join, make_city, make_user
from tests.activities.matrix import make_lesson, published_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def lead(cast: Cast) -> Person:
    return cast.person("team", leads=True)


@pytest.fixture
def editor(cast: Cast) -> Person:
    return cast.person("publisher")


def move(person: Person, lesson: Lesson, step: str, **values: object) -> Lesson:
    return services.move_lesson(actor=person.user, lesson=lesson, step=step, **values)


def sees(user: object, lesson: Lesson) -> bool:
    return Lesson.objects.visible_to(user).filter(pk=lesson.pk).exists()


def city_person(level: str) -> object:
    user = make_user()
    join(user, make_city(level), "staff" if level in ("interested", "other") else "team")
    return user


def test_published_for_chosen_audiences(cast: Cast, lead: Person, editor: Person) -> None:
    lesson = make_lesson(lead.own, "review")
    move(editor, lesson, "publish", audiences=["eoi", "partners"])
    lesson.refresh_from_db()
    assert (lesson.sharing, lesson.audiences) == ("network", ["eoi", "partners"])
    readers = {level: sees(city_person(level), lesson) for level in ("mission", "eoi", "interested", "other")}
    assert readers == {"mission": True, "eoi": True, "interested": False, "other": False}
    assert sees(cast.person("partner").user, lesson)
    assert not sees(None, lesson)
    services.change_audiences(actor=editor.user, lesson=lesson, audiences=["everybody"])
    assert sees(None, lesson)
    with pytest.raises(NotAllowed):
        services.change_audiences(actor=lead.user, lesson=lesson, audiences=["mission"])


def test_what_is_for_mission_cities_an_eoi_city_does_not_read(cast: Cast) -> None:
    lesson = published_for(cast.other, "mission")
    readers = [level for level in ("mission", "eoi", "interested") if sees(city_person(level), lesson)]
    assert readers == ["mission"]


def test_a_new_version_takes_the_place_of_the_old_one(lead: Person, editor: Person) -> None:
    lesson = make_lesson(lead.own, "review", what_worked="Samen inkopen scheelde een half jaar.")
    theme = Theme.objects.create(code="warmte", label_nl="Warmte", label_en="Heat")
    move(editor, lesson, "publish")
    revision = lesson_versions.start_revision(actor=lead.user, lesson=lesson)
    assert lesson_versions.start_revision(actor=editor.user, lesson=lesson) == revision
    assert not sees(editor.cast.person("coordinator").user, revision)
    services.change_lesson(
        actor=lead.user,
        lesson=revision,
        version=1,
        title="Korter",
        what_worked="Samen inkopen scheelde een jaar.",
        what_failed="",
        theme=None,
        details=Details(more_themes=[theme], population_from=20_000),
    )
    lesson.refresh_from_db()
    assert lesson.title != "Korter"
    move(lead, revision, "release")
    move(editor, revision, "take_up")
    with pytest.raises(TransitionRefused):
        move(editor, revision, "publish")
    found = move(editor, revision, "take_over", reason="Er is een tweede ronde geweest.")
    revision.refresh_from_db()
    assert (found.pk, found.title, found.edition, found.state) == (lesson.pk, "Korter", 2, "published")
    assert (list(found.more_themes.all()), found.population_from) == ([theme], 20_000)
    assert revision.state == "taken-over"
    first, second = LessonVersion.objects.order_by("number")
    assert (first.title, second.title) == (lesson.title, "Korter")
    assert second.note == "Er is een tweede ronde geweest."
    assert ["Past bij gemeenten met", "vanaf 20.000 inwoners"] in second.facts


def test_only_of_a_published_lesson_and_only_by_its_writers(cast: Cast, lead: Person) -> None:
    with pytest.raises(NotAllowed):
        lesson_versions.start_revision(actor=lead.user, lesson=make_lesson(lead.own, "review"))
    published = make_lesson(lead.own, "published")
    for role in ("team", "coordinator", "visitor"):
        with pytest.raises(NotAllowed):
            lesson_versions.start_revision(actor=cast.person(role).user, lesson=published)
    with pytest.raises(NotAllowed):
        services.change_lesson(
            actor=lead.user, lesson=published, version=1, title="x", what_worked="x", what_failed="", theme=None
        )


def test_withdrawing_tells_who_uses_it_and_ends_the_new_version(lead: Person, editor: Person) -> None:
    lesson = make_lesson(lead.own, "published", edition=1, audiences=["everybody"])
    user = lead.cast.person("member")
    lesson_uses.apply_lesson(actor=user.user, lesson=lesson, organisation=user.own)
    revision = lesson_versions.start_revision(actor=lead.user, lesson=lesson)
    move(lead, lesson, "withdraw", reason="De cijfers klopten niet.")
    revision.refresh_from_db()
    assert revision.state == "withdrawn"
    mail = OutgoingMail.objects.get()
    assert mail.recipient == user.user.email
    assert "De cijfers klopten niet." in mail.text
    assert not sees(user.user, lesson)
