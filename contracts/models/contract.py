"""Climate contracts: of one municipality or of several together."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from cities.models.bottleneck import Sharing
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class ContractStandard(models.Model):
    """The form that a contract follows: a template version of NetZeroCities, or a Dutch standard approach."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label_nl = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    template_version = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("standard")
        verbose_name_plural = _("standards")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Give the label in the language of the page."""
        return self.label_en if get_language() == "en" else self.label_nl


class ClimateContractQuerySet(AccessQuerySet["ClimateContract"]):
    resource: ClassVar[str] = "contract"

    def running(self, on: date) -> Self:
        """Keep the contracts that are in force on a day: adopted or further, and not ended."""
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=on),
            # At most one version of a contract is in force (a constraint), so this join doubles nothing.
            versions__state__in=["adopted", "signed", "published"],
        )


class ClimateContract(models.Model):
    """A contract as people speak of it; what it says is in its versions."""

    public_id = PublicIdField()
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    municipalities = models.ManyToManyField(
        Municipality, through="ContractMunicipality", related_name="contracts", verbose_name=_("municipalities")
    )
    standard = models.ForeignKey(ContractStandard, on_delete=models.PROTECT, verbose_name=_("standard"))
    # Follows the version in force, or the first draft while there is none.
    target_year = models.PositiveSmallIntegerField(_("target year"), default=2030)
    sharing = models.CharField(_("who sees it"), max_length=10, choices=Sharing, default=Sharing.DRAFT)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    source = models.TextField(_("source"), blank=True)
    # The publication in which the contract was made known; its figures are the contract's own.
    publication = models.ForeignKey(
        "contracts.EmissionSource",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contracts",
        verbose_name=_("publication"),
    )
    mission_label_on = models.DateField(_("EU Mission Label since"), null=True, blank=True)
    started_on = models.DateField(_("running since"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClimateContractQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("climate contract")
        verbose_name_plural = _("climate contracts")
        constraints = [
            models.CheckConstraint(
                condition=Q(target_year__gte=2030, target_year__lte=2050),
                name="contract_target_year",
                violation_error_message=_("The target year lies between 2030 and 2050."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the contract's page."""
        return reverse("contracts:detail", args=[self.public_id])

    @property
    def name(self) -> str:
        """Give the title in the language of the page."""
        return (get_language() == "en" and self.title_en) or self.title


class ContractMunicipality(models.Model):
    """A municipality that is bound by a contract; several make it a joint one."""

    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="contract_municipalities")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["contract", "order", "pk"]
        verbose_name = _("municipality of a contract")
        verbose_name_plural = _("municipalities of contracts")
        constraints = [
            models.UniqueConstraint(fields=["contract", "municipality"], name="contract_municipality_once")
        ]

    def __str__(self) -> str:
        return str(self.municipality)
