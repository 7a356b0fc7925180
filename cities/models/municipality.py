"""Municipalities by CBS code, with the codes that mergers ended."""

from datetime import date
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, FilteredRelation, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.models.involvement import Level
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.time import today

CODE = RegexValidator(r"^GM\d{4}$", _("A code of a municipality is GM with four digits, as in GM0363."))


class MunicipalityQuerySet(AccessQuerySet["Municipality"]):
    """Municipalities; all of them are public."""

    resource = "municipality"

    def current(self, day: date | None = None) -> Self:
        """Keep the municipalities that exist on a day (today)."""
        day = day or today()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def with_level(self) -> Self:
        """Add `level`, `level_since` and `rank` (0 for most involved); 'other' where no level is recorded."""
        ranks = [When(now__level=level, then=Value(rank)) for rank, level in enumerate(Level)]
        return self.annotate(
            now=FilteredRelation("involvements", condition=Q(involvements__valid_to__isnull=True)),
            level=Coalesce(F("now__level"), Value(Level.OTHER.value)),
            level_since=F("now__valid_from"),
            rank=Case(*ranks, default=Value(len(Level) - 1), output_field=IntegerField()),
        )

    def at_level(self, level: str) -> Self:
        """Keep the municipalities of one level; comes after `with_level`."""
        return self.filter(Q(("level", level)))

    def named(self, text: str) -> Self:
        """Keep the municipalities whose name, other name or code contains a text."""
        text = text.strip()
        by_name = Q(common_name__icontains=text) | Q(name__icontains=text) | Q(code__iexact=text)
        return self.filter(
            by_name | Q(pk__in=MunicipalityName.objects.filter(name__icontains=text).values("municipality"))
        )


class Municipality(models.Model):
    """A municipality under one CBS code, from the day the code began to the day a merger ended it."""

    code = models.CharField(_("CBS code"), max_length=6, unique=True, validators=[CODE])
    name = models.CharField(_("name at CBS"), max_length=100)
    common_name = models.CharField(_("name that people use"), max_length=100)
    province_code = models.CharField(_("code of the province"), max_length=4)
    province = models.CharField(_("province"), max_length=40)
    population = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the figure"), null=True, blank=True)
    # After a merger, of which numbers `population` is the sum: [{"code", "name", "number", "year"}].
    population_parts = models.JSONField(default=list, blank=True, editable=False)
    lat = models.FloatField(_("latitude (WGS 84)"), null=True, blank=True)
    lon = models.FloatField(_("longitude (WGS 84)"), null=True, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("went on in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    organisation = models.OneToOneField(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="municipality"
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["common_name", "pk"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^GM[0-9]{4}$"),
                name="municipality_code_of_cbs",
                violation_error_message=_("A code of a municipality is GM with four digits, as in GM0363."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="municipality_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__gte=50.5, lat__lte=53.8, lon__gte=3.2, lon__lte=7.3),
                name="municipality_lies_in_the_netherlands",
                violation_error_message=_("This point does not lie in the Netherlands."),
            ),
        ]

    def __str__(self) -> str:
        return self.common_name

    def get_absolute_url(self) -> str:
        """Give the address of the municipality's page."""
        return reverse("cities:municipality", args=[self.code])


class MunicipalityName(models.Model):
    """Another name under which people look for a municipality: 'Den Haag', or a place that was merged into it."""

    class Kind(models.TextChoices):
        ALIAS = "alias", _("other name")
        FORMER = "former", _("former name")

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ALIAS)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"],
                name="municipality_other_name_once",
                violation_error_message=_("This municipality has this other name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
