"""Bottlenecks: what holds a city up."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.reference import Theme, TransitionStep
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


class BottleneckQuerySet(AccessQuerySet["Bottleneck"]):
    """Bottlenecks that somebody may see."""

    resource = "bottleneck"

    def drafts(self) -> Self:
        """Keep those that are not finished yet."""
        return self.filter(state=BottleneckState.DRAFT)

    def listed(self) -> Self:
        """Leave out what was withdrawn."""
        return self.filter(state__in=[state for state in BottleneckState if state != BottleneckState.WITHDRAWN])


class Bottleneck(models.Model):
    """What holds an organisation up on its way to climate neutrality, in its own words.

    `key` makes a draft that another part of the portal proposes come once; `version` counts the changes, so
    that two people who edit at once notice each other.
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

    objects = BottleneckQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("bottleneck")
        verbose_name_plural = _("bottlenecks")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["draft", "withdrawn"]) | Q(sharing="draft"),
                name="bottleneck_draft_is_not_shared",
                violation_error_message=_("A draft is not shared with others."),
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="bottleneck_owner_state"),
            models.Index(fields=["-changed_at", "-id"], name="bottleneck_latest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the bottleneck's page."""
        return reverse("cities:bottleneck", args=[self.public_id])
