"""The library of measures: what a measure typically does and costs, each number with where it comes from."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.models.action import Certainty, Payer, Sector
from contracts.models.standard import StandardItem, StandardVersion
from governance.models.organisation import Group
from nss_portal.core.localized import Localized


class EffectBasis(models.TextChoices):
    """What the effect of a measure is counted in, so that it can be scaled to a municipality."""

    SHARE = "share", _("percent of the sector's emissions")
    PEOPLE = "people", _("kt per 100,000 inhabitants")


class CostBasis(models.TextChoices):
    """What the cost of a measure is counted in."""

    TONNE = "kt", _("million euros per kt less a year")
    PEOPLE = "people", _("million euros per 100,000 inhabitants")


class Curve(models.TextChoices):
    """How a measure comes into effect (`pathways.md`, Implementation curve)."""

    LINEAR = "linear", _("evenly")
    S_CURVE = "s_curve", _("slowly, then fast, then slowly")
    STEP = "step", _("all at once")


def _amount(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=10, decimal_places=3, null=True, blank=True)


class StandardMeasure(StandardItem):
    """A measure of one version; a city adapts a copy of it.

    `effect` (with `effect_low` and `effect_high` where a range is known) is in `effect_basis`, on the emissions of
    `base_sector`; `cost` likewise in `cost_basis`. What no source gives stays empty. `is_estimate` marks what is
    the portal's own estimate for illustration rather than a published figure.
    """

    KIND = "measure"
    FIELDS = (
        "title_nl",
        "title_en",
        "text_nl",
        "text_en",
        "conditions_nl",
        "conditions_en",
        "benefits_nl",
        "benefits_en",
        "sector",
        "base_sector",
        "effect_basis",
        "effect",
        "effect_low",
        "effect_high",
        "cost_basis",
        "cost",
        "cost_low",
        "cost_high",
        "payer",
        "curve",
        "years",
        "certainty",
        "groups",
        "steps",
        "people_from",
        "people_to",
        "source_nl",
        "source_en",
        "is_estimate",
    )

    version = models.ForeignKey(StandardVersion, on_delete=models.CASCADE, related_name="measures")
    text_nl = models.TextField(_("what it is, in Dutch"))
    text_en = models.TextField(_("what it is, in English"), blank=True)
    conditions_nl = models.TextField(_("what it needs, in Dutch"), blank=True)
    conditions_en = models.TextField(_("what it needs, in English"), blank=True)
    benefits_nl = models.CharField(_("what else it brings, in Dutch"), max_length=300, blank=True)
    benefits_en = models.CharField(_("what else it brings, in English"), max_length=300, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    base_sector = models.CharField(_("works on the emissions of"), max_length=20, choices=Sector)
    effect_basis = models.CharField(
        _("effect counted in"), max_length=8, choices=EffectBasis, default=EffectBasis.SHARE
    )
    effect = _amount(_("typical effect"))
    effect_low = _amount(_("effect, low"))
    effect_high = _amount(_("effect, high"))
    cost_basis = models.CharField(_("cost counted in"), max_length=8, choices=CostBasis, default=CostBasis.TONNE)
    cost = _amount(_("typical cost"))
    cost_low = _amount(_("cost, low"))
    cost_high = _amount(_("cost, high"))
    payer = models.CharField(_("who pays"), max_length=12, choices=Payer, default=Payer.UNKNOWN)
    curve = models.CharField(_("comes into effect"), max_length=8, choices=Curve, default=Curve.LINEAR)
    years = models.PositiveSmallIntegerField(_("years until it works in full"), null=True, blank=True)
    certainty = models.CharField(
        _("how sure, to begin with"), max_length=12, choices=Certainty, default=Certainty.INTENDED
    )
    groups = ArrayField(
        models.CharField(max_length=20, choices=Group), verbose_name=_("who takes part"), default=list, blank=True
    )
    # Codes of steps of the transition map; an array, since a published version is frozen as a whole.
    steps = ArrayField(
        models.CharField(max_length=40), verbose_name=_("steps of the transition map"), default=list, blank=True
    )
    people_from = models.PositiveIntegerField(_("fits from (inhabitants)"), null=True, blank=True)
    people_to = models.PositiveIntegerField(_("fits up to (inhabitants)"), null=True, blank=True)
    source_nl = models.CharField(_("source in Dutch"), max_length=400)
    source_en = models.CharField(_("source in English"), max_length=400, blank=True)
    is_estimate = models.BooleanField(_("estimate, illustrative"), default=False)

    text = Localized()
    conditions = Localized()
    benefits = Localized()
    source = Localized()

    class Meta:
        ordering = ["version", "order", "pk"]
        verbose_name = _("measure of the standard approach")
        verbose_name_plural = _("measures of the standard approach")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="standard_measure_code_once"),
            models.CheckConstraint(
                condition=~Q(effect_basis="share")
                | (
                    (Q(effect__isnull=True) | Q(effect__gte=0, effect__lte=100))
                    & (Q(effect_high__isnull=True) | Q(effect_high__lte=100))
                ),
                name="standard_measure_share_up_to_100",
                violation_error_message=_("A share lies between 0 and 100 percent."),
            ),
            models.CheckConstraint(
                condition=(Q(effect_low__isnull=True) | Q(effect_low__gte=0))
                & (Q(effect_low__isnull=True) | Q(effect_high__isnull=True) | Q(effect_low__lte=F("effect_high"))),
                name="standard_measure_effect_range",
                violation_error_message=_("The low effect is more than the high one, or less than 0."),
            ),
            models.CheckConstraint(
                condition=(Q(cost__isnull=True) | Q(cost__gte=0))
                & (Q(cost_low__isnull=True) | Q(cost_low__gte=0))
                & (Q(cost_low__isnull=True) | Q(cost_high__isnull=True) | Q(cost_low__lte=F("cost_high"))),
                name="standard_measure_cost_range",
                violation_error_message=_("The low cost is more than the high one, or less than 0."),
            ),
        ]

    @property
    def middle(self) -> Decimal | None:
        """Give the typical effect, or the middle of the range where only that is known."""
        return self.effect if self.effect is not None else _middle(self.effect_low, self.effect_high)

    @property
    def middle_cost(self) -> Decimal | None:
        """Give the typical cost, or the middle of the range where only that is known."""
        return self.cost if self.cost is not None else _middle(self.cost_low, self.cost_high)


def _middle(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    return None if low is None or high is None else (low + high) / 2
