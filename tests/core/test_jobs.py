"""Asking for jobs and carrying them out, in one process."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone, translation

from governance.models import User
from nss_portal.core import jobs
from nss_portal.core.access import LinkActor
from nss_portal.core.jobs import RunningJob, run
from nss_portal.core.jobs.handlers import Work
from nss_portal.core.jobs.sweep import forget_routine
from nss_portal.core.models import Job
from tests.access.cast import make_user

pytestmark = pytest.mark.django_db
Register = Callable[..., Callable[[Work], Work]]
KIND = "test.work"


def ask(key: str = "one", **values: object) -> Job:
    return jobs.enqueue(kind=KIND, key=key, payload={}, **values)


@pytest.fixture
def done(handler: Register) -> list[int]:
    """Work that notes its job, under `KIND`."""
    found: list[int] = []

    @handler(KIND)
    def work(job: RunningJob) -> dict[str, object]:
        found.append(job.job.pk)
        return {"count": len(found)}

    return found


@pytest.mark.django_db(transaction=True)
def test_a_job_is_asked_for_inside_a_transaction(done: list[int]) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        ask()
    with transaction.atomic():
        ask()
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_leaves_no_job(done: list[int]) -> None:
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_many_jobs_at_once_are_what_one_by_one_would_be(done: list[int], django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    earlier = ask("b")
    user = make_user(name="Wie vraagt")
    wanted = [jobs.Wanted(key=key, payload={"key": key}, title=f"Werk {key}") for key in "abca"]
    with django_assert_num_queries(2):
        found = jobs.enqueue_many(kind=KIND, wanted=wanted, actor=user)
    assert [job.key for job in found] == ["a", "b", "c", "a"]
    assert found[1].pk == earlier.pk
    assert found[0].pk == found[3].pk
    assert (found[2].payload, found[2].title, found[2].actor) == ({"key": "c"}, "Werk c", user)
    assert jobs.run_all_here() == 3
    assert len(done) == 3


@pytest.mark.django_db(transaction=True)
def test_many_jobs_are_announced_with_one_note(done: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr("nss_portal.celery.app.send_task", lambda _name, args, **_rest: sent.extend(args))
    with transaction.atomic():
        found = jobs.enqueue_many(kind=KIND, wanted=[jobs.Wanted(key=key, payload={}) for key in "abc"])
    assert sent == [job.pk for job in found]
    assert not Job.objects.filter(message_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_messages_that_did_not_go_are_left_to_the_sweeper(
    done: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    def breaks_at_the_second(_name: str, args: list[int], **_rest: object) -> None:
        if sent:
            raise ConnectionError
        sent.extend(args)

    monkeypatch.setattr("nss_portal.core.jobs.queue._away_until", 0.0)
    monkeypatch.setattr("nss_portal.celery.app.send_task", breaks_at_the_second)
    with transaction.atomic():
        found = jobs.enqueue_many(kind=KIND, wanted=[jobs.Wanted(key=key, payload={}) for key in "abc"])
    assert list(Job.objects.exclude(message_at=None)) == [found[0]]
    monkeypatch.setattr("nss_portal.core.jobs.queue._away_until", 0.0)


def test_the_same_key_twice_is_one_job(done: list[int]) -> None:
    first = ask(title="first")
    second = ask(title="second")
    assert first.pk == second.pk
    assert second.title == "first"
    assert jobs.run_all_here() == 1
    assert jobs.run_all_here() == 0
    assert ask().pk == first.pk
    assert jobs.run_all_here() == 0
    assert done == [first.pk]


def test_the_same_key_of_another_kind_is_another_job(done: list[int], handler: Register) -> None:
    handler("test.other")(lambda job: None)
    other = jobs.enqueue(kind="test.other", key="one", payload={})
    assert other.pk != ask().pk
    assert jobs.find(kind="test.other", key="one") == other
    assert jobs.find(kind="test.other", key="two") is None


@pytest.mark.django_db(transaction=True)
def test_two_at_once_ask_for_one_job(done: list[int]) -> None:
    """The second waits for the first one's transaction and then finds its row."""
    asked = threading.Event()
    found: list[int] = []

    def other() -> None:
        asked.wait(5)
        with transaction.atomic():
            found.append(ask().pk)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    with transaction.atomic():
        job = ask()
        asked.set()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(5)
    assert found == [job.pk]
    assert Job.objects.count() == 1


def test_a_kind_without_a_handler_is_refused_at_once() -> None:
    with pytest.raises(LookupError, match=r"test\.nobody"):
        jobs.enqueue(kind="test.nobody", key="one", payload={})


def test_two_functions_for_one_kind_are_refused(done: list[int], handler: Register) -> None:
    def other(job: RunningJob) -> None:
        """Another function."""

    with pytest.raises(ValueError, match="two handlers"):
        handler(KIND)(other)


def test_the_result_is_kept(done: list[int]) -> None:
    job = jobs.run_here(ask())
    assert (job.state, job.result, job.attempts, job.last_error) == ("done", {"count": 1}, 1, "")
    assert job.finished_at is not None
    assert job.is_over


def test_a_job_of_later_waits(done: list[int]) -> None:
    job = ask(run_after=timezone.now() + timedelta(hours=1))
    assert jobs.run_all_here() == 0
    assert run.claim(job.pk) is None
    assert jobs.run_here(job).state == "done"


def test_who_asked_is_the_actor(handler: Register) -> None:
    seen: list[object] = []
    handler(KIND)(lambda job: seen.append(job.actor))
    person = make_user(name="Transitieteam Eindhoven")
    link = LinkActor("Woningcorporatie", None, "review")
    asked = [ask("a", actor=person), ask("b"), ask("c", actor=link)]
    jobs.run_all_here()
    assert seen == [person, User.objects.system(), User.objects.system()]
    assert [job.actor_label for job in asked] == ["Transitieteam Eindhoven", "", "Woningcorporatie"]


def test_a_failed_try_is_tried_again_later_and_tells_no_secrets(handler: Register) -> None:
    @handler(KIND, retries=(60, 300))
    def work(job: RunningJob) -> None:
        raise RuntimeError("password=hunter2")

    before = timezone.now()
    job = jobs.run_here(ask())
    assert (job.state, job.attempts) == ("queued", 1)
    assert timedelta(seconds=59) < job.run_after - before < timedelta(seconds=70)
    assert "hunter2" not in job.last_error
    assert job.last_error.startswith("RuntimeError (test_jobs.py:")
    second = jobs.run_here(job)
    assert second.run_after - timezone.now() > timedelta(seconds=290)
    third = jobs.run_here(second)
    assert (third.state, third.attempts) == ("failed", 3)


def test_work_of_a_failed_try_is_undone_where_its_transaction_was(handler: Register) -> None:
    @handler(KIND)
    def work(job: RunningJob) -> None:
        with transaction.atomic():
            make_user("half@voorbeeld.example")
            raise RuntimeError

    jobs.run_here(ask())
    assert not User.objects.filter(email="half@voorbeeld.example").exists()


@pytest.mark.parametrize(
    ("error", "state", "text"),
    [
        (jobs.GiveUp("The round is closed."), "failed", "The round is closed."),
        (jobs.TryLater("Not ready yet."), "queued", "Not ready yet."),
        (ValidationError("Too large."), "queued", "Too large."),
        (LookupError("nothing there"), "queued", "LookupError ("),
    ],
)
def test_a_handler_says_what_becomes_of_it(handler: Register, error: Exception, state: str, text: str) -> None:
    @handler(KIND)
    def work(job: RunningJob) -> None:
        raise error

    job = jobs.run_here(ask())
    assert job.state == state
    assert job.last_error.startswith(text)


def test_a_kind_is_told_when_its_job_is_given_up(handler: Register) -> None:
    told: list[str] = []

    @handler(KIND, retries=(), on_failed=lambda job: told.append(job.last_error))
    def work(job: RunningJob) -> None:
        raise jobs.TryLater("nothing doing")

    assert jobs.run_here(ask()).state == "failed"
    assert told == ["nothing doing"]


def test_a_kind_that_this_version_does_not_know_waits_for_one_that_does(done: list[int]) -> None:
    job = ask()
    Job.objects.filter(pk=job.pk).update(kind="test.gone")
    gone = jobs.run_here(job)
    assert (gone.state, gone.last_error) == (
        "queued",
        "This version of the portal does not know this kind of task.",
    )
    for _try in range(4):
        gone = jobs.run_here(gone)
    assert gone.state == "failed"


def test_a_fault_in_cleaning_up_does_not_keep_a_job_from_being_stopped(handler: Register) -> None:
    def clean_up(job: Job) -> None:
        make_user("half@voorbeeld.example")
        raise RuntimeError

    @handler(KIND, retries=(), on_failed=clean_up)
    def work(job: RunningJob) -> None:
        raise jobs.TryLater("nothing doing")

    assert jobs.run_here(ask()).state == "failed"
    assert not User.objects.filter(email="half@voorbeeld.example").exists()


def test_the_routine_of_the_clock_is_forgotten_after_a_month(done: list[int]) -> None:
    long_ago = timezone.now() - timedelta(days=31)
    for kind, state in (("core.scheduled", "done"), ("core.scheduled", "failed"), (KIND, "done")):
        Job.objects.create(kind=kind, key=state, state=state, finished_at=long_ago)
    Job.objects.create(kind="core.scheduled", key="new", state="done", finished_at=timezone.now())
    assert forget_routine() == 1
    assert Job.objects.count() == 3


def test_progress_is_written(handler: Register) -> None:
    handler(KIND)(lambda job: job.progress(3, 120, "Eindhoven"))
    job = jobs.run_here(ask())
    assert (job.progress_done, job.progress_total, job.progress_text) == (3, 120, "Eindhoven")


def test_handlers_speak_dutch_whoever_came_before(handler: Register) -> None:
    seen: list[str | None] = []
    handler(KIND)(lambda job: seen.append(translation.get_language()))
    with translation.override("en"):
        jobs.run_here(ask())
    assert seen == ["nl"]


def test_jobs_that_cause_jobs_are_carried_out_too(handler: Register) -> None:
    @handler(KIND)
    def work(job: RunningJob) -> None:
        if job.job.key == "one":
            ask("two")

    ask()
    assert jobs.run_all_here() == 2


def test_a_job_that_is_over_is_not_taken_again(done: list[int]) -> None:
    job = jobs.run_here(ask())
    assert run.claim(job.pk) is None
    assert run.run(job.pk) == ""
    assert run.run(123_456_789) == ""
