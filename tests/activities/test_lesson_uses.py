"""Useful for us, we apply this, and the question a quarter later."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone

from activities.models import Lesson, LessonUse
from activities.registrations import lessons as registrations
from activities.services import lesson_mails
from activities.services import lesson_uses as services
from activities.services.handing import give_uses
from activities.tasks.lessons import ask_for_lessons_day
from cities.services.bottleneck_groups import merge_bottlenecks, undo_merge
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, Person, join, make_user
from tests.activities.matrix import make_lesson
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Person:
    return Cast().person("member", leads=True)


@pytest.fixture
def lesson(member: Person) -> Lesson:
    return make_lesson(member.cast.other, "published", title="Eén aanbesteding")


def applied(person: Person, lesson: Lesson) -> LessonUse:
    return services.apply_lesson(actor=person.user, lesson=lesson, organisation=person.own)


def counts(lesson: Lesson) -> tuple[int, int, int]:
    lesson.refresh_from_db()
    return lesson.useful_count, lesson.applying_count, lesson.replicated_count


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2026, 11, 21), date(2027, 2, 21)),
        (date(2027, 11, 30), date(2028, 2, 29)),
    ],
)
def test_a_quarter_later(day: date, later: date) -> None:
    assert services.a_quarter_after(day) == later


def test_who_uses_a_lesson_is_counted(member: Person, lesson: Lesson) -> None:
    partner = member.cast.person("partner")
    services.mark_useful(actor=partner.user, lesson=lesson, organisation=partner.own, is_useful=True)
    use = applied(member, lesson)
    assert applied(member, lesson) == use
    assert counts(lesson) == (2, 1, 0)
    assert use.ask_on == services.a_quarter_after(today())
    services.answer_outcome(actor=member.user, use=use, outcome="partly", because="Alleen voor scholen.")
    assert counts(lesson) == (2, 1, 1)
    services.answer_outcome(actor=member.user, use=use, outcome="not", because="Toch te duur.")
    assert counts(lesson) == (2, 0, 0)
    with pytest.raises(NotAllowed):
        services.stop_applying(actor=member.user, lesson=lesson, organisation=member.own)
    services.mark_useful(actor=partner.user, lesson=lesson, organisation=partner.own, is_useful=False)
    assert counts(lesson) == (1, 0, 0)


def test_taking_back_that_it_is_applied(member: Person, lesson: Lesson) -> None:
    applied(member, lesson)
    services.stop_applying(actor=member.user, lesson=lesson, organisation=member.own)
    assert counts(lesson) == (1, 0, 0)


def test_for_whom_one_speaks(member: Person, lesson: Lesson) -> None:
    other = member.cast.person("team")
    with pytest.raises(NotAllowed):
        services.apply_lesson(actor=member.user, lesson=lesson, organisation=other.own)
    own = make_lesson(member.own, "published")
    with pytest.raises(NotAllowed):
        applied(member, own)
    with pytest.raises(NotAllowed):
        applied(member, make_lesson(member.cast.other, "released"))
    use = applied(other, lesson)
    with pytest.raises(NotAllowed):
        services.answer_outcome(actor=member.user, use=use, outcome="applied")
    with pytest.raises(ValidationError):
        services.answer_outcome(actor=other.user, use=use, outcome="not", because=" ")


def test_the_clock_asks_once_and_my_work_until_it_is_answered(member: Person, lesson: Lesson) -> None:
    use = applied(member, lesson)
    assert list(registrations.outcomes_to_tell(member.user)) == []
    LessonUse.objects.update(ask_on=today())
    ask_for_lessons_day()
    jobs.run_all_here()
    (mail,) = OutgoingMail.objects.all()
    assert mail.recipient == member.user.email
    assert f"/lessen/{lesson.public_id}/toepassing/{use.pk}/" in mail.text
    with transaction.atomic():
        assert lesson_mails.ask_what_came_of_it(day=today() + timedelta(days=1), guard=lambda: None) == 0
    (item,) = registrations.outcomes_to_tell(member.user)
    assert (item.minutes, item.due) == (1, today() + timedelta(days=14))
    client = Client()
    client.force_login(member.user)
    assert client.get(item.url).status_code == 200
    missing = client.post(item.url, {"outcome": "partly", "because": ""})
    assert list(missing.context["form"].errors) == ["because"]
    said = {"outcome": "partly", "because": "Alleen scholen."}
    assert client.post(item.url, said)["Location"] == lesson.get_absolute_url()
    Lesson.objects.update(state="withdrawn", sharing="draft")
    assert client.post(item.url, said)["Location"] == "/", "who may no longer read it is not led to it"
    use.refresh_from_db()
    assert (use.outcome, use.because) == ("partly", "Alleen scholen.")
    assert list(registrations.outcomes_to_tell(member.user)) == []
    client.force_login(member.cast.person("partner").user)
    assert client.get(item.url).status_code == 404


def test_after_somebody_left_who_leads_is_asked(member: Person, lesson: Lesson) -> None:
    use = applied(member, lesson)
    colleague = make_user()
    join(colleague, member.own)
    give_uses(user=member.user, successor=colleague, organisation=member.own, actor=member.user)
    use.refresh_from_db()
    assert list(lesson_mails.people_behind([use])) == [colleague]
    colleague.memberships.update(ended_at=timezone.now())
    assert list(lesson_mails.people_behind([use])) == [member.user]


def test_links_move_along_with_bottlenecks_that_merge() -> None:
    person = Cast().person("coordinator")
    one, other = (make_bottleneck(person.cast.other, sharing="network", state="open") for _ in range(2))
    lesson = make_lesson(person.cast.other)
    lesson.bottlenecks.add(other)
    merge = merge_bottlenecks(actor=person.user, into=one, bottlenecks=[other], reason="Hetzelfde")
    assert list(lesson.bottlenecks.all()) == [one]
    undo_merge(actor=person.user, merge=merge)
    assert list(lesson.bottlenecks.all()) == [other]
