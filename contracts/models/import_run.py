"""Runs of the import of emission figures, so that one can be undone."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contracts.models.emission import EmissionSource


class EmissionImport(models.Model):
    """One file that was taken: what it was, and how many rows of it."""

    file_name = models.CharField(_("file"), max_length=200)
    format = models.CharField(_("format"), max_length=40)
    digest = models.CharField(_("hash of the file"), max_length=64)
    source = models.ForeignKey(
        EmissionSource, null=True, blank=True, on_delete=models.SET_NULL, related_name="imports"
    )
    taken = models.PositiveIntegerField(_("rows taken"), default=0)
    refused = models.PositiveIntegerField(_("rows refused"), default=0)
    at = models.DateTimeField(_("taken on"), default=timezone.now, editable=False)
    undone_at = models.DateTimeField(_("undone on"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("import of emission figures")
        verbose_name_plural = _("imports of emission figures")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.at:%Y-%m-%d})"
