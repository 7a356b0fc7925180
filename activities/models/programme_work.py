"""What is done in a programme: working groups, milestones, half-yearly reflections, midterm reviews."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activity import Activity
from activities.models.programme import Programme
from activities.models.programme_partner import ProgrammePartner
from governance.models import Assessment, Organisation


class WorkingGroup(models.Model):
    """Some partners who work on one part."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=120)
    task = models.TextField(_("task"), blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="working_group_name_once",
                violation_error_message=_("There is a working group with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class WorkingGroupMember(models.Model):
    """A partner in a working group, by the person who comes where that person has an account."""

    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="members")
    partner = models.ForeignKey(ProgrammePartner, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_lead = models.BooleanField(_("leads the group"), default=False)
    joined_on = models.DateField(_("since"), default=timezone.localdate)
    left_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["-is_lead", "joined_on", "pk"]
        verbose_name = _("member of a working group")
        verbose_name_plural = _("members of working groups")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "partner", "user"],
                condition=Q(left_on__isnull=True),
                nulls_distinct=False,
                name="working_group_member_once",
                violation_error_message=_("This member is in the group already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user or self.partner)


class Milestone(models.Model):
    """Something that is there on a day: planned and real. `first_planned_on` is what the covenant said."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=160)
    planned_on = models.DateField(_("planned on"))
    first_planned_on = models.DateField(_("planned at first"), null=True, blank=True, editable=False)
    done_on = models.DateField(_("reached on"), null=True, blank=True)
    dropped_on = models.DateField(_("dropped on"), null=True, blank=True)
    note = models.TextField(_("what came of it, or why it moved"), blank=True)
    owner = models.ForeignKey(
        Organisation,
        verbose_name=_("who sees to it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="programme_milestones",
    )

    class Meta:
        ordering = ["planned_on", "pk"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(dropped_on__isnull=True),
                name="milestone_reached_or_dropped",
                violation_error_message=_("A milestone is reached or dropped, not both."),
            ),
            models.CheckConstraint(
                condition=Q(dropped_on__isnull=True) | ~Q(note=""),
                name="milestone_dropped_with_reason",
                violation_error_message=_("Give a reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeReflection(models.Model):
    """Twice a year: planned against real progress. `planned` and `real` come filled in from the milestones."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="reflections")
    year = models.PositiveSmallIntegerField(_("year"))
    half = models.PositiveSmallIntegerField(_("half of the year"))
    due_on = models.DateField(_("due on"))
    planned = models.TextField(_("what was planned"), blank=True)
    real = models.TextField(_("what really happened"), blank=True)
    energy = models.TextField(_("where the energy is, and where it leaks away"), blank=True)
    adjust = models.TextField(_("what we do differently"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    submitted_at = models.DateTimeField(_("handed in"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-year", "-half"]
        verbose_name = _("half-yearly reflection")
        verbose_name_plural = _("half-yearly reflections")
        constraints = [
            models.UniqueConstraint(fields=["programme", "year", "half"], name="programme_reflection_once"),
            models.CheckConstraint(condition=Q(half__in=[1, 2]), name="programme_reflection_half"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.year}-{self.half}"


class Conclusion(models.TextChoices):
    """What a midterm review decides."""

    NONE = "", _("not decided yet")
    ON = "on", _("go on as agreed")
    EXTENSION = "extension", _("extension")
    TRANCHE = "tranche", _("next tranche")
    RESTART = "restart", _("restart")
    STOP = "stop", _("stop")


class MidtermReview(models.Model):
    """An event during execution: self-assessment, a deepening conversation, and points to act on.

    `based_on` is the assessment of this programme that the conversation began from.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="reviews")
    held_on = models.DateField(_("held on"))
    based_on = models.ForeignKey(
        Assessment,
        verbose_name=_("self-assessment"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="midterm_reviews",
    )
    assessment = models.TextField(_("what the self-assessment says"), blank=True)
    conversation = models.TextField(_("what the deepening conversation says"), blank=True)
    conclusion = models.CharField(_("decided"), max_length=10, choices=Conclusion, blank=True, default="")

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name = _("midterm review")
        verbose_name_plural = _("midterm reviews")

    def __str__(self) -> str:
        return f"{self.programme} ({self.held_on})"


class ActivityRequest(models.Model):
    """A programme asks who runs an activity whether it may be part of the programme; who ran both is not asked."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("request of a programme", "asked")
        AGREED = "agreed", pgettext_lazy("request of a programme", "agreed")
        REFUSED = "refused", pgettext_lazy("request of a programme", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("request of a programme", "withdrawn")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activity_requests")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="programme_requests")
    note = models.CharField(_("why it belongs to the programme"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ASKED, editable=False)
    why = models.CharField(_("why"), max_length=500, blank=True)
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    settled_on = models.DateField(_("settled on"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["asked_on", "pk"]
        verbose_name = _("request for an activity")
        verbose_name_plural = _("requests for activities")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "activity"],
                condition=Q(state="asked"),
                name="activity_request_open_once",
                violation_error_message=_("This is asked already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(why=""),
                name="activity_request_refused_with_reason",
                violation_error_message=_("Give a reason."),
            ),
        ]
        indexes = [models.Index(fields=["activity", "state"], name="activity_request_open")]

    def __str__(self) -> str:
        return f"{self.programme}: {self.activity}"


class ReviewPoint(models.Model):
    """One point to act on after a midterm review: what, by whom, by when, and what came of it."""

    review = models.ForeignKey(MidtermReview, on_delete=models.CASCADE, related_name="points")
    what = models.CharField(_("what"), max_length=300)
    owner = models.ForeignKey(
        Organisation, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="programme_points"
    )
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    result = models.TextField(_("what came of it"), blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("point to act on")
        verbose_name_plural = _("points to act on")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(result=""),
                name="review_point_done_says_what_came_of_it",
                violation_error_message=_("Say what came of it."),
            )
        ]

    def __str__(self) -> str:
        return self.what


class ProgrammeTurn(models.Model):
    """An extension, a next tranche or a restart: decided when, why, and what it changed."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("extension")
        TRANCHE = "tranche", _("next tranche")
        RESTART = "restart", _("restart")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="turns")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    decided_on = models.DateField(_("decided on"), default=timezone.localdate)
    reason = models.TextField(_("reason"))
    ended_on = models.DateField(_("would end on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    following = models.OneToOneField(
        Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="turned_from"
    )

    class Meta:
        ordering = ["decided_on", "pk"]
        verbose_name = _("turn of a programme")
        verbose_name_plural = _("turns of programmes")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="extension") | Q(ended_on__isnull=True) | Q(ends_on__gt=F("ended_on")),
                name="programme_extension_is_longer",
                violation_error_message=_("An extension ends later than what was agreed."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.get_kind_display()}"
