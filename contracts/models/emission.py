"""Emission figures, each with its source; series of different sources are never mixed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from contracts.models.contract import ClimateContract


class EmissionSource(models.Model):
    """A publication or data set, in one release."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    label_nl = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    citation = models.TextField(_("full reference"))
    release = models.CharField(_("release"), max_length=120, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    # The municipality that enters figures of this source by hand; empty for what is published elsewhere.
    entered_for = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.PROTECT, related_name="entered_sources"
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("source of emission figures")
        verbose_name_plural = _("sources of emission figures")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Give the label in the language of the page."""
        return self.label_en if get_language() == "en" else self.label_nl


class Unit(models.TextChoices):
    """What the values of a series are expressed in."""

    KT = "kt", _("kt")
    PERCENT = "pct", _("percent of the reference year")


class FigureKind(models.TextChoices):
    """What a figure says of its year."""

    MEASURED = "measured", _("emission")
    FORECAST = "forecast", _("expected emission")
    REDUCTION = "reduction", _("expected reduction")
    TARGET = "target", _("target")
    GAP = "gap", _("gap to the target")


def counts_in_words(scope: str, gas: str) -> str:
    """Say which scope ('1', '1+2', empty where the source names none) and which gas a figure counts."""
    words = gettext("scope {scope}").format(scope=scope.replace("+", gettext(" and "))) if scope else ""
    return ", ".join(part for part in (words, gas) if part)


class EmissionSeries(models.Model):
    """Figures of one source, table, scope and gas, for one municipality or one (joint) contract."""

    source = models.ForeignKey(EmissionSource, on_delete=models.PROTECT, related_name="series")
    contract = models.ForeignKey(
        ClimateContract, null=True, blank=True, on_delete=models.CASCADE, related_name="emission_series"
    )
    municipality = models.ForeignKey(
        Municipality, null=True, blank=True, on_delete=models.CASCADE, related_name="emission_series"
    )
    locator = models.CharField(_("place in the source"), max_length=120)
    locator_en = models.CharField(_("place in the source, in English"), max_length=120, blank=True)
    scope = models.CharField(_("scope"), max_length=12, blank=True)
    gas = models.CharField(_("gas"), max_length=30, default="CO2")
    unit = models.CharField(_("unit"), max_length=4, choices=Unit, default=Unit.KT)
    # The year that the percentages of a series in percent refer to.
    reference_year = models.PositiveSmallIntegerField(_("reference year"), null=True, blank=True)
    # The unit that the source prints ('ton', 'Mton'); values here are in `unit`.
    printed_unit = models.CharField(_("unit in the source"), max_length=20)
    boundary_nl = models.TextField(_("what is counted"), blank=True)
    boundary_en = models.TextField(_("what is counted (English)"), blank=True)
    # The series that the contract itself uses for its path; others stand beside it.
    is_leading = models.BooleanField(default=False)
    # Counts every saving by hand; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["source", "locator", "pk"]
        verbose_name = _("series of emission figures")
        verbose_name_plural = _("series of emission figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(contract__isnull=False, municipality__isnull=True)
                | Q(contract__isnull=True, municipality__isnull=False),
                name="series_of_one_subject",
                violation_error_message=_("A series belongs to one municipality or to one contract."),
            ),
            models.CheckConstraint(
                condition=Q(unit="kt") | Q(reference_year__isnull=False),
                name="series_percent_of_what",
                violation_error_message=_("Percentages need the year they refer to."),
            ),
            models.UniqueConstraint(
                fields=["source", "contract", "municipality", "locator", "scope", "gas"],
                name="series_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.locator}"

    @property
    def place(self) -> str:
        """Give the place in the source, in the language of the page."""
        return (get_language() == "en" and self.locator_en) or self.locator

    @property
    def counts(self) -> str:
        """Give scope and gas in words: what tells two series of one table apart."""
        return counts_in_words(self.scope, self.gas)

    @property
    def boundary(self) -> str:
        """Give what is counted, in the language of the page."""
        return self.boundary_en if get_language() == "en" else self.boundary_nl


class EmissionFigure(models.Model):
    """One number. A value that the source suppressed stays empty and is never derived."""

    TOTAL = "total"

    series = models.ForeignKey(EmissionSeries, on_delete=models.CASCADE, related_name="figures")
    # 'total', or the source's own sector, normalised where that can be done without changing what it says.
    sector = models.CharField(_("sector"), max_length=40)
    sector_label_nl = models.CharField(max_length=160)
    sector_label_en = models.CharField(max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=FigureKind, default=FigureKind.MEASURED)
    year = models.PositiveSmallIntegerField(_("year"))
    # In the unit of the series; empty where the source publishes no value.
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=6, null=True, blank=True)
    # The number as the source prints it, in the series' `printed_unit`; its decimals say how exact it is.
    printed = models.CharField(_("as printed"), max_length=40, blank=True)
    # Part of another row of the same table: not to be added up again.
    is_detail = models.BooleanField(default=False)
    # The run that brought it; empty for figures that came with the portal.
    imported = models.ForeignKey(
        "contracts.EmissionImport", null=True, blank=True, on_delete=models.SET_NULL, related_name="figures"
    )
    status = models.CharField(_("status in the source"), max_length=80, blank=True)
    note_nl = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta:
        ordering = ["series", "year", "kind", "pk"]
        verbose_name = _("emission figure")
        verbose_name_plural = _("emission figures")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "kind", "year", "sector", "sector_label_en"], name="figure_once_per_series"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sector_label} {self.year}"

    @property
    def sector_label(self) -> str:
        """Give the source's name of the sector, in the language of the page."""
        return self.sector_label_en if get_language() == "en" else self.sector_label_nl

    @property
    def note(self) -> str:
        """Give what the source or its reader notes, in the language of the page."""
        return self.note_en if get_language() == "en" else self.note_nl


class FigureNote(models.Model):
    """What a team says about two published numbers that differ."""

    contract = models.ForeignKey(ClimateContract, on_delete=models.CASCADE, related_name="figure_notes")
    # Names the finding (`contracts.figures.Finding.key`), which is worked out anew on every visit.
    finding = models.CharField(max_length=200)
    text = models.TextField(_("explanation"))
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(_("written"), auto_now=True)
    written_by_label = models.CharField(_("written by"), max_length=200)

    class Meta:
        ordering = ["contract", "finding"]
        verbose_name = _("explanation of figures")
        verbose_name_plural = _("explanations of figures")
        constraints = [models.UniqueConstraint(fields=["contract", "finding"], name="figure_note_once")]

    def __str__(self) -> str:
        return self.finding
