"""Once a year every organisation looks at who has which rights."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models.organisation import Organisation
from nss_portal.core.access.querysets import AccessQuerySet


class RightsRound(models.Model):
    """The review of one year, for all organisations together."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    opened_on = models.DateField(_("from"))
    due_on = models.DateField(_("by"))

    class Meta:
        ordering = ["-year"]
        verbose_name = _("yearly review of rights")
        verbose_name_plural = _("yearly reviews of rights")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opened_on")),
                name="rights_round_due_after_opening",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class RightsReviewQuerySet(AccessQuerySet["RightsReview"]):
    """Reviews: leads see the one of their organisation, the coordination team all."""

    resource = "rights_review"


class RightsReview(models.Model):
    """One organisation in the review of one year. `done_at` is when the last account was looked at."""

    round = models.ForeignKey(RightsRound, on_delete=models.CASCADE, related_name="reviews")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="rights_reviews")
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[RightsReviewQuerySet] = RightsReviewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-round", "organisation"]
        verbose_name = _("review of rights")
        verbose_name_plural = _("reviews of rights")
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="rights_review_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.round})"


class RightsCheck(models.Model):
    """Somebody looked at one account of an organisation and said that its rights are still right."""

    review = models.ForeignKey(RightsReview, on_delete=models.CASCADE, related_name="checks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rights_checks")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["checked_at", "pk"]
        verbose_name = _("account that was looked at")
        verbose_name_plural = _("accounts that were looked at")
        constraints = [
            models.UniqueConstraint(fields=["review", "user"], name="rights_check_once"),
            models.CheckConstraint(
                condition=~Q(checked_by=F("user")),
                name="rights_check_by_somebody_else",
                violation_error_message=_("Nobody confirms their own rights."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.review)
