"""Does the variant still fit the goal: looked at on a rhythm, concluded by the steering group."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models.assessment import Assessment
from governance.models.design import Proposal, ProposalState
from governance.models.variant import VariantPeriod
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class VariantEvaluationQuerySet(AccessQuerySet["VariantEvaluation"]):
    """Evaluations of variants: everybody reads them; what people answered follows the rules of assessments."""

    resource = "governance"


class VariantEvaluation(models.Model):
    """One look at a variant in force, with an assessment by the eight success factors (`success_factors.csv`)."""

    public_id = PublicIdField()
    period = models.ForeignKey(
        VariantPeriod, verbose_name=_("variant in force"), on_delete=models.PROTECT, related_name="evaluations"
    )
    assessment = models.OneToOneField(
        Assessment,
        verbose_name=_("assessment"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="evaluation",
    )
    begun_on = models.DateField(_("begun on"))
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_concluded = models.BooleanField(_("concluded"), default=False, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    objects: ClassVar[VariantEvaluationQuerySet] = VariantEvaluationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-begun_on", "-pk"]
        verbose_name = _("evaluation of a variant")
        verbose_name_plural = _("evaluations of variants")
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(is_concluded=False), name="variant_evaluation_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period.variant} ({self.begun_on.year})"

    def get_absolute_url(self) -> str:
        """Give the address of the evaluation's page."""
        return reverse("governance:evaluation", args=[self.public_id])


class Outcome(models.TextChoices):
    """What an evaluation can come to."""

    STAY = "stay", _("the variant stays as it is")
    ADJUST = "adjust", _("the variant stays, with adjustments")
    CHANGE = "change", _("another variant is needed")


class EvaluationConclusion(Proposal):
    """What the coordination team concludes of an evaluation, for the steering group to decide."""

    evaluation = models.ForeignKey(VariantEvaluation, on_delete=models.CASCADE, related_name="conclusions")
    outcome = models.CharField(_("conclusion"), max_length=10, choices=Outcome)
    adjustments = models.TextField(_("what is adjusted"), blank=True)
    next_on = models.DateField(_("looked at again on"))

    class Meta(Proposal.Meta):
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("conclusion of an evaluation")
        verbose_name_plural = _("conclusions of evaluations")
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=Q(state__in=[ProposalState.PROPOSED, ProposalState.DECIDED]),
                name="evaluation_concluded_once",
                violation_error_message=_("A conclusion waits already, or was decided."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="adjust") | ~Q(adjustments=""),
                name="evaluation_adjusts_something",
                violation_error_message=_("Say what is adjusted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation}: {self.get_outcome_display()}"
