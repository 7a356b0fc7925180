"""What a city answers to a call, in versions: a draft, and what was handed in, which stays as it was."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.bottleneck import Sharing
from cities.models.eoi import EoiCall
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField

# An Expression of Interest is never published: visitors see the analysis.
SHARINGS = [Sharing.DRAFT, Sharing.NETWORK]


class VersionState(models.TextChoices):
    """The two states of a version."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("handed in")


class EoiSubmissionQuerySet(AccessQuerySet["EoiSubmission"]):
    """Submissions that somebody may see."""

    resource: ClassVar[str] = "eoi_submission"


class EoiSubmission(models.Model):
    """The Expression of Interest of one city in one call; `submitted_at` is when it was last handed in."""

    public_id = PublicIdField()
    call = models.ForeignKey(EoiCall, on_delete=models.PROTECT, related_name="submissions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="eoi_submissions")
    sharing = models.CharField(
        _("shared with"),
        max_length=10,
        choices=[(choice.value, choice.label) for choice in SHARINGS],
        default=Sharing.DRAFT,
    )
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    objects = EoiSubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("Expression of Interest")
        verbose_name_plural = _("Expressions of Interest")
        constraints = [
            models.UniqueConstraint(
                fields=["call", "organisation"],
                name="eoi_submission_once_per_call",
                violation_error_message=_("This city has an Expression of Interest in this call already."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False) | Q(sharing=Sharing.DRAFT),
                name="eoi_draft_is_not_shared",
                violation_error_message=_("A draft is not shared with others."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.organisation}"

    def get_absolute_url(self) -> str:
        """Give the address of the submission's page."""
        return reverse("cities:eoi_submission", args=[self.public_id])


class EoiVersion(models.Model):
    """One version of the answers, of one year.

    `choices` maps the code of a question to the codes that were ticked ('yes' or 'no' for such a question),
    `texts` to own words or a number. `prefilled` says of which questions the portal filled in the answer, and
    from where; `sections` of an update whether a screen (by the code of its first question) has changed; `saves`
    counts per question how often and by whom it was saved, so that two people who edit at once notice each other.
    """

    submission = models.ForeignKey(EoiSubmission, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(
        _("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT, editable=False
    )
    is_update = models.BooleanField(_("yearly update"), default=False)
    choices = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    prefilled = models.JSONField(default=dict)
    sections = models.JSONField(default=dict)
    saves = models.JSONField(default=dict)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True, editable=False)
    submitted_by_label = models.CharField(_("handed in by"), max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "number"],
                name="eoi_version_number_once",
                violation_error_message=_("This version is there already."),
            ),
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(state="draft"),
                name="eoi_one_draft",
                violation_error_message=_("There is a draft already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}, {self.number}"
