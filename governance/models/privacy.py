"""What people ask about their own data: a copy of it, or to be forgotten."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nss_portal.core.files import StoredFile
from nss_portal.core.ids import PublicIdField


class PrivacyKind(models.TextChoices):
    """What is asked."""

    COPY = "copy", _("a copy of the data")
    ERASURE = "erasure", _("to be forgotten")


class PrivacyState(models.TextChoices):
    """Where a request stands. 'waiting': it can be taken back, or something stands in its way."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being carried out")
    READY = "ready", _("ready to download")
    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("taken back")
    FAILED = "failed", _("did not succeed")


OPEN_STATES = (PrivacyState.WAITING, PrivacyState.RUNNING)


class PrivacyRequest(models.Model):
    """One request, by somebody with an account, or by a coordinator for the address of somebody without one.

    `email` is there for the latter alone and becomes a pseudonym with the person. `due_on` is the day on which an
    erasure is carried out, `expires_at` until when a copy can be downloaded, `link_hash` the hash of the personal
    link to it. `obstacle` says what stands in the way. The file belongs to nobody else: it has no `visible_to`.
    """

    public_id = PublicIdField()
    kind = models.CharField(_("what is asked"), max_length=10, choices=PrivacyKind)
    state = models.CharField(_("state"), max_length=10, choices=PrivacyState, default=PrivacyState.WAITING)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="privacy_requests"
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=2, default="nl")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    identity_note = models.TextField(_("how the identity was checked"), blank=True)
    requested_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    due_on = models.DateField(_("carried out on"), null=True, blank=True)
    obstacle = models.TextField(_("what stands in the way"), blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    link_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(_("can be downloaded until"), null=True, blank=True)
    pseudonym = models.CharField(max_length=80, blank=True)
    result: Any = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("request about one's own data")
        verbose_name_plural = _("requests about one's own data")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(email=""), name="privacy_request_about_somebody"
            ),
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(state__in=["waiting", "running"], user__isnull=False),
                name="privacy_request_open_once",
                violation_error_message=_("This was asked for already."),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="privacy_request_due")]

    def __str__(self) -> str:
        # The log of changes keeps this for good, so it names nobody.
        return f"{self.get_kind_display()} {self.public_id}"

    @property
    def is_open(self) -> bool:
        """Say whether it has yet to be carried out."""
        return self.state in OPEN_STATES

    def can_be_downloaded(self, now: datetime | None = None) -> bool:
        """Say whether the copy is there at this moment."""
        if self.state != PrivacyState.READY or self.file_id is None or self.expires_at is None:
            return False
        return self.expires_at > (now or timezone.now())
