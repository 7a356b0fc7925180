"""How many hours are asked of a city in a year at most; the steering group sets it."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HoursLimit(models.Model):
    """A limit from a day on, until the next one; who set it and why stays."""

    hours = models.DecimalField(_("hours a year"), max_digits=6, decimal_places=1)
    valid_from = models.DateField(_("from"))
    reason = models.TextField(_("why"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_at = models.DateTimeField(_("set on"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        verbose_name = _("limit to the hours that are asked")
        verbose_name_plural = _("limits to the hours that are asked")
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="hours_limit_above_zero",
                violation_error_message=_("A limit is more than 0 hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours} ({self.valid_from})"

    @classmethod
    def on(cls, day: date) -> Decimal | None:
        """Give the limit in force on a day, or None. One query."""
        found = cls._default_manager.filter(valid_from__lte=day)
        return found.order_by("-valid_from", "-pk").values_list("hours", flat=True).first()
