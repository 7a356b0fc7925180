"""How the structure is meant: the goal and the dilemmas of its design, and the position taken on each."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance.models.variant import GovernanceVariant
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField
from nss_portal.core.localized import Localized


class DesignQuestionQuerySet(AccessQuerySet["DesignQuestion"]):
    """The goal and the dilemmas: everybody reads them."""

    resource = "governance"


class DesignQuestion(models.Model):
    """Something between two ends: the goal of the structure, or a dilemma (`design_dilemmas.csv`)."""

    class Kind(models.TextChoices):
        GOAL = "goal", _("goal")
        DILEMMA = "dilemma", _("dilemma")

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DILEMMA)
    start_nl = models.CharField(max_length=120)
    start_en = models.CharField(max_length=120)
    end_nl = models.CharField(max_length=120)
    end_en = models.CharField(max_length=120)
    source = models.CharField(max_length=200)

    start = Localized()
    end = Localized()

    objects: ClassVar[DesignQuestionQuerySet] = DesignQuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number"]
        verbose_name = _("design question")
        verbose_name_plural = _("design questions")

    def __str__(self) -> str:
        return f"{self.start} → {self.end}"


class ProposalState(models.TextChoices):
    """Where a proposal to the steering group stands."""

    PROPOSED = "proposed", _("proposed")
    DECIDED = "decided", _("decided")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    TAKEN_BACK = "taken_back", _("undone before its day")


class Proposal(models.Model):
    """What somebody proposes and somebody else decides; both are empty where reference data set it."""

    public_id = PublicIdField()
    valid_from = models.DateField(_("from"))
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED, editable=False
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decision_reason = models.TextField(_("why it was decided so"), blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(state="decided")
                | ~Q(proposed_by=F("decided_by")),
                name="%(class)s_proposed_and_decided_by_two",
                violation_error_message=_("Whoever proposes something does not decide on it too."),
            ),
        ]


class DesignPositionQuerySet(AccessQuerySet["DesignPosition"]):
    """Positions, with what was proposed and declined: everybody reads them."""

    resource = "governance"

    def in_force(self, on: date) -> "DesignPositionQuerySet":
        """Keep what was decided and holds on a day or held before it, the newest first."""
        return self.filter(state=ProposalState.DECIDED, valid_from__lte=on).order_by("-valid_from", "-pk")


class DesignPosition(Proposal):
    """The position on a question from a day on: in words, and where possible a place from 0 (start) to 4 (end)."""

    question = models.ForeignKey(DesignQuestion, on_delete=models.CASCADE, related_name="positions")
    place = models.PositiveSmallIntegerField(
        _("place between the ends"), null=True, blank=True, validators=[MaxValueValidator(4)]
    )
    text_nl = models.TextField(_("position taken"))
    text_en = models.TextField(_("position in English"), blank=True)
    reason_en = models.TextField(_("reason in English"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    text = Localized()

    objects: ClassVar[DesignPositionQuerySet] = DesignPositionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Proposal.Meta):
        ordering = ["question", "-valid_from", "-pk"]
        verbose_name = _("position on a design question")
        verbose_name_plural = _("positions on design questions")
        constraints = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(place__lte=4), name="design_position_place_between_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.text}"

    @property
    def why(self) -> str:
        """Give the reason in the language of the page; in English only where somebody wrote it so."""
        return (get_language() == "en" and self.reason_en) or self.reason


class VariantProposalQuerySet(AccessQuerySet["VariantProposal"]):
    """Proposals for a variant, with what came of them: everybody reads them."""

    resource = "governance"


class VariantProposal(Proposal):
    """A proposal that another variant comes into force from a day, with who coordinates then.

    With `takes_back` it is the other way round: that change was decided, has not begun and is not to come;
    variant, organisation and day are those of that change.
    """

    variant = models.ForeignKey(GovernanceVariant, on_delete=models.PROTECT, related_name="proposals")
    coordinating_organisation = models.ForeignKey(
        "governance.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("coordinates then")
    )
    evaluation = models.ForeignKey(
        "governance.VariantEvaluation",
        verbose_name=_("evaluation that asks for it"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="proposals",
    )
    period = models.OneToOneField(
        "governance.VariantPeriod",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="proposal",
    )
    takes_back = models.ForeignKey(
        "self",
        verbose_name=_("decided change that is taken back"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects: ClassVar[VariantProposalQuerySet] = VariantProposalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Proposal.Meta):
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("proposal for a variant")
        verbose_name_plural = _("proposals for variants")

    def __str__(self) -> str:
        return f"{self.variant} ({self.valid_from})"
