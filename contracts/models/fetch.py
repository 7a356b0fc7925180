"""Asking the services that publish figures: what was asked, what came of it, and what it brought."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from contracts.models.import_run import EmissionImport
from nss_portal.core.access.querysets import AccessQuerySet


class Service(models.TextChoices):
    """Where figures come from."""

    KLIMAATMONITOR = "klimaatmonitor", _("Klimaatmonitor: emissions by main sector")
    INHABITANTS = "inhabitants", _("CBS: inhabitants")
    FILE = "file", _("File of figures")


class FetchState(models.TextChoices):
    """How a fetch stands."""

    WAITING = "waiting", _("waiting")
    TAKEN = "taken", _("taken")
    TRIED = "tried", _("tried out, nothing changed")
    REFUSED = "refused", _("rows refused, nothing changed")
    FAILED = "failed", _("failed, nothing changed")
    UNDONE = "undone", _("undone")


class DataFetchQuerySet(AccessQuerySet["DataFetch"]):
    """Fetches that somebody may see."""

    resource = "data_fetch"


class DataFetch(models.Model):
    """One time that a service was asked or a file was taken."""

    service = models.CharField(_("source"), max_length=20, choices=Service)
    release = models.CharField(_("edition"), max_length=60, blank=True)
    is_dry_run = models.BooleanField(_("try out only"), default=False)
    is_partial = models.BooleanField(_("take what is right"), default=False)
    # Set on the one that the clock asked for: one a year and service.
    yearly = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=FetchState, default=FetchState.WAITING)
    taken = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    # The rows that were refused: [[number, reason], …], the first ones of many.
    reasons = models.JSONField(default=list, blank=True)
    message = models.CharField(max_length=300, blank=True)
    imported = models.ForeignKey(
        EmissionImport, null=True, blank=True, on_delete=models.SET_NULL, related_name="fetches"
    )
    asked_by_label = models.CharField(max_length=200)
    at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DataFetchQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("fetch of figures")
        verbose_name_plural = _("fetches of figures")
        constraints = [models.UniqueConstraint(fields=["service", "yearly"], name="fetch_once_a_year")]

    def __str__(self) -> str:
        return f"{self.get_service_display()} ({self.at:%Y-%m-%d})"

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("contracts:fetch", args=[self.pk])


class PopulationFigure(models.Model):
    """The inhabitants of a municipality on the first of January, as one fetch brought them; the newest holds."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="population_figures")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("inhabitants"))
    fetch = models.ForeignKey(DataFetch, on_delete=models.CASCADE, related_name="population_figures")

    class Meta:
        ordering = ["municipality", "year", "-fetch"]
        verbose_name = _("number of inhabitants")
        verbose_name_plural = _("numbers of inhabitants")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "year", "fetch"], name="population_once_per_fetch"),
            models.CheckConstraint(condition=Q(number__gt=0), name="population_more_than_nobody"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.year}"
