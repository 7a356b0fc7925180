"""Versions of a contract: an adopted one never changes, in the database itself."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import ClimateContract
from nss_portal.core.access import Actor


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


class ContractVersionQuerySet(models.QuerySet["ContractVersion"]):
    """Versions, seen through their contract: the matrix speaks of contracts."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the versions that the actor may see.

        Drafts are for those who may change the contract and for the advisor of a city that shares it; an adopted
        version is for whoever sees the contract otherwise than as the public; the public sees published ones.
        """
        from contracts.rules import version_q

        return self.filter(version_q(actor))

    def in_force(self) -> Self:
        """Keep the versions that hold now: at most one per contract."""
        return self.filter(state__in=IN_FORCE_STATES)


class ContractVersion(models.Model):
    """What a contract says at one moment: parties, commitments, actions and investments hang on it."""

    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=20, choices=VersionState, default=VersionState.DRAFT)
    target_year = models.PositiveSmallIntegerField(_("target year"), default=2030)
    base_year = models.PositiveSmallIntegerField(_("base year"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    source = models.TextField(_("source"), blank=True)
    # SHA-256 of the version's snapshot, set when it is adopted.
    digest = models.CharField(max_length=64, blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    # Stays true when a later version takes the place of a published one.
    is_public = models.BooleanField(default=False)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContractVersionQuerySet.as_manager()

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
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=["draft", "internal_review"]),
                name="version_one_draft",
                violation_error_message=_("This contract has a draft already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "internal_review"]) | Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="version_adopted_has_digest",
                violation_error_message=_("An adopted version carries the hash of its data."),
            ),
            models.CheckConstraint(
                condition=Q(target_year__gte=2030, target_year__lte=2050),
                name="version_target_year",
                violation_error_message=_("The target year lies between 2030 and 2050."),
            ),
            models.CheckConstraint(
                condition=(~Q(state="published") | Q(is_public=True))
                & (~Q(state__in=["draft", "internal_review"]) | Q(is_public=False)),
                name="version_public_when_published",
                violation_error_message=_("A version is public once it is published."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.number}"

    def get_absolute_url(self) -> str:
        """Give the address of the version's page."""
        return reverse("contracts:version", args=[self.contract.public_id, self.number])

    @property
    def is_open(self) -> bool:
        """Say whether the version may still be edited."""
        return self.state in OPEN_STATES

    @property
    def is_in_force(self) -> bool:
        """Say whether the version holds now."""
        return self.state in IN_FORCE_STATES

    @property
    def summary_text(self) -> str:
        """Give the summary in the language of the page."""
        return (get_language() == "en" and self.summary_en) or self.summary


class VersionSnapshot(models.Model):
    """The data of an adopted version as canonical JSON: what the hash was taken of, byte for byte."""

    version = models.OneToOneField(ContractVersion, on_delete=models.CASCADE, related_name="snapshot")
    content = models.TextField()

    class Meta:
        verbose_name = _("data of an adopted version")
        verbose_name_plural = _("data of adopted versions")

    def __str__(self) -> str:
        return str(self.version)
