"""The national path of emissions, as its sources give it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NationalPoint(models.Model):
    """What the country may emit, or emitted, in one year, with where that stands. Entered by coordinators."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    kt = models.DecimalField(_("kt a year"), max_digits=14, decimal_places=3)
    citation = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ["year"]
        verbose_name = _("point of the national path")
        verbose_name_plural = _("points of the national path")
        constraints = [models.CheckConstraint(condition=Q(kt__gte=0), name="national_point_not_negative")]

    def __str__(self) -> str:
        return str(self.year)
