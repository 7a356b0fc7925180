"""Lessons: what worked, and what did not."""

from typing import Self, cast

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import Bottleneck, BuildingBlock, Theme, TransitionStep
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
    TAKEN_OVER = "taken-over", _("taken over as a new version")


class Audience(models.TextChoices):
    """For whom a lesson is published; a mission city also reads what is for EoI and interested municipalities."""

    MISSION = "mission", _("mission cities")
    EOI = "eoi", _("EoI cities")
    INTERESTED = "interested", _("interested municipalities")
    PARTNERS = "partners", _("partners")
    EVERYBODY = "everybody", _("everybody")


class Origin(models.TextChoices):
    """What a lesson was learned in."""

    OWN_WORK = "own-work", _("our own work")
    ACTIVITY = "activity", _("an activity")
    PROGRAMME = "programme", _("a programme")
    REVIEW = "review", _("the annual review of a climate contract")
    REFLECTION = "reflection", _("a reflection session")
    NZC_PILOT = "nzc-pilot", _("a NetZeroCities pilot")
    ABROAD = "abroad", _("abroad")


class Learned(models.TextChoices):
    """Between whom it was learned: the three kinds of learning of the City Deal Klimaatadaptatie."""

    LOCAL = "local", _("in one city")
    HORIZONTAL = "horizontal", _("between cities")
    VERTICAL = "vertical", _("between levels of government")


# The states of what stands in lists: not withdrawn, and not taken over in the lesson that it is a new version of.
LISTED = (LessonState.DRAFT, LessonState.RELEASED, LessonState.REVIEW, LessonState.PUBLISHED)
# The states of a new version that is still on its way.
UNDER_WAY = (LessonState.DRAFT, LessonState.RELEASED, LessonState.REVIEW)
# More inhabitants than any municipality has.
MOST_INHABITANTS = 2_000_000


class LessonQuerySet(AccessQuerySet["Lesson"]):
    """Lessons that somebody may see."""

    resource = "lesson"

    def drafts(self) -> Self:
        """Keep those that are not finished yet."""
        return self.filter(state=LessonState.DRAFT)

    def listed(self) -> Self:
        """Leave out what was withdrawn or taken over."""
        return self.filter(state__in=LISTED)

    def published(self) -> Self:
        """Keep what is published, to everybody or to chosen audiences."""
        return self.filter(state=LessonState.PUBLISHED)


_Manager = models.Manager.from_queryset(LessonQuerySet)


class LessonManager(_Manager["Lesson"]):
    """Reads lessons without the words of their index, which only the database looks at."""

    def get_queryset(self) -> LessonQuerySet:
        """Give all lessons."""
        return cast(LessonQuerySet, super().get_queryset().defer("search"))


class Lesson(models.Model):
    """What an organisation learned: written by it or by another, released by the one it is about.

    `key` makes a draft that another part of the portal proposes come once; `version` counts the changes, so
    that two people who edit at once notice each other. A new version of a published lesson is a record of its
    own with `revision_of`, until it is published and its texts go over. `edition` numbers the version that is
    published. `evidence` is a list of {"label", "url"}. `useful_count`, `applying_count` and `replicated_count`
    count organisations, and are kept by `services.lesson_uses`. `search` is made by the database.
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
    more_themes = models.ManyToManyField(
        Theme, verbose_name=_("other themes"), blank=True, related_name="more_lessons"
    )
    steps = models.ManyToManyField(
        TransitionStep, verbose_name=_("steps of the transition map"), blank=True, related_name="lessons"
    )
    building_blocks = models.ManyToManyField(
        BuildingBlock, verbose_name=_("building blocks"), blank=True, related_name="lessons"
    )
    bottlenecks = models.ManyToManyField(
        Bottleneck, verbose_name=_("bottlenecks that it treats"), blank=True, related_name="lessons"
    )
    origin = models.CharField(_("learned in"), max_length=12, choices=Origin, blank=True)
    learned = models.CharField(_("learned"), max_length=12, choices=Learned, blank=True)
    population_from = models.PositiveIntegerField(_("fits from (inhabitants)"), null=True, blank=True)
    population_to = models.PositiveIntegerField(_("fits up to (inhabitants)"), null=True, blank=True)
    evidence = models.JSONField(_("evidence"), default=list, blank=True)
    revision_of = models.ForeignKey(
        "self",
        verbose_name=_("new version of"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="revisions",
        editable=False,
    )
    edition = models.PositiveIntegerField(_("version"), default=0, editable=False)
    audiences = ArrayField(
        models.CharField(max_length=12, choices=Audience),
        verbose_name=_("published for"),
        default=list,
        blank=True,
        editable=False,
    )
    useful_count = models.PositiveIntegerField(default=0, editable=False)
    applying_count = models.PositiveIntegerField(default=0, editable=False)
    replicated_count = models.PositiveIntegerField(default=0, editable=False)
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
    search = models.GeneratedField(
        expression=SearchVector("title", config="dutch", weight="A")
        + SearchVector("what_worked", "what_failed", config="dutch", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = LessonManager()

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
            ),
            models.CheckConstraint(
                condition=Q(population_from__isnull=True)
                | Q(population_to__isnull=True)
                | Q(population_to__gte=F("population_from")),
                name="lesson_size_from_small_to_large",
                violation_error_message=_("The largest number of inhabitants is less than the smallest."),
            ),
            models.UniqueConstraint(
                fields=["revision_of"],
                condition=Q(state__in=UNDER_WAY),
                name="lesson_one_new_version_at_a_time",
                violation_error_message=_("A new version of this lesson is on its way already."),
            ),
            models.CheckConstraint(
                condition=Q(revision_of__isnull=True) | Q(sharing="draft"),
                name="lesson_new_version_is_not_shared",
                violation_error_message=_("A new version is shared when it takes the place of the old one."),
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="lesson_search"),
            models.Index(fields=["state", "-published_at", "-id"], name="lesson_newest"),
            models.Index(
                fields=["-replicated_count", "-applying_count", "-published_at", "-id"], name="lesson_most_applied"
            ),
            models.Index(fields=["-useful_count", "-published_at", "-id"], name="lesson_most_useful"),
            models.Index(fields=["organisation", "state"], name="lesson_owner_state"),
            models.Index(fields=["-changed_at", "-id"], name="lesson_latest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the lesson's page."""
        return reverse("activities:lesson", args=[self.public_id])

    @property
    def is_revision(self) -> bool:
        """Say whether this is a new version of another lesson."""
        return self.revision_of_id is not None
