"""Organisations of the quadruple helix."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from nss_portal.core.ids import PublicIdField


class Group(models.TextChoices):
    """The stakeholder groups of `governance_roles.csv`, each a part of the quadruple helix."""

    MUNICIPALITY = "municipality", _("municipality")
    MINISTRY = "ministry", _("ministry")
    AGENCY = "agency", _("government agency")
    PROVINCE = "province", _("province")
    UMBRELLA = "umbrella", _("umbrella organisation of governments")
    KNOWLEDGE = "knowledge", _("knowledge institution")
    COMPANY = "company", _("company or trade association")
    FINANCIAL = "financial", _("financial institution")
    CIVIL = "civil", _("civil society")
    EUROPEAN = "european", _("European institution or programme")
    INDEPENDENT = "independent", _("independent organisation")


class Duty(models.TextChoices):
    """A task of one organisation in every variant: it decides the role of its staff."""

    NONE = "", _("none")
    DESK = "desk", _("keeps the desk")
    PUBLISHER = "publisher", _("edits and publishes lessons")


class Organisation(models.Model):
    """A municipality, ministry, company, … that people belong to and in whose name they act."""

    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    group = models.CharField(_("group"), max_length=20, choices=Group)
    duty = models.CharField(_("duty"), max_length=20, choices=Duty, blank=True, default="")
    domain = models.CharField(_("e-mail domain"), max_length=100, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"],
                name="organisation_once_per_group",
                violation_error_message=_("There is an organisation with this name in this group already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def name_on(self, day: date) -> str:
        """Give the name as it was on a day: names of ministries change, old records keep theirs."""
        for former in self.names.all():
            if former.valid_from <= day and (former.valid_to is None or day <= former.valid_to):
                return former.name
        return self.name


class OrganisationName(models.Model):
    """A name with the period in which it was used."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["organisation", "valid_from"]
        verbose_name = _("former name")
        verbose_name_plural = _("former names")

    def __str__(self) -> str:
        return self.name
