"""Changes of state: who may take which step, from where, and the traces they leave."""

import threading

import pytest
from django.db import connection, transaction
from django.db.models import Model

from governance.models import User
from nss_portal.core import workflow
from nss_portal.core.access import LinkActor, NotAllowed
from nss_portal.core.models import AuditEvent, Job, Transition
from nss_portal.core.workflow import Step, TransitionRefused, Workflow
from tests.access.cast import Cast, make_user

pytestmark = pytest.mark.django_db


def not_empty(record: Model) -> list[str]:
    return [] if getattr(record, "title", "") else ["Geef een titel."]


FLOW = Workflow(
    "job",
    [
        Step("stop", ["queued", "running"], "failed", "manage", conditions=[not_empty]),
        Step("explain", ["failed"], "queued", "manage", needs_reason=True),
        Step("end", ["queued"], "done", None),
        Step("by_link", ["queued"], "done", "manage", door=lambda actor, record: actor.purpose == str(record.pk)),
    ],
)


@pytest.fixture
def job() -> Job:
    return Job.objects.create(kind="test.x", key="x", title="Reflectie")


@pytest.fixture
def coordinator() -> User:
    user = Cast().person("coordinator").user
    assert isinstance(user, User)
    return user


def test_a_step_changes_the_state_and_leaves_its_traces(job: Job, coordinator: User) -> None:
    row = workflow.take(FLOW, "stop", job, actor=coordinator, reason="not now")
    assert job.state == "failed"
    assert Job.objects.get().state == "failed"
    assert (row.source, row.target, row.actor, row.reason) == ("queued", "failed", coordinator, "not now")
    event = AuditEvent.objects.get(event="state")
    assert event.changes == {"state": ["queued", "failed"]}
    assert list(workflow.history(job)) == [row]


def test_a_step_from_another_state_is_refused(job: Job, coordinator: User) -> None:
    with pytest.raises(TransitionRefused, match="intussen veranderd"):
        workflow.take(FLOW, "explain", job, actor=coordinator, reason="x")
    assert not Transition.objects.exists()
    assert not AuditEvent.objects.exists()


def test_what_a_step_lacks_is_said(job: Job, coordinator: User) -> None:
    Job.objects.update(title="")
    with pytest.raises(TransitionRefused, match="Geef een titel"):
        workflow.take(FLOW, "stop", job, actor=coordinator)
    assert Job.objects.get().state == "queued"


def test_a_reason_is_asked_for(job: Job, coordinator: User) -> None:
    Job.objects.update(state="failed")
    with pytest.raises(TransitionRefused, match="reden"):
        workflow.take(FLOW, "explain", job, actor=coordinator, reason="  ")
    workflow.take(FLOW, "explain", job, actor=coordinator, reason="again")


@pytest.mark.parametrize("role", ["visitor", "team", "steering"])
def test_who_may_not_takes_no_step(job: Job, role: str) -> None:
    with pytest.raises(NotAllowed):
        workflow.take(FLOW, "stop", job, actor=Cast().person(role).user)
    assert Job.objects.get().state == "queued"


def test_the_portals_own_steps_are_nobody_elses(job: Job, coordinator: User) -> None:
    with pytest.raises(TransitionRefused):
        workflow.take(FLOW, "end", job, actor=coordinator)
    workflow.take(FLOW, "end", job, actor=User.objects.system())
    assert job.state == "done"


def test_a_personal_link_opens_its_own_record_only(job: Job) -> None:
    other = Job.objects.create(kind="test.x", key="y")
    link = LinkActor("Woningcorporatie", None, str(job.pk))
    with pytest.raises(NotAllowed):
        workflow.take(FLOW, "by_link", other, actor=link)
    row = workflow.take(FLOW, "by_link", job, actor=link)
    assert (row.actor, row.actor_label) == (None, "Woningcorporatie")


def test_the_steps_that_are_open(job: Job) -> None:
    assert [step.name for step in FLOW.open_steps(job)] == ["stop", "end", "by_link"]


def test_a_step_that_does_not_exist_is_an_error(job: Job) -> None:
    with pytest.raises(LookupError, match="jump"):
        workflow.take(FLOW, "jump", job, actor=make_user())


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_take_a_step_once(job: Job, coordinator: User) -> None:
    outcomes: list[str] = []
    pressed = threading.Event()

    def second() -> None:
        pressed.wait(5)
        try:
            workflow.take(FLOW, "stop", Job.objects.get(), actor=User.objects.get(pk=coordinator.pk))
            outcomes.append("taken")
        except TransitionRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        workflow.take(FLOW, "stop", job, actor=coordinator)
        pressed.set()
        thread.join(0.3)
        assert thread.is_alive(), "the second waits for the first"
    thread.join(5)
    assert outcomes == ["refused"]
    assert Transition.objects.count() == 1
