"""A municipality asks to take part."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cities.models.municipality import Municipality
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class RequestState(models.TextChoices):
    """Where a request stands."""

    RECEIVED = "received", _("received")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class InvolvementRequestQuerySet(AccessQuerySet["InvolvementRequest"]):
    """Requests; they count from the moment the asker's address is verified."""

    resource = "involvement"

    def verified(self) -> "InvolvementRequestQuerySet":
        """Keep the requests whose e-mail address is known to be the asker's."""
        return self.filter(verified_at__isnull=False)

    def waiting(self) -> "InvolvementRequestQuerySet":
        """Keep the verified requests that nobody has decided on yet."""
        return self.verified().filter(state=RequestState.RECEIVED)


class InvolvementRequest(models.Model):
    """Somebody asks, in the name of a municipality, to become an interested municipality."""

    public_id = PublicIdField()
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="requests"
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    position = models.CharField(_("position"), max_length=120)
    motivation = models.TextField(_("why the municipality wants to take part"))
    language = models.CharField(max_length=2, default="nl")
    state = models.CharField(
        _("state"), max_length=12, choices=RequestState, default=RequestState.RECEIVED, editable=False
    )
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    verified_at = models.DateTimeField(_("address verified"), null=True, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)

    objects = InvolvementRequestQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        verbose_name = _("request to take part")
        verbose_name_plural = _("requests to take part")
        constraints = [
            models.UniqueConstraint(
                "municipality",
                Lower("email"),
                condition=Q(state="received"),
                name="request_once_per_asker",
                violation_error_message=_("This request has been received already."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declined"]) | Q(verified_at__isnull=False),
                name="request_decided_after_verification",
                violation_error_message=_("The e-mail address has not been verified yet."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality)
