"""Climate contracts: of one municipality or of several together."""

from datetime import date
from typing import ClassVar, Self

from cities.models import Municipality
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class Sharing(models.TextChoices):
    """Who sees a record: the owner chooses."""

    DRAFT = "draft", _("only ourselves")
    NETWORK = "network", _("shared with the network of cities")
    PUBLISHED = "published", _("everybody")


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
        return self.label_nl


class ClimateContractQuerySet(AccessQuerySet["ClimateContract"]):
    resource: ClassVar[str] = "contract"

    def running(self, on: date) -> Self:
        """Keep the contracts that are in force on a day: adopted or further, and not ended."""
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=on),
            versions__state__in=["adopted", "signed", "published"],
        ).distinct()


class ClimateContract(models.Model):
    """A contract as people speak of it; what it says is in its versions."""

    public_id = PublicIdField()
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    municipalities = models.ManyToManyField(
        Municipality, through="ContractMunicipality", related_name="contracts", verbose_name=_("municipalities")
    )
    standard = models.ForeignKey(ContractStandard, on_delete=models.PROTECT, verbose_name=_("standard"))
    target_year = models.PositiveSmallIntegerField(_("target year"), default=2030)
    sharing = models.CharField(_("who sees it"), max_length=12, choices=Sharing, default=Sharing.DRAFT)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    source = models.TextField(_("source"), blank=True)
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
        return reverse("contracts:detail", args=[self.public_id])


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
