"""The audit log: rows are written once and never changed; the database itself refuses it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access.querysets import AccessQuerySet


class Event(models.TextChoices):
    """The closed list of what can happen to a record."""

    CREATED = "created", _("made")
    CHANGED = "changed", _("changed")
    STATE = "state", _("brought to another state")
    SUBMITTED = "submitted", _("handed in")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DELETED = "deleted", _("draft thrown away")
    INVITED = "invited", _("invited")
    GRANTED = "granted", _("right given")
    REVOKED = "revoked", _("right taken back")
    LOGIN = "login", _("logged in")
    REQUESTED = "requested", _("asked for")
    DOWNLOADED = "downloaded", _("downloaded")


class AuditEventQuerySet(AccessQuerySet["AuditEvent"]):
    """Events; leads see those of their own organisation."""

    resource = "audit_log"


class AuditEvent(models.Model):
    """One event; the actor's name is kept as it was, also when the account goes."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False
    )
    actor_label = models.CharField(max_length=200)
    on_behalf_of_type = models.CharField(max_length=100, blank=True)
    on_behalf_of_id = models.CharField(max_length=40, blank=True)
    on_behalf_of_label = models.CharField(max_length=200, blank=True)
    event = models.CharField(max_length=20, choices=Event)
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    origin = models.CharField(max_length=60, blank=True)

    objects: ClassVar[AuditEventQuerySet] = AuditEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [models.Index(fields=["object_type", "object_id", "-at"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.get_event_display()} {self.object_label}"
