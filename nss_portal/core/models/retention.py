"""Kinds of records that are kept for the time being, whatever their term says."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nss_portal.core.access.querysets import AccessQuerySet


class RetentionHoldQuerySet(AccessQuerySet["RetentionHold"]):
    """Holds; who keeps the terms sees them."""

    resource = "retention"


class RetentionHold(models.Model):
    """Nothing of a kind goes while this stands: a dispute, a request under the Woo, an inquiry."""

    kind = models.SlugField(_("kind of record"), max_length=60)
    reason = models.TextField(_("why it is kept"))
    since = models.DateTimeField(_("since"), default=timezone.now)
    by_label = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_label = models.CharField(max_length=200, blank=True)

    objects = RetentionHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("hold on a kind of record")
        verbose_name_plural = _("holds on kinds of records")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(ended_at__isnull=True),
                name="retention_hold_once",
                violation_error_message=_("This kind is on hold already."),
            )
        ]

    def __str__(self) -> str:
        return self.kind
