"""Versions of a contract: an adopted one never changes, in the database itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import ClimateContract


class VersionState(models.TextChoices):
    """The steps of a version."""

    DRAFT = "draft", _("draft")
    INTERNAL_REVIEW = "internal_review", _("internal review")
    ADOPTED = "adopted", _("adopted")
    SIGNED = "signed", _("signed")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")


OPEN_STATES = (VersionState.DRAFT, VersionState.INTERNAL_REVIEW)
IN_FORCE_STATES = (VersionState.ADOPTED, VersionState.SIGNED, VersionState.PUBLISHED)


class ContractVersion(models.Model):
    """What a contract says at one moment: parties, commitments, actions and investments hang on it."""

    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=20, choices=VersionState, default=VersionState.DRAFT)
    base_year = models.PositiveSmallIntegerField(_("base year"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    source = models.TextField(_("source"), blank=True)
    # SHA-256 of the version's data as canonical JSON, set when it is adopted.
    digest = models.CharField(max_length=64, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["contract", "-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=["adopted", "signed", "published"]),
                name="version_one_in_force",
                violation_error_message=_("Another version of this contract is in force."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.number}"

    @property
    def is_open(self) -> bool:
        """Say whether the version may still be edited."""
        return self.state in OPEN_STATES
