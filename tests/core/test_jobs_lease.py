"""Leases, fencing and the sweeper: what keeps a job from being lost or done twice. On the real servers."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from kombu import Queue

from governance.models import User
from nss_portal.celery import app
from nss_portal.core import jobs, locks
from nss_portal.core.jobs import RunningJob, queue, run, running
from nss_portal.core.jobs.handlers import Work
from nss_portal.core.jobs.sweep import Swept, sweep
from nss_portal.core.models import Job
from tests.access.cast import make_user

pytestmark = pytest.mark.django_db(transaction=True)
Register = Callable[..., Callable[[Work], Work]]
KIND = "test.lease"


@pytest.fixture
def own_queue(monkeypatch: pytest.MonkeyPatch, worker_id: str) -> Iterator[str]:
    """A queue in the real broker that no other process of the suite uses."""
    name = f"test-{worker_id}-{time.time_ns()}"
    queues = app.amqp.Queues([Queue(name, routing_key=name)], create_missing=False)
    monkeypatch.setattr(app.amqp, "queues", queues)
    monkeypatch.setattr(app.amqp, "router", app.amqp.Router(queues, create_missing=False))
    yield name
    with app.connection_for_write() as broker:
        broker.default_channel.client.delete(name)


@pytest.fixture
def nothing(handler: Register, own_queue: str) -> None:
    """Work that does nothing, under `KIND`."""
    handler(KIND, queue=own_queue, retries=(60, 60))(lambda job: None)


def ask(key: str = "one") -> Job:
    with transaction.atomic():
        return jobs.enqueue(kind=KIND, key=key, payload={})


def messages(name: str) -> int:
    with app.connection_for_read() as broker:
        return int(broker.default_channel.client.llen(name))


def age_lease(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def age_message(job: Job, **by: float) -> None:
    Job.objects.filter(pk=job.pk).update(message_at=Now() - timedelta(**by))


@contextmanager
def elsewhere(function: Callable[[], Any]) -> Iterator[list[Any]]:
    """Carry out a function over a connection of its own, beside the block."""
    found: list[Any] = []

    def body() -> None:
        try:
            found.append(function())
        finally:
            connection.close()

    thread = threading.Thread(target=body)
    thread.start()
    yield found
    thread.join(10)
    assert not thread.is_alive()


def test_the_message_goes_when_the_change_is_through(nothing: None, own_queue: str) -> None:
    with transaction.atomic():
        job = jobs.enqueue(kind=KIND, key="one", payload={})
        assert messages(own_queue) == 0
    assert messages(own_queue) == 1
    job.refresh_from_db()
    assert job.message_at is not None


def test_a_broker_that_is_away_neither_stops_the_change_nor_loses_the_job(
    nothing: None, own_queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setitem(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
        away.setattr(app.amqp, "_producer_pool", None)
        began = time.monotonic()
        job = ask()
        assert time.monotonic() - began < 5
        for key in range(50):
            ask(str(key))
        assert time.monotonic() - began < 5, "it waits once, not every time"
    job.refresh_from_db()
    assert (job.state, job.message_at) == ("queued", None)
    assert sweep().sent == 0, "the broker is left alone for a while"
    monkeypatch.setattr(queue, "_away_until", 0.0)
    assert sweep().sent == 51
    assert messages(own_queue) == 51


def test_a_job_is_taken_once(nothing: None) -> None:
    job = ask()
    first = run.claim(job.pk)
    assert first is not None
    assert first.claims == 1
    assert first.lease_until is not None
    assert timedelta(seconds=10) < first.lease_until - timezone.now() < timedelta(seconds=16)
    assert run.claim(job.pk) is None


def test_two_that_reach_for_a_job_do_not_wait_for_each_other(nothing: None) -> None:
    job = ask()
    with transaction.atomic():
        assert run.claim(job.pk) is not None
        with elsewhere(lambda: run.claim(job.pk)) as found:
            pass
    assert found == [None]


def test_a_lease_is_renewed_while_the_work_goes_on(handler: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "RENEW_EVERY", 0.05)
    monkeypatch.setattr(running, "LEASE", timedelta(seconds=40))
    seen: list[Any] = []

    @handler(KIND)
    def work(job: RunningJob) -> None:
        time.sleep(0.6)
        seen.append(Job.objects.get(pk=job.job.pk).lease_until - job.job.lease_until)

    assert run.run(ask().pk) == "done"
    assert seen[0] > timedelta(seconds=20)


def test_progress_is_seen_from_outside_while_a_transaction_is_open(
    handler: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PROGRESS_EVERY", 0.01)
    seen: list[Any] = []

    @handler(KIND)
    def work(job: RunningJob) -> None:
        with transaction.atomic():
            job.checkpoint()
            job.progress(40, 120, "Groningen")
            time.sleep(0.5)
            with elsewhere(lambda: Job.objects.get(pk=job.job.pk)) as found:
                pass
            seen.extend(found)

    assert run.run(ask().pk) == "done"
    assert (seen[0].progress_done, seen[0].progress_text) == (40, "Groningen")


def test_the_last_progress_of_a_quick_job_is_kept(handler: Register) -> None:
    handler(KIND)(lambda job: job.progress(120, 120, "all"))
    job = ask()
    run.run(job.pk)
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total) == (120, 120)


def take_over(job: Job) -> None:
    """What happens when a worker falls silent: the sweeper puts the job back, another worker takes it."""
    age_lease(job)
    assert sweep().expired == 1
    assert run.claim(job.pk) is not None


def test_who_lost_the_lease_can_neither_write_nor_finish(handler: Register, own_queue: str) -> None:
    @handler(KIND, queue=own_queue)
    def work(job: RunningJob) -> None:
        take_over(job.job)
        with transaction.atomic():
            make_user("late@voorbeeld.example")
            job.checkpoint()

    job = ask()
    assert run.run(job.pk) == ""
    job.refresh_from_db()
    assert (job.state, job.claims, job.result) == ("running", 2, None)
    assert not User.objects.filter(email="late@voorbeeld.example").exists()


def test_who_lost_the_lease_hears_it_at_the_next_progress(
    handler: Register, own_queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "RENEW_EVERY", 0.05)
    reached: list[str] = []

    @handler(KIND, queue=own_queue)
    def work(job: RunningJob) -> None:
        take_over(job.job)
        time.sleep(0.5)
        job.progress(1, 2)
        reached.append("too far")

    assert run.run(ask().pk) == ""
    assert reached == []


def test_who_lost_the_lease_and_fails_does_not_put_the_job_back(handler: Register, own_queue: str) -> None:
    @handler(KIND, queue=own_queue)
    def work(job: RunningJob) -> None:
        take_over(job.job)
        raise RuntimeError

    job = ask()
    assert run.run(job.pk) == ""
    job.refresh_from_db()
    assert job.state == "running"


def test_a_lease_that_ran_out_unnoticed_goes_on(handler: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """After PostgreSQL was away for longer than the lease, the worker that kept working keeps its job."""
    monkeypatch.setattr(running, "RENEW_EVERY", 0.05)

    @handler(KIND)
    def work(job: RunningJob) -> None:
        age_lease(job.job)
        time.sleep(0.4)
        job.checkpoint()

    assert run.run(ask().pk) == "done"


def test_a_checkpoint_keeps_the_sweeper_off_until_the_transaction_ends(nothing: None) -> None:
    job = run.claim(ask().pk)
    assert job is not None
    age_lease(job)
    with transaction.atomic():
        RunningJob(job, keeper=None).checkpoint()
        with elsewhere(sweep) as during:
            pass
        assert during[0].expired == 0
    assert sweep().expired == 1


def test_a_checkpoint_lets_the_lease_be_renewed(nothing: None) -> None:
    job = run.claim(ask().pk)
    assert job is not None
    with transaction.atomic():
        RunningJob(job, keeper=None).checkpoint()
        with elsewhere(lambda: Job.objects.filter(pk=job.pk).update(lease_until=Now())) as renewed:
            pass
    assert renewed == [1]


def test_the_sweeper_puts_a_silent_workers_job_back_at_once(nothing: None, own_queue: str) -> None:
    job = ask()
    run.claim(job.pk)
    assert sweep().expired == 0
    age_lease(job)
    assert sweep() == Swept(expired=1, sent=1)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 1)
    assert job.run_after <= timezone.now()
    assert run.run(job.pk) == "done"


def test_a_job_that_kills_its_worker_every_time_is_stopped(handler: Register, own_queue: str) -> None:
    told: list[int] = []
    handler(KIND, retries=(60,), queue=own_queue, on_failed=lambda job: told.append(job.pk))(lambda job: None)
    job = ask()
    for _try in range(2):
        assert run.claim(job.pk) is not None
        age_lease(job)
        sweep()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 2)
    assert told == [job.pk]


def test_a_silent_workers_job_of_a_kind_that_is_not_known_waits(nothing: None) -> None:
    job = ask()
    run.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(kind="test.gone")
    age_lease(job)
    sweep()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 1)


def test_a_lost_message_is_sent_again(nothing: None, own_queue: str) -> None:
    job = ask()
    with app.connection_for_write() as broker:
        broker.default_channel.client.delete(own_queue)
    assert sweep().sent == 0, "it may still be on its way"
    age_message(job, seconds=9)
    assert sweep().sent == 1
    assert messages(own_queue) == 1
    assert sweep().sent == 0


def test_a_message_that_waits_behind_others_is_not_sent_again_soon(nothing: None, own_queue: str) -> None:
    job = ask()
    age_message(job, seconds=60)
    assert sweep().sent == 0
    age_message(job, minutes=6)
    assert sweep().sent == 1


def test_a_job_of_later_gets_its_message_when_it_is_due(nothing: None, own_queue: str) -> None:
    with transaction.atomic():
        job = jobs.enqueue(kind=KIND, key="one", payload={}, run_after=timezone.now() + timedelta(minutes=10))
    assert messages(own_queue) == 0
    assert sweep().sent == 0
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    assert sweep().sent == 1


def test_one_sweeper_at_a_time(nothing: None) -> None:
    job = ask()
    run.claim(job.pk)
    age_lease(job)
    with transaction.atomic():
        locks.lock("core.sweep")
        with elsewhere(sweep) as found:
            pass
    assert found == [Swept()]
    assert sweep().expired == 1


def test_a_lock_belongs_inside_a_transaction() -> None:
    for take in (locks.lock, locks.try_lock):
        with pytest.raises(RuntimeError, match="transaction"):
            take("anything")


def test_a_lock_of_another_name_is_free() -> None:
    with transaction.atomic():
        locks.lock("a")

        def others() -> tuple[bool, bool]:
            with transaction.atomic():
                return locks.try_lock("a"), locks.try_lock("b")

        with elsewhere(others) as found:
            pass
    assert found == [(False, True)]


def test_an_interrupted_connection_does_not_count_as_a_try(handler: Register, own_queue: str) -> None:
    """PostgreSQL ends our connection, as it does when it restarts; the job goes back at once."""

    @handler(KIND, queue=own_queue)
    def work(job: RunningJob) -> None:
        if job.job.claims == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    job = ask()
    assert run.run(job.pk) == "queued"
    job.refresh_from_db()
    assert (job.attempts, job.claims) == (0, 1)
    assert job.run_after - timezone.now() < timedelta(seconds=2)
    time.sleep(1.1)
    assert run.run(job.pk) == "done"


def test_a_job_that_is_interrupted_for_ever_is_stopped(handler: Register, own_queue: str) -> None:
    @handler(KIND, queue=own_queue)
    def work(job: RunningJob) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    job = ask()
    Job.objects.filter(pk=job.pk).update(claims=run.MAX_CLAIMS - 1)
    assert run.run(job.pk) == "failed"


def test_what_happened_is_written_down_when_the_database_is_back() -> None:
    calls: list[int] = []

    def write() -> str:
        calls.append(1)
        with connection.cursor() as cursor:
            if len(calls) == 1:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            cursor.execute("SELECT 1")
        return "written"

    assert run.patiently(write) == "written"
    assert len(calls) == 2


def test_messages_name_the_task_that_is_there() -> None:
    app.loader.import_default_modules()
    assert queue.TASK in app.tasks
