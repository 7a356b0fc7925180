"""The agenda of a period: what cities and partners take on together, in versions that they vote on."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity, Audience, Kind
from governance.models import Organisation
from nss_portal.core.access.querysets import AccessQuerySet, narrow
from nss_portal.core.access.resources import granted
from nss_portal.core.access.standing import Actor, Role, standing_of
from nss_portal.core.ids import PublicIdField, new_public_id


class VersionState(models.TextChoices):
    """Where a version of the agenda stands."""

    DRAFT = "draft", _("draft")
    VOTE = "vote", _("put to the vote")
    ADOPTED = "adopted", _("adopted")
    RETURNED = "returned", _("sent back")
    REPLACED = "replaced", _("replaced by a newer version")


# What everybody reads once it is published.
ADOPTED = (VersionState.ADOPTED, VersionState.REPLACED)


def version_q(actor: Actor) -> Q:
    """Give which versions somebody may see; the matrix has no row for it.

    Drafts: who proposes and who decides. What is or was put to the vote: everybody with a role, since cities talk
    about it before they vote. What is adopted: everybody, once it is published.
    """
    standing = standing_of(actor)
    if standing.is_system or {"propose", "decide"} & granted(actor, "agenda_period", "adopt").keys():
        return Q()
    if set(standing.roles) - {Role.VISITOR}:
        return ~Q(state=VersionState.DRAFT)
    return Q(state__in=ADOPTED, published_at__isnull=False)


class PeriodQuerySet(AccessQuerySet["AgendaPeriod"]):
    """Periods of which somebody may see a version."""

    resource = "agenda_period"

    def visible_to(self, actor: Actor) -> Self:
        """Keep the periods of which the actor may see a version."""
        seen = AgendaVersion.objects.filter(version_q(actor)).order_by().values("period")
        return narrow(self, Q(pk__in=seen))


class AgendaPeriod(models.Model):
    """Some months for which cities and partners agree on an agenda; two periods never overlap."""

    public_id = PublicIdField()
    title = models.CharField(_("title"), max_length=120)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects: ClassVar[PeriodQuerySet] = PeriodQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-starts_on"]
        verbose_name = _("agenda of a period")
        verbose_name_plural = _("agendas of periods")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="agenda_period_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="agenda_period_one_at_a_time",
                expressions=[
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message=_("There is an agenda for a part of these months already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of the period's page."""
        return reverse("activities:period", args=[self.public_id])


class AgendaVersion(models.Model):
    """One version of a period's agenda: frozen as soon as it is put to the vote.

    `note` says why it was revised. `cities_asked` counts the mission and EoI cities when the vote opened: the
    quorum is of those. `version` counts changes of the draft, so that two editors notice each other.
    """

    period = models.ForeignKey(AgendaPeriod, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    goal = models.TextField(_("what it is for"), blank=True)
    note = models.TextField(_("why it is revised"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT, editable=False
    )
    closes_on = models.DateField(_("vote until"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    cities_asked = models.PositiveSmallIntegerField(default=0, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision = models.TextField(_("what the steering group said"), blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = models.Manager["AgendaVersion"]()

    class Meta:
        ordering = ["period", "-number"]
        verbose_name = _("version of an agenda")
        verbose_name_plural = _("versions of an agenda")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "number"],
                name="agenda_version_once",
                violation_error_message=_("This version is there already."),
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(state__in=["draft", "vote"]),
                name="agenda_one_version_under_way",
                violation_error_message=_("A version is under way already."),
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(state="adopted"),
                name="agenda_one_version_in_force",
                violation_error_message=_("Another version is in force."),
            ),
            models.CheckConstraint(
                condition=~Q(state="vote") | Q(closes_on__isnull=False),
                name="agenda_vote_has_a_last_day",
                violation_error_message=_("Say until when one can vote."),
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(proposed_by=F("decided_by")),
                name="agenda_proposed_and_decided_by_two",
                violation_error_message=_("Whoever proposes an agenda does not decide on it too."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}, {self.number}"

    def get_absolute_url(self) -> str:
        """Give the address of the version's page."""
        return reverse("activities:period_version", args=[self.period.public_id, self.number])


class AgendaLine(models.Model):
    """One activity of an agenda: what, when about, who leads it.

    `key` is the same in all versions, so that versions are compared line by line. `planned_on` is the first day of
    the quarter. The words are the line's own: an activity that changes later does not change what was adopted.
    """

    version = models.ForeignKey(AgendaVersion, on_delete=models.CASCADE, related_name="lines")
    key = models.CharField(max_length=12, default=new_public_id, editable=False)
    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    audience = models.CharField(_("for whom"), max_length=12, choices=Audience, default=Audience.NOP)
    why = models.CharField(_("what it yields"), max_length=500, blank=True)
    planned_on = models.DateField(_("quarter"))
    lead = models.ForeignKey(
        Organisation, verbose_name=_("led by"), on_delete=models.PROTECT, related_name="agenda_lines"
    )
    preparation_hours = models.DecimalField(
        _("hours asked of each city"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="agenda_lines",
    )

    class Meta:
        ordering = ["planned_on", "title", "pk"]
        verbose_name = _("line of an agenda")
        verbose_name_plural = _("lines of an agenda")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key"],
                name="agenda_line_once",
                violation_error_message=_("This line is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaMeans(models.Model):
    """What one organisation brings to a line: hours, euros, or both."""

    line = models.ForeignKey(AgendaLine, on_delete=models.CASCADE, related_name="means")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("by whom"), on_delete=models.PROTECT, related_name="agenda_means"
    )
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    euros = models.PositiveIntegerField(_("euros"), null=True, blank=True)

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("means")
        verbose_name_plural = _("means")
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0) | Q(euros__gt=0),
                name="agenda_means_are_something",
                violation_error_message=_("Say how many hours or euros."),
            ),
            models.UniqueConstraint(
                fields=["line", "organisation"],
                name="agenda_means_once_each",
                violation_error_message=_("This organisation stands in the list already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Choice(models.TextChoices):
    """What an organisation votes."""

    YES = "yes", _("yes")
    REMARK = "remark", _("yes, with a remark")
    NO = "no", _("no, with the reason")


class AgendaVote(models.Model):
    """The vote of one organisation, which it can change until the last day. `is_city` counts for the quorum."""

    version = models.ForeignKey(AgendaVersion, on_delete=models.CASCADE, related_name="votes")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="agenda_votes"
    )
    is_city = models.BooleanField(default=False)
    choice = models.CharField(_("vote"), max_length=8, choices=Choice)
    remark = models.TextField(_("remark or reason"), blank=True)
    cast_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cast_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-is_city", "organisation__name", "pk"]
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation"],
                name="agenda_one_vote_each",
                violation_error_message=_("This organisation has voted already."),
            ),
            models.CheckConstraint(
                condition=Q(choice="yes") | ~Q(remark=""),
                name="agenda_vote_says_why",
                violation_error_message=_("Write the remark or the reason."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)
