"""Preparation, decisions, action points and files of a workspace."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import Settings

from activities.models import ActionPoint, ActivitySession, TaskDone, WorkspaceFile, WorkspaceReminder
from activities.selectors.workspace import tasks_for
from activities.services.workspace import decisions, files, reminders, tasks
from activities.tasks.workspace import DAY_JOB, ask_for_workspace_day
from governance.models import User
from governance.models.membership import Function
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.files.access import may_open
from nss_portal.core.models import Job, OutgoingMail, StoredFile
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import join, make_user
from tests.activities.matrix_activity import make_activity, take_part
from tests.activities.workspace import (
    Ground,
    make_decision,
    make_ground,
    make_point,
    make_task,
    soon,
)
from tests.core.test_files import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return make_ground()


def add(ground: Ground, name: str = "stuk.pdf", content: bytes = PDF, actor: User | None = None) -> WorkspaceFile:
    upload = SimpleUploadedFile(name, content)
    return files.add_file(actor=actor or ground.team.user, workspace=ground.workspace, upload=upload, title="Stuk")


def waiting(ground: Ground, user: User) -> list[str]:
    found = tasks_for(user.pk, [ground.workspace.pk]).filter(is_done=False)
    return [task.title for task in found]


def test_a_task_is_asked_of_everybody_and_of_newcomers(ground: Ground) -> None:
    task = make_task(ground)
    newcomer = make_user()
    join(newcomer, ground.team.own, Function.TEAM)
    take_part(ground.activity, newcomer, ground.team.own)
    for user in (ground.team.user, ground.partner.user, newcomer):
        assert waiting(ground, user) == ["Lees het stuk"]
    tasks.mark_task(actor=newcomer, task=task, is_done=True)
    tasks.mark_task(actor=newcomer, task=task, is_done=True)
    assert waiting(ground, newcomer) == []
    assert waiting(ground, ground.team.user) == ["Lees het stuk"]
    tasks.mark_task(actor=newcomer, task=task, is_done=False)
    assert TaskDone.objects.count() == 0


def test_a_task_for_named_people_is_theirs_alone(ground: Ground) -> None:
    task = make_task(ground, people=[ground.partner.user], materials=[add(ground)])
    assert waiting(ground, ground.partner.user) == ["Lees het stuk"]
    assert waiting(ground, ground.team.user) == []
    with pytest.raises(NotAllowed, match="niet aan jou"):
        tasks.mark_task(actor=ground.team.user, task=task, is_done=True)
    assert task.materials.count() == 1


def test_only_who_leads_asks(ground: Ground) -> None:
    task = make_task(ground)
    for actor in (ground.team.user, ground.outsider.user):
        with pytest.raises(NotAllowed):
            tasks.ask_task(actor=actor, workspace=ground.workspace, title="x", due_on=soon())
        with pytest.raises(NotAllowed):
            tasks.remove_task(actor=actor, task=task)
    ground.activity.participations.filter(user=ground.team.user).update(role="chair")
    tasks.ask_task(actor=ground.team.user, workspace=ground.workspace, title="x", due_on=soon())
    tasks.remove_task(actor=ground.organiser.user, task=task)
    assert waiting(ground, ground.partner.user) == ["x"]
    with pytest.raises(NotAllowed):
        tasks.mark_task(actor=ground.partner.user, task=task, is_done=True)


def test_nothing_is_asked_of_outsiders_and_with_what_is_elsewhere(ground: Ground) -> None:
    with pytest.raises(ValidationError):
        make_task(ground, people=[ground.outsider.user])
    elsewhere = make_ground(ground.cast)
    with pytest.raises(ValidationError):
        make_task(ground, materials=[add(elsewhere)])
    with pytest.raises(ValidationError):
        make_point(ground, owner=ground.outsider.user)
    with pytest.raises(ValidationError):
        make_point(ground, decision=make_decision(elsewhere))


def test_two_people_change_a_task(ground: Ground) -> None:
    task = make_task(ground)
    fields = {"title": "Anders", "explanation": "", "due_on": soon(3), "minutes": 20}

    def change(**more: object) -> None:
        tasks.change_task(
            actor=ground.organiser.user,
            task=task,
            version=1,
            fields={**fields, **more},
            people=[ground.team.user],
            materials=[],
        )

    change()
    task.refresh_from_db()
    assert (task.title, task.for_everybody, task.version) == ("Anders", False, 2)
    with pytest.raises(EditConflict):
        change(title="Nog anders")


def test_a_file_is_for_those_in_the_workspace(ground: Ground) -> None:
    added = add(ground)
    assert added.stored.is_confidential
    for user, sees in ((ground.partner.user, True), (ground.outsider.user, False), (None, False)):
        assert may_open(user, added.stored) is sees
    with pytest.raises(NotAllowed):
        files.remove_file(actor=ground.partner.user, file=added)
    files.remove_file(actor=ground.organiser.user, file=added)
    assert not may_open(ground.team.user, added.stored)
    with pytest.raises(NotAllowed):
        add(ground, actor=ground.outsider.user)


@pytest.mark.parametrize(
    ("name", "content"), [("virus.pdf", b"MZ\x90\x00" + bytes(50)), ("leeg.pdf", b""), ("x.exe", b"MZ")]
)
def test_a_bad_file_leaves_nothing(ground: Ground, name: str, content: bytes) -> None:
    with pytest.raises(ValidationError):
        add(ground, name, content)
    assert not WorkspaceFile.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_decision_is_taken_back_with_a_reason(ground: Ground) -> None:
    decision = make_decision(ground)
    with pytest.raises(NotAllowed):
        decisions.take_back_decision(actor=ground.team.user, decision=decision, reason="x")
    with pytest.raises(ValidationError):
        decisions.take_back_decision(actor=ground.organiser.user, decision=decision, reason=" ")
    decisions.take_back_decision(actor=ground.organiser.user, decision=decision, reason="Dubbel")
    decision.refresh_from_db()
    assert decision.removed_reason == "Dubbel"
    with pytest.raises(ValidationError, match="nog niet"):
        make_decision(ground, decided_on=soon(1))
    with pytest.raises(NotAllowed):
        decisions.record_decision(
            actor=ground.outsider.user, workspace=ground.workspace, text="x", decided_by="x", decided_on=today()
        )


def test_a_point_is_done_by_its_owner_or_who_leads(ground: Ground) -> None:
    point = make_point(ground, decision=make_decision(ground))
    assert point.organisation == ground.partner.own
    with pytest.raises(NotAllowed):
        decisions.settle_point(actor=ground.team.user, point=point, step="finish")
    done = decisions.settle_point(actor=ground.partner.user, point=point, step="finish", result="Gedeeld")
    assert (done.state, done.result, done.settled_on) == ("done", "Gedeeld", today())
    with pytest.raises(TransitionRefused):
        decisions.settle_point(actor=ground.organiser.user, point=point, step="finish")
    again = decisions.settle_point(actor=ground.organiser.user, point=point, step="reopen")
    assert (again.state, again.result, again.settled_on) == ("open", "", None)
    with pytest.raises(ValidationError):
        decisions.settle_point(actor=ground.partner.user, point=point, step="drop")
    assert decisions.settle_point(
        actor=ground.partner.user, point=point, step="drop", result="Hoeft niet"
    ).state == ("dropped")
    with pytest.raises(NotAllowed):
        decisions.change_point(actor=ground.partner.user, point=point, owner=ground.team.user, due_on=soon())


def test_a_point_goes_to_somebody_else(ground: Ground) -> None:
    point = make_point(ground)
    moved = decisions.change_point(actor=ground.partner.user, point=point, owner=ground.team.user, due_on=soon(20))
    assert (moved.owner, moved.organisation, moved.due_on) == (ground.team.user, ground.team.own, soon(20))
    with pytest.raises(ValidationError):
        decisions.change_point(actor=ground.team.user, point=point, owner=ground.outsider.user, due_on=soon())


def session(ground: Ground, days: int) -> ActivitySession:
    starts = timezone.now().replace(hour=10) + timedelta(days=days)
    return ActivitySession.objects.create(
        activity=ground.activity, starts_at=starts, ends_at=starts + timedelta(hours=2)
    )


def test_open_points_go_along_to_the_next_session(ground: Ground) -> None:
    held, coming = session(ground, -3), session(ground, 11)
    later = ground.activity.sessions.get(starts_at=ground.activity.starts_at)
    point, done = make_point(ground), make_point(ground)
    assert point.session == held
    decisions.settle_point(actor=ground.partner.user, point=done, step="finish")
    system = User.objects.system()

    def carry(day: date) -> int:
        return decisions.carry_over(actor=system, day=day, guard=lambda: None)

    assert [carry(today()), carry(today())] == [1, 0]
    point.refresh_from_db()
    done.refresh_from_db()
    assert (point.session, point.carried, done.session) == (coming, 1, held)
    assert carry(today() + timedelta(days=15)) == 1
    point.refresh_from_db()
    assert (point.session, point.carried) == (later, 2)
    assert carry(today() + timedelta(days=60)) == 0, "after the last session it stays where it is"


def remind(day: date) -> int:
    return reminders.remind(day=day, guard=lambda: None)


def asked_long_ago(*records: object) -> None:
    for record in records:
        type(record).objects.filter(pk=record.pk).update(created_at=timezone.now() - timedelta(days=60))


def test_each_is_reminded_once_around_the_day_until_it_is_done(ground: Ground) -> None:
    task, point = make_task(ground, title="Geheimtaak"), make_point(ground, text="Geheimpunt")
    asked_long_ago(task, point)
    due = task.due_on
    assert remind(due - timedelta(days=8)) == 0
    assert remind(due - timedelta(days=7)) == 3
    assert remind(due - timedelta(days=7)) == 0
    assert remind(due - timedelta(days=6)) == 0
    mails = list(OutgoingMail.objects.all())
    assert len(mails) == 3
    (to_partner,) = [mail for mail in mails if mail.recipient == ground.partner.user.email]
    assert "2 dingen" in to_partner.subject
    assert ground.address() in to_partner.text
    assert "Geheim" not in "".join(f"{mail.subject}{mail.text}{mail.html}{mail.about_label}" for mail in mails)
    tasks.mark_task(actor=ground.team.user, task=task, is_done=True)
    assert remind(due - timedelta(days=1)) == 2
    assert remind(due + timedelta(days=8)) == 2, "a day that was missed is made up for"
    assert remind(due + timedelta(days=40)) == 0
    assert WorkspaceReminder.objects.filter(user=ground.team.user).count() == 1


def test_nobody_is_reminded_of_what_is_new_gone_or_cancelled(ground: Ground) -> None:
    new, gone = make_task(ground, due_on=soon(3)), make_task(ground)
    tasks.remove_task(actor=ground.organiser.user, task=gone)
    asked_long_ago(gone)
    assert remind(soon(0)) == 0, "asked today"
    assert remind(new.due_on - timedelta(days=1)) == 3
    ground.activity.participations.filter(user=ground.team.user).update(state="withdrawn")
    assert remind(new.due_on + timedelta(days=1)) == 2
    ground.activity.state, ground.activity.cancel_reason = "cancelled", "Geen zaal"
    ground.activity.save()
    assert remind(new.due_on + timedelta(days=7)) == 0


def test_the_clock_asks_for_one_job_a_day(ground: Ground) -> None:
    task = make_task(ground, due_on=soon(1))
    asked_long_ago(task)
    for _time in range(2):
        ask_for_workspace_day()
    jobs.run_all_here()
    job = Job.objects.get(kind=DAY_JOB)
    assert (job.state, job.result) == ("done", {"carried": 0, "reminded": 3})
    assert ActionPoint.objects.count() == 0


def test_places_elsewhere_do_not_count(ground: Ground) -> None:
    other = make_activity(ground.organiser.own)
    take_part(other, ground.outsider.user, ground.outsider.own)
    make_task(ground)
    assert waiting(ground, ground.outsider.user) == ["Lees het stuk"], (
        "whose workspaces count is the caller's to say"
    )


def test_whether_files_are_scanned_is_kept(ground: Ground, settings: Settings) -> None:
    assert not add(ground).is_scanned
