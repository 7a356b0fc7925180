"""The annual review: a round for all, a review per contract, a part per party, an effort per promise."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Lesson
from cities.models import Bottleneck
from contracts.models.action import Action
from contracts.models.contract import ClimateContract
from contracts.models.party import Commitment, Party
from contracts.models.version import ContractVersion
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class RoundState(models.TextChoices):
    """The steps of a round; 'opening' and 'closing' last as long as the worker is at it."""

    OPENING = "opening", _("being prepared")
    OPEN = "open", _("open")
    CLOSING = "closing", _("being closed")
    CLOSED = "closed", _("closed")


class ReviewState(models.TextChoices):
    """The steps of one contract's review."""

    OPEN = "open", _("under way")
    SUBMITTED = "submitted", _("handed in")
    CLOSED = "closed", _("closed")


class PartState(models.TextChoices):
    """How far one party is."""

    ASKED = "asked", _("not begun")
    STARTED = "started", _("begun")
    SUBMITTED = "submitted", _("handed in")


class EffortStatus(models.TextChoices):
    """What a party says of one promise."""

    ON_COURSE = "on_course", _("on course")
    BEHIND = "behind", _("behind")
    BLOCKED = "blocked", _("blocked")
    AHEAD = "ahead", _("more than promised")
    STOPPED = "stopped", _("stopped")


class ReviewRoundQuerySet(AccessQuerySet["ReviewRound"]):
    """Rounds; the coordinator runs them."""

    resource: ClassVar[str] = "review_round"

    def light(self) -> Self:
        """Leave the figures of the reflection in the database: a megabyte per closed round."""
        return self.defer("reflection")


class ReviewRound(models.Model):
    """One year's review of all running contracts. `year` is the year that is looked back on."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=12, choices=RoundState, default=RoundState.OPENING)
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    # The national reflection's figures as they were when the round closed; later changes do not touch them.
    reflection = models.JSONField(null=True, blank=True)
    is_illustrative = models.BooleanField(_("answers made up for the demonstration"), default=False)

    objects = ReviewRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        verbose_name = _("round of reviews")
        verbose_name_plural = _("rounds of reviews")

    def __str__(self) -> str:
        return str(_("Annual review %(year)s") % {"year": self.year})

    def get_absolute_url(self) -> str:
        return reverse("contracts:round", args=[self.year])


class AnnualReviewQuerySet(AccessQuerySet["AnnualReview"]):
    resource: ClassVar[str] = "annual_review"

    def with_round(self) -> Self:
        """Bring the round along, without the figures of its reflection; the outcome stays behind too."""
        return self.select_related("round").defer("round__reflection", "outcome")


class AnnualReview(models.Model):
    """The review of one contract in one round."""

    public_id = PublicIdField()
    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="reviews")
    contract = models.ForeignKey(ClimateContract, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(_("state"), max_length=12, choices=ReviewState, default=ReviewState.OPEN)
    # What the portal knew when it filled the review in: figures with source, last year's answers.
    prefilled = models.JSONField(default=dict)
    # The answers as they stood when the round closed.
    outcome = models.JSONField(null=True, blank=True)
    conclusion = models.TextField(_("what stands out this year"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by_label = models.CharField(max_length=200, blank=True)

    objects = AnnualReviewQuerySet.as_manager()

    class Meta:
        ordering = ["round", "contract__title", "pk"]
        verbose_name = _("annual review")
        verbose_name_plural = _("annual reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "contract"],
                name="review_once_per_round",
                violation_error_message=_("This contract has a review in this round already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.round.year}"

    def get_absolute_url(self) -> str:
        return reverse("contracts:review", args=[self.contract.public_id, self.round.year])


class PartyReview(models.Model):
    """One party's part of a review; reached by account or by a personal link."""

    public_id = PublicIdField()
    review = models.ForeignKey(AnnualReview, on_delete=models.CASCADE, related_name="parts")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="review_parts")
    state = models.CharField(_("state"), max_length=12, choices=PartState, default=PartState.ASKED)
    # Part of the personal link; a new one makes the old link worthless.
    link_nonce = models.CharField(max_length=24)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["review", "party__order", "pk"]
        verbose_name = _("part of a review")
        verbose_name_plural = _("parts of reviews")
        constraints = [models.UniqueConstraint(fields=["review", "party"], name="review_part_once_per_party")]

    def __str__(self) -> str:
        return f"{self.party} · {self.review}"


class Effort(models.Model):
    """What a party says this year of one action or one commitment."""

    part = models.ForeignKey(PartyReview, on_delete=models.CASCADE, related_name="efforts")
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.PROTECT, related_name="efforts")
    commitment = models.ForeignKey(
        Commitment, null=True, blank=True, on_delete=models.PROTECT, related_name="efforts"
    )
    order = models.PositiveSmallIntegerField(default=0)
    # Prefilled: what was promised and what was said last year.
    planned_kt = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    previous_status = models.CharField(max_length=12, choices=EffortStatus, blank=True)
    previous_kt = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    previous_year = models.PositiveSmallIntegerField(null=True, blank=True)
    # Answered by the party.
    status = models.CharField(_("how it stands"), max_length=12, choices=EffortStatus, blank=True)
    expected_kt = models.DecimalField(
        _("expected reduction in the target year (kt CO₂)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    reason = models.TextField(_("what happened"), blank=True)
    learned = models.TextField(_("what others can learn from it"), blank=True)
    obstacle = models.TextField(_("what blocks it"), blank=True)
    # Counts every saving; a form that carries an older number was overtaken by a colleague.
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by_label = models.CharField(max_length=200, blank=True)
    lesson = models.ForeignKey(Lesson, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    bottleneck = models.ForeignKey(Bottleneck, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["part", "order", "pk"]
        verbose_name = _("effort")
        verbose_name_plural = _("efforts")
        constraints = [
            models.CheckConstraint(
                condition=Q(action__isnull=False, commitment__isnull=True)
                | Q(action__isnull=True, commitment__isnull=False),
                name="effort_of_one_promise",
            ),
            models.UniqueConstraint(fields=["part", "action"], name="effort_once_per_action"),
            models.UniqueConstraint(fields=["part", "commitment"], name="effort_once_per_commitment"),
            models.CheckConstraint(
                condition=Q(expected_kt__isnull=True) | Q(expected_kt__gte=0),
                name="effort_not_negative",
                violation_error_message=_("A reduction is a number of 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.action or self.commitment)
