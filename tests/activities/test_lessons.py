"""Writing lessons and bringing them to the reader."""

import pytest

from activities.models import Lesson, LessonComment, LessonUse, LessonVersion
from activities.services import lessons as services
from activities.services.demo import load_demo as load_demo_lessons
from cities.services.demo import load_demo as load_demo_cities
from cities.services.reference import load_reference
from governance.models import User
from nss_portal.core.access import NotAllowed, may
from nss_portal.core.editing import EditConflict
from nss_portal.core.models import AuditEvent
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast
from tests.activities.matrix import make_lesson

pytestmark = pytest.mark.django_db


def move(user: object, lesson: Lesson, step: str, reason: str = "") -> Lesson:
    return services.move_lesson(actor=user, lesson=lesson, step=step, reason=reason)


def change(user: object, lesson: Lesson, version: int = 1, **texts: object) -> Lesson:
    values = {"title": "Titel", "what_worked": "Dit", "what_failed": "", "theme": None, **texts}
    return services.change_lesson(actor=user, lesson=lesson, version=version, **values)


def test_the_same_key_makes_one_draft() -> None:
    city = Cast().other
    drafts = [
        services.create_lesson_draft(
            actor=User.objects.system(), organisation=city, title="Les", key="review:1:setback"
        )
        for _time in range(2)
    ]
    assert drafts[0] == drafts[1]
    assert AuditEvent.objects.filter(object_type="activities.lesson").count() == 1


def test_the_way_from_city_to_reader() -> None:
    cast = Cast()
    lead, editor = cast.person("team", leads=True), cast.person("publisher")
    lesson = make_lesson(lead.own)
    assert move(lead.user, lesson, "release").sharing == "network"
    assert move(editor.user, lesson, "take_up").state == "review"
    published = move(editor.user, lesson, "publish")
    assert (published.state, published.sharing) == ("published", "published")
    assert published.published_at is not None
    withdrawn = move(lead.user, lesson, "withdraw", "Klopt niet meer")
    assert (withdrawn.state, withdrawn.sharing) == ("withdrawn", "draft")


def test_only_a_lead_releases() -> None:
    cast = Cast()
    for person in (cast.person("team"), cast.person("publisher"), cast.person("coordinator")):
        lesson = make_lesson(person.own)
        with pytest.raises(NotAllowed):
            move(person.user, lesson, "release")
        lesson.refresh_from_db()
        assert (lesson.state, lesson.sharing) == ("draft", "draft")


def test_only_editors_publish() -> None:
    lead = Cast().person("team", leads=True)
    lesson = make_lesson(lead.own, "released")
    for step in ("take_up", "send_back"):
        with pytest.raises(NotAllowed):
            move(lead.user, lesson, step, "x")
    assert Lesson.objects.get().state == "released"


def test_a_partner_writes_about_a_city_and_the_city_releases() -> None:
    cast = Cast()
    partner, lead = cast.person("partner"), cast.person("team", leads=True)
    lesson = services.create_lesson_draft(
        actor=partner.user,
        organisation=lead.own,
        author_organisation=partner.own,
        title="Wat wij zagen",
        what_worked="Samen tekenen",
    )
    assert may(partner.user, "lesson", "write", lesson)
    assert not may(partner.user, "lesson", "consent", lesson)
    assert move(lead.user, lesson, "release").state == "released"


@pytest.mark.parametrize("role", ["visitor", "signatory", "steering"])
def test_who_may_not_write_cannot(role: str) -> None:
    person = Cast().person(role)
    with pytest.raises(NotAllowed):
        services.create_lesson_draft(actor=person.user, organisation=person.own or person.cast.other, title="x")


def test_nobody_writes_in_the_name_of_another() -> None:
    person = Cast().person("team")
    with pytest.raises(NotAllowed):
        services.create_lesson_draft(actor=person.user, organisation=person.cast.other, title="x")


def test_an_empty_lesson_is_not_released() -> None:
    lead = Cast().person("team", leads=True)
    lesson = make_lesson(lead.own, what_worked=" ", what_failed="")
    with pytest.raises(TransitionRefused):
        move(lead.user, lesson, "release")


def test_after_the_release_only_editors_change_the_text() -> None:
    cast = Cast()
    lead, editor = cast.person("team", leads=True), cast.person("publisher")
    lesson = make_lesson(lead.own)
    change(lead.user, lesson)
    move(lead.user, lesson, "release")
    with pytest.raises(NotAllowed):
        change(lead.user, lesson, version=2, title="Toch anders")
    assert change(editor.user, lesson, version=2, title="Korter").title == "Korter"
    with pytest.raises(EditConflict):
        change(editor.user, lesson, version=2, title="Nog korter")


def test_sent_back_it_is_a_draft_again_with_the_question() -> None:
    cast = Cast()
    lead, editor = cast.person("team", leads=True), cast.person("publisher")
    lesson = make_lesson(lead.own, "review")
    with pytest.raises(TransitionRefused):
        move(editor.user, lesson, "send_back")
    back = move(editor.user, lesson, "send_back", "Wat kostte het?")
    assert (back.state, back.sharing) == ("draft", "draft")
    assert may(lead.user, "lesson", "write", lesson)


def test_only_a_draft_is_thrown_away() -> None:
    person = Cast().person("team", leads=True)
    released = make_lesson(person.own, "released")
    services.discard_lesson_draft(actor=person.user, lesson=make_lesson(person.own))
    with pytest.raises(NotAllowed):
        services.discard_lesson_draft(actor=person.user, lesson=released)
    assert list(Lesson.objects.all()) == [released]


def test_demo_data_is_marked_and_the_same_for_the_same_seed() -> None:
    load_reference()
    load_demo_cities("small", 7)
    load_demo_lessons("small", 7)
    first = sorted(Lesson.objects.values_list("public_id", "title", "organisation__name", "state"))
    assert len(first) == 25, "24 lessons, and a new version of one"
    published = Lesson.objects.published()
    assert LessonVersion.objects.filter(lesson__in=published, number=1).count() == published.count()
    assert LessonUse.objects.filter(is_illustrative=False).count() == 0
    assert sum(published.values_list("useful_count", flat=True)) > 0
    assert Lesson.objects.filter(state="withdrawn").count() == 1
    assert LessonComment.objects.filter(lesson__state="review").count() == 2
    assert Lesson.objects.filter(is_illustrative=False).count() == 0
    assert load_demo_lessons("small", 7) == ["demo: lessons are there already"]
    keys = Lesson.objects.filter(key__in=[f"demo:{number}" for number in range(20, 24)])
    keys.delete()
    assert load_demo_lessons("small", 7)[0] == "demo: lessons 4", (
        "a larger run goes on where a smaller one stopped"
    )
    assert sorted(Lesson.objects.values_list("public_id", "title", "organisation__name", "state")) == first
