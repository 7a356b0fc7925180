"""Indicators of a contract: what is counted, from where to where, and how it stands each year."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import ClimateContract
from nss_portal.core.ids import PublicIdField


class Indicator(models.Model):
    """Something that a contract counts, with a target. It belongs to the contract and not to one version."""

    public_id = PublicIdField()
    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="indicators")
    # Names the same indicator in versions and in files.
    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("indicator"), max_length=300)
    title_en = models.CharField(_("indicator in English"), max_length=300, blank=True)
    number = models.CharField(_("number"), max_length=300, blank=True)
    outcome = models.CharField(_("outcome or effect"), max_length=300, blank=True)
    # Empty while a contract that exists does not say it; then it gets no light.
    unit = models.CharField(_("unit"), max_length=300, blank=True)
    base_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    base_value = models.DecimalField(
        _("value in the first year"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    target_year = models.PositiveSmallIntegerField(_("target year"), null=True, blank=True)
    target_value = models.DecimalField(_("target"), max_digits=20, decimal_places=6, null=True, blank=True)
    # Targets before the last one: year to number, both as text.
    milestones = models.JSONField(_("targets on the way"), default=dict, blank=True)
    # Names the action by the code that it keeps in later versions; empty for the contract as a whole.
    action_code = models.SlugField(_("action"), max_length=40, blank=True)
    source = models.CharField(_("where the values come from"), max_length=300, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["contract", "title", "pk"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "title"],
                name="indicator_title_once",
                violation_error_message=_("This contract has an indicator of this name already."),
            ),
            models.UniqueConstraint(fields=["contract", "code"], name="indicator_code_once"),
            models.CheckConstraint(
                condition=Q(target_year__gt=F("base_year")),
                name="indicator_target_after_base",
                violation_error_message=_("The target year comes after the first year."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("contracts:indicator", args=[self.contract.public_id, self.public_id])

    @property
    def has_course(self) -> bool:
        """Say whether it is known from where to where it goes; what is to stay as it is goes nowhere."""
        ends = (self.base_year, self.base_value, self.target_year, self.target_value)
        return all(each is not None for each in ends) and self.base_value != self.target_value

    @property
    def label(self) -> str:
        """Give the name in the language of the page, or in the one in which it was written."""
        return (get_language() == "en" and self.title_en) or self.title


class IndicatorValue(models.Model):
    """How an indicator stood in one year."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="values")
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["indicator", "year"]
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        constraints = [models.UniqueConstraint(fields=["indicator", "year"], name="indicator_value_once_a_year")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"
