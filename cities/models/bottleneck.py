"""Bottlenecks: what holds a city up."""

from typing import Self, cast

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.reference import SupportTool, Theme, TransitionStep
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class Sharing(models.TextChoices):
    """With whom the owner shares a record."""

    DRAFT = "draft", _("only us and those we invite")
    NETWORK = "network", _("the network of mission and EoI cities")
    PUBLISHED = "published", _("everybody")


class BottleneckState(models.TextChoices):
    """Where a bottleneck stands."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    SOLVED = "solved", _("solved")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("went on in another")


class Severity(models.TextChoices):
    """How badly a bottleneck holds a city up, the least first."""

    SMALL = "small", _("small")
    CONSIDERABLE = "considerable", _("considerable")
    BLOCKING = "blocking", _("blocking")


# The states of what stands in lists of its own: not withdrawn, and not gone on in another.
LISTED = (BottleneckState.DRAFT, BottleneckState.OPEN, BottleneckState.SOLVED)
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


class BottleneckQuerySet(AccessQuerySet["Bottleneck"]):
    """Bottlenecks that somebody may see."""

    resource = "bottleneck"

    def drafts(self) -> Self:
        """Keep those that are not finished yet."""
        return self.filter(state=BottleneckState.DRAFT)

    def listed(self) -> Self:
        """Leave out what was withdrawn, and what goes on in another bottleneck."""
        return self.filter(state__in=LISTED)


_Manager = models.Manager.from_queryset(BottleneckQuerySet)


class BottleneckManager(_Manager["Bottleneck"]):
    """Reads bottlenecks without the words of their index, which only the database looks at."""

    def get_queryset(self) -> BottleneckQuerySet:
        """Give all bottlenecks."""
        return cast(BottleneckQuerySet, super().get_queryset().defer("search"))


class Bottleneck(models.Model):
    """What holds an organisation up on its way to climate neutrality, in its own words.

    `key` makes a draft that another part of the portal proposes come once; `version` counts the changes, so
    that two people who edit at once notice each other. `cities_behind` counts the organisations that stand behind
    it for whoever reads along in the network, `cities_behind_public` those that let everybody know; both are kept
    by `services.bottleneck_groups`. `search` is made by the database.
    """

    public_id = PublicIdField()
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="bottlenecks"
    )
    invited = models.ManyToManyField(
        Organisation,
        verbose_name=_("invited organisations"),
        blank=True,
        related_name="invited_to_bottlenecks",
    )
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bottlenecks",
    )
    step = models.ForeignKey(
        TransitionStep,
        verbose_name=_("step of the transition map"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bottlenecks",
    )
    severity = models.CharField(_("how badly"), max_length=12, choices=Severity, blank=True)
    since_year = models.PositiveSmallIntegerField(_("since (year)"), null=True, blank=True)
    covered_by = models.ManyToManyField(
        SupportTool, verbose_name=_("covered by"), blank=True, related_name="bottlenecks"
    )
    covered_note = models.CharField(_("what that does, and what not"), max_length=300, blank=True)
    helped_by = models.ManyToManyField(
        Organisation, verbose_name=_("who helps"), blank=True, related_name="helps_with_bottlenecks"
    )
    help_note = models.CharField(_("how they help"), max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("went on in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )
    cities_behind = models.PositiveIntegerField(_("cities behind it"), default=1, editable=False)
    cities_behind_public = models.PositiveIntegerField(default=1, editable=False)
    sharing = models.CharField(_("shared with"), max_length=10, choices=Sharing, default=Sharing.DRAFT)
    state = models.CharField(
        _("state"), max_length=12, choices=BottleneckState, default=BottleneckState.DRAFT, editable=False
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
    search = models.GeneratedField(
        expression=SearchVector("title", config="dutch", weight="A")
        + SearchVector("description", config="dutch", weight="B"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = BottleneckManager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("bottleneck")
        verbose_name_plural = _("bottlenecks")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["draft", "withdrawn"]) | Q(sharing="draft"),
                name="bottleneck_draft_is_not_shared",
                violation_error_message=_("A draft is not shared with others."),
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="bottleneck_merged_goes_on",
                violation_error_message=_("A merged bottleneck says in which other it goes on."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="bottleneck_not_in_itself",
                violation_error_message=_("A bottleneck cannot be merged with itself."),
            ),
            models.CheckConstraint(
                condition=Q(since_year__isnull=True)
                | Q(since_year__gte=EARLIEST_YEAR, since_year__lte=LATEST_YEAR),
                name="bottleneck_since_a_year",
                violation_error_message=_("Give the year in four figures."),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="bottleneck_owner_state"),
            models.Index(fields=["-changed_at", "-id"], name="bottleneck_latest"),
            models.Index(fields=["-cities_behind", "-changed_at", "-id"], name="bottleneck_most_behind"),
            models.Index(fields=["-cities_behind_public", "-changed_at", "-id"], name="bottleneck_most_public"),
            GinIndex(fields=["search"], name="bottleneck_search"),
            # Counting what somebody may see, by theme and step, reads this and not the texts.
            models.Index(
                fields=["state", "sharing", "theme", "step", "organisation"],
                include=["id"],
                name="bottleneck_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the bottleneck's page."""
        return reverse("cities:bottleneck", args=[self.public_id])
