"""What drives the rhythm of the year and is nobody's activity: elections, deliverables of NetZeroCities."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nss_portal.core.localized import Localized

# Parties write their programmes in the year before an election: then there is something to be asked for.
LOBBY_MONTHS = 12


class RhythmKind(models.TextChoices):
    """What it is."""

    ELECTION = "election", _("election")
    NZC = "nzc", _("NetZeroCities")


class Precision(models.TextChoices):
    """How well the date is known."""

    DAY = "day", _("the day")
    MONTH = "month", _("the month")


class RhythmDate(models.Model):
    """A date of the year, with how sure it is; what is only known by month runs from its first day to its last."""

    code = models.SlugField(_("code"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RhythmKind)
    title_nl = models.CharField(_("title in Dutch"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    precision = models.CharField(_("how well the date is known"), max_length=5, choices=Precision)
    is_sure = models.BooleanField(_("confirmed"), default=False)
    certainty_nl = models.CharField(_("how sure it is, in Dutch"), max_length=250, blank=True)
    certainty_en = models.CharField(_("how sure it is, in English"), max_length=250, blank=True)
    source = models.CharField(_("source"), max_length=200)
    title = Localized()
    certainty = Localized()

    class Meta:
        ordering = ["starts_on", "code"]
        verbose_name = _("date of the year")
        verbose_name_plural = _("dates of the year")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="rhythm_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def lobby_from(self) -> date | None:
        """The day from which to lobby for an election; None for what is no election."""
        if self.kind != RhythmKind.ELECTION:
            return None
        months = self.starts_on.year * 12 + self.starts_on.month - 1 - LOBBY_MONTHS
        return date(months // 12, months % 12 + 1, 1)
