"""The Celery application: only a carrier of messages; the truth about a job is in PostgreSQL."""

import os
import signal
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    heartbeat_sent,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutdown,
)

from nss_portal.core import broker
from nss_portal.supervisor.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nss_portal.settings")

broker.use()
app = Celery("nss_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_pulse: Any = None


@worker_ready.connect
def _start_pulse(sender: Any, **_kwargs: object) -> None:
    """Let a worker be heard from, from the moment that it takes jobs."""
    global _pulse
    from nss_portal.core.clock import WorkerPulse

    _pulse = WorkerPulse(str(sender.hostname))
    heartbeat_sent.connect(_pulse.tick, weak=False)
    _pulse.start()


@worker_shutdown.connect
def _stop_pulse(**_kwargs: object) -> None:
    if _pulse is not None:
        _pulse.stop()


@worker_process_shutdown.connect
def _close_post(**_kwargs: object) -> None:
    """Take leave of the mail server when a child of the worker ends."""
    from nss_portal.core.mail.send import close_post

    close_post()


@worker_ready.connect
@beat_init.connect
def _say_ready(**_signal: object) -> None:
    """Tell the supervisor that we are there; the database may still remember the one before us."""
    note = os.environ.get("NSS_READY_NOTE")
    if note:
        Path(note).touch()


@worker_process_init.connect
def _end_with_worker(**_signal: object) -> None:
    """Have a process of the worker's pool end with the worker, also when that is killed."""
    if os.environ.get("NSS_SUPERVISED"):
        end_with_parent(signal.SIGKILL, parent=os.getsid(0))
