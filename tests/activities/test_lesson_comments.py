"""Comments in the text of a lesson, and what becomes of them when the text changes."""

import pytest
from django.test import Client

from activities.models import Lesson, LessonComment
from activities.services import lesson_comments as services
from activities.services import lessons
from nss_portal.core.access import NotAllowed
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, Person
from tests.activities.matrix import make_lesson

pytestmark = pytest.mark.django_db

TEXT = "Wij nodigden veertien bedrijven uit.\n\nDe brief hielp niet. De brief was te lang."


@pytest.fixture
def lead() -> Person:
    return Cast().person("team", leads=True)


@pytest.fixture
def editor(lead: Person) -> Person:
    return lead.cast.person("publisher")


@pytest.fixture
def lesson(lead: Person) -> Lesson:
    return make_lesson(lead.own, "review", what_failed=TEXT)


def comment(person: Person, lesson: Lesson, passage: str = "De brief", **values: object) -> LessonComment:
    values.setdefault("text", "Hoe lang was die?")
    return services.add_comment(actor=person.user, lesson=lesson, field="what_failed", passage=passage, **values)


def write(editor: Person, lesson: Lesson, text: str) -> None:
    lesson.refresh_from_db()
    lessons.change_lesson(
        actor=editor.user,
        lesson=lesson,
        version=lesson.version,
        title=lesson.title,
        what_worked=lesson.what_worked,
        what_failed=text,
        theme=None,
    )


def held(one: LessonComment) -> str | None:
    one.refresh_from_db()
    return None if one.is_detached else one.lesson.what_failed[one.start : one.end]


def test_a_comment_holds_on_to_its_passage(lesson: Lesson, editor: Person) -> None:
    one = comment(editor, lesson, "De brief", near=TEXT.rindex("De brief"))
    assert (one.start, one.quote, one.organisation) == (TEXT.rindex("De brief"), "De brief", editor.own)
    assert comment(editor, lesson, "bedrijven uit. De brief").quote == "bedrijven uit.\n\nDe brief"


@pytest.mark.parametrize("passage", ["", "  ", "De mail", "brief hielp wel", "x" * 10_000])
def test_words_that_do_not_stand_there(lesson: Lesson, editor: Person, passage: str) -> None:
    with pytest.raises(services.NoSuchPassage):
        comment(editor, lesson, passage)


def test_it_goes_along_with_its_passage_until_that_has_gone(lesson: Lesson, editor: Person) -> None:
    one, other = comment(editor, lesson, "De brief hielp niet"), comment(editor, lesson, "veertien bedrijven")
    write(editor, lesson, "Nieuw begin. " + TEXT.replace("hielp", "werkte"))
    assert (held(one), held(other)) == ("De brief werkte niet", "veertien bedrijven")
    write(editor, lesson, "Heel iets anders.")
    assert (held(one), held(other)) == (None, None)
    assert one.quote == "De brief hielp niet"


def test_a_conversation_is_answered_and_settled(lesson: Lesson, lead: Person, editor: Person) -> None:
    one = comment(editor, lesson)
    answer = services.answer_comment(actor=lead.user, comment=one, text="Acht kantjes.")
    assert (answer.answer_to, answer.organisation) == (one, lead.own)
    with pytest.raises(TransitionRefused, match="1 opmerking"):
        lessons.move_lesson(actor=editor.user, lesson=lesson, step="publish")
    with pytest.raises(NotAllowed):
        services.settle_comment(actor=lead.user, comment=answer, is_settled=True)
    assert services.settle_comment(actor=editor.user, comment=one, is_settled=True).resolved_at
    services.answer_comment(actor=lead.user, comment=one, text="Toch nog iets.")
    one.refresh_from_db()
    assert one.resolved_at is None
    services.settle_comment(actor=lead.user, comment=one, is_settled=True)
    assert lessons.move_lesson(actor=editor.user, lesson=lesson, step="publish").state == "published"


def test_a_lesson_that_cannot_be_published_yet_keeps_what_was_chosen(
    client: Client, lesson: Lesson, editor: Person
) -> None:
    comment(editor, lesson)
    client.force_login(editor.user)
    answer = client.post(f"/lessen/{lesson.public_id}/publish/", {"audiences": ["eoi"]})
    assert "1 opmerking staat nog open" in answer.content.decode()
    assert answer.context["form"]["audiences"].value() == ["eoi"]


def test_comments_are_for_writers_and_editors_while_it_is_being_written(lesson: Lesson, editor: Person) -> None:
    one = comment(editor, lesson)
    for role in ("visitor", "team", "coordinator"):
        person = editor.cast.person(role)
        with pytest.raises(NotAllowed):
            comment(person, lesson)
        with pytest.raises(NotAllowed):
            services.answer_comment(actor=person.user, comment=one, text="Ik ook")
        with pytest.raises(NotAllowed):
            services.settle_comment(actor=person.user, comment=one, is_settled=True)
    Lesson.objects.filter(pk=lesson.pk).update(state="published", sharing="published")
    with pytest.raises(NotAllowed):
        comment(editor, lesson)
