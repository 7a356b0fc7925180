"""The three governance variants as data, and which one is in force when."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from governance.models.organisation import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.localized import Localized


class GovernanceVariantQuerySet(AccessQuerySet["GovernanceVariant"]):
    """Variants: everybody reads them."""

    resource = "governance"


class GovernanceVariant(models.Model):
    """One way to organise the support structure (`governance_variants.csv`)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    label_nl = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    summary_nl = models.TextField()
    summary_en = models.TextField()
    lead_nl = models.TextField()
    lead_en = models.TextField()
    goal_nl = models.TextField()
    goal_en = models.TextField()
    contract_form_nl = models.TextField()
    contract_form_en = models.TextField()
    contract_users_nl = models.TextField()
    contract_users_en = models.TextField()
    operational_nl = models.TextField()
    operational_en = models.TextField()
    figureheads_nl = models.TextField()
    figureheads_en = models.TextField()
    source = models.CharField(max_length=200)

    label = Localized()
    summary = Localized()
    lead = Localized()
    goal = Localized()
    contract_form = Localized()
    contract_users = Localized()
    operational = Localized()
    figureheads = Localized()

    objects: ClassVar[GovernanceVariantQuerySet] = GovernanceVariantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("variant")
        verbose_name_plural = _("variants")

    def __str__(self) -> str:
        return self.label


class VariantPoint(models.Model):
    """One advantage or drawback of a variant, as the advice gives it."""

    class Kind(models.TextChoices):
        ADVANTAGE = "advantage", _("advantage")
        DRAWBACK = "drawback", _("drawback")

    variant = models.ForeignKey(GovernanceVariant, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=20, choices=Kind)
    order = models.PositiveSmallIntegerField(default=0)
    text_nl = models.TextField()
    text_en = models.TextField()

    text = Localized()

    class Meta:
        ordering = ["variant", "kind", "order", "pk"]
        verbose_name = _("advantage or drawback")
        verbose_name_plural = _("advantages and drawbacks")
        constraints = [
            models.UniqueConstraint(fields=["variant", "kind", "order"], name="variant_point_once"),
        ]

    def __str__(self) -> str:
        return self.text


class VariantRole(models.Model):
    """What an organisation or group does in a variant (`governance_roles.csv`)."""

    class Part(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinates")
        OWNER = "owner", _("owner")
        CO_OWNER = "co-owner", _("co-owner")
        INVOLVED = "involved", _("involved")

    variant = models.ForeignKey(GovernanceVariant, on_delete=models.CASCADE, related_name="roles")
    order = models.PositiveSmallIntegerField(default=0)
    group = models.CharField(max_length=40)
    organisation_nl = models.CharField(max_length=120)
    organisation_en = models.CharField(max_length=120)
    part = models.CharField(max_length=20, choices=Part)
    role_nl = models.CharField(max_length=200, blank=True)
    role_en = models.CharField(max_length=200, blank=True)
    # Whose role it is, whatever the texts call them: organisations by their code, and whole groups.
    organisation_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    organisation_groups = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    organisation = Localized()
    role = Localized()

    class Meta:
        ordering = ["variant", "order", "pk"]
        verbose_name = _("role in a variant")
        verbose_name_plural = _("roles in a variant")
        constraints = [models.UniqueConstraint(fields=["variant", "order"], name="variant_role_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_part_display()}"


class VariantPeriod(models.Model):
    """A variant in force, with the organisation that coordinates, from when to when.

    Who proposed and who decided are two persons; both are empty where reference data set the first period.
    On `evaluate_on` it is time to see whether the variant still fits the goal.
    """

    variant = models.ForeignKey(GovernanceVariant, on_delete=models.PROTECT, related_name="periods")
    coordinating_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    evaluate_on = models.DateField(_("looked at again on"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("period of a variant")
        verbose_name_plural = _("periods of variants")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="variant_period_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(proposed_by=F("decided_by")),
                name="variant_period_proposed_and_decided_by_two",
                violation_error_message=_("Whoever proposes a variant does not decide on it too."),
            ),
            ExclusionConstraint(
                name="variant_period_one_at_a_time",
                expressions=[
                    (
                        Func(
                            "valid_from",
                            "valid_to",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message=_("Another variant is in force in this period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} ({self.valid_from})"
