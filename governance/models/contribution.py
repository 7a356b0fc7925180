"""What organisations bring to the cooperation in a year: pledged, and confirmed once it is over."""

from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.organisation import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField

MOST_EUROS = 1_000_000_000
MOST_HOURS = 100_000
EARLIEST_YEAR, LATEST_YEAR = 2015, 2100


class ContributionSharing(models.TextChoices):
    """Who sees the figures of one organisation; those who steer and the coordination team always do."""

    OWN = "own", _("only us and those who steer")
    NETWORK = "network", _("the network of mission and EoI cities too")
    PUBLISHED = "published", _("everybody")


class ContributionQuerySet(AccessQuerySet["Contribution"]):
    """Contributions that somebody may see."""

    resource = "contribution"

    def given(self) -> Self:
        """Leave out the years for which an organisation was asked and has said nothing yet."""
        return self.filter(Q(pledged_at__isnull=False) | Q(confirmed_at__isnull=False))

    def to_confirm(self, year: int) -> Self:
        """Keep the pledges for a year that nobody has confirmed."""
        return self.filter(year=year, pledged_at__isnull=False, confirmed_at__isnull=True)


class Contribution(models.Model):
    """What one organisation brings to the cooperation itself in one year.

    `pledged_*` before and during the year, `given_*` once it is over: whole euros, hours, other things in words.
    What it brings to a programme or to a line of the agenda stands there, and only there. `asked_at` and
    `confirm_asked_at` say when the clock asked for the pledge and for the confirmation.
    """

    public_id = PublicIdField()
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="contributions"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    sharing = models.CharField(
        _("who sees it"), max_length=10, choices=ContributionSharing, default=ContributionSharing.OWN
    )
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    pledged_at = models.DateTimeField(_("pledged"), null=True, blank=True, editable=False)
    pledged_euros = models.PositiveIntegerField(
        _("euros pledged"), null=True, blank=True, validators=[MaxValueValidator(MOST_EUROS)]
    )
    pledged_hours = models.PositiveIntegerField(
        _("hours pledged"), null=True, blank=True, validators=[MaxValueValidator(MOST_HOURS)]
    )
    pledged_in_kind = models.CharField(_("pledged in kind"), max_length=500, blank=True)
    purpose = models.CharField(_("for what"), max_length=300, blank=True)
    confirm_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    given_euros = models.PositiveIntegerField(
        _("euros given"), null=True, blank=True, validators=[MaxValueValidator(MOST_EUROS)]
    )
    given_hours = models.PositiveIntegerField(
        _("hours given"), null=True, blank=True, validators=[MaxValueValidator(MOST_HOURS)]
    )
    given_in_kind = models.CharField(_("given in kind"), max_length=500, blank=True)
    reason = models.CharField(_("why it was otherwise"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    objects: ClassVar[ContributionQuerySet] = ContributionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-year", "organisation__name", "pk"]
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"],
                name="contribution_once_a_year",
                violation_error_message=_("There is a contribution of this organisation for this year already."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=EARLIEST_YEAR, year__lte=LATEST_YEAR),
                name="contribution_in_a_year",
                violation_error_message=_("Give the year in four figures."),
            ),
            models.CheckConstraint(
                condition=Q(pledged_at__isnull=False) | Q(pledged_euros__isnull=True, pledged_hours__isnull=True),
                name="contribution_pledged_at_a_moment",
                violation_error_message=_("A pledge has the moment at which it was made."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | Q(given_euros__isnull=True, given_hours__isnull=True),
                name="contribution_confirmed_at_a_moment",
                violation_error_message=_("What was given has the moment at which it was confirmed."),
            ),
        ]
        indexes = [models.Index(fields=["year", "sharing"], name="contribution_year_sharing")]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.year}"

    def get_absolute_url(self) -> str:
        """Give the address of the page on which the organisation's contributions stand."""
        return f"{reverse('governance:contribution', args=[self.organisation.public_id])}?jaar={self.year}"

    @property
    def is_as_pledged(self) -> bool:
        """Say whether what was given is what was pledged, in figures and in words."""
        pledged = (self.pledged_euros or 0, self.pledged_hours or 0, self.pledged_in_kind)
        return pledged == (self.given_euros or 0, self.given_hours or 0, self.given_in_kind)


class ContributionEntry(models.Model):
    """One thing that was said of a contribution, by whom and when, with its figures; never changed."""

    class Kind(models.TextChoices):
        PLEDGED = "pledged", _("pledged")
        CHANGED = "changed", _("pledge changed")
        CONFIRMED = "confirmed", _("confirmed")
        CORRECTED = "corrected", _("confirmation corrected")

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    euros = models.PositiveIntegerField(null=True, blank=True)
    hours = models.PositiveIntegerField(null=True, blank=True)
    in_kind = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("entry of a contribution")
        verbose_name_plural = _("entries of contributions")

    def __str__(self) -> str:
        return f"{self.contribution}: {self.get_kind_display()}"
