"""Actions of a contract and what they cost."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contracts.models.party import Party
from contracts.models.version import ContractVersion


class Sector(models.TextChoices):
    """Sectors of emissions, as published Dutch contracts use them."""

    BUILT = "built", _("built environment")
    HOUSING = "housing", _("housing")
    SERVICES = "services", _("services")
    MOBILITY = "mobility", _("mobility")
    INDUSTRY = "industry", _("industry")
    ENERGY = "energy", _("energy")
    ELECTRICITY = "electricity", _("electricity mix")
    GREEN_GAS = "green_gas", _("green gas")
    AGRICULTURE = "agriculture", _("agriculture")
    WASTE = "waste", _("waste and water")
    OTHER = "other", _("other")


# Sectors of which actions resemble each other: what works in one may work in the other.
FIELDS: tuple[frozenset[str], ...] = (
    frozenset({Sector.BUILT.value, Sector.HOUSING.value, Sector.SERVICES.value}),
    frozenset({Sector.ENERGY.value, Sector.ELECTRICITY.value, Sector.GREEN_GAS.value}),
)


class Certainty(models.TextChoices):
    """How sure an action is: the four classes that Rotterdam's forecast uses, and `pathways.md`."""

    CERTAIN = "certain", _("certain: started, funded or law")
    EXPECTED = "expected", _("expected: agreed, decision pending")
    INTENDED = "intended", _("intended: outline")
    VAGUE = "vague", _("too vague: counted as nothing")


class Payer(models.TextChoices):
    """Who pays (`pathways.md`, Cost)."""

    CITY = "city", _("municipality")
    NATIONAL = "national", pgettext_lazy("who pays", "state")
    EU = "eu", _("European Union")
    COMPANIES = "companies", _("companies")
    RESIDENTS = "residents", _("residents")
    UTILITIES = "utilities", _("utilities")
    TRANSPORT = "transport", _("transport operators")
    UNKNOWN = "unknown", _("not stated")


class FieldOfAction(models.TextChoices):
    """Fields of action of the NetZeroCities template."""

    ENERGY = "energy", pgettext_lazy("field of action", "energy systems")
    MOBILITY = "mobility", pgettext_lazy("field of action", "mobility and transport")
    BUILT = "built", pgettext_lazy("field of action", "built environment")
    WASTE = "waste", pgettext_lazy("field of action", "waste and circular economy")
    NATURE = "nature", pgettext_lazy("field of action", "green infrastructure and nature")
    OTHER = "other", pgettext_lazy("field of action", "other")


class Lever(models.TextChoices):
    """Systemic levers of the NetZeroCities template."""

    TECHNOLOGY = "technology", _("technology and infrastructure")
    GOVERNANCE = "governance", _("governance and policy")
    SOCIAL = "social", _("social innovation")
    DEMOCRACY = "democracy", _("democracy and participation")
    FINANCE = "finance", _("finance and funding")
    LEARNING = "learning", _("learning and capabilities")


class InvestmentKind(models.TextChoices):
    """What a post of the investment plan is; only capital counts as investment."""

    CAPITAL = "capital", _("capital (CAPEX)")
    OPERATION = "operation", _("operation (OPEX)")
    SAVINGS = "savings", _("savings and revenue")
    BENEFITS = "benefits", _("co-benefits")


class CapitalForm(models.TextChoices):
    """In which form capital comes."""

    BUDGET = "budget", _("own budget")
    GRANT = "grant", _("grant")
    LOAN = "loan", _("loan")
    EQUITY = "equity", _("equity")
    GUARANTEE = "guarantee", _("guarantee")
    BOND = "bond", _("green bond")
    OTHER = "other", pgettext_lazy("form of capital", "other")


class Measure(models.Model):
    """A kind of measure that returns in many contracts, so that like actions add up."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label_nl = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    field = models.CharField(_("field of action"), max_length=12, choices=FieldOfAction)

    class Meta:
        ordering = ["label_nl"]
        verbose_name = _("kind of measure")
        verbose_name_plural = _("kinds of measures")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Give the label in the language of the page."""
        return self.label_en if get_language() == "en" else self.label_nl


class Action(models.Model):
    """One action of one version, with its effect in the target year."""

    version = models.ForeignKey(ContractVersion, on_delete=models.CASCADE, related_name="actions")
    responsible = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="actions",
        verbose_name=_("responsible"),
    )
    # Names the same action in later versions, so that a review can show what was said last year.
    code = models.SlugField(_("code"), max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("action"), max_length=300)
    title_en = models.CharField(_("action in English"), max_length=300, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    effect_kt = models.DecimalField(
        _("reduction in the target year (kt CO₂)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    # Empty where the contract does not say.
    certainty = models.CharField(_("how sure"), max_length=12, choices=Certainty, blank=True)
    # Where the action stands in the template: which field, by which lever, to which outcome.
    field = models.CharField(_("field of action"), max_length=12, choices=FieldOfAction, blank=True)
    lever = models.CharField(_("systemic lever"), max_length=12, choices=Lever, blank=True)
    # A `Measure`, by its code: what makes actions of several contracts alike.
    measure = models.SlugField(_("kind of measure"), max_length=40, blank=True)
    action_type = models.CharField(_("action type"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    outcome = models.TextField(_("outcome that it leads to"), blank=True)
    scale = models.CharField(_("scale and who is addressed"), max_length=300, blank=True)
    stakeholders = models.TextField(_("involved stakeholders"), blank=True)
    comments = models.TextField(_("comments on implementation"), blank=True)
    starts_in = models.PositiveSmallIntegerField(_("begins in"), null=True, blank=True)
    ends_in = models.PositiveSmallIntegerField(_("ends in"), null=True, blank=True)
    renewable_mwh = models.DecimalField(
        _("generated renewable energy (MWh per year)"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    saved_mwh = models.DecimalField(
        _("energy saved or replaced (MWh per year)"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    saved_fuel = models.CharField(_("fuel that is replaced"), max_length=120, blank=True)
    compensated_kt = models.DecimalField(
        _("compensated (kt CO₂)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    source_locator = models.CharField(_("place in the source"), max_length=120, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["version", "order", "pk"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="action_code_once"),
            models.CheckConstraint(
                condition=Q(effect_kt__isnull=True) | Q(effect_kt__gte=0),
                name="action_effect_not_negative",
                violation_error_message=_("A reduction is a number of 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Give the action in the language of the page, or in the one in which it was written."""
        return (get_language() == "en" and self.title_en) or self.title


class Investment(models.Model):
    """Money for an action, or for the contract as a whole."""

    version = models.ForeignKey(ContractVersion, on_delete=models.CASCADE, related_name="investments")
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.CASCADE, related_name="investments")
    payer = models.CharField(_("who pays"), max_length=12, choices=Payer, default=Payer.UNKNOWN)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=InvestmentKind, default=InvestmentKind.CAPITAL)
    amount_meur = models.DecimalField(_("amount (million euro)"), max_digits=12, decimal_places=3)
    capital_form = models.CharField(_("form of capital"), max_length=12, choices=CapitalForm, blank=True)
    capital_source = models.CharField(_("source of capital"), max_length=200, blank=True)
    source_locator = models.CharField(_("place in the source"), max_length=120, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["version", "pk"]
        verbose_name = _("investment")
        verbose_name_plural = _("investments")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_meur__gte=0),
                name="investment_not_negative",
                violation_error_message=_("An amount is a number of 0 or more."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_meur} mln euro"
