"""Find a date: moments that an organiser offers, who is asked, and what each answers per moment."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity, Meeting
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField
from nss_portal.core.time import today


class PollState(models.TextChoices):
    """Where a poll stands; whether one can still answer also hangs on its last day."""

    OPEN = "open", _("open")
    DECIDED = "decided", _("date chosen")
    STOPPED = "stopped", _("called off")


class ShownAnswers(models.TextChoices):
    """What those who are asked see of the answers of others."""

    TOTALS = "totals", _("how many can come, without names")
    NAMES = "names", _("who can come")
    NOBODY = "nobody", _("nothing: only the organiser sees answers")


class Reply(models.TextChoices):
    """Whether somebody can come at a moment."""

    YES = "yes", _("yes")
    MAYBE = "maybe", _("if need be")
    NO = "no", _("no")


class DatePollQuerySet(AccessQuerySet["DatePoll"]):
    """Polls that somebody may see."""

    resource = "date_poll"


class DatePoll(models.Model):
    """Asks when an activity can take place. `closes_on` is the last day on which one answers.

    `reminded_for` is the last day of which those who had not answered were reminded.
    """

    public_id = PublicIdField()
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="polls")
    note = models.CharField(_("what those who are asked should know"), max_length=500, blank=True)
    shown = models.CharField(
        _("what they see of each other"), max_length=8, choices=ShownAnswers, default=ShownAnswers.TOTALS
    )
    closes_on = models.DateField(_("last day to answer"))
    state = models.CharField(_("state"), max_length=8, choices=PollState, default=PollState.OPEN, editable=False)
    chosen = models.ForeignKey(
        "activities.PollMoment", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    reminded_for = models.DateField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DatePollQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("date poll")
        verbose_name_plural = _("date polls")
        constraints = [
            models.UniqueConstraint(
                fields=["activity"],
                condition=Q(state="open"),
                name="date_poll_open_once",
                violation_error_message=_("A date is being looked for already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | Q(chosen__isnull=True), name="date_poll_stopped_chose_nothing"
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_on"], name="date_poll_closing")]

    def __str__(self) -> str:
        return gettext("Date for '{title}'").format(title=self.activity.title)

    def get_absolute_url(self) -> str:
        """Give the address of the poll's page."""
        return reverse("activities:poll", args=[self.public_id])

    def takes_answers(self, day: date | None = None) -> bool:
        """Say whether one can still answer on a day (today when none is given)."""
        return self.state == PollState.OPEN and self.closes_on >= (day or today())


class PollMoment(models.Model):
    """One moment that is offered, on the clock of the activity."""

    poll = models.ForeignKey(DatePoll, on_delete=models.CASCADE, related_name="moments")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    meeting = models.CharField(_("how people meet"), max_length=10, choices=Meeting, default=Meeting.ON_SITE)
    place = models.CharField(_("place"), max_length=200, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("moment of a date poll")
        verbose_name_plural = _("moments of a date poll")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="poll_moment_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["poll", "starts_at", "ends_at", "place", "meeting"],
                name="poll_moment_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("This moment is offered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%d-%m-%Y %H.%M}"


class PollGuest(models.Model):
    """Who is asked: a person for an organisation, or, without a user, an organisation as a whole.

    Of a whole organisation whoever is in answers, and answers anew; `answered_by` is who did so last.
    """

    poll = models.ForeignKey(DatePoll, on_delete=models.CASCADE, related_name="guests")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="date_polls"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="date_polls")
    note = models.CharField(_("remark for the organiser"), max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("one who is asked for a date")
        verbose_name_plural = _("those who are asked for a date")
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "user"],
                condition=Q(user__isnull=False),
                name="poll_guest_person_once",
                violation_error_message=_("This person is asked already."),
            ),
            models.UniqueConstraint(
                fields=["poll", "organisation"],
                condition=Q(user__isnull=True),
                name="poll_guest_organisation_once",
                violation_error_message=_("This organisation is asked already."),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "user"], name="poll_guest_of")]

    def __str__(self) -> str:
        return str(self.user or self.organisation)


class PollAnswer(models.Model):
    """What one answers about one moment."""

    guest = models.ForeignKey(PollGuest, on_delete=models.CASCADE, related_name="answers")
    moment = models.ForeignKey(PollMoment, on_delete=models.CASCADE, related_name="answers")
    reply = models.CharField(_("answer"), max_length=5, choices=Reply)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer about a moment")
        verbose_name_plural = _("answers about moments")
        constraints = [models.UniqueConstraint(fields=["guest", "moment"], name="poll_answer_once")]

    def __str__(self) -> str:
        return self.get_reply_display()
