"""What holds an action up, followed from the review that said so until it is loose again."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import ClimateContract
from contracts.models.review import Effort


class Blockade(models.Model):
    """One promise that its party called blocked; `promise` names it across versions ('action:code').

    A review closes with its round, so how it went on stands here. On `ask_on` the portal asks whether it is loose.
    """

    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="blockades")
    effort = models.OneToOneField(Effort, on_delete=models.CASCADE, related_name="blockade")
    promise = models.CharField(max_length=60)
    began_at = models.DateTimeField(default=timezone.now)
    ask_on = models.DateField(_("ask again on"))
    # The portal asked, and nobody has answered since.
    is_asked = models.BooleanField(default=False)
    note = models.CharField(_("how it stands"), max_length=500, blank=True)
    noted_by_label = models.CharField(max_length=200, blank=True)
    loose_at = models.DateTimeField(_("loose since"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["contract", "began_at", "pk"]
        verbose_name = _("blocked action")
        verbose_name_plural = _("blocked actions")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "promise"],
                condition=Q(loose_at__isnull=True),
                name="blockade_once_per_promise",
            )
        ]
        indexes = [
            models.Index(fields=["ask_on"], condition=Q(loose_at__isnull=True), name="blockade_to_ask"),
        ]

    def __str__(self) -> str:
        return str(self.effort)

    def get_absolute_url(self) -> str:
        """Give the address of the contract's blocked actions, at this one."""
        return f"{reverse('contracts:blockades', args=[self.contract.public_id])}#blokkade-{self.pk}"
