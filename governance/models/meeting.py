"""Meetings of the bodies that steer, and decisions that are followed until they are done."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from governance.models.membership import current_q
from governance.models.organisation import Organisation
from nss_portal.core.access import Actor, granted, standing_of
from nss_portal.core.access.querysets import AccessQuerySet
from nss_portal.core.ids import PublicIdField
from nss_portal.core.localized import Localized


def _dated(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
        name=name,
        violation_error_message=_("The last day lies before the first."),
    )


class Body(models.Model):
    """A group that steers: the steering group, the interdepartmental group, the core team."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    label_nl = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    task_nl = models.TextField()
    task_en = models.TextField()

    label = Localized()
    task = Localized()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Give the address of the body's page."""
        return reverse("governance:body", args=[self.code])


class DatedQuerySet(models.QuerySet["Seat"]):
    """Rows that hold from a day to a day."""

    def current(self, day: date) -> Self:
        """Keep those in force on a day."""
        return self.filter(current_q(day))


class Seat(models.Model):
    """An organisation sits in a body, from when to when, perhaps by a person with an account."""

    body = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="seats"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="seats_held",
    )
    is_chair = models.BooleanField(_("chairs"), default=False)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[DatedQuerySet] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-is_chair", "organisation__name", "pk"]
        verbose_name = _("seat in a body")
        verbose_name_plural = _("seats in bodies")
        constraints = [_dated("seat_ends_after_it_begins")]

    def __str__(self) -> str:
        return f"{self.body}: {self.organisation}"


class Figurehead(models.Model):
    """Somebody who speaks for the mission in public, with a mandate, from when to when; is published by nature."""

    name = models.CharField(_("name, or office"), max_length=150)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="figureheads"
    )
    mandate = models.TextField(_("mandate"), help_text=_("What they speak for, and what they may decide."))
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    class Meta:
        ordering = ["-valid_from", "name", "pk"]
        verbose_name = _("figurehead")
        verbose_name_plural = _("figureheads")
        constraints = [_dated("figurehead_ends_after_it_begins")]

    def __str__(self) -> str:
        return self.name


class MeetingState(models.TextChoices):
    """Where a meeting stands; its list of decisions holds once it is adopted."""

    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    ADOPTED = "adopted", _("decisions adopted")
    CANCELLED = "cancelled", _("cancelled")


class MeetingQuerySet(AccessQuerySet["Meeting"]):
    """Meetings."""

    resource = "meeting"

    def inside(self, actor: Actor) -> Self:
        """Keep those of which the actor reads papers and minutes too: who takes part, and who sees all."""
        standing = standing_of(actor)
        if standing.is_system or "all" in granted(actor, "meeting", "view"):
            return self
        return (
            self.visible_to(actor)
            .filter(
                Q(participants=standing.user_id) | Q(chair=standing.user_id), pk__isnull=standing.user_id is None
            )
            .distinct()
        )


class Meeting(models.Model):
    """A meeting of a body. `is_published`: its adopted decisions that are published are for everybody."""

    public_id = PublicIdField()
    body = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("chaired by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("who takes part"), blank=True, related_name="steering_meetings"
    )
    minutes = models.TextField(_("minutes"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED, editable=False
    )
    is_published = models.BooleanField(_("decisions published"), default=False, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[MeetingQuerySet] = MeetingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_it_begins",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(state="adopted"), name="meeting_published_when_adopted"
            ),
        ]
        indexes = [models.Index(fields=["body", "-starts_at"], name="meeting_of_body")]

    def __str__(self) -> str:
        return f"{self.body}, {timezone.localtime(self.starts_at):%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        """Give the address of the meeting's page."""
        return reverse("governance:meeting", args=[self.public_id])

    @property
    def title(self) -> str:
        """Name the meeting for people: the body and the day in words."""
        return f"{self.body}, {date_format(timezone.localtime(self.starts_at), 'j F Y')}"


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """Items of agendas, to which papers belong: for who takes part."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of meetings of which the actor reads the papers."""
        return self.filter(meeting__in=Meeting.objects.inside(actor).order_by().values("pk"))


class AgendaItem(models.Model):
    """One item of an agenda; papers are files of it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what it is about"), blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)

    objects: ClassVar[AgendaItemQuerySet] = AgendaItemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["meeting", "number", "pk"]
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")

    def __str__(self) -> str:
        return self.title


class DecisionState(models.TextChoices):
    """What became of a decision."""

    OPEN = "open", _("to be done")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions of meetings."""

    def published(self) -> Self:
        """Keep those that everybody reads."""
        return self.filter(is_published=True, meeting__is_published=True)

    def visible_to(self, actor: Actor) -> Self:
        """Keep what is published, what was decided where the actor takes part, and what the own organisation does.

        Before a list is adopted it is for the meeting alone.
        """
        standing = standing_of(actor)
        if standing.is_system or "all" in granted(actor, "meeting", "view"):
            return self
        seen = Q(is_published=True, meeting__is_published=True)
        if standing.user_id is not None:
            inside = Meeting.objects.inside(actor).order_by().values("pk")
            seen |= Q(meeting__in=inside)
            seen |= Q(owner__in=standing.organisations, meeting__state=MeetingState.ADOPTED)
        return self.filter(seen)


class Decision(models.Model):
    """What was decided: the text, who sees to it, by when, and what became of it."""

    public_id = PublicIdField()
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem,
        verbose_name=_("item of the agenda"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="decisions",
    )
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("what was decided"))
    owner = models.ForeignKey(
        Organisation, verbose_name=_("who sees to it"), on_delete=models.PROTECT, related_name="owned_decisions"
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=DecisionState, default=DecisionState.OPEN, editable=False
    )
    done_on = models.DateField(null=True, editable=False)
    is_published = models.BooleanField(_("for everybody, once the list is published"), default=True)

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-meeting__starts_at", "number", "pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="decision_number_once")]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="decision_open_of_owner", condition=Q(state="open")),
            models.Index(fields=["state", "due_on"], name="decision_by_state"),
        ]

    def __str__(self) -> str:
        # The text of a decision that is not published gets into no log, mail or job by its name.
        return f"{self.meeting} ({self.number})"

    def get_absolute_url(self) -> str:
        """Give the address of the decision's page."""
        return reverse("governance:decision", args=[self.public_id])


class DecisionUpdate(models.Model):
    """What somebody told of a decision since: how it goes, another day, done or dropped."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="updates")
    at = models.DateTimeField(default=timezone.now)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("how it goes"))
    state = models.CharField(max_length=10, choices=DecisionState, default=DecisionState.OPEN)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("news of a decision")
        verbose_name_plural = _("news of decisions")

    def __str__(self) -> str:
        return str(self.decision)
