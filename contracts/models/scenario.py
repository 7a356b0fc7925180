"""Pathways that a team keeps: what it changed in the figures of its contract, under a name."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.bottleneck import Sharing
from contracts.models.contract import ClimateContract
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class PathwayScenarioQuerySet(AccessQuerySet["PathwayScenario"]):
    """Scenarios that somebody may see."""

    resource = "pathway"


class PathwayScenario(models.Model):
    """What somebody changed in the explorer, by the names of its fields; the rest stays as the contract has it.

    Only the changes are kept: when the contract or its figures move on, the scenario moves with them.
    """

    public_id = PublicIdField()
    contract = models.ForeignKey(
        ClimateContract, verbose_name=_("climate contract"), on_delete=models.CASCADE, related_name="scenarios"
    )
    name = models.CharField(_("name"), max_length=80)
    changes = models.JSONField(_("choices"), default=dict)
    sharing = models.CharField(_("shared with"), max_length=10, choices=Sharing, default=Sharing.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = PathwayScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "name"],
                name="scenario_name_once",
                violation_error_message=_("There is a scenario of this name already. Choose another name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Give the address of the scenario's page."""
        return reverse("contracts:scenario", args=[self.contract.public_id, self.public_id])

    @property
    def explorer_url(self) -> str:
        """Give the address of the explorer with these changes filled in."""
        url = reverse("contracts:pathway", args=[self.contract.public_id])
        held: dict[str, Any] = self.changes
        return f"{url}?{urlencode(held)}" if held else url
