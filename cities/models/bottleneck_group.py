"""Who else has a bottleneck, and which bottlenecks were merged into one."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.bottleneck import Bottleneck, BottleneckState, Severity, Sharing
from governance.models import Organisation
from nss_portal.core.access import Actor, granted, standing_of
from nss_portal.core.ids import PublicIdField

# Of a joint bottleneck everybody may know only what each city wants everybody to know.
JOIN_SHARING = [(Sharing.NETWORK.value, Sharing.NETWORK.label), (Sharing.PUBLISHED.value, Sharing.PUBLISHED.label)]


def reads_along(actor: Actor) -> bool:
    """Say whether somebody reads what is shared with the network, by the matrix's row of bottlenecks."""
    return standing_of(actor).is_system or "network" in granted(actor, "bottleneck", "view")


class BottleneckJoinQuerySet(models.QuerySet["BottleneckJoin"]):
    """Cities that have a bottleneck too."""

    def visible_to(self, actor: Actor, *, through: Bottleneck | None = None) -> Self:
        """Keep the joins that somebody may see.

        Those of a bottleneck that they may see: all for who reads along in the network and for whoever's
        bottleneck or join it is, the published ones for everybody else. `through` is a bottleneck that the actor
        sees and in which those that are asked for went on: seeing it is enough, and owning it is owning them.
        """
        if through is not None and through.organisation_id in standing_of(actor).organisations:
            return self.all()
        known = self.known_to(actor)
        if through is not None:
            return known
        return known.filter(bottleneck__in=Bottleneck.objects.visible_to(actor).values("pk"))

    def known_to(self, actor: Actor) -> Self:
        """Keep the joins that somebody may know of, where they see the bottleneck itself."""
        if reads_along(actor):
            return self.all()
        own = standing_of(actor).organisations
        known = Q(sharing=Sharing.PUBLISHED)
        if own:
            known |= Q(organisation__in=own) | Q(bottleneck__organisation__in=own)
        return self.filter(known)


class BottleneckJoin(models.Model):
    """An organisation that has a bottleneck of another too: 'we have this as well', in its own words."""

    bottleneck = models.ForeignKey(Bottleneck, on_delete=models.CASCADE, related_name="joins")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="joined_bottlenecks"
    )
    severity = models.CharField(_("how badly"), max_length=12, choices=Severity)
    words = models.TextField(_("in your own words"), blank=True)
    sharing = models.CharField(_("shared with"), max_length=10, choices=JOIN_SHARING, default=Sharing.NETWORK)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = BottleneckJoinQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("city that has this too")
        verbose_name_plural = _("cities that have this too")
        constraints = [
            models.UniqueConstraint(
                fields=["bottleneck", "organisation"],
                name="bottleneck_joined_once",
                violation_error_message=_("This organisation stands behind this bottleneck already."),
            ),
            models.CheckConstraint(
                condition=Q(sharing__in=["network", "published"]),
                name="bottleneck_join_is_shared",
                violation_error_message=_("Whoever joins shares that with the network at least."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.bottleneck}"


class BottleneckMergeQuerySet(models.QuerySet["BottleneckMerge"]):
    """Mergers of bottlenecks."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the mergers into a bottleneck that somebody may see."""
        return self.filter(into__in=Bottleneck.objects.visible_to(actor).values("pk"))


class BottleneckMerge(models.Model):
    """One time that bottlenecks were merged into one; `undone_at` says that it was taken back."""

    public_id = PublicIdField()
    into = models.ForeignKey(Bottleneck, on_delete=models.CASCADE, related_name="mergers")
    reason = models.TextField(_("reason"), blank=True)
    actor_label = models.CharField(_("by"), max_length=200)
    at = models.DateTimeField(default=timezone.now, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)
    undone_by_label = models.CharField(max_length=200, blank=True)

    objects = BottleneckMergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("merger of bottlenecks")
        verbose_name_plural = _("mergers of bottlenecks")

    def __str__(self) -> str:
        return str(self.into)


class MergedBottleneck(models.Model):
    """One bottleneck that went on in another: what it was, and which links of other parts moved along."""

    merge = models.ForeignKey(BottleneckMerge, on_delete=models.CASCADE, related_name="parts")
    bottleneck = models.ForeignKey(Bottleneck, on_delete=models.CASCADE, related_name="+")
    state_before = models.CharField(max_length=12, choices=BottleneckState)
    moved = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("merged bottleneck")
        verbose_name_plural = _("merged bottlenecks")
        constraints = [models.UniqueConstraint(fields=["merge", "bottleneck"], name="bottleneck_merged_once")]

    def __str__(self) -> str:
        return str(self.bottleneck)
