"""Who belongs to which organisation, in which function, from when to when."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from governance.models.organisation import Organisation
from nss_portal.core.access.querysets import AccessQuerySet


class Function(models.TextChoices):
    """What somebody does in or for the organisation; with the organisation's group it gives the role."""

    STAFF = "staff", _("staff")
    TEAM = "team", _("transition team")
    SIGNATORY = "signatory", _("signs for the organisation")
    ADVISOR = "advisor", _("City Advisor")
    STEERING = "steering", _("steering group")
    COORDINATION = "coordination", _("coordination team")


LEADING_FUNCTIONS = (Function.STAFF, Function.TEAM)


class ContactSharing(models.TextChoices):
    """Who may see somebody as a contact person of the organisation."""

    OWN = "own", _("only our own organisation")
    NETWORK = "network", _("the network")
    PUBLISHED = "published", _("everybody with an account")


def current_q(day: date) -> Q:
    """Give the condition that a dated row is in force on a day, first and last day included."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class MembershipQuerySet(AccessQuerySet["Membership"]):
    """Memberships as contact persons; `transition_team` says who sees them."""

    resource = "transition_team"

    def current(self, day: date) -> Self:
        """Keep the memberships in force on a day and, where they end at a moment, before that."""
        return self.filter(current_q(day), Q(ended_at__isnull=True) | Q(ended_at__gt=Now()))

    def leads(self) -> Self:
        """Keep those who lead."""
        return self.filter(is_lead=True)


class Membership(models.Model):
    """One function of one person in one organisation, dated.

    An advisor is tied to each advised municipality by a membership with the function ADVISOR in it; one in
    another organisation (the programme that sends the advisor) is where the advisor belongs.

    `ended_at` is the moment at which it ended at once; one in the future is that of a role for some hours.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    function = models.CharField(_("function"), max_length=20, choices=Function, default=Function.STAFF)
    is_lead = models.BooleanField(_("leads the team or manages its accounts"), default=False)
    position = models.CharField(_("position"), max_length=120, blank=True)
    sharing = models.CharField(
        _("who may see this contact"), max_length=20, choices=ContactSharing, default=ContactSharing.NETWORK
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at once"), null=True, blank=True)

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

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
            models.CheckConstraint(
                condition=Q(is_lead=False) | Q(function__in=[function.value for function in LEADING_FUNCTIONS]),
                name="membership_lead_is_staff_or_team",
                violation_error_message=_("Only staff or a team member can lead."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation} ({self.get_function_display()})"


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Mandates, with those in force."""

    def current(self, day: date) -> Self:
        """Keep the mandates in force on a day, last day included."""
        return self.filter(valid_to__gte=day, withdrawn_at__isnull=True)


class Mandate(models.Model):
    """One of an organisation's leads lets the coordination team act for it, until a day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    valid_to = models.DateField(_("until"))
    reason = models.TextField(_("reason"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MandateQuerySet] = MandateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-given_at"]
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")

    def __str__(self) -> str:
        return f"{self.organisation} ({self.valid_to})"
