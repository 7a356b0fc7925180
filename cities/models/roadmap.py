"""The roadmap: what there is to do at each step of the transition map, and how far each city is."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.bottleneck import Sharing
from cities.models.reference import TransitionStep
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.localized import Localized
from nss_portal.core.time import today


class Status(models.TextChoices):
    """How far a city is with a step or a building block."""

    NOT_STARTED = "not-started", _("not started")
    LOOKED_AT = "looked-at", _("looked at")
    UNDER_WAY = "under-way", _("under way")
    DONE = "done", _("done")
    NOT_FOR_US = "not-for-us", _("not for us")


# A city has taken a building block up from the moment that it works on it.
TAKEN_UP = (Status.UNDER_WAY, Status.DONE)


class RoadmapStep(models.Model):
    """What a step of the transition map asks in the Dutch context; coordinators keep the texts."""

    step = models.OneToOneField(
        TransitionStep, verbose_name=_("step"), on_delete=models.PROTECT, primary_key=True, related_name="roadmap"
    )
    lead_nl = models.CharField(_("first sentence in Dutch"), max_length=300)
    lead_en = models.CharField(_("first sentence in English"), max_length=300, blank=True)
    what_nl = models.TextField(_("what to do, in Dutch"))
    what_en = models.TextField(_("what to do, in English"), blank=True)
    who_nl = models.TextField(_("who is up, in Dutch"))
    who_en = models.TextField(_("who is up, in English"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("last changed"), null=True, blank=True, editable=False)

    lead = Localized()
    what = Localized()
    who = Localized()

    class Meta:
        ordering = ["step__order", "step"]
        verbose_name = _("step of the roadmap")
        verbose_name_plural = _("steps of the roadmap")

    def __str__(self) -> str:
        return str(self.step)

    def get_absolute_url(self) -> str:
        """Give the address of the step's page."""
        return reverse("cities:roadmap_step", args=[self.step.code])


class BuildingBlockQuerySet(AccessQuerySet["BuildingBlock"]):
    """Building blocks; who may change them is a rule beside the matrix, all may read them."""

    resource = "roadmap"

    def current(self) -> "BuildingBlockQuerySet":
        """Keep those in use, in the order of the roadmap."""
        return self.filter(is_current=True).order_by("step__order", "order", "pk")


class BuildingBlock(models.Model):
    """One thing that a city does at a step, as a block that it can take as it is."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    step = models.ForeignKey(
        TransitionStep, verbose_name=_("step"), on_delete=models.PROTECT, related_name="building_blocks"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title_nl = models.CharField(_("name in Dutch"), max_length=120)
    title_en = models.CharField(_("name in English"), max_length=120, blank=True)
    text_nl = models.TextField(_("what it is, in Dutch"))
    text_en = models.TextField(_("what it is, in English"), blank=True)
    who_nl = models.CharField(_("who is up, in Dutch"), max_length=250)
    who_en = models.CharField(_("who is up, in English"), max_length=250, blank=True)
    source = models.CharField(_("source"), max_length=300)
    url = models.URLField(_("more about it"), max_length=300, blank=True)
    is_current = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("last changed"), null=True, blank=True, editable=False)

    title = Localized()
    text = Localized()
    who = Localized()
    objects: ClassVar[BuildingBlockQuerySet] = BuildingBlockQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["step__order", "order", "pk"]
        verbose_name = _("building block")
        verbose_name_plural = _("building blocks")

    def __str__(self) -> str:
        return self.title


class CityRoadmapQuerySet(AccessQuerySet["CityRoadmap"]):
    """How far cities are, for who may see it."""

    resource = "roadmap_progress"


class CityRoadmap(models.Model):
    """How far one city is; it says with whom it shares that. `version` counts the changes."""

    organisation = models.OneToOneField(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="roadmap"
    )
    sharing = models.CharField(_("shared with"), max_length=10, choices=Sharing, default=Sharing.DRAFT)
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    objects: ClassVar[CityRoadmapQuerySet] = CityRoadmapQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["organisation__name", "pk"]
        verbose_name = _("progress on the roadmap")
        verbose_name_plural = _("progress on the roadmap")

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        """Give the address of the city's roadmap; comes after `select_related('organisation__municipality')`."""
        return reverse("cities:roadmap_city", args=[self.organisation.municipality.code])


class Progress(models.Model):
    """Where a city stands with a step (no block) or with a building block of it."""

    roadmap = models.ForeignKey(CityRoadmap, on_delete=models.CASCADE, related_name="entries")
    step = models.ForeignKey(TransitionStep, on_delete=models.PROTECT, related_name="+")
    block = models.ForeignKey(BuildingBlock, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=12, choices=Status)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering = ["roadmap", "step__order", "block__order", "pk"]
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [
            models.UniqueConstraint(
                fields=["roadmap", "step", "block"],
                name="progress_once_per_block",
                nulls_distinct=False,
                violation_error_message=_("This step or building block stands here already."),
            ),
            models.CheckConstraint(
                condition=~Q(status="not-for-us") | ~Q(note=""),
                name="progress_not_for_us_says_why",
                violation_error_message=_("Say why this is not for you."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.block or self.step}: {self.get_status_display()}"


class ProgressChange(models.Model):
    """What changed on one day in where a city stands with a step or a building block."""

    roadmap = models.ForeignKey(CityRoadmap, on_delete=models.CASCADE, related_name="changes")
    step = models.ForeignKey(TransitionStep, on_delete=models.PROTECT, related_name="+")
    block = models.ForeignKey(BuildingBlock, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=12, choices=Status, blank=True)
    after = models.CharField(max_length=12, choices=Status, blank=True)
    note = models.CharField(max_length=500, blank=True)
    on = models.DateField(_("day"), default=today)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    who = models.CharField(_("by whom"), max_length=200, blank=True)

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("change of progress")
        verbose_name_plural = _("changes of progress")
        constraints = [
            models.UniqueConstraint(
                fields=["roadmap", "on", "step", "block"],
                name="progress_change_once_a_day",
                nulls_distinct=False,
                violation_error_message=_("This step or building block has a change on this day already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.block or self.step}: {self.get_after_display()} ({self.on})"
