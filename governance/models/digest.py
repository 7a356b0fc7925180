"""How often somebody gets one mail with what is asked and what is new."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Rhythm(models.TextChoices):
    """How often the mail comes."""

    DAILY = "daily", _("every working day")
    WEEKLY = "weekly", _("once a week, on Monday")
    MONTHLY = "monthly", _("once a month, on the first")
    NEVER = "never", _("never; I look in the portal myself")


class DigestChoice(models.Model):
    """One person's choice, and the day on which the last mail was made. Who chose nothing has the weekly one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_choice")
    rhythm = models.CharField(_("how often"), max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    made_on = models.DateField(_("last one made on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rhythm of the summary")
        verbose_name_plural = _("rhythms of the summary")

    def __str__(self) -> str:
        return f"{self.user}: {self.get_rhythm_display()}"
