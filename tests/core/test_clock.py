"""The clock's schedule and memory, and the heartbeats by which one knows that worker and clock are there."""

import inspect
import threading
import time
from datetime import timedelta

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import crontab
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from nss_portal.celery import app
from nss_portal.core import clock, health, jobs
from nss_portal.core.clock import DatabaseScheduler, WorkerPulse, beat, heard_from
from nss_portal.core.models import ClockEntry, Heartbeat, Job

SCHEDULE = settings.CELERY_BEAT_SCHEDULE


@pytest.mark.parametrize("name", SCHEDULE)
def test_every_scheduled_task_is_there_and_takes_its_arguments(name: str) -> None:
    app.loader.import_default_modules()
    entry = SCHEDULE[name]
    task = app.tasks[str(entry["task"])]
    inspect.signature(task.run).bind(*entry.get("args", ()), **entry.get("kwargs", {}))


@pytest.mark.parametrize("name", SCHEDULE)
def test_what_comes_often_does_not_pile_up(name: str) -> None:
    entry = SCHEDULE[name]
    if not isinstance(entry["schedule"], crontab):
        assert entry["options"]["expires"] <= entry["schedule"]


def test_every_task_of_ours_is_known_by_a_fixed_name() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert {"core.run_job", "core.sweep", "core.clean_up_files"} <= ours
    floors = {"core", "governance", "cities", "activities", "contracts", "pages"}
    assert {name.split(".")[0] for name in ours} <= floors


def scheduler() -> DatabaseScheduler:
    return DatabaseScheduler(app, lazy=False)


@pytest.mark.django_db
def test_a_clock_remembers_its_daily_tasks_over_a_restart() -> None:
    first = scheduler()
    entry = first.schedule["clean-up-files"]
    assert not entry.is_due().is_due, "a new clock waits for the next time"
    ClockEntry.objects.create(name="clean-up-files", last_run_at=timezone.now() - timedelta(days=2))
    assert scheduler().schedule["clean-up-files"].is_due().is_due, "it missed the time while it was off"


@pytest.mark.django_db
def test_what_comes_at_set_times_comes_as_a_job() -> None:
    ours = scheduler()
    daily: ScheduleEntry = ours.schedule["clean-up-files"]
    ours.apply_async(daily)
    ours.apply_async(daily)
    job = Job.objects.get()
    assert (job.kind, job.title) == ("core.scheduled", "clean-up-files")
    assert list(ClockEntry.objects.values_list("name", flat=True)) == ["clean-up-files"]
    assert jobs.run_here(job).state == "done"


@pytest.mark.django_db(transaction=True)
def test_what_a_database_that_was_away_made_a_clock_miss_is_due_when_it_is_back() -> None:
    ClockEntry.objects.create(name="clean-up-files", last_run_at=timezone.now() - timedelta(days=2))
    ours = scheduler()
    entry = ours.schedule["clean-up-files"]
    usual = connection.settings_dict
    connection.close()
    connection.settings_dict = usual | {"HOST": "127.0.0.1", "PORT": "1"}
    try:
        ours.apply_entry(entry)
    finally:
        connection.settings_dict = usual
    ours.schedule["clean-up-files"] = next(entry)
    assert not ours.schedule["clean-up-files"].is_due().is_due
    assert not Job.objects.exists()
    ours.tick()
    assert ours.schedule["clean-up-files"].is_due().is_due


@pytest.mark.django_db(transaction=True)
def test_a_clock_beats_when_it_ticks() -> None:
    ours = scheduler()
    ours.schedule.clear()
    assert heard_from(Heartbeat.Part.CLOCK) is None
    assert ours.tick() <= clock.BEAT_EVERY
    assert heard_from(Heartbeat.Part.CLOCK) is not None


@pytest.mark.django_db
def test_old_heartbeats_are_forgotten() -> None:
    Heartbeat.objects.create(part="worker", name="old", at=timezone.now() - timedelta(days=2))
    assert beat("worker", "new")
    assert beat("worker", "new")
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_heard_from_as_long_as_its_loop_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "BEAT_EVERY", 0.05)
    pulse = WorkerPulse("test")
    pulse.start()
    for _turn in range(8):
        pulse.tick()
        time.sleep(0.03)
    assert heard_from("worker") is not None
    time.sleep(0.3)
    Heartbeat.objects.all().delete()
    time.sleep(0.2)
    assert heard_from("worker") is None, "the loop stands still"
    pulse.stop()
    assert not pulse.is_alive()


# /healthz


def heard(part: str, **ago: float) -> None:
    Heartbeat.objects.create(part=part, name=part, at=timezone.now() - timedelta(**ago))


@pytest.mark.django_db
def test_all_well(client: Client) -> None:
    heard("worker", seconds=50)
    heard("clock", seconds=5)
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "failing": [],
        "parts": {"database": "ok", "broker": "ok", "worker": "ok", "clock": "ok"},
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_silent_worker_is_named(client: Client) -> None:
    heard("worker", seconds=70)
    heard("clock", seconds=5)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["failing"] == ["worker"]


@pytest.mark.django_db
def test_a_silent_clock_is_told_but_does_not_count(client: Client) -> None:
    heard("worker", seconds=1)
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["parts"]["clock"] == health.SILENT


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heard("worker", seconds=1)
    monkeypatch.setattr(settings, "NSS_REDIS_URL", "redis://127.0.0.1:1/0")
    assert client.get("/healthz").json()["failing"] == ["broker"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_named() -> None:
    """Over a connection of its own, to a port where nobody listens."""
    found: list[dict[str, object]] = []

    def ask() -> None:
        connection.settings_dict = connection.settings_dict | {"HOST": "127.0.0.1", "PORT": "1"}
        response = Client().get("/healthz")
        found.append({**response.json(), "code": response.status_code})
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(20)
    assert found[0]["code"] == 503
    assert found[0]["failing"] == ["database", "worker"]


@pytest.mark.django_db
def test_it_costs_three_queries(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get("/healthz")
