"""What stands around the structure: programmes that tie in, tasks of others, money, desks, and other countries."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models.organisation import Organisation
from governance.models.variant import GovernanceVariant
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.localized import Localized


class CountryStructure(models.Model):
    """The support structure of another country (`international_nss.csv`)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    country_nl = models.CharField(max_length=60)
    country_en = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    coordination_nl = models.TextField()
    coordination_en = models.TextField()
    activities_nl = models.TextField()
    activities_en = models.TextField()
    learn_nl = models.TextField(blank=True)
    learn_en = models.TextField(blank=True)
    source = models.CharField(max_length=200)

    country = Localized()
    coordination = Localized()
    activities = Localized()
    learn = Localized()

    class Meta:
        ordering = ["code"]
        verbose_name = _("structure of another country")
        verbose_name_plural = _("structures of other countries")

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"


class AlignedProgramme(models.Model):
    """A programme that exists, and who brings it in (`programme_alignment.csv`)."""

    order = models.PositiveSmallIntegerField(unique=True)
    organisation_nl = models.CharField(max_length=120)
    organisation_en = models.CharField(max_length=120)
    label_nl = models.CharField(max_length=160)
    label_en = models.CharField(max_length=160)
    source = models.CharField(max_length=200)

    organisation = Localized()
    label = Localized()

    class Meta:
        ordering = ["order"]
        verbose_name = _("programme that ties in")
        verbose_name_plural = _("programmes that tie in")

    def __str__(self) -> str:
        return f"{self.organisation}: {self.label}"


class Alignment(models.Model):
    """How well a programme ties in under a variant: the source tells two degrees."""

    class Degree(models.IntegerChoices):
        WELL = 1, _("ties in")
        VERY_WELL = 2, _("ties in very well")

    programme = models.ForeignKey(AlignedProgramme, on_delete=models.CASCADE, related_name="alignments")
    variant = models.ForeignKey(GovernanceVariant, on_delete=models.CASCADE, related_name="alignments")
    degree = models.PositiveSmallIntegerField(choices=Degree)

    class Meta:
        ordering = ["programme", "variant"]
        verbose_name = _("alignment of a programme")
        verbose_name_plural = _("alignments of programmes")
        constraints = [models.UniqueConstraint(fields=["programme", "variant"], name="alignment_once")]

    def __str__(self) -> str:
        return f"{self.programme} · {self.variant}: {self.get_degree_display()}"


class AskedActionQuerySet(AccessQuerySet["AskedAction"]):
    """What was asked of the state and others: everybody reads it."""

    resource = "governance"


class AskedAction(models.Model):
    """Something that the strategy of the cities asks of the state or others (`smart_city_actions.csv`).

    Who takes it up, and how far it is, is kept in the portal.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        TAKEN_UP = "taken_up", _("taken up")
        DONE = "done", _("done")
        DECLINED = "declined", _("not taken up")

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    precondition_nl = models.CharField(max_length=160, blank=True)
    precondition_en = models.CharField(max_length=160, blank=True)
    label_nl = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    addressed_nl = models.CharField(max_length=60)
    addressed_en = models.CharField(max_length=60)
    source = models.CharField(max_length=200)
    state = models.CharField(_("how far"), max_length=10, choices=State, default=State.ASKED)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="asked_actions",
        verbose_name=_("taken up by"),
    )
    note = models.TextField(_("what is done with it"), blank=True)

    precondition = Localized()
    label = Localized()
    addressed = Localized()

    objects: ClassVar[AskedActionQuerySet] = AskedActionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number"]
        verbose_name = _("action that was asked")
        verbose_name_plural = _("actions that were asked")

    def __str__(self) -> str:
        return self.label


class BudgetQuerySet(AccessQuerySet["Budget"]):
    """Money of ministries for cities: everybody reads it."""

    resource = "governance"


class Budget(models.Model):
    """What an organisation has for a programme or regulation in a year, with where that is written."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="budgets", verbose_name=_("organisation")
    )
    title = models.CharField(_("programme or scheme"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))
    amount_meur = models.DecimalField(
        _("amount (million euro)"), max_digits=10, decimal_places=3, validators=[MinValueValidator(0)]
    )
    source = models.CharField(_("where this is written"), max_length=300)
    url = models.URLField(_("web address"), blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    objects: ClassVar[BudgetQuerySet] = BudgetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["organisation__name", "title", "-year"]
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "title", "year"],
                name="budget_once_a_year",
                violation_error_message=_("There is an amount for this programme and year already."),
            ),
            models.CheckConstraint(
                condition=Q(amount_meur__gte=0),
                name="budget_not_negative",
                violation_error_message=_("An amount is a number of 0 or more."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2015, year__lte=2060),
                name="budget_year",
                violation_error_message=_("The year lies between 2015 and 2060."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"


class MinistryDesk(models.Model):
    """Where a city comes in at a ministry: one desk per ministry, kept by the ministry itself."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="ministry_desk", verbose_name=_("ministry")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    url = models.URLField(_("web page"), blank=True)
    text = models.TextField(_("for which questions"), max_length=1000)
    answers_within_days = models.PositiveSmallIntegerField(
        _("answers within so many working days"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    kept_on = models.DateField(_("last looked after"), auto_now=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    class Meta:
        ordering = ["organisation__name"]
        verbose_name = _("desk of a ministry")
        verbose_name_plural = _("desks of ministries")

    def __str__(self) -> str:
        return str(self.organisation)
