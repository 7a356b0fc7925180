"""Around a draft: what colleagues say to each other, and files whose tables come in."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import ClimateContract
from contracts.models.version import ContractVersion


class DraftComment(models.Model):
    """What somebody says to colleagues about a section or table: theirs alone, no part of the contract.

    Its words stand in no name, log or mail; it stays when the version is adopted, and nobody else reads it.
    """

    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="draft_comments")
    # The code of a section ('section:…') or the concept of a table ('table:…').
    place = models.CharField(_("place"), max_length=60)
    text = models.TextField(_("comment"), max_length=4000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_by_label = models.CharField(_("written by"), max_length=200)
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(_("settled on"), null=True, blank=True)

    class Meta:
        ordering = ["written_at", "pk"]
        verbose_name = _("comment on a draft")
        verbose_name_plural = _("comments on drafts")
        indexes = [models.Index(fields=["contract", "place"])]

    def __str__(self) -> str:
        return f"{self.contract_id} · {self.pk}"


class ContractImport(models.Model):
    """A file whose tables are looked at before they come in, and after that what came of it."""

    version = models.ForeignKey(ContractVersion, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("hash of the file"), max_length=64)
    # What the file says, as `contracts.exchange` reads it; emptied once it is in.
    content = models.JSONField(default=dict)
    # Lines of the report: sheet, cell, what about it.
    report = models.JSONField(default=list)
    taken = models.PositiveIntegerField(_("rows taken"), default=0)
    changed = models.PositiveIntegerField(_("rows changed"), default=0)
    refused = models.PositiveIntegerField(_("rows refused"), default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("read on"), default=timezone.now, editable=False)
    taken_at = models.DateTimeField(_("taken on"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("import of a contract")
        verbose_name_plural = _("imports of contracts")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.at:%Y-%m-%d})"
