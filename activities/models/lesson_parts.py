"""What belongs to a lesson: its published versions, the editors' comments, and who uses it."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.lesson import Lesson, LessonState
from governance.models import Organisation


class LessonVersion(models.Model):
    """A lesson as it was published once; never changes. `facts` is a list of [label, text] beside the texts."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160)
    what_worked = models.TextField(_("what worked"), blank=True)
    what_failed = models.TextField(_("what did not work"), blank=True)
    facts = models.JSONField(default=list)
    note = models.CharField(_("what changed and why"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("published"), default=timezone.now, editable=False)
    published_by_label = models.CharField(_("by"), max_length=200, blank=True)

    class Meta:
        ordering = ["lesson", "-number"]
        verbose_name = _("version of a lesson")
        verbose_name_plural = _("versions of lessons")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "number"],
                name="lesson_version_once",
                violation_error_message=_("This lesson has a version with this number already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class CommentedField(models.TextChoices):
    """The texts of a lesson that comments are about."""

    TITLE = "title", _("The title")
    WORKED = "what_worked", _("What worked")
    FAILED = "what_failed", _("What did not work")


class LessonComment(models.Model):
    """A comment in the text of a lesson, or an answer to one (`answer_to`).

    It holds on to a passage: the characters from `start` to `end` of a text, which read `quote` when the comment
    was written. A change of the text moves both along; `is_detached` says that the passage itself has gone.
    """

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="comments")
    answer_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers", editable=False
    )
    field = models.CharField(_("text"), max_length=12, choices=CommentedField, blank=True)
    start = models.PositiveIntegerField(default=0, editable=False)
    end = models.PositiveIntegerField(default=0, editable=False)
    quote = models.TextField(_("passage"), blank=True)
    is_detached = models.BooleanField(default=False, editable=False)
    text = models.TextField(_("comment"))
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("of"), on_delete=models.PROTECT, related_name="lesson_comments"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_label = models.CharField(_("by"), max_length=200)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    resolved_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    resolved_by_label = models.CharField(_("settled by"), max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("comment on a lesson")
        verbose_name_plural = _("comments on lessons")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_to__isnull=True) | Q(resolved_at__isnull=True),
                name="lesson_comment_settled_as_a_whole",
                violation_error_message=_("A conversation is settled as a whole, not one answer of it."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Outcome(models.TextChoices):
    """What came of applying a lesson, asked a quarter later."""

    APPLIED = "applied", _("applied")
    PARTLY = "partly", _("partly applied")
    NOT = "not", _("not applied")


class LessonUseQuerySet(models.QuerySet["LessonUse"]):
    """What organisations say about lessons."""

    def to_ask(self, day: date) -> Self:
        """Keep those of which it is time, by a day, to ask what came of them."""
        return self.filter(outcome="", ask_on__lte=day, lesson__state=LessonState.PUBLISHED)


class LessonUse(models.Model):
    """What one organisation says of a lesson: that it is useful, that it applies it, and what came of that."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="uses")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="lesson_uses"
    )
    is_useful = models.BooleanField(_("useful for us"), default=False)
    applies_since = models.DateField(_("we apply this since"), null=True, blank=True)
    ask_on = models.DateField(_("asked on"), null=True, blank=True)
    asked_at = models.DateTimeField(_("mail written"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("what came of it"), max_length=10, choices=Outcome, blank=True)
    because = models.TextField(_("because"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    objects: ClassVar[LessonUseQuerySet] = LessonUseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["organisation__name", "pk"]
        verbose_name = _("use of a lesson")
        verbose_name_plural = _("uses of lessons")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "organisation"],
                name="lesson_used_once",
                violation_error_message=_("This organisation has said this of the lesson already."),
            ),
            models.CheckConstraint(
                condition=Q(applies_since__isnull=False) | Q(outcome="", ask_on__isnull=True),
                name="lesson_outcome_of_what_is_applied",
                violation_error_message=_("What came of it is asked of who applies the lesson."),
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "applied"]) | ~Q(because=""),
                name="lesson_not_applied_says_why",
                violation_error_message=_("Say why it was not, or partly, applied."),
            ),
        ]
        indexes = [models.Index(fields=["ask_on"], condition=Q(outcome=""), name="lesson_use_to_ask")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.lesson}"
