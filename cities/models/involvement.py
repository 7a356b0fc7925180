"""How a municipality takes part, as a dated history."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The four levels of involvement, from most to least."""

    MISSION = "mission", _("mission city")
    EOI = "eoi", _("EoI city")
    INTERESTED = "interested", _("interested")
    OTHER = "other", _("other")


# The tone of a level's mark: the shape and colour that it has on the map; the word always stands beside it.
LEVEL_TONES = {level: level.value for level in Level}


class Involvement(models.Model):
    """One period in which a municipality had one level; the open period is the present one.

    A municipality without any period has the level 'other'.
    """

    municipality = models.ForeignKey("cities.Municipality", on_delete=models.CASCADE, related_name="involvements")
    level = models.CharField(_("level"), max_length=12, choices=Level)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    reason_nl = models.TextField(_("reason"))
    reason_en = models.TextField(_("reason in English"), blank=True)
    source = models.CharField(_("source"), max_length=250, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_by_label = models.CharField(_("decided by"), max_length=150)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["municipality", "-valid_from"]
        verbose_name = _("involvement")
        verbose_name_plural = _("involvement")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(valid_to__isnull=True),
                name="involvement_one_at_a_time",
                violation_error_message=_("A municipality has one level at a time."),
            ),
            models.UniqueConstraint(
                fields=["municipality", "valid_from"],
                name="involvement_one_per_first_day",
                violation_error_message=_("A period begins on this day already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="involvement_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.get_level_display()} ({self.valid_from})"

    @property
    def reason(self) -> str:
        """Give the reason in the language of the page, or in the one in which it was written."""
        return (get_language() == "en" and self.reason_en) or self.reason_nl
