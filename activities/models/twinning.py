"""Twinning: a city follows a pilot and learns from one of its cities; what was agreed, learned and applied."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.models.lesson import Lesson
from activities.models.pilot import Pilot
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class TwinningState(models.TextChoices):
    """Where a twinning stands."""

    ASKED = "asked", _("asked")
    AGREED = "agreed", _("agreed")
    FINISHED = "finished", _("finished")
    ENDED = "ended", _("ended early")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class TwinningQuerySet(AccessQuerySet["Twinning"]):
    """Twinnings that somebody may see."""

    resource = "twinning"


class Twinning(models.Model):
    """A city (`follower`) learns from a city of a pilot; `wish` is what it asked, the rest what both agreed.

    On `ask_on` the follower is asked what it learned and applied: every year, and at the end.
    """

    public_id = PublicIdField()
    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="twinnings")
    follower = models.ForeignKey(
        Organisation, verbose_name=_("who follows"), on_delete=models.PROTECT, related_name="twinnings_following"
    )
    city = models.ForeignKey(
        Organisation, verbose_name=_("learns from"), on_delete=models.PROTECT, related_name="twinnings_giving"
    )
    wish = models.TextField(_("what it wants to learn"))
    learns = models.TextField(_("what the follower learns"), blank=True)
    gives = models.TextField(_("what it gives in return"), blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    ask_on = models.DateField(null=True, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=TwinningState, default=TwinningState.ASKED, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TwinningQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("twinning")
        verbose_name_plural = _("twinnings")
        constraints = [
            models.UniqueConstraint(
                fields=["pilot", "follower"],
                condition=Q(state__in=["asked", "agreed"]),
                name="twinning_once_at_a_time",
                violation_error_message=_("This city follows the pilot already, or has asked to."),
            ),
            models.CheckConstraint(
                condition=~Q(follower=F("city")),
                name="twinning_of_two_cities",
                violation_error_message=_("A city does not follow itself."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "finished"]) | (Q(until__isnull=False) & ~Q(learns="")),
                name="twinning_agreed_says_what_and_until_when",
                violation_error_message=_("Say who learns what, and until when."),
            ),
        ]
        indexes = [
            models.Index(fields=["follower", "state"], name="twinning_follower"),
            models.Index(fields=["city", "state"], name="twinning_city"),
        ]

    def __str__(self) -> str:
        return gettext("{follower} learns from {city}").format(
            follower=self.follower.short_name or self.follower.name, city=self.city.short_name or self.city.name
        )

    def get_absolute_url(self) -> str:
        """Give the address of the twinning's page."""
        return reverse("activities:twinning", args=[self.public_id])


class TwinningMeeting(models.Model):
    """A day on which both cities meet, and about what."""

    twinning = models.ForeignKey(Twinning, on_delete=models.CASCADE, related_name="meetings")
    on = models.DateField(_("day"))
    about = models.CharField(_("about what"), max_length=200)

    class Meta:
        ordering = ["on", "pk"]
        verbose_name = _("meeting of a twinning")
        verbose_name_plural = _("meetings of a twinning")
        constraints = [models.UniqueConstraint(fields=["twinning", "on", "about"], name="twinning_meeting_once")]

    def __str__(self) -> str:
        return self.about


class Applied(models.TextChoices):
    """What the follower did with what it learned."""

    YES = "yes", _("yes, it is in use")
    PARTLY = "partly", _("partly")
    NOT_YET = "not-yet", _("not yet")
    NO = "no", _("no")


class TwinningReview(models.Model):
    """What the follower says it learned and applied, on a day; it can be made into a lesson."""

    twinning = models.ForeignKey(Twinning, on_delete=models.CASCADE, related_name="reviews")
    on = models.DateField(_("day"))
    learned = models.TextField(_("what we learned"))
    applied = models.CharField(_("is it applied?"), max_length=8, choices=Applied)
    applied_note = models.TextField(_("what is applied, or why not"), blank=True)
    lesson = models.ForeignKey(
        Lesson, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("look back at a twinning")
        verbose_name_plural = _("looks back at twinnings")

    def __str__(self) -> str:
        return f"{self.twinning}, {self.on:%d-%m-%Y}"
