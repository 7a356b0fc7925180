"""What workspaces ask of whom in 'my work', what they tell, and what is handed over."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activities.models import Participation, Workspace, WorkspaceNote, WorkspacePublication
from activities.registrations import workspace as registrations
from activities.services.workspace import tasks
from activities.services.workspace.demo import load_demo
from governance.models.membership import Function
from nss_portal.core.handing import held_by
from nss_portal.core.models import AuditEvent, StoredFile
from nss_portal.core.registry import NewsItem
from tests.access.cast import Cast, join, make_user
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.workspace import Ground, make_decision, make_ground, make_point, make_task, soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return make_ground()


def asked(user: object) -> list[tuple[str, str]]:
    sources = (registrations.action_points(user), registrations.preparation(user))
    return [(str(item.title), item.url) for source in sources for item in source]


def told(user: object, since: datetime) -> list[NewsItem]:
    return [*registrations.decisions(user, since), *registrations.publications(user, since)]


def test_my_work_names_what_waits_for_me(
    ground: Ground, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    task = make_task(ground, minutes=30)
    make_point(ground, due_on=soon(3))
    assert asked(ground.partner.user) == [
        ("Zoek de cijfers uit", ground.address()),
        ("Lees het stuk", ground.address()),
    ]
    assert asked(ground.team.user) == [("Lees het stuk", ground.address())]
    assert asked(ground.outsider.user) == []
    assert asked(None) == []
    tasks.mark_task(actor=ground.team.user, task=task, is_done=True)
    assert asked(ground.team.user) == []
    with django_assert_num_queries(1):
        (item,) = registrations.preparation(ground.partner.user)
    assert (item.minutes, item.due, item.detail) == (30, task.due_on, ground.activity.title)
    ground.activity.participations.filter(user=ground.partner.user).update(state="withdrawn")
    assert asked(ground.partner.user) == []


def test_news_tells_that_something_was_decided_and_not_what(ground: Ground) -> None:
    since = timezone.now() - timedelta(minutes=1)
    make_decision(ground, text="Geheim besluit")
    (news,) = told(ground.partner.user, since)
    assert (news.subject, news.url) == (ground.activity.title, ground.address())
    assert "Geheim" not in str(news.text)
    assert told(ground.outsider.user, since) == []
    assert told(None, since) == []
    WorkspacePublication.objects.create(workspace=ground.workspace, title="Wat wij leerden")
    WorkspacePublication.objects.create(workspace=ground.workspace, title="Weg", state="withdrawn")
    (news,) = told(None, since)
    assert "Wat wij leerden" in str(news.text)


def test_what_somebody_holds_goes_to_a_colleague_with_a_place(ground: Ground) -> None:
    successor = make_user()
    join(successor, ground.partner.own, Function.STAFF)
    point = make_point(ground, text="Geheim punt")
    task = make_task(ground, title="Geheime taak", people=[ground.partner.user])
    (held,) = [one for one in held_by(ground.partner.user, ground.partner.own) if one.key == "workspace_work"]
    assert len(held.titles) == 2
    assert "Geheim" not in "".join(held.titles)
    held.move(successor, ground.team.user)
    point.refresh_from_db()
    assert point.owner == successor
    assert list(task.people.all()) == [successor]
    assert {title for title, _url in asked(successor)} == {"Geheim punt", "Geheime taak"}
    assert asked(ground.partner.user) == []
    place = Participation.objects.get(user=successor)
    events = AuditEvent.objects.filter(object_type="activities.participation", object_id=str(place.pk))
    assert [event.changes["state"] for event in events] == [["", place.state]]


def test_demo_workspaces_are_the_same_for_the_same_seed_and_come_once() -> None:
    cast = Cast()
    for number in range(6):
        activity = make_activity(cast.other, title=f"Activiteit {number}", is_illustrative=True)
        take_part(activity, cast.person("team").user, cast.other)
    make_activity(cast.other, title="Echt")
    assert load_demo("small", 3) == ["demo: workspaces 5"]
    shape = ("title", "workspace__activity__title", "text")
    first = list(WorkspaceNote.objects.order_by("pk").values_list(*shape))
    assert load_demo("small", 3) == ["demo: workspaces 0"]
    assert load_demo("national", 3) == ["demo: workspaces 1"]
    assert not Workspace.objects.filter(activity__is_illustrative=False).exists()
    assert (WorkspacePublication.objects.count(), StoredFile.objects.count()) == (2, 2)
    Workspace.objects.all().delete()
    assert load_demo("small", 3) == ["demo: workspaces 5"]
    assert list(WorkspaceNote.objects.order_by("pk").values_list(*shape)) == first
