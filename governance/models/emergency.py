"""Breaking the glass: somebody coordinates for a few hours, because no coordinator can log in."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.membership import Membership
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class EmergencyRoleQuerySet(AccessQuerySet["EmergencyRole"]):
    """Emergency roles: the steering group, the coordination team and the person see them."""

    resource = "emergency_role"

    def running(self) -> "EmergencyRoleQuerySet":
        """Keep those in force at this moment."""
        now = timezone.now()
        return self.filter(ended_at__isnull=True, ends_at__gt=now, membership__ended_at__gt=now)


class EmergencyRole(models.Model):
    """A coordinator's role for a few hours, with why and by whom; the rights are in the membership.

    `given_by` is empty where whoever runs the machine gave it. `told_at` is when the end was written down.
    """

    public_id = PublicIdField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="emergency_roles")
    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="emergency_role")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason"))
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended at once"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[EmergencyRoleQuerySet] = EmergencyRoleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-begins_at", "-pk"]
        verbose_name = _("emergency role")
        verbose_name_plural = _("emergency roles")
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by__isnull=True) | ~Q(given_by=F("user")),
                name="emergency_role_given_by_another",
                violation_error_message=_("Nobody gives an emergency role to themselves."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="emergency_role_ends_after_it_begins",
                violation_error_message=_("The last moment lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def over_at(self) -> object:
        """When it ended or will end."""
        return self.ended_at or self.ends_at

    @property
    def is_running(self) -> bool:
        """Whether it is in force at this moment."""
        return self.ended_at is None and self.ends_at > timezone.now()
