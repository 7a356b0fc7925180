"""Activities of the agenda: what they are, for whom, when, and who takes part."""

from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from cities.models import Bottleneck, Theme, TransitionStep
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField


class Kind(models.TextChoices):
    """What an activity is; breakthrough programmes have a model of their own."""

    DEEP_DIVE = "deep_dive", _("Dutch Deep Dive")
    REFLECTION = "reflection", _("reflection session")
    CASE_TABLE = "case_table", _("case table")
    THEMATIC = "thematic", _("thematic session")
    TRAINING = "training", _("training")
    EVENT = "event", _("event")
    VISIT = "visit", _("work visit or climate transition lab")


class Audience(models.TextChoices):
    """For whom an activity is, the narrowest circle first; a wider one includes those before it."""

    COP = "cop", _("Community of Practice (mission cities)")
    NOP = "nop", _("Network of Practice (mission and EoI cities)")
    INTERESTED = "interested", _("interested municipalities too")
    EVERYBODY = "everybody", _("everybody")


class Readers(models.TextChoices):
    """Who reads the page of a published activity."""

    AUDIENCE = "audience", _("those for whom it is")
    PUBLISHED = "published", _("everybody")


class ActivityState(models.TextChoices):
    """Where an activity stands."""

    DRAFT = "draft", _("draft")
    PLANNED = "planned", _("being planned")
    PUBLISHED = "published", _("open")
    HELD = "held", _("held")
    CLOSED = "closed", _("rounded off")
    CANCELLED = "cancelled", _("cancelled")


# On the agenda of those for whom it is; what is only planned shows to who plans it and who is asked.
SHOWN_STATES = (
    ActivityState.PUBLISHED,
    ActivityState.HELD,
    ActivityState.CLOSED,
    ActivityState.CANCELLED,
)
# These can still take place.
COMING_STATES = (ActivityState.DRAFT, ActivityState.PLANNED, ActivityState.PUBLISHED)


class Meeting(models.TextChoices):
    """How people meet."""

    ON_SITE = "on_site", _("on site")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("on site and online")


class TimeZone(models.TextChoices):
    """The clock that the times of an activity are read on."""

    AMSTERDAM = "Europe/Amsterdam", _("the Netherlands")
    LONDON = "Europe/London", _("Ireland and the United Kingdom")
    LISBON = "Europe/Lisbon", _("Portugal")
    HELSINKI = "Europe/Helsinki", _("Finland and the Baltic states")
    ATHENS = "Europe/Athens", _("Greece, Bulgaria and Romania")
    UTC = "UTC", _("world time (UTC)")


class ActivityQuerySet(AccessQuerySet["Activity"]):
    """Activities that somebody may see."""

    resource = "activity"

    def shown(self) -> Self:
        """Keep what stands on the agenda of those for whom it is."""
        return self.filter(state__in=SHOWN_STATES)

    def coming(self) -> Self:
        """Keep what can still take place."""
        return self.filter(state__in=COMING_STATES)


class Activity(models.Model):
    """One activity of the agenda, run by the organisation that leads it.

    `organisation` leads it. `starts_at` and `ends_at` follow from the sessions, for lists. `is_series` means that
    it meets again and again, with `standing_agenda` as the agenda of each session. `online_url` is for
    participants alone. `invited` organisations see it and may register, whoever it is for.
    """

    public_id = PublicIdField()
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("in one or two sentences"), max_length=300, blank=True)
    body = models.TextField(_("description"), blank=True)
    audience = models.CharField(_("for whom"), max_length=12, choices=Audience, default=Audience.NOP)
    sharing = models.CharField(_("who reads it"), max_length=12, choices=Readers, default=Readers.AUDIENCE)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("led by"), on_delete=models.PROTECT, related_name="activities"
    )
    programme = models.ForeignKey(
        "activities.Programme",
        verbose_name=_("part of the programme"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="activities",
        editable=False,
    )
    proposed_by = models.ForeignKey(
        Organisation,
        verbose_name=_("proposed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposed_activities",
    )
    invited = models.ManyToManyField(
        Organisation,
        verbose_name=_("invited organisations"),
        blank=True,
        related_name="invited_to_activities",
    )
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    steps = models.ManyToManyField(
        TransitionStep, verbose_name=_("steps of the transition map"), blank=True, related_name="activities"
    )
    bottlenecks = models.ManyToManyField(
        Bottleneck, verbose_name=_("bottlenecks that it treats"), blank=True, related_name="activities"
    )
    # What belongs to one kind or a few; the form asks what belongs to the kind at hand.
    questions = models.TextField(_("questions"), blank=True)
    required_preparation = models.TextField(_("preparation"), blank=True)
    learning_goals = models.TextField(_("what one can do afterwards"), blank=True)
    host = models.CharField(_("who receives"), max_length=160, blank=True)
    mandate = models.TextField(_("what can be decided at the table"), blank=True)
    programme_text = models.TextField(_("programme of the day"), blank=True)
    is_series = models.BooleanField(_("meets regularly"), default=False)
    standing_agenda = models.TextField(_("standing agenda"), blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ActivityState, default=ActivityState.DRAFT, editable=False
    )
    cancel_reason = models.CharField(_("why it is cancelled"), max_length=500, blank=True, editable=False)
    preparation_hours = models.DecimalField(
        _("hours of preparation per city"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    needs_approval = models.BooleanField(_("the organiser approves who takes part"), default=False)
    meeting = models.CharField(_("how people meet"), max_length=10, choices=Meeting, default=Meeting.ON_SITE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    online_url = models.URLField(_("address of the online meeting"), max_length=500, blank=True)
    time_zone = models.CharField(_("clock"), max_length=40, choices=TimeZone, default=TimeZone.AMSTERDAM)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(
                condition=~Q(audience="everybody") | Q(sharing="published"),
                name="activity_for_everybody_is_read_by_all",
                violation_error_message=_("What is for everybody is read by everybody."),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="activity_cancelled_says_why",
                violation_error_message=_("Say why the activity is cancelled."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "held", "closed"])
                | Q(starts_at__isnull=False, ends_at__isnull=False),
                name="activity_open_has_its_dates",
                violation_error_message=_("Say when the activity takes place."),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="activity_organiser_state"),
            models.Index(fields=["ends_at", "id"], name="activity_by_end"),
            models.Index(fields=["state", "starts_at"], name="activity_state_start"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the activity's page."""
        return reverse("activities:activity", args=[self.public_id, self.slug])

    @property
    def slug(self) -> str:
        """The readable part of the address; it may change, the public identifier does not."""
        return slug_of(self.title)

    @property
    def zone(self) -> ZoneInfo:
        """The clock that its times are read on."""
        return ZoneInfo(self.time_zone)


def slug_of(title: str) -> str:
    """Give the readable part of an activity's address."""
    return slugify(title)[:80].strip("-") or "activiteit"


class ActivitySession(models.Model):
    """One time that people meet: an activity of several days has several, a series has many.

    `is_listed` says that it stands on the agenda by itself: each session of a series, and the first one of an
    activity of several days. `place` is filled where it differs from the activity's own.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    is_listed = models.BooleanField(default=True, editable=False)

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_begins",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.UniqueConstraint(
                fields=["activity", "starts_at"],
                name="session_once_at_a_time",
                # Two sessions can change places.
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("There is a session at this time already."),
            ),
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="session_by_end")]

    def __str__(self) -> str:
        return f"{self.activity}, {timezone.localtime(self.starts_at):%d-%m-%Y %H.%M}"


class ParticipationState(models.TextChoices):
    """Where somebody stands who takes part, or was asked to."""

    INVITED = "invited", _("invited")
    REQUESTED = "requested", _("waits for approval")
    REGISTERED = "registered", _("takes part")
    WAITING = "waiting", _("on the waiting list")
    DECLINED = "declined", _("does not come")
    WITHDRAWN = "withdrawn", _("withdrew")
    REFUSED = "refused", _("not admitted")


class ParticipationRole(models.TextChoices):
    """What somebody does at an activity."""

    PARTICIPANT = "participant", _("participant")
    SPEAKER = "speaker", _("speaker")
    CHAIR = "chair", _("chair")
    MANDATE = "mandate", _("decides with a mandate")
    SUPPORT = "support", _("support")


# Whoever has a place in the activity: this is what 'participant' means in the matrix.
TAKING_PART = (ParticipationState.REGISTERED,)
# These may (still, or again) register although the activity is not for their level.
ASKED = (
    ParticipationState.INVITED,
    ParticipationState.REQUESTED,
    ParticipationState.REGISTERED,
    ParticipationState.WAITING,
    ParticipationState.DECLINED,
    ParticipationState.WITHDRAWN,
)


class Participation(models.Model):
    """One person at one activity, for one organisation. `queued_at` gives the order of the waiting list."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="participations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(
        _("role"), max_length=12, choices=ParticipationRole, default=ParticipationRole.PARTICIPANT
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ParticipationState, default=ParticipationState.REGISTERED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    attended = models.BooleanField(_("was there"), null=True, blank=True)
    queued_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["activity", "queued_at", "pk"]
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "user"],
                name="participation_once_per_person",
                violation_error_message=_("This person is registered already."),
            )
        ]
        indexes = [
            models.Index(fields=["user", "state"], name="participation_person_state"),
            models.Index(fields=["activity", "state", "queued_at"], name="participation_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_state_display()}"
