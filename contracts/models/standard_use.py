"""Contracts that follow the standard approach: how they began, which measures they took, what they did later."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from contracts.models.contract import ClimateContract
from contracts.models.standard import StandardVersion
from contracts.models.standard_change import ItemKind
from governance.models import Organisation
from nss_portal.core.ids import PublicIdField


class StandardStart(models.Model):
    """A first draft that somebody is putting together; `answers` has what was filled in, by screen.

    It stays when the contract is made, so that going back leads to the contract and not to a second one.
    """

    public_id = PublicIdField()
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="standard_starts")
    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="starts")
    answers = models.JSONField(default=dict, blank=True)
    contract = models.ForeignKey(
        ClimateContract, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("start of a contract")
        verbose_name_plural = _("starts of contracts")

    def __str__(self) -> str:
        return str(self.municipality)


class StandardUse(models.Model):
    """A contract follows the approach: `started` is the version that it was made with, `follows` the one up to
    which its city said of every change whether it takes it over."""

    contract = models.OneToOneField(ClimateContract, on_delete=models.CASCADE, related_name="standard_use")
    started = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        verbose_name = _("use of the standard approach")
        verbose_name_plural = _("uses of the standard approach")

    def __str__(self) -> str:
        return f"{self.contract} · {self.follows.number}"


class UseAnswer(models.TextChoices):
    """What a city did with a change of the approach."""

    TAKEN = "taken", _("taken over")
    LEFT = "left", _("left as it is")


class StandardUseAnswer(models.Model):
    """What a city said of one change between the version that it follows and a newer one."""

    use = models.ForeignKey(StandardUse, on_delete=models.CASCADE, related_name="answers")
    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ItemKind)
    code = models.SlugField(max_length=40)
    answer = models.CharField(max_length=8, choices=UseAnswer)
    answered_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["use", "pk"]
        verbose_name = _("answer to a change of the approach")
        verbose_name_plural = _("answers to changes of the approach")
        constraints = [
            models.UniqueConstraint(fields=["use", "version", "kind", "code"], name="standard_use_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.answer}"


class MeasureUse(models.Model):
    """An action that came out of the library: by its code, which stays the same over the contract's versions."""

    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="measure_uses")
    action_code = models.SlugField(max_length=40)
    measure_code = models.SlugField(max_length=40, db_index=True)
    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["contract", "pk"]
        verbose_name = _("use of a measure")
        verbose_name_plural = _("uses of measures")
        constraints = [models.UniqueConstraint(fields=["contract", "action_code"], name="measure_use_once")]

    def __str__(self) -> str:
        return f"{self.measure_code} · {self.contract}"
