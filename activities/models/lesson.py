"""Lessons: what worked, and what did not."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import Theme
from cities.models.bottleneck import Sharing
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class LessonState(models.TextChoices):
    """Where a lesson stands on its way to the reader."""

    DRAFT = "draft", _("draft")
    RELEASED = "released", _("released by the city")
    REVIEW = "review", _("being edited")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class LessonQuerySet(AccessQuerySet["Lesson"]):
    """Lessons that somebody may see."""

    resource = "lesson"

    def drafts(self) -> Self:
        """Keep those that are not finished yet."""
        return self.filter(state=LessonState.DRAFT)

    def listed(self) -> Self:
        """Leave out what was withdrawn."""
        return self.filter(state__in=[state for state in LessonState if state != LessonState.WITHDRAWN])


class Lesson(models.Model):
    """What an organisation learned: written by it or by another, released by the one it is about.

    `key` makes a draft that another part of the portal proposes come once; `version` counts the changes, so
    that two people who edit at once notice each other.
    """

    public_id = PublicIdField()
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("about"), on_delete=models.PROTECT, related_name="lessons"
    )
    author_organisation = models.ForeignKey(
        Organisation, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="lessons_written"
    )
    title = models.CharField(_("title"), max_length=160)
    what_worked = models.TextField(_("what worked"), blank=True)
    what_failed = models.TextField(_("what did not work"), blank=True)
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), null=True, blank=True, on_delete=models.PROTECT, related_name="lessons"
    )
    sharing = models.CharField(_("shared with"), max_length=10, choices=Sharing, default=Sharing.DRAFT)
    state = models.CharField(
        _("state"), max_length=12, choices=LessonState, default=LessonState.DRAFT, editable=False
    )
    origin_label = models.CharField(_("came from"), max_length=200, blank=True)
    origin_url = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        constraints = [
            models.CheckConstraint(
                condition=Q(sharing="draft")
                | Q(sharing="network", state__in=["released", "review", "published"])
                | Q(sharing="published", state="published"),
                name="lesson_shared_no_wider_than_its_state",
                violation_error_message=_("A lesson is shared no wider than its state says."),
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="lesson_owner_state"),
            models.Index(fields=["-changed_at", "-id"], name="lesson_latest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the lesson's page."""
        return reverse("activities:lesson", args=[self.public_id])
