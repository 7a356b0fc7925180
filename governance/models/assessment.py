"""Assessments: an instrument put to the people around a programme, or around the structure itself.

Who answered and what was answered are kept apart. A `Participant` knows whether an answer came; an `AnswerSheet`
knows scores, no person and no time, and is found by a key that is worked out from the participant's link, which
the database does not hold. At the closing the sheets become one result, and are gone.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.instrument import Indicator, Instrument
from governance.models.organisation import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField
from nss_portal.core.portal_name import portal_name

STRUCTURE = "nss"


class AssessmentState(models.TextChoices):
    """Where an assessment stands; one that closed never opens again."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ResultSharing(models.TextChoices):
    """Who sees the result besides who organised it, the steering group and the coordinator."""

    PARTICIPANTS = "participants", _("who took part")
    NETWORK = "network", _("the network")
    PUBLISHED = "published", _("everybody")


class AssessmentQuerySet(AccessQuerySet["Assessment"]):
    """Assessments."""

    resource = "assessment"


class Assessment(models.Model):
    """An instrument applied once to one thing: the structure, or a programme (`subject_key` is its public id).

    `result` is what the closing made of the answers (`services.assessments.counting`), and is never made again.
    """

    public_id = PublicIdField()
    instrument = models.ForeignKey(Instrument, verbose_name=_("instrument"), on_delete=models.PROTECT)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organised by"), on_delete=models.PROTECT, related_name="assessments"
    )
    subject_kind = models.SlugField(max_length=20, default=STRUCTURE)
    subject_key = models.CharField(max_length=12, blank=True)
    subject_label = models.CharField(_("about"), max_length=200)
    note = models.TextField(_("word to who takes part"), blank=True)
    closes_on = models.DateField(_("open until"))
    state = models.CharField(
        _("state"), max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT, editable=False
    )
    sharing = models.CharField(
        _("result shared with"), max_length=12, choices=ResultSharing, default=ResultSharing.PARTICIPANTS
    )
    result: Any = models.JSONField(null=True, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    shared_at = models.DateTimeField(null=True, editable=False)
    talked_on = models.DateField(_("day of the conversation"), null=True, blank=True)
    talk_outcome = models.TextField(_("what came of the conversation"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[AssessmentQuerySet] = AssessmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-closes_on", "-pk"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(state="closed"), name="assessment_result_only_closed"
            )
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_key", "-closes_on"], name="assessment_of_subject"),
            models.Index(fields=["state", "closes_on"], name="assessment_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.closes_on.year}"

    def get_absolute_url(self) -> str:
        """Give the address of the assessment's page."""
        return reverse("governance:assessment", args=[self.public_id])

    @property
    def subject(self) -> str:
        """Name what it is about, in the language of the page."""
        return portal_name(self.closes_on).name if self.subject_kind == STRUCTURE else self.subject_label


class Participant(models.Model):
    """Somebody who is asked, by a personal link. Whether an answer came, without when.

    The link is worked out from `nonce` and the portal's key; of it only a hash is kept, to find it by.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="participants")
    email = models.EmailField(_("e-mail address"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(max_length=2, default="nl")
    nonce = models.CharField(max_length=32, editable=False)
    link_hash = models.CharField(max_length=64, unique=True, editable=False)
    answered = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["email", "pk"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [models.UniqueConstraint("assessment", Lower("email"), name="assessment_participant_once")]

    def __str__(self) -> str:
        return self.email


class AnswerSheet(models.Model):
    """The answers of somebody, while the assessment is open. `scores`: a statement's number to 1–5, 0 for n/a."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sheets")
    key = models.CharField(max_length=64, unique=True)
    scores: Any = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    is_sent = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.assessment)


class AssessmentNote(models.Model):
    """What the deepening conversation says of one indicator."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="notes")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT)
    text = models.TextField(_("what was said"))

    class Meta:
        ordering = ["indicator__number"]
        verbose_name = _("note of a conversation")
        verbose_name_plural = _("notes of a conversation")
        constraints = [models.UniqueConstraint(fields=["assessment", "indicator"], name="assessment_note_once")]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.indicator}"


class AssessmentPoint(models.Model):
    """A point to act on after an assessment: what, by whom, by when, and what came of it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="points")
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), null=True, blank=True, on_delete=models.PROTECT
    )
    what = models.CharField(_("what"), max_length=300)
    owner = models.ForeignKey(
        Organisation, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="assessment_points"
    )
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    came_of_it = models.TextField(_("what came of it"), blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("point to act on")
        verbose_name_plural = _("points to act on")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(came_of_it=""),
                name="assessment_point_done_says_what_came_of_it",
                violation_error_message=_("Say what came of it."),
            )
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_on"], name="assessment_point_open", condition=Q(done_on__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.what
