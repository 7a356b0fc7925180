"""Jobs: work outside a page, with the truth about it; and when each process was last heard from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class JobState(models.TextChoices):
    """Where a job stands; 'queued' also between two tries."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("stopped")


class JobQuerySet(AccessQuerySet["Job"]):
    """Jobs; a coordinator sees all of them, somebody else what they asked for."""

    resource = "job"


class Job(models.Model):
    """One effect that is to happen once, whatever happens to Redis or to a worker.

    `claims` counts how often a worker took the job and is its fencing token: whoever holds an older number can
    no longer write. `attempts` counts the tries that ended badly or not at all, and is what retries are
    measured by. `lease_until` is the moment by which the worker has to have been heard from.
    """

    public_id = PublicIdField()
    kind = models.CharField(_("kind"), max_length=80)
    key = models.CharField(max_length=200)
    title = models.CharField(_("title"), max_length=200, blank=True)
    payload = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_label = models.CharField(_("asked for by"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    run_after = models.DateTimeField(default=timezone.now)
    message_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    claims = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_text = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="job_once_per_key",
                violation_error_message=_("This was asked for already."),
            )
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="job_newest"),
            models.Index(fields=["run_after"], name="job_queued", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="job_running", condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        # Written in the language of whoever asked, which for the clock's own jobs once was English.
        return gettext(self.title) if self.title else self.kind

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will happen to the job by itself."""
        return self.state in (JobState.DONE, JobState.FAILED)


class Heartbeat(models.Model):
    """When a process of the portal was last heard from."""

    class Part(models.TextChoices):
        WORKER = "worker", _("worker")
        CLOCK = "clock", _("clock")

    part = models.CharField(max_length=10, choices=Part)
    name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["part", "name"]
        constraints = [models.UniqueConstraint(fields=["part", "name"], name="heartbeat_once_per_process")]

    def __str__(self) -> str:
        return f"{self.part} {self.name}"


class ClockEntry(models.Model):
    """When the clock last set a scheduled task going, so that a restarted clock knows what it missed."""

    name = models.CharField(max_length=100, unique=True)
    last_run_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
