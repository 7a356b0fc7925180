"""Open lists that bottlenecks and lessons are ordered by."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Labelled(models.Model):
    """A code with a label in both languages."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    label_nl = models.CharField(_("name in Dutch"), max_length=120)
    label_en = models.CharField(_("name in English"), max_length=120)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Give the label in the language of the page."""
        return self.label_en if get_language() == "en" else self.label_nl


class Theme(Labelled):
    """What a bottleneck or a lesson is about (`themes.csv`)."""

    class Meta(Labelled.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")


class TransitionStep(Labelled):
    """A step of the NetZeroCities Climate Transition Map (`transition_map_steps.csv`)."""

    meaning_nl = models.CharField(_("meaning in Dutch"), max_length=250)
    meaning_en = models.CharField(_("meaning in English"), max_length=250)

    class Meta(Labelled.Meta):
        verbose_name = _("step of the transition map")
        verbose_name_plural = _("steps of the transition map")

    @property
    def meaning(self) -> str:
        """Give the meaning in the language of the page."""
        return self.meaning_en if get_language() == "en" else self.meaning_nl


class SupportTool(Labelled):
    """A tool of NetZeroCities or a Dutch scheme that covers a bottleneck, or part of it (`support_tools.csv`)."""

    class Kind(models.TextChoices):
        NZC = "nzc", _("NetZeroCities")
        DUTCH = "dutch", _("Dutch scheme")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    url = models.URLField(_("address"), blank=True)

    class Meta(Labelled.Meta):
        verbose_name = _("tool or scheme")
        verbose_name_plural = _("tools and schemes")
