"""Who belongs to which organisation, in which function, from when to when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models.organisation import Organisation


class Function(models.TextChoices):
    """What somebody does in or for the organisation; with the organisation's group it gives the role."""

    STAFF = "staff", _("staff")
    TEAM = "team", _("transition team")
    SIGNATORY = "signatory", _("signs for the organisation")
    ADVISOR = "advisor", _("City Advisor")
    STEERING = "steering", _("steering group")
    COORDINATION = "coordination", _("coordination team")


class Membership(models.Model):
    """One function of one person in one organisation, dated. An advisor's organisation is the advised city's."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    function = models.CharField(_("function"), max_length=20, choices=Function, default=Function.STAFF)
    is_lead = models.BooleanField(_("leads the team or manages its accounts"), default=False)
    position = models.CharField(_("position"), max_length=120, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["organisation", "user", "function"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "function"],
                condition=Q(valid_to__isnull=True),
                name="membership_once_at_a_time",
                violation_error_message=_("This person has this function already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation} ({self.get_function_display()})"


class Mandate(models.Model):
    """One of an organisation's leads lets the coordination team act for it, until a day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    valid_to = models.DateField(_("until"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["-given_at"]
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")

    def __str__(self) -> str:
        return f"{self.organisation} ({self.valid_to})"
