"""Organisations of the quadruple helix."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access import Actor, action_q
from nss_portal.core.access.querysets import AccessQuerySet, narrow
from nss_portal.core.ids import PublicIdField
from nss_portal.core.localized import Localized


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


class Helix(models.TextChoices):
    """The four strands of the quadruple helix; the groups fall under them."""

    GOVERNMENT = "government", _("Governments")
    KNOWLEDGE = "knowledge", _("Knowledge institutions")
    BUSINESS = "business", _("Companies and financiers")
    SOCIETY = "society", _("Civil society")


HELIX_GROUPS: dict[Helix, tuple[Group, ...]] = {
    Helix.GOVERNMENT: (
        Group.MUNICIPALITY,
        Group.PROVINCE,
        Group.MINISTRY,
        Group.AGENCY,
        Group.UMBRELLA,
        Group.EUROPEAN,
    ),
    Helix.KNOWLEDGE: (Group.KNOWLEDGE,),
    Helix.BUSINESS: (Group.COMPANY, Group.FINANCIAL),
    Helix.SOCIETY: (Group.CIVIL, Group.INDEPENDENT),
}


class Duty(models.TextChoices):
    """A task of one organisation in every variant: it decides the role of its staff."""

    NONE = "", _("none")
    DESK = "desk", _("keeps the desk")
    PUBLISHER = "publisher", _("edits and publishes lessons")


class OrganisationQuerySet(AccessQuerySet["Organisation"]):
    """Organisations: everybody may see them."""

    resource = "governance"

    def can_invite(self, actor: Actor) -> Self:
        """Keep the organisations for which the actor may invite people."""
        return narrow(self, action_q(actor, "account", "invite"))

    def existing_on(self, day: date) -> Self:
        """Keep the organisations that exist on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )


class Organisation(models.Model):
    """A municipality, ministry, company, … that people belong to and in whose name they act.

    `code` is the key of reference data ('rvo', 'gm0363') and stays when the name changes. Where a task went to
    another organisation, `successor` has it from `succeeded_on`.
    """

    public_id = PublicIdField()
    code = models.SlugField(_("code"), max_length=60, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    group = models.CharField(_("group"), max_length=20, choices=Group)
    duty = models.CharField(_("duty"), max_length=20, choices=Duty, blank=True, default="")
    website = models.URLField(_("website"), blank=True)
    about_nl = models.TextField(_("what it does here"), blank=True)
    about_en = models.TextField(_("what it does here, in English"), blank=True)
    about = Localized()
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    succeeded_on = models.DateField(_("task handed over on"), null=True, blank=True)

    objects: ClassVar[OrganisationQuerySet] = OrganisationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"],
                name="organisation_once_per_group",
                violation_error_message=_("There is an organisation with this name in this group already."),
            ),
            models.CheckConstraint(
                condition=~Q(successor=F("pk")),
                name="organisation_not_its_own_successor",
                violation_error_message=_("An organisation cannot hand its task over to itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Give the address of the organisation's page."""
        return reverse("governance:organisation", args=[self.public_id, self.slug])

    @property
    def local_name(self) -> str:
        """The name in the language of the page: English where there is an official one."""
        return (get_language() == "en" and self.name_en) or self.name

    @property
    def slug(self) -> str:
        """The readable part of the address; it may change, the public identifier does not."""
        return slugify(self.short_name or self.name)

    @property
    def helix(self) -> Helix:
        """The strand of the quadruple helix that the organisation's group falls under."""
        return next(helix for helix, groups in HELIX_GROUPS.items() if self.group in groups)

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
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "valid_from"],
                name="organisation_name_once_per_day",
                violation_error_message=_("Another name begins on this day already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisation_name_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
