"""Instruments of assessment as data: indicators, their statements, and what a conversation goes into."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from nss_portal.core.localized import Localized

LOWEST, HIGHEST = 1, 5


class Instrument(models.Model):
    """One version of a questionnaire (`assessment_indicators.csv`, `success_factors.csv`).

    A version that was used does not change; `about` is the kind of thing it is for: 'nss' or 'programme'.
    """

    code = models.SlugField(_("code"), max_length=40)
    edition = models.PositiveSmallIntegerField(_("version"), default=1)
    about = models.SlugField(max_length=20)
    label_nl = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    question_nl = models.CharField(max_length=300)
    question_en = models.CharField(max_length=300)
    source = models.CharField(_("source"), max_length=200)
    is_current = models.BooleanField(_("in use"), default=True)

    label = Localized()
    question = Localized()

    class Meta:
        ordering = ["code", "-edition"]
        verbose_name = _("instrument of assessment")
        verbose_name_plural = _("instruments of assessment")
        constraints = [models.UniqueConstraint(fields=["code", "edition"], name="instrument_edition_once")]

    def __str__(self) -> str:
        return self.label


class Indicator(models.Model):
    """What statements together say something about; `aspects` are what a deepening conversation goes into."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="indicators")
    number = models.PositiveSmallIntegerField()
    label_nl = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    aspects_nl = models.JSONField(default=list)
    aspects_en = models.JSONField(default=list)

    label = Localized()

    class Meta:
        ordering = ["instrument", "number"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [models.UniqueConstraint(fields=["instrument", "number"], name="indicator_once")]

    def __str__(self) -> str:
        return self.label


class Statement(models.Model):
    """One statement that is scored from 1 to 5, or 'not applicable' where it allows that."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="statements")
    number = models.PositiveSmallIntegerField()
    text_nl = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    may_not_apply = models.BooleanField(_("may be not applicable"), default=False)

    text = Localized()

    class Meta:
        ordering = ["indicator", "number"]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [models.UniqueConstraint(fields=["indicator", "number"], name="statement_once")]

    def __str__(self) -> str:
        return self.text
