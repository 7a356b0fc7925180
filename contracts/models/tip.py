"""What went faster elsewhere, and what a contract's city did with it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contracts.models.action import Action
from contracts.models.contract import ClimateContract
from contracts.models.review import Effort


class TipAnswer(models.TextChoices):
    """What a city said to a tip."""

    TAKEN = "taken", _("taken over")
    DISMISSED = "dismissed", _("not for us")


class Tip(models.Model):
    """What a city said to one report of 'more than promised' in another contract; before that there is no row.

    `action` is the draft action that came of it.
    """

    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="tips")
    effort = models.ForeignKey(Effort, on_delete=models.CASCADE, related_name="tips")
    answer = models.CharField(_("answer"), max_length=10, choices=TipAnswer)
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)
    answered_by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["contract", "answered_at", "pk"]
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "effort"],
                name="tip_answered_once",
                violation_error_message=_("This tip was answered already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.effort} · {self.contract}"
