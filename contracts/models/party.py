"""Parties to a contract, and what each of them promises, the state included."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.models.version import ContractVersion
from governance.models import Organisation
from governance.models.organisation import Group


class CommitmentStatus(models.TextChoices):
    """How far a promise is when the version is written; later years are in the reviews."""

    PLANNED = "planned", _("not begun")
    RUNNING = "running", _("under way")
    DONE = "done", _("done")
    DELAYED = "delayed", _("delayed")
    STOPPED = "stopped", _("stopped")


class Party(models.Model):
    """One party to one version; `organisation` ties it to people with an account, where it has them."""

    version = models.ForeignKey(ContractVersion, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="contract_parties"
    )
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    group = models.CharField(_("group"), max_length=20, choices=Group)
    is_leading = models.BooleanField(_("owner of the contract"), default=False)
    legal_form = models.CharField(_("legal form"), max_length=120, blank=True)
    domain = models.CharField(_("sector, domain and level of operation"), max_length=200, blank=True)
    # Who signs or is reached may change at any time: no part of what was agreed, nor of the hash.
    responsible_name = models.CharField(_("name of the responsible person"), max_length=200, blank=True)
    contact_position = models.CharField(_("position of the contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail address of the contact person"), blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["version", "order", "pk"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="party_once_per_version")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Give the name in the language of the page, or in the one in which it was written."""
        return (get_language() == "en" and self.name_en) or self.name


class Commitment(models.Model):
    """A promise of one party that is not an action with tonnes of its own."""

    version = models.ForeignKey(ContractVersion, on_delete=models.CASCADE, related_name="commitments")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="commitments")
    # Names the same promise in later versions, so that a review can show what was said last year.
    code = models.SlugField(_("code"), max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("promise"), max_length=300)
    title_en = models.CharField(_("promise in English"), max_length=300, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # Empty where the contract does not say.
    status = models.CharField(_("status"), max_length=12, choices=CommitmentStatus, blank=True)
    # A function or department, not a person.
    owner = models.CharField(_("owner"), max_length=200, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["version", "order", "pk"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="commitment_code_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Give the promise in the language of the page, or in the one in which it was written."""
        return (get_language() == "en" and self.title_en) or self.title
