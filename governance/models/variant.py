"""The three governance variants as data, and which one is in force when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.organisation import Organisation


class GovernanceVariant(models.Model):
    """One way to organise the support structure (`governance_variants.csv`)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    label_nl = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
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
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("variant")
        verbose_name_plural = _("variants")

    def __str__(self) -> str:
        return self.label_nl


class VariantRole(models.Model):
    """What an organisation or group does in a variant (`governance_roles.csv`)."""

    variant = models.ForeignKey(GovernanceVariant, on_delete=models.CASCADE, related_name="roles")
    order = models.PositiveSmallIntegerField(default=0)
    group = models.CharField(max_length=40)
    organisation_nl = models.CharField(max_length=120)
    organisation_en = models.CharField(max_length=120)
    role_nl = models.CharField(max_length=200)
    role_en = models.CharField(max_length=200)

    class Meta:
        ordering = ["variant", "order", "pk"]
        verbose_name = _("role in a variant")
        verbose_name_plural = _("roles in a variant")

    def __str__(self) -> str:
        return f"{self.organisation_nl}: {self.role_nl}"


class VariantPeriod(models.Model):
    """A variant in force, with the organisation that coordinates, from when to when."""

    variant = models.ForeignKey(GovernanceVariant, on_delete=models.PROTECT, related_name="periods")
    coordinating_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("period of a variant")
        verbose_name_plural = _("periods of variants")

    def __str__(self) -> str:
        return f"{self.variant} ({self.valid_from})"
