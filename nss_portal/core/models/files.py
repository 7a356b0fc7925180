"""Files that belong to a record and are seen by whoever sees that record."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nss_portal.core.ids import PublicIdField


class StoredFile(models.Model):
    """One file; its content lies in the storage under a name of our own.

    `owner_type` and `owner_id` name the record it belongs to; both are empty between upload and the record's
    saving, and a file that stays so for a day is thrown away. `keeper` looks after it since whoever sent it left.
    """

    public_id = PublicIdField()
    path = models.CharField(max_length=200, unique=True)
    name = models.CharField(_("name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    owner_type = models.CharField(max_length=100, blank=True)
    owner_id = models.CharField(max_length=40, blank=True)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_by_label = models.CharField(max_length=200)
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("looked after by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [models.Index(fields=["owner_type", "owner_id"], name="file_owner")]

    def __str__(self) -> str:
        # The log of changes is read by more people than a confidential file is, and a name tells a lot.
        return str(_("confidential file")) if self.is_confidential else self.name
