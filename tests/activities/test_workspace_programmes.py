"""Workspaces of programmes and working groups: who is in them, who is asked, and publishing out of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activities.models import ActionPoint, PreparationTask, WorkingGroupMember, WorkspacePublication
from activities.registrations import workspace as registrations
from activities.selectors.insiders import people_of
from activities.services.programmes.work import end_group
from activities.services.workspace import handing, reminders
from governance.models.membership import Function
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_user
from tests.activities.workspace import Ground, make_note, make_point, make_programme_ground, make_task, soon

pytestmark = pytest.mark.django_db


def asked(user: object) -> list[tuple[str, str]]:
    return [(str(item.title), item.url) for item in registrations.preparation(user)]


def names(ground: Ground) -> set[int]:
    return {person.user_id for person in people_of(ground.workspace)}


def test_people_of_partners_are_in_a_programme_and_who_has_a_seat_in_a_group() -> None:
    cast = Cast()
    whole, group = make_programme_ground(cast), make_programme_ground(cast, group=True)
    for ground in (whole, group):
        colleagues = {}
        for person in (ground.team, ground.partner, ground.outsider):
            colleagues[person.own] = make_user()
            join(colleagues[person.own], person.own, Function.STAFF)
        advisor = make_user()
        join(advisor, ground.team.own, Function.ADVISOR)
        inside = {ground.organiser.user.pk, ground.team.user.pk, ground.partner.user.pk}
        # The seat of the team in the group names a person, that of the partner names nobody.
        inside |= {colleagues[ground.partner.own].pk} | (
            {colleagues[ground.team.own].pk} if ground is whole else set()
        )
        assert names(ground) == inside
        client = Client()
        for user in (*colleagues.values(), advisor):
            client.force_login(user)
            assert client.get(ground.address()).status_code == (200 if user.pk in inside else 404)
    end_group(actor=group.organiser.user, group=group.workspace.group)
    assert group.team.user.pk in names(group), "what a group wrote stays with those who were in it until the end"


def test_what_is_asked_in_it_stands_in_my_work_and_is_reminded_of_once() -> None:
    ground = make_programme_ground()
    task = make_task(ground, due_on=soon(1))
    point = make_point(ground, due_on=soon(1))
    for record in (task, point):
        type(record).objects.update(created_at=timezone.now() - timedelta(days=30))
    assert asked(ground.team.user) == [("Lees het stuk", ground.address())]
    assert asked(ground.outsider.user) == []
    (item,) = registrations.action_points(ground.partner.user)
    assert item.detail == ground.workspace.title
    for _time in range(2):
        reminders.remind(day=today(), guard=lambda: None)
    assert OutgoingMail.objects.filter(recipient=ground.partner.user.email).count() == 1
    assert not OutgoingMail.objects.filter(recipient=ground.outsider.user.email).exists()
    ground.workspace.programme.partners.filter(organisation=ground.team.own).update(
        left_on=today(), left_reason="Geen tijd"
    )
    assert asked(ground.team.user) == []


def test_who_leaves_hands_over_with_a_seat_in_the_group() -> None:
    ground = make_programme_ground(group=True)
    successor = make_user()
    join(successor, ground.team.own, Function.TEAM)
    make_task(ground, people=[ground.team.user])
    make_point(ground, owner=ground.team.user)
    handing.give_work(
        user=ground.team.user, successor=successor, organisation=ground.team.own, actor=ground.organiser.user
    )
    assert ActionPoint.objects.get().owner == successor
    assert list(PreparationTask.objects.get().people.all()) == [successor]
    assert WorkingGroupMember.objects.filter(user=successor, left_on=None).count() == 1
    assert successor.pk in names(ground)


def test_publishing_shows_first_what_becomes_public_and_then_the_programme_names_it() -> None:
    ground = make_programme_ground(group=True)
    note = make_note(ground, text="Dit mag iedereen weten")
    make_note(ground, title="Stil", text="Dit niet")
    leader, member, visitor = Client(), Client(), Client()
    leader.force_login(ground.organiser.user)
    member.force_login(ground.team.user)
    choice = {"title": "Wat wij leerden", "version": str(note.versions.get().pk)}
    assert member.post(ground.address("publiceren/"), choice).status_code == 403
    page = leader.post(ground.address("publiceren/"), {**choice, "preview": "1"}).content.decode()
    assert "Dit mag iedereen weten" in page
    assert "Dit niet" not in page
    digest = page.split('name="digest" value="')[1].split('"')[0]
    leader.post(ground.address("publiceren/"), {**choice, "digest": digest, "publish": "1"})
    published = WorkspacePublication.objects.get()
    assert "Dit mag iedereen weten" in visitor.get(published.get_absolute_url()).content.decode()
    page = visitor.get(ground.workspace.subject.get_absolute_url()).content.decode()
    assert published.get_absolute_url() in page
    assert ground.address() not in page
    assert ground.address() in member.get(ground.workspace.subject.get_absolute_url()).content.decode()
