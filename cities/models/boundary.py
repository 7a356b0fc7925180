"""The true outline of a municipality, simplified for the map."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.municipality import Municipality


class MunicipalityBoundary(models.Model):
    """Where a municipality lies: `geometry` as GeoJSON in degrees (WGS 84), `outline` as a path on the map."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, related_name="boundary")
    geometry = models.JSONField()
    outline = models.TextField()
    source = models.CharField(_("source"), max_length=250, blank=True)
    loaded_at = models.DateTimeField(_("loaded"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["municipality"]
        verbose_name = _("boundary")
        verbose_name_plural = _("boundaries")

    def __str__(self) -> str:
        return str(self.municipality)
