"""A municipality goes on in another one: planned, carried out on its day, or called off."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.municipality import Municipality
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class MergerState(models.TextChoices):
    """Where a merger stands."""

    PLANNED = "planned", _("planned")
    DONE = "done", _("carried out")
    CANCELLED = "cancelled", _("called off")


class MunicipalityMergerQuerySet(AccessQuerySet["MunicipalityMerger"]):
    """Mergers, as coordinators see them."""

    resource = "municipality_merger"

    def planned(self) -> "MunicipalityMergerQuerySet":
        """Keep those that are still to come."""
        return self.filter(state=MergerState.PLANNED)


class MunicipalityMerger(models.Model):
    """`old` ends the day before `on` and goes on in `new`; `outcome` keeps what went over, per kind."""

    public_id = PublicIdField()
    old = models.ForeignKey(
        Municipality, verbose_name=_("municipality that ends"), on_delete=models.PROTECT, related_name="mergers"
    )
    new = models.ForeignKey(
        Municipality, verbose_name=_("municipality it goes on in"), on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField(_("as of"))
    reason = models.CharField(_("ground"), max_length=250, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=MergerState, default=MergerState.PLANNED, editable=False
    )
    outcome = models.JSONField(default=list, editable=False)
    problem = models.TextField(_("what is in the way"), blank=True, editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    planned_by_label = models.CharField(max_length=150)
    planned_at = models.DateTimeField(_("planned"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("carried out"), null=True, blank=True, editable=False)

    objects = MunicipalityMergerQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("merger of municipalities")
        verbose_name_plural = _("mergers of municipalities")
        constraints = [
            models.UniqueConstraint(
                fields=["old"],
                condition=Q(state__in=["planned", "done"]),
                name="merger_once_per_municipality",
                violation_error_message=_("A merger of this municipality is planned already."),
            ),
            models.CheckConstraint(
                condition=~Q(old=F("new")),
                name="merger_of_two",
                violation_error_message=_("A municipality cannot go on in itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new} ({self.on})"

    def get_absolute_url(self) -> str:
        """Give the address of the merger's page."""
        return reverse("cities:merger", args=[self.public_id])
