"""Joint pilots: two or more cities try something together, and say how they share what it costs and brings."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import Bottleneck, Theme, TransitionStep
from cities.models.bottleneck import Sharing
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField

MOST_EUROS = 1_000_000_000


class PilotState(models.TextChoices):
    """Where a pilot stands."""

    PROPOSED = "proposed", _("proposed")
    RUNNING = "running", _("running")
    COMPLETED = "completed", _("completed")
    STOPPED = "stopped", _("stopped")


ENDED = (PilotState.COMPLETED, PilotState.STOPPED)
# What one can still learn from.
FOLLOWABLE = (PilotState.PROPOSED, PilotState.RUNNING, PilotState.COMPLETED)


class PilotQuerySet(AccessQuerySet["Pilot"]):
    """Pilots that somebody may see."""

    resource = "pilot"

    def running(self) -> Self:
        """Keep those that have not ended."""
        return self.exclude(state__in=ENDED)


class Pilot(models.Model):
    """A pilot of several cities; its organisation leads it. `outcome` is what came of it, or why it stopped.

    `key_note` says by which key cost and benefit are shared; what each pays and gains stands with its part.
    While `takes_followers`, cities can ask to learn from it.
    """

    public_id = PublicIdField()
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("in one or two sentences"), max_length=300, blank=True)
    plan = models.TextField(_("plan"), blank=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("led by"), on_delete=models.PROTECT, related_name="pilots_led"
    )
    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), null=True, blank=True, on_delete=models.PROTECT, related_name="pilots"
    )
    steps = models.ManyToManyField(
        TransitionStep, verbose_name=_("steps of the transition map"), blank=True, related_name="pilots"
    )
    bottlenecks = models.ManyToManyField(
        Bottleneck, verbose_name=_("bottlenecks that it works on"), blank=True, related_name="pilots"
    )
    starts_on = models.DateField(_("runs from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    cost = models.PositiveIntegerField(_("what it costs in all"), null=True, blank=True)
    key_note = models.TextField(_("how cost and benefit are shared"), blank=True)
    takes_followers = models.BooleanField(_("other cities can follow"), default=True)
    outcome = models.TextField(_("what came of it"), blank=True, editable=False)
    sharing = models.CharField(_("shared with"), max_length=10, choices=Sharing, default=Sharing.DRAFT)
    state = models.CharField(
        _("state"), max_length=10, choices=PilotState, default=PilotState.PROPOSED, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    objects = PilotQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("pilot")
        verbose_name_plural = _("pilots")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="pilot_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["completed", "stopped"]) | ~Q(outcome=""),
                name="pilot_that_ended_says_what_came_of_it",
                violation_error_message=_("Say what came of the pilot, or why it stopped."),
            ),
        ]
        indexes = [models.Index(fields=["state", "-changed_at"], name="pilot_by_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the pilot's page."""
        return reverse("activities:pilot", args=[self.public_id])


class PilotPartState(models.TextChoices):
    """Whether an organisation takes part in a pilot."""

    ASKED = "asked", _("asked")
    JOINED = "joined", _("takes part")
    LEFT = "left", _("does not take part")


class PilotPart(models.Model):
    """An organisation in a pilot: what it does, what it pays and what it gains. The one that leads has one too."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="pilot_parts")
    does = models.CharField(_("what it does"), max_length=300, blank=True)
    pays = models.PositiveIntegerField(_("what it pays"), null=True, blank=True)
    gains = models.CharField(_("what it gains"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=PilotPartState, default=PilotPartState.ASKED)
    since = models.DateField(_("since"), default=timezone.localdate)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("part in a pilot")
        verbose_name_plural = _("parts in a pilot")
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "organisation"],
                name="pilot_part_once",
                violation_error_message=_("This organisation was asked already."),
            )
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="pilot_part_of")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_state_display()}"
